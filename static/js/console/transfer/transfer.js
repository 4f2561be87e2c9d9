/**
 * Transfers (XFR-2 to XFR-4): the dialog by keyboard alone. What can be chosen, and what is refused, the server says.
 */

import { registerBehaviour } from "../shell/behaviours.js";
import { onEvent } from "../shell/connection.js";

/** How often the destinations are looked at again: colleagues come and go, queues close. */
const AGAIN_MS = 5000;

registerBehaviour("#transfer-dialog", (dialog, signal) => {
  if (!(dialog instanceof HTMLDialogElement)) return;
  let step = dialog.dataset.step;
  dialog.addEventListener("htmx:afterSettle", () => {
    if (dialog.dataset.step === step) return;
    step = dialog.dataset.step;
    const first = dialog.querySelector("[data-first]");
    if (first instanceof HTMLElement) first.focus();
  });
  // The form is submitted by Enter in a row, not while somebody searches.
  dialog.addEventListener("keydown", (event) => {
    const search = event.target instanceof HTMLInputElement && event.target.matches("[data-searches]");
    if (!search || (event.key !== "Enter" && event.key !== "ArrowDown")) return;
    event.preventDefault();
    toFirst(dialog);
  });
  dialog.addEventListener("input", () => refresh(dialog));
  dialog.addEventListener("htmx:afterSwap", () => refresh(dialog));
  refresh(dialog);
  const again = setInterval(() => {
    if (document.visibilityState !== "visible" || !dialog.open) return;
    dialog.querySelector("#transfer-list")?.dispatchEvent(new Event("again"));
  }, AGAIN_MS);
  // It is not opened again, but for once as it comes (dialogs.js): each time it is asked for anew.
  dialog.addEventListener("close", () => !dialog.open && clearInterval(again));
  signal.addEventListener("abort", () => clearInterval(again));
  const { conversation } = dialog.dataset;
  onEvent(
    "conversation",
    ({ conversation: { id, state } }) => id === conversation && state !== "active" && dialog.close(),
    signal,
  );
  onEvent("gone", ({ conversation: id }) => id === conversation && dialog.close(), signal);
  // What is looked at by itself and can't be had now is looked at again: the list stays as it is, and nobody is told.
  dialog.addEventListener("htmx:beforeSwap", (event) => {
    if (event instanceof CustomEvent && isAgain(event) && event.detail.xhr.status !== 200)
      event.detail.shouldSwap = false;
  });
  for (const failure of ["htmx:sendError", "htmx:responseError", "htmx:timeout"]) {
    dialog.addEventListener(
      failure,
      (event) => event instanceof CustomEvent && isAgain(event) && event.stopPropagation(),
    );
  }
});

/** @param {CustomEvent} event of htmx */
function isAgain(event) {
  return event.detail.requestConfig?.elt.id === "transfer-list";
}

/**
 * From the search to the list: the destination that is chosen, or the first one, which is chosen by it.
 *
 * @param {HTMLElement} dialog
 */
function toFirst(dialog) {
  const rows = /** @type {NodeListOf<HTMLInputElement>} */ (dialog.querySelectorAll(".transfer-row input"));
  const row = [...rows].find((each) => each.type === "radio" && each.checked) ?? rows[0];
  if (!row) return;
  row.focus();
  if (row.type === "radio" && !row.checked) row.click();
}

/**
 * Transfer, or Next where the skills are asked about first; neither before a destination is chosen.
 *
 * @param {HTMLElement} dialog
 */
function refresh(dialog) {
  const go = /** @type {HTMLButtonElement | null} */ (dialog.querySelector("#transfer-go"));
  const why = dialog.querySelector("#transfer-why");
  if (!go || !(why instanceof HTMLElement)) return;
  const chosen = dialog.querySelector(".transfer-row input:checked");
  go.disabled = chosen === null;
  why.textContent = chosen ? "" : (why.dataset.missing ?? "");
  const { next, transfer = "" } = go.dataset;
  go.textContent = next && chosen?.hasAttribute("data-queue") ? next : transfer;
}

registerBehaviour("#skills-add", (menu) => {
  if (!(menu instanceof HTMLDetailsElement)) return;
  const search = /** @type {HTMLInputElement} */ (menu.querySelector("#skills-search"));
  menu.addEventListener("toggle", () => {
    if (!menu.open) return;
    search.value = "";
    search.focus();
    menu.dispatchEvent(new Event("opened"));
  });
  menu.addEventListener("submit", () => {
    menu.open = false;
    menu.querySelector("summary")?.focus();
  });
  search.addEventListener("keydown", (event) => {
    if (event.key !== "Enter" && event.key !== "ArrowDown") return;
    event.preventDefault();
    menu.querySelector("button")?.focus();
  });
});
