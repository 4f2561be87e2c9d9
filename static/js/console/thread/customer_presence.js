/**
 * Whether the customer's page is open (EDG-2): a quiet line at the head of the conversation. Somebody who only goes from one
 * page of the site to the next is not reported. And which page that is (CHAT-14): the panel's part about it is read again. Frames
 * say so at once; each sync says it again.
 */

import { registerBehaviour } from "../shell/behaviours.js";
import { onEvent } from "../shell/connection.js";
import { fetchPart } from "../shell/htmx.js";

/** Going from one page to the next takes less. */
const GOING_MS = 6000;
/** How long it says that they are back. */
const BACK_MS = 8000;

registerBehaviour("#presence", (element, signal) => {
  const { conversation, gone = "", back = "" } = element.dataset;
  /** @type {ReturnType<typeof setTimeout> | undefined} */
  let timer;
  let isHere = element.textContent?.trim() !== gone;
  const say = (/** @type {string} */ text) => {
    if (element.textContent?.trim() !== text) element.textContent = text;
  };
  onEvent(
    "visitor",
    (frame) => {
      if (frame.conversation !== conversation || typeof frame.here !== "boolean" || frame.here === isHere) return;
      isHere = frame.here;
      clearTimeout(timer);
      if (!isHere) timer = setTimeout(() => say(gone), GOING_MS);
      else if (element.textContent?.trim() === gone) {
        say(back);
        timer = setTimeout(() => say(""), BACK_MS);
      }
    },
    signal,
  );
  signal.addEventListener("abort", () => clearTimeout(timer));
});

/** Pages that are only passed through are not read. */
const TOGETHER_MS = 400;

registerBehaviour("#browsing", (element, signal) => {
  /** @type {ReturnType<typeof setTimeout> | undefined} */
  let timer;
  const read = () => {
    const address = `/console/c/${element.dataset.conversation}/`;
    const only = { target: "#browsing", select: "#browsing", swap: "morph" };
    fetchPart(address, only).catch(() => {
      // The next sync tells of the page again.
    });
  };
  onEvent(
    "visitor",
    ({ conversation, url = "" }) => {
      if (conversation !== element.dataset.conversation || !url || url === element.dataset.url) return;
      clearTimeout(timer);
      timer = setTimeout(read, TOGETHER_MS);
    },
    signal,
  );
  signal.addEventListener("abort", () => clearTimeout(timer));
});
