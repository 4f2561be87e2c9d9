/** Short messages at the foot of the page: they leave by themselves, or when they are dismissed. */

import { behaviour, settle } from "./behaviours.js";

const STAY_MS = 9000;

const template = /** @type {HTMLTemplateElement} */ (document.getElementById("toast-template"));

/**
 * @param {string} text
 * @param {{politely?: boolean}} [how] `politely`: a screen reader finishes its sentence first
 */
export function toast(text, { politely = false } = {}) {
  const fragment = /** @type {DocumentFragment} */ (template.content.cloneNode(true));
  const words = fragment.querySelector("span");
  if (words) words.textContent = text;
  // The list of toasts is a polite live region itself.
  if (politely) fragment.querySelector("[role=alert]")?.removeAttribute("role");
  document.getElementById("toasts")?.append(fragment);
  settle();
}

/** Something did not work and nobody says why. */
export function toastFailure() {
  toast(template.dataset.failed ?? "");
}

behaviour("[data-toast]", (element) => {
  const leave = () => element.remove();
  let timer = setTimeout(leave, STAY_MS);
  const stay = () => clearTimeout(timer);
  const goOn = () => {
    clearTimeout(timer);
    timer = setTimeout(leave, STAY_MS / 2);
  };
  element.querySelector("[data-closes-toast]")?.addEventListener("click", leave);
  // What it offers was done, or refused with a toast of its own.
  element.addEventListener("htmx:afterRequest", leave);
  element.addEventListener("pointerenter", stay);
  element.addEventListener("focusin", stay);
  element.addEventListener("pointerleave", goOn);
  element.addEventListener("focusout", goOn);
});
