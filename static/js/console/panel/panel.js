/**
 * The panel beside a conversation: its tabs (arrow keys, Home, End), and what is known of the customer, read again when a colleague
 * changed it. The tab that is open stays open from one conversation to the next.
 */

import { registerAction } from "../keyboard/actions.js";
import { registerBehaviour } from "../shell/behaviours.js";
import { onEvent } from "../shell/connection.js";
import { fetchPart } from "../shell/htmx.js";
import { workspaceState } from "../shell/htmx_responses.js";
import { markTrayStale } from "../tray/tray.js";

const NARROW = matchMedia("(width < 1024px)");

/** Which tab is open; empty while the server's choice stands. */
let chosen = "";

const tabs = () =>
  [...document.querySelectorAll("#panel [role=tab]")].filter((tab) => tab instanceof HTMLAnchorElement);

/**
 * Where it is narrow the panel lies over the pane, once asked for.
 *
 * @param {boolean} isOpen
 */
function draw(isOpen) {
  document.body.toggleAttribute("data-panel-open", isOpen);
  opener()?.setAttribute("aria-expanded", String(isOpen));
}

const opener = () => document.querySelector("#pane [data-part=opens-panel]");
const isDrawn = () => document.body.hasAttribute("data-panel-open");

registerBehaviour("#pane [data-part=opens-panel]", (button) => {
  button.setAttribute("aria-expanded", String(isDrawn()));
  button.addEventListener("click", () => {
    draw(!isDrawn());
    if (isDrawn())
      tabs()
        .find((tab) => tab.tabIndex === 0)
        ?.focus();
  });
});

document.addEventListener("keydown", (event) => {
  if (event.key !== "Escape" || !isDrawn() || event.defaultPrevented || document.querySelector("dialog:modal")) return;
  draw(false);
  const button = opener();
  if (button instanceof HTMLElement && NARROW.matches) button.focus();
});

document.addEventListener("pointerdown", ({ target }) => {
  const isBeside = target instanceof Element && !target.closest("#panel, dialog, [data-part=opens-panel]");
  if (isBeside && isDrawn()) draw(false);
});

/** @param {string} id a tab's */
function choose(id) {
  chosen = id;
  for (const tab of tabs()) {
    const isChosen = tab.id === id;
    tab.setAttribute("aria-selected", String(isChosen));
    // One stop for the Tab key; the arrows go on from there.
    tab.tabIndex = isChosen ? 0 : -1;
    const panel = document.getElementById(tab.getAttribute("aria-controls") ?? "");
    if (panel) panel.hidden = !isChosen;
  }
}

function again() {
  const count = document.querySelector("#tab-notes [data-part=count]");
  const notes = document.querySelectorAll("#note-list .note").length;
  if (count instanceof HTMLElement) {
    count.textContent = `${notes}${document.getElementById("notes-more") ? "+" : ""}`;
    count.hidden = notes === 0;
  }
  opener()?.setAttribute("aria-expanded", String(isDrawn()));
  const selected = tabs().find((tab) => tab.getAttribute("aria-selected") === "true");
  if (selected) choose(chosen || selected.id);
}

registerBehaviour("#panel [role=tablist]", (list) => {
  again();
  list.addEventListener("click", (event) => {
    const tab = event.target instanceof Element ? event.target.closest("[role=tab]") : null;
    if (!tab) return;
    event.preventDefault();
    choose(tab.id);
  });
  list.addEventListener("keydown", (event) => {
    const all = tabs();
    const at = all.indexOf(/** @type {HTMLAnchorElement} */ (document.activeElement));
    const forwards = document.documentElement.dir === "rtl" ? -1 : 1;
    const to = { ArrowRight: at + forwards, ArrowLeft: at - forwards, Home: 0, End: all.length - 1 }[event.key];
    if (event.key === " ") event.preventDefault();
    if (to === undefined && event.key !== " ") return;
    event.preventDefault();
    const tab = all[((to ?? at) + all.length) % all.length];
    if (!tab) return;
    choose(tab.id);
    tab.focus();
  });
});

// The server's fragments come with a tab of the server's choice.
document.addEventListener("htmx:afterSwap", again);

// A mention was followed to a note.
document.addEventListener("console:notes", () => {
  const dialog = document.querySelector("dialog:modal");
  if (dialog instanceof HTMLDialogElement) dialog.close();
  draw(true);
  choose("tab-notes");
});

const noteText = () => document.getElementById("note-text");

registerAction("note", {
  can: () => noteText() !== null,
  run: () => {
    draw(true);
    choose("tab-notes");
    noteText()?.focus();
  },
});

onEvent("contact", ({ contact, version }) => {
  markTrayStale();
  compare({ [contact]: version });
});
onEvent("contacts", ({ versions }) => compare(versions));

/** @param {Record<string, number>} versions of contacts, by their ids */
function compare(versions) {
  const { contact = "", version } = document.getElementById("panel")?.dataset ?? {};
  const newest = versions[contact];
  if (newest === undefined || String(newest) === version) return;
  const address = `/console/c/${workspaceState().open}/`;
  fetchPart(address, { source: "#panel", target: "#workspace", swap: "morph" }).catch(() => {
    // The next sync finds it old still.
  });
}

registerBehaviour("[data-focus]", (element) => element.focus());

registerBehaviour("#contact-form", (form) => {
  const wrong = form.querySelector(".field:has(.field-error) :is(input, select, textarea)");
  const first = wrong ?? form.querySelector(":is(input:not([type=hidden]), select, textarea)");
  if (first instanceof HTMLElement) first.focus();
});
