/**
 * Whether the customer's page is open (EDG-2): a quiet line at the head of the conversation. Somebody who only goes from one
 * page of the site to the next is not reported.
 */

import { behaviour } from "./behaviours.js";
import { on } from "./link.js";

/** Going from one page to the next takes less. */
const GOING_MS = 6000;
/** How long it says that they are back. */
const BACK_MS = 8000;

behaviour("#presence", (element, signal) => {
  const { conversation, gone = "", back = "" } = element.dataset;
  /** @type {ReturnType<typeof setTimeout> | undefined} */
  let timer;
  const say = (/** @type {string} */ text) => {
    if (element.textContent?.trim() !== text) element.textContent = text;
  };
  on(
    "visitor",
    (frame) => {
      if (frame.conversation !== conversation || typeof frame.here !== "boolean") return;
      clearTimeout(timer);
      if (!frame.here) timer = setTimeout(() => say(gone), GOING_MS);
      else if (element.textContent?.trim() === gone) {
        say(back);
        timer = setTimeout(() => say(""), BACK_MS);
      }
    },
    signal,
  );
  signal.addEventListener("abort", () => clearTimeout(timer));
});
