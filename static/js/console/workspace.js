/** The open conversation changes hands or state: its pane is fetched again, and the focus stays somewhere sensible. */

import { behaviour } from "./behaviours.js";
import { htmx } from "./htmx.js";
import { on } from "./link.js";
import { markOpen } from "./tray.js";

const TOGETHER_MS = 200;

const workspace = () => /** @type {HTMLElement} */ (document.getElementById("workspace"));
const pane = () => document.getElementById("pane");

let wantsToWrite = false;

on("conversation", ({ conversation: { id, version } }) => {
  if (workspace().dataset.open !== id) return;
  // An answer to this page's own click may be on its way, and brings the same.
  setTimeout(() => {
    const shown = pane();
    if (workspace().dataset.open !== id || !shown || Number(shown.dataset.version) >= version) return;
    htmx.ajax("GET", location.pathname, { target: "#workspace", swap: "morph" });
  }, TOGETHER_MS);
});

/** The workspace was swapped: mark its card, and put the focus where the work goes on. */
export function swapped() {
  markOpen();
  const active = document.activeElement;
  const lost = !active || active === document.body || !active.isConnected;
  if (!wantsToWrite && !lost) return;
  wantsToWrite = false;
  const target = document.getElementById("compose-text") ?? document.getElementById("wrap-up-title") ?? workspace();
  target.focus({ preventScroll: true });
}

/** Open a card as the keys do: the focus stays on the card, so that the next key goes on from there. */
export function openByKey(/** @type {HTMLElement} */ link) {
  link.focus();
  link.click();
  wantsToWrite = false;
}

behaviour(".card-link", (link) => {
  link.addEventListener("click", () => {
    wantsToWrite = true;
  });
});
behaviour(".offer form", (form) => {
  form.addEventListener("submit", () => {
    wantsToWrite = form.querySelector("[data-accepts]") !== null;
  });
});
