/** The open conversation changes hands or state: its pane is fetched again, and the focus stays somewhere sensible. */

import { behaviour } from "./behaviours.js";
import { fetchPart } from "./htmx.js";
import { me, on } from "./link.js";
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
    reload();
  }, TOGETHER_MS);
});

on("gone", ({ conversation }) => {
  if (workspace().dataset.open === conversation && pane()) reload();
});

on("message", ({ conversation, message }) => {
  // The first word of an auto-answered conversation: from now on it can be ended (AGT-6).
  if (workspace().dataset.open !== conversation || message.author?.id !== me.id) return;
  if (message.kind === "text" && pane()?.hasAttribute("data-owes-first-word")) reload();
});

let answered = "";

/**
 * Auto-answered: it opens at once, unless the agent is busy with another one (AGT-6). The tray names it, which comes again when a
 * frame is lost; and only once, so that who leaves it is not brought back.
 */
export function openAnswered() {
  const id = document.getElementById("tray")?.dataset.answered ?? "";
  if (id === answered) return;
  answered = id;
  if (!id || workspace().dataset.open) return;
  const address = `/console/c/${id}/`;
  fetchPart(address, { target: "#workspace", swap: "morph", push: address }).catch(() => {
    answered = "";
  });
}

function reload() {
  // Not the page's address, which may be that of something in it.
  const address = `/console/c/${workspace().dataset.open}/`;
  fetchPart(address, { target: "#workspace", swap: "morph" }).catch(() => {
    // The next frame, or the next sync, asks again.
  });
}

/** The workspace was swapped: mark its card, and put the focus where the work goes on. */
export function swapped() {
  markOpen();
  markPage();
  settleFocus();
  // What has been disabled or hidden loses the focus only when the next frame is drawn.
  requestAnimationFrame(() => requestAnimationFrame(settleFocus));
}

function settleFocus() {
  const active = document.activeElement;
  const lost = !active || active === document.body || !active.isConnected || !active.checkVisibility();
  if (!wantsToWrite && !lost) return;
  wantsToWrite = false;
  const target =
    document.getElementById("compose-text") ??
    document.getElementById("wrap-up-title") ??
    document.querySelector(".mails") ??
    workspace();
  if (target instanceof HTMLElement) target.focus({ preventScroll: true });
}

/** Mark where one is in the rail. */
function markPage() {
  for (const link of document.querySelectorAll("[data-leads-to]")) {
    const isHere = link instanceof HTMLElement && link.dataset.leadsTo === workspace().dataset.page;
    if (isHere) link.setAttribute("aria-current", "true");
    else link.removeAttribute("aria-current");
  }
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
