/**
 * The panel beside a conversation: its tabs (arrow keys, Home, End), and what is known of the customer, read again when a colleague
 * changed it. The tab that is open stays open from one conversation to the next.
 */

import { action } from "./actions.js";
import { shown } from "./answers.js";
import { behaviour } from "./behaviours.js";
import { fetchPart } from "./htmx.js";
import { on } from "./link.js";
import { set, setting } from "./settings.js";
import { stale } from "./tray.js";

/** Which tab is open; empty while the server's choice stands. */
let chosen = "";

const tabs = () =>
  [...document.querySelectorAll("#panel [role=tab]")].filter((tab) => tab instanceof HTMLAnchorElement);

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
  const selected = tabs().find((tab) => tab.getAttribute("aria-selected") === "true");
  if (selected) choose(chosen || selected.id);
}

behaviour("#panel [role=tablist]", (list) => {
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
  choose("tab-notes");
});

const noteText = () => document.getElementById("note-text");

action("note", {
  can: () => noteText() !== null,
  run: () => {
    choose("tab-notes");
    noteText()?.focus();
  },
});

on("contact", ({ contact, version }) => {
  stale();
  compare({ [contact]: version });
});
on("contacts", ({ versions }) => compare(versions));

/** @param {Record<string, number>} versions of contacts, by their ids */
function compare(versions) {
  const { contact = "", version } = document.getElementById("panel")?.dataset ?? {};
  const newest = versions[contact];
  if (newest === undefined || String(newest) === version || isEdited()) return;
  const address = `/console/c/${shown().open}/`;
  fetchPart(address, { source: "#panel", target: "#workspace", swap: "morph" }).catch(() => {
    // The next sync finds it old still.
  });
}

const isEdited = () => document.getElementById("contact-form") !== null;

document.addEventListener("htmx:beforeSwap", (event) => {
  if (event instanceof CustomEvent && event.detail.requestConfig.elt.id === "panel" && isEdited())
    event.detail.shouldSwap = false;
});

behaviour("details[data-remembers]", (details) => {
  if (!(details instanceof HTMLDetailsElement)) return;
  const name = details.dataset.remembers ?? "";
  details.open = setting(name);
  details.addEventListener("toggle", () => set(name, details.open));
});

behaviour("[data-focus]", (element) => element.focus());

behaviour("#contact-form", (form) => {
  const wrong = form.querySelector(".field:has(.field-error) :is(input, select, textarea)");
  const first = wrong ?? form.querySelector(":is(input:not([type=hidden]), select, textarea)");
  if (first instanceof HTMLElement) first.focus();
});
