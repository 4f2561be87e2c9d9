/** Real dialogs: opened by what names them in `data-opens`, closed by Escape, their buttons or a click beside them. */

import { registerBehaviour } from "./behaviours.js";

/** @param {string} id */
export function openDialog(id) {
  const dialog = document.getElementById(id);
  if (dialog instanceof HTMLDialogElement && !dialog.open) show(dialog);
}

/** @param {HTMLDialogElement} dialog */
function show(dialog) {
  dialog.showModal();
  const first = dialog.querySelector("[data-first]");
  if (first instanceof HTMLElement) first.focus();
}

/** Whether a dialog is open now. */
export function isDialogOpen() {
  return document.querySelector("dialog:modal") !== null;
}

document.addEventListener("click", (event) => {
  const opener = event.target instanceof Element ? event.target.closest("[data-opens]") : null;
  if (!(opener instanceof HTMLElement)) return;
  event.preventDefault();
  openDialog(opener.dataset.opens ?? "");
});

registerBehaviour("dialog", (dialog) => {
  if (!(dialog instanceof HTMLDialogElement)) return;
  if (dialog.open && !dialog.hasAttribute("data-modeless") && !dialog.matches(":modal")) {
    // The page came with it open, for browsers without scripts.
    dialog.close();
    show(dialog);
  }
  dialog.addEventListener("pointerdown", (event) => {
    if (event.target === dialog && !dialog.hasAttribute("data-persistent") && isBeside(dialog, event)) dialog.close();
  });
  dialog.addEventListener("cancel", (event) => dialog.hasAttribute("data-persistent") && event.preventDefault());
  // One that stays is asked several things: it closes with the answer that leads on to another page.
  dialog.addEventListener("htmx:afterRequest", (event) => {
    const { xhr } = /** @type {CustomEvent} */ (event).detail;
    if (!dialog.hasAttribute("data-stays") || xhr.getResponseHeader("HX-Push-Url")) dialog.close();
  });
  dialog.addEventListener("close", () => {
    // What opened it may have gone, such as an item of a menu that closed: the focus goes where the work went on.
    const back = openerOf(dialog.dataset.returns ?? "#nowhere");
    const active = document.activeElement ?? document.body;
    const isLost = active === document.body || dialog.contains(active);
    if (back instanceof HTMLElement && !dialog.open && isLost) back.focus();
  });
});

/**
 * What opened a dialog, as it can be seen now: an item of a menu that is folded is represented by its menu.
 *
 * @param {string} selector
 */
function openerOf(selector) {
  const all = [...document.querySelectorAll(selector)];
  return all.find((each) => each.checkVisibility()) ?? all[0]?.closest("details[data-menu]")?.querySelector("summary");
}

/**
 * @param {HTMLElement} dialog
 * @param {PointerEvent} event
 */
function isBeside(dialog, event) {
  const { left, right, top, bottom } = dialog.getBoundingClientRect();
  return event.clientX < left || event.clientX > right || event.clientY < top || event.clientY > bottom;
}

registerBehaviour("details[data-menu]", (menu, signal) => {
  if (!(menu instanceof HTMLDetailsElement)) return;
  const close = (/** @type {Event} */ event) => {
    if (menu.open && !(event.target instanceof Node && menu.contains(event.target))) menu.open = false;
  };
  document.addEventListener("pointerdown", close, { signal });
  document.addEventListener("focusin", close, { signal });
  menu.addEventListener("keydown", (event) => {
    if (event.key === "Escape" && menu.open) {
      menu.open = false;
      menu.querySelector("summary")?.focus();
    }
  });
});
