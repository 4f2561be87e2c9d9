/** The palette (CON-6): all that can be done now, all that can be gone to, found by a few letters. */

import { announceText } from "../shell/announce.js";
import { registerBehaviour } from "../shell/behaviours.js";
import { openDialog } from "../shell/dialogs.js";
import { fetchPart } from "../shell/htmx.js";
import { openPage } from "../shell/workspace.js";
import { isActionAvailable, performAction, registerAction } from "./actions.js";
import { matchScore, normalizeText } from "./fuzzy.js";
import { showKeyHints } from "./keyboard.js";

const dialog = /** @type {HTMLDialogElement} */ (document.getElementById("palette"));
const field = /** @type {HTMLInputElement} */ (document.getElementById("palette-text"));
const list = /** @type {HTMLElement} */ (document.getElementById("palette-list"));
const none = /** @type {HTMLElement} */ (document.getElementById("palette-none"));

/** The options, as the server put them. @type {HTMLElement[]} */
let options = [];

registerAction("palette", { run: show });

async function show() {
  field.value = "";
  take([]);
  list.replaceChildren();
  openDialog("palette");
  list.setAttribute("aria-busy", "true");
  try {
    await fetchPart(list.dataset.address ?? "", { target: "#palette-list", swap: "innerHTML" });
  } catch {
    dialog.close();
  }
}

// The promise above is kept before the list is there.
list.addEventListener("htmx:afterSwap", () => {
  list.removeAttribute("aria-busy");
  showKeyHints();
  take([...list.querySelectorAll("[role=option]")].filter((each) => each instanceof HTMLElement));
  for (const option of options) {
    if (option.dataset.kind === "action" && !isActionAvailable(option.dataset.value ?? "")) option.remove();
  }
  take(options.filter((option) => option.isConnected));
  filter();
});

/** @param {HTMLElement[]} found */
function take(found) {
  options = found;
  none.hidden = true;
  choose(undefined);
}

function filter() {
  const q = normalizeText(field.value);
  /** @type {Map<Element, number>} */
  const scores = new Map(options.map((option) => [option, matchScore(q, normalizeText(option.dataset.text ?? ""))]));
  const groups = [...list.querySelectorAll("[role=group]")];
  /** @type {Map<Element, number>} */
  const best = new Map();
  for (const group of groups) {
    const mine = options.filter((option) => option.parentElement === group);
    // Where two fit as well, the server's order stays.
    mine.sort((one, other) => (scores.get(other) ?? 0) - (scores.get(one) ?? 0));
    for (const option of mine) option.hidden = (scores.get(option) ?? -1) < 0;
    group.append(...mine);
    best.set(group, Math.max(-1, ...mine.map((option) => scores.get(option) ?? -1)));
    group.toggleAttribute("hidden", (best.get(group) ?? -1) < 0);
  }
  const order = q ? groups.sort((one, other) => (best.get(other) ?? 0) - (best.get(one) ?? 0)) : inOrder(groups);
  list.append(...order);
  const shown = visible();
  none.hidden = shown.length > 0 || list.hasAttribute("aria-busy");
  choose(shown[0]);
  list.scrollTop = 0;
  if (q) announceText((list.dataset.found ?? "").replace("{count}", String(shown.length)));
}

/**
 * Groups as the server put them.
 *
 * @param {Element[]} groups
 */
function inOrder(groups) {
  const firsts = new Map(groups.map((group) => [group, options.findIndex((option) => option.parentElement === group)]));
  return groups.sort((one, other) => (firsts.get(one) ?? 0) - (firsts.get(other) ?? 0));
}

/** What can be chosen, as it stands. */
function visible() {
  return [...list.querySelectorAll("[role=option]")].filter(
    (option) => option instanceof HTMLElement && !option.hidden,
  );
}

/** @param {Element | undefined} option */
function choose(option) {
  list.querySelector("[aria-selected=true]")?.setAttribute("aria-selected", "false");
  option?.setAttribute("aria-selected", "true");
  field.setAttribute("aria-activedescendant", option?.id ?? "");
  option?.scrollIntoView({ block: "nearest" });
}

/** @param {number} by */
function step(by) {
  const shown = visible();
  const at = shown.findIndex((option) => option.getAttribute("aria-selected") === "true");
  choose(shown[(at + by + shown.length) % shown.length]);
}

/** @type {Record<string, (value: string) => void>} */
const DO = {
  action: performAction,
  open: (address) => {
    openPage(address, { push: address }).catch(() => {
      // main.js says so.
    });
  },
  go: (address) => location.assign(address),
  status: (code) => {
    const form = /** @type {HTMLFormElement} */ (document.getElementById("palette-status"));
    /** @type {HTMLInputElement} */ (form.elements.namedItem("code")).value = code;
    /** @type {HTMLInputElement} */ (form.elements.namedItem("open")).value =
      document.getElementById("workspace")?.dataset.open ?? "";
    form.requestSubmit();
  },
  queue: (id) => {
    const details = document.querySelector("#queues > details");
    if (details instanceof HTMLDetailsElement) details.open = true;
    document.querySelector("#queues summary")?.scrollIntoView({ block: "nearest" });
    const row = document.getElementById(id);
    row?.scrollIntoView({ block: "nearest" });
    row?.animate?.([{ background: "var(--accent-soft)" }, {}], 1200);
    const summary = document.querySelector("#queues summary");
    if (summary instanceof HTMLElement) summary.focus();
  },
};

function run() {
  const option = list.querySelector("[aria-selected=true]");
  if (!(option instanceof HTMLElement)) return;
  dialog.close();
  DO[option.dataset.kind ?? ""]?.(option.dataset.value ?? "");
}

field.addEventListener("input", filter);
field.addEventListener("keydown", (event) => {
  if (event.isComposing) return;
  if (event.key === "ArrowDown") step(1);
  else if (event.key === "ArrowUp") step(-1);
  else if (event.key === "Enter") run();
  else return;
  event.preventDefault();
});
registerBehaviour("#palette-list", (element) => {
  element.addEventListener("pointermove", (event) => {
    const option = event.target instanceof Element ? event.target.closest("[role=option]") : null;
    if (option && option.getAttribute("aria-selected") !== "true") choose(option);
  });
  element.addEventListener("click", (event) => {
    if (event.target instanceof Element && event.target.closest("[role=option]")) run();
  });
});
