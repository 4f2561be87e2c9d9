/**
 * Lines that only agents see. They come with the pane, and a pane that is fetched again brings those that are new: each is put
 * into the thread, which stays as it is, where its time is.
 */

import { announce } from "./announce.js";

/** Put what the pane has brought into its thread. */
export function placeAsides() {
  const list = document.querySelector("#thread [data-part=list]");
  const brought = document.querySelector("#asides");
  if (!list || !(brought instanceof HTMLElement)) return;
  // It may be of another conversation than the thread until both have been swapped.
  if (brought.dataset.conversation !== list.closest("#thread")?.getAttribute("data-conversation")) return;
  for (const item of brought.querySelectorAll("[data-aside]")) {
    if (item instanceof HTMLElement && !list.querySelector(`[data-aside="${item.dataset.aside}"]`)) place(list, item);
  }
}

/**
 * @param {Element} list
 * @param {HTMLElement} item
 */
function place(list, item) {
  const at = Date.parse(item.dataset.at ?? "");
  const later = [...list.children].find((each) => each instanceof HTMLElement && timeOf(each) > at);
  const first = list.firstElementChild;
  // Older than all that is shown: it would stand at the head of what is not loaded yet.
  if (later && later === first && document.querySelector("#thread [data-part=older]:not([hidden])")) return;
  list.insertBefore(item.cloneNode(true), later ?? null);
  if (!later) announce(item.querySelector(".body")?.textContent ?? "");
}

/** @param {HTMLElement} item */
function timeOf(item) {
  return Date.parse(item.dataset.at ?? item.querySelector("time")?.dateTime ?? "");
}
