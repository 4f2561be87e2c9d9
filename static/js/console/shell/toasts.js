/**
 * Short messages at the foot of the tray, where they cover nothing. They leave by themselves, when they are dismissed, when a
 * newer one is about the same thing, or when they are no longer true. What went wrong stays until somebody has read it.
 */

import { keepCardsInPlace } from "../tray/card_position.js";
import { announceText } from "./announce.js";
import { registerBehaviour, updateBehaviours } from "./behaviours.js";
import { onEvent } from "./connection.js";

const STAY_MS = 9000;
/** More than these nobody reads: the oldest gives way. */
const MOST = 4;
const FAILURE = "failure";

const template = /** @type {HTMLTemplateElement} */ (document.getElementById("toast-template"));
const shown = () => /** @type {HTMLElement[]} */ ([...document.querySelectorAll("[data-toast]")]);
const isRefusal = (/** @type {Element} */ element) => element.getAttribute("role") === "alert";

/**
 * @param {string} text
 * @param {{about?: string | null, refused?: boolean}} [how] `about`: what it is news of, such as a conversation's id; `refused`: it
 *   says that something did not work
 */
export function showToast(text, { about = "", refused = false } = {}) {
  const fragment = /** @type {DocumentFragment} */ (template.content.cloneNode(true));
  const element = /** @type {HTMLElement} */ (fragment.querySelector("[data-toast]"));
  const words = element.querySelector("span");
  if (words) words.textContent = text;
  if (about) element.dataset.about = about;
  if (refused) element.setAttribute("role", "alert");
  keepCardsInPlace(() => document.getElementById("toasts")?.append(fragment));
  updateBehaviours();
}

/** Something did not work and nobody says why. */
export function showFailureToast() {
  showToast(template.dataset.failed ?? "", { about: FAILURE, refused: true });
}

/**
 * What was said of something is no longer true.
 *
 * @param {string} about
 */
export function removeToastsAbout(about) {
  const gone = shown().filter((element) => element.dataset.about === about);
  if (gone.length === 0) return;
  keepCardsInPlace(() => {
    for (const element of gone) element.remove();
  });
}

/** @param {HTMLElement} element */
function makeRoom(element) {
  const others = shown().filter((other) => other !== element);
  const same = others.filter((other) => other.dataset.about && other.dataset.about === element.dataset.about);
  const rest = others
    .filter((other) => !same.includes(other))
    .sort((one, other) => +isRefusal(one) - +isRefusal(other));
  for (const other of [...same, ...rest.slice(0, Math.max(0, rest.length + 1 - MOST))]) other.remove();
}

registerBehaviour("[data-toast]", (element) => {
  makeRoom(element);
  const leave = () => keepCardsInPlace(() => element.remove());
  element.querySelector("[data-closes-toast]")?.addEventListener("click", leave);
  // What it offers was done, or refused with a toast of its own; where nobody knows, it can be tried again.
  element.addEventListener("htmx:afterRequest", (event) => {
    const { status } = /** @type {CustomEvent} */ (event).detail.xhr;
    if (status > 0 && status < 500) leave();
  });
  if (isRefusal(element)) return;
  announceText(element.querySelector("span")?.textContent ?? "");
  let timer = setTimeout(leave, STAY_MS);
  const stay = () => clearTimeout(timer);
  const goOn = () => {
    clearTimeout(timer);
    timer = setTimeout(leave, STAY_MS / 2);
  };
  element.addEventListener("pointerenter", stay);
  element.addEventListener("focusin", stay);
  element.addEventListener("pointerleave", goOn);
  element.addEventListener("focusout", goOn);
});

// What could not be done has been done now.
document.addEventListener("htmx:afterRequest", (event) => {
  const detail = event instanceof CustomEvent ? event.detail : undefined;
  // A refusal is shown, so htmx calls it successful.
  if (!detail?.successful || detail.xhr.status >= 400) return;
  removeToastsAbout(detail.pathInfo?.requestPath ?? "");
  if (detail.requestConfig?.verb === "post") removeToastsAbout(FAILURE);
});

// Their answer is no longer due, nor is anything else that was said of it before.
onEvent("message", ({ conversation, message }) => message.side === "agent" && removeToastsAbout(conversation));
