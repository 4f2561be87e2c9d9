/**
 * Whether the customer's page is open (EDG-2): a quiet line at the head of the conversation. Somebody who only goes from one
 * page of the site to the next is not reported. A frame may be lost, so each sync tells it, too.
 */

import { behaviour } from "./behaviours.js";
import { on } from "./link.js";

/** Going from one page to the next takes less. */
const GOING_MS = 6000;
/** How long it says that they are back. */
const BACK_MS = 8000;

behaviour("#presence", (element, signal) => {
  const { conversation = "", gone = "", back = "" } = element.dataset;
  const saysGone = () => element.textContent?.trim() === gone;
  let isHere = !saysGone();
  /** @type {ReturnType<typeof setTimeout> | undefined} */
  let timer;
  const say = (/** @type {string} */ text) => {
    if (element.textContent?.trim() !== text) element.textContent = text;
  };
  const know = (/** @type {unknown} */ here) => {
    if (typeof here !== "boolean" || here === isHere) return;
    isHere = here;
    clearTimeout(timer);
    if (!here) timer = setTimeout(() => say(gone), GOING_MS);
    else if (saysGone()) {
      say(back);
      timer = setTimeout(() => say(""), BACK_MS);
    }
  };
  on("visitor", (frame) => frame.conversation === conversation && know(frame.here), signal);
  on("here", ({ here }) => know(here[conversation]), signal);
  signal.addEventListener("abort", () => clearTimeout(timer));
});
