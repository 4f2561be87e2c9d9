/**
 * Lines that only agents see: what happened, and notes from before the oldest message that is shown. They come with the pane, and
 * a pane that is fetched again brings those that are new: each is put into the thread where its time is, once messages from
 * before it are there.
 */

import { announceText } from "../shell/announce.js";

/** Put what the pane has brought into its thread. */
export function placeEventLines() {
  const list = document.querySelector("#thread [data-part=list]");
  const brought = document.querySelector("#event-lines");
  if (!list || !(brought instanceof HTMLElement)) return;
  // It may be of another conversation than the thread until both have been swapped.
  if (brought.dataset.conversation !== list.closest("#thread")?.getAttribute("data-conversation")) return;
  for (const item of brought.children) {
    if (item instanceof HTMLElement && !list.querySelector(`:scope > ${nameOf(item)}`)) place(list, item);
  }
  // It says the same as the customer's line of it, and into which queue.
  if (!list.querySelector(":scope > [data-passes-on]")) return;
  for (const line of list.querySelectorAll(":scope > [data-kind=passed_on]")) line.toggleAttribute("hidden", true);
}

/**
 * @param {Element} list
 * @param {HTMLElement} item
 */
function place(list, item) {
  const at = timeOf(item);
  const later = [...list.children].find((each) => each instanceof HTMLElement && timeOf(each) > at);
  if (later && later === list.firstElementChild && hasOlder()) return;
  list.insertBefore(item.cloneNode(true), later ?? null);
  if (!later) announceText(item.querySelector(".body")?.textContent ?? "");
}

/** Whether older messages than those shown exist: what is older than them would stand at the head of what is not loaded yet. */
function hasOlder() {
  return document.querySelector("#thread [data-part=older]:not([hidden])") !== null;
}

/**
 * Keep a line until messages from before it are shown.
 *
 * @param {HTMLElement} item with a time
 * @returns {boolean} whether it has to wait
 */
export function deferLine(item) {
  const oldest = document.querySelector("#thread .message");
  const brought = document.getElementById("event-lines");
  if (!brought || !hasOlder() || !(oldest instanceof HTMLElement) || timeOf(item) >= timeOf(oldest)) return false;
  brought.append(item);
  return true;
}

/** @param {HTMLElement} item */
function nameOf({ dataset: { event, note = "" } }) {
  return event ? `[data-event="${event}"]` : `[data-note="${CSS.escape(note)}"]`;
}

/** @param {HTMLElement} item */
export function timeOf(item) {
  return Date.parse(item.dataset.at ?? item.querySelector("time")?.dateTime ?? "");
}
