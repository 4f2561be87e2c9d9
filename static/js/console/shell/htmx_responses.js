/**
 * Where the answers of htmx go: one owner of all that stands right of the tray. What a frame brought may have removed the form that
 * was submitted, may be newer than its answer, or somebody has gone on to another conversation: an answer is put where it belongs,
 * as it was meant, or nowhere.
 */

import { updateBehaviours } from "./behaviours.js";
import { emitEvent } from "./connection.js";
import { fetchPart, htmx } from "./htmx.js";
import { Order } from "./response_order.js";
import { showFailureToast } from "./toasts.js";

/** @typedef {import("./response_order.js").Asked} Asked */
/** @typedef {{elt: HTMLElement, xhr: XMLHttpRequest, target: HTMLElement, successful?: boolean, failed?: boolean, pathInfo: {finalRequestPath: string}, requestConfig: {verb: string, path: string, timeout: number}}} Detail */

const EXTENSION = "morph";
/** Longer than this nobody waits for a page. */
const PATIENCE_MS = 15_000;
/** Statuses below 500 that bring something to be shown. */
const SHOWN = new Set([404, 409, 422]);
/** What is asked for in a pane: it, and the dialogs that it opened. */
const INSIDE = "#workspace, #dialog-slot, #dialog-slot-over";
const CONVERSATION = /^\/console\/c\/([0-9a-f-]{36})\//;

export const responseOrder = new Order();
/** What is put in place just now. @type {Asked | null} */
let current = null;
/** The number of the newest answer in each place. @type {WeakMap<Element, number>} */
const placed = new WeakMap();
/** The number of what the agent asked for last in each place. @type {WeakMap<Element, number>} */
const wanted = new WeakMap();
/** @type {WeakMap<XMLHttpRequest, Asked>} */
const known = new WeakMap();

/** What stands right of the tray now. */
export const workspaceState = () => workspaceStateIn(document);

/** @param {ParentNode} page */
function workspaceStateIn(page) {
  const open = page.querySelector("#workspace")?.getAttribute("data-open") ?? "";
  return { open, version: Number(page.querySelector("#pane")?.getAttribute("data-version") ?? 0) };
}

/**
 * Whether a request was somebody's own act, so that its failure is worth a word.
 *
 * @param {XMLHttpRequest} xhr
 */
export function isUserAction(xhr) {
  const asked = known.get(xhr);
  return asked !== undefined && (asked.opens || !asked.reads);
}

/** @param {Detail} detail */
function meant({ elt, target, requestConfig: { verb, path } }) {
  const reads = verb === "get";
  const { open } = workspaceState();
  const about = elt.closest(INSIDE) ? open : null;
  const to = CONVERSATION.exec(path)?.[1] ?? "";
  // What is asked for by a form in the pane is of the conversation that is open; by one elsewhere, it opens another.
  const opens = target.id === "workspace" && (reads ? to === "" || to !== open : about === null);
  return { about, opens, reads };
}

document.addEventListener("htmx:configRequest", (event) => {
  const { detail } = /** @type {CustomEvent<any>} */ (event);
  if (detail.target.matches("#workspace, #tray") || detail.verb !== "get") detail.timeout = PATIENCE_MS;
});

// What is left behind sends nothing, whoever presses its buttons; what was pressed before goes its way.
document.addEventListener("htmx:beforeRequest", (event) => {
  const { elt, requestConfig } = /** @type {CustomEvent<Detail>} */ (event).detail;
  const isLeft = responseOrder.isOpening && elt.closest("#workspace") && !elt.hasAttribute("data-pressed");
  if (isLeft && requestConfig.verb !== "get") event.preventDefault();
});

document.addEventListener("htmx:beforeSend", (event) => {
  const { detail } = /** @type {CustomEvent<Detail>} */ (event);
  const { elt, xhr, target } = detail;
  const asked = responseOrder.ask(meant(detail));
  known.set(xhr, asked);
  if (asked.reads && elt !== target) wanted.set(target, asked.number);
  const swap = elt.closest("[hx-swap]")?.getAttribute("hx-swap") ?? "innerHTML";
  const over = new AbortController();
  // On the element itself: what it is told once it has left the page, nobody else hears.
  const hear = (/** @type {string} */ type, /** @type {(answer: CustomEvent<Detail>) => void} */ listener) => {
    const mine = (/** @type {Event} */ each) => {
      if (each instanceof CustomEvent && each.detail.xhr === xhr && each.target === elt) listener(each);
    };
    elt.addEventListener(type, mine, { signal: over.signal });
  };
  let isPlaced = false;
  let isOver = false;
  hear("htmx:beforeOnLoad", (answer) => {
    bringBack(elt, target);
    // The tray that comes with an answer is put in place first, and may take away who asked: it is asked how to swap then.
    elt.setAttribute("hx-ext", EXTENSION);
    current = asked;
    const goes = take(asked, xhr, target);
    isPlaced = goes === "placed";
    // What comes with it can be used in the same moment.
    isOver = isPlaced && responseOrder.end(asked);
    if (goes === "placed" || goes === "goes") return;
    if (goes === "overtaken") queueMicrotask(() => askAgain(answer.detail, swap));
    answer.preventDefault();
    Object.assign(answer.detail, { successful: xhr.status < 400, failed: xhr.status >= 400 });
  });
  hear("htmx:afterRequest", () => bringBack(elt, target));
  xhr.addEventListener("loadend", () => {
    over.abort();
    current = null;
    letGo(elt);
    if (isOver || responseOrder.end(asked)) emitEvent({ type: "opened", came: isPlaced });
  });
  if (asked.opens) emitEvent({ type: "opening" });
});

/**
 * @param {Asked} asked
 * @param {XMLHttpRequest} xhr
 * @param {HTMLElement} target
 * @returns {"placed" | "goes" | "dropped" | "overtaken"} `goes`: htmx knows what to do with it
 */
function take(asked, xhr, target) {
  const place = xhr.getResponseHeader("HX-Retarget") ?? `#${target.id}`;
  const isShown = xhr.status < 400 || SHOWN.has(xhr.status);
  const isPut = isShown && xhr.status !== 204 && xhr.getResponseHeader("HX-Reswap") !== "none";
  if (!isPut || place === "#toasts" || xhr.getResponseHeader("HX-Redirect")) return "goes";
  if (place === "#tray") return isNewestTray(asked, target) ? "goes" : "dropped";
  if (place !== "#workspace") {
    const where = document.querySelector(place) ?? target;
    if (!fits(asked, place)) return "dropped";
    if (!isNews(asked, where)) return wanted.get(where) === asked.number ? "overtaken" : "dropped";
    if (asked.about && !asked.reads) responseOrder.changes(asked);
    return "goes";
  }
  const page = new DOMParser().parseFromString(xhr.responseText, "text/html");
  if (!page.getElementById("workspace")) {
    // A page that is nothing of the console's.
    showFailureToast();
    return "dropped";
  }
  const [before, answer] = [workspaceState(), workspaceStateIn(page)];
  // Of the same conversation nobody knows whose news are newer: it is asked for once more.
  const isUnsure = answer.open === before.open && responseOrder.isOvertaken(asked) && xhr.status < 400;
  if (isUnsure) queueMicrotask(() => emitEvent({ type: "overtaken" }));
  if (responseOrder.places(asked, before, answer)) return "placed";
  takeRest(page);
  return "dropped";
}

/**
 * Whether a part of the page still belongs there. A dialog does not come up over another conversation.
 *
 * @param {Asked} asked
 * @param {string} place
 */
function fits(asked, place) {
  const dialogs = place === "#dialog-slot" || place === "#dialog-slot-over" ? document.querySelector(place) : null;
  if (!responseOrder.belongs(asked, workspaceState()) || (dialogs && asked.about !== null && responseOrder.isOpening))
    return false;
  if (asked.about) dialogs?.setAttribute("data-dialog-of", asked.about);
  else dialogs?.removeAttribute("data-dialog-of");
  return true;
}

/**
 * Whether nothing that was asked for later stands there already, such as what a search has found. What an act says is said.
 *
 * @param {{number: number, reads: boolean}} asked
 * @param {Element} target
 */
function isNews({ number, reads }, target) {
  const before = placed.get(target) ?? 0;
  if (number > before) placed.set(target, number);
  return number > before || !reads;
}

/**
 * What the agent asked for last in a place is owed to them, though the page has read the place again meanwhile: it is asked for
 * once more, since the answer that came may lack what stands there.
 *
 * @param {Detail} detail
 * @param {string} swap how its answer is put there
 */
function askAgain({ target, pathInfo: { finalRequestPath } }, swap) {
  fetchPart(finalRequestPath, { target: `#${target.id}`, swap }).catch(() => showFailureToast());
}

/**
 * A tray that is older than the one on the page is not put over it, whoever brings it: who knows what it lacks.
 *
 * @param {{number: number}} asked
 * @param {Element} tray
 */
function isNewestTray({ number }, tray) {
  const isNewest = isNews({ number, reads: true }, tray);
  if (!isNewest) document.dispatchEvent(new CustomEvent("console:stale"));
  return isNewest;
}

document.addEventListener("htmx:oobBeforeSwap", (event) => {
  const { detail } = /** @type {CustomEvent<{target: Element, shouldSwap: boolean}>} */ (event);
  if (detail.target.id === "tray" && current && !isNewestTray(current, detail.target)) detail.shouldSwap = false;
});

/**
 * What an answer brings besides the pane that nobody wants any more: what it says, and that the tray is out of date.
 *
 * @param {Document} page
 */
function takeRest(page) {
  for (const toast of page.querySelectorAll('[hx-swap-oob="beforeend:#toasts"] > *')) {
    document.getElementById("toasts")?.append(toast);
    htmx.process(toast);
  }
  updateBehaviours();
  document.dispatchEvent(new CustomEvent("console:stale"));
  document.body.dispatchEvent(new CustomEvent("drafts:changed"));
}

/**
 * Whoever asked and was removed comes back, unseen, while the answer is put in place: of an element that is not in the page htmx
 * knows neither extensions nor targets, and nobody hears what it is told.
 *
 * @param {HTMLElement} elt
 * @param {HTMLElement} target
 */
function bringBack(elt, target) {
  if (elt.isConnected || !target.isConnected) return;
  // Their names may be others' by now.
  for (const each of [elt, ...elt.querySelectorAll("[id]")]) each.removeAttribute("id");
  const detached = document.createElement("div");
  detached.hidden = true;
  detached.dataset.detached = "";
  detached.append(elt);
  document.body.append(detached);
}

/** @param {HTMLElement} elt */
function letGo(elt) {
  elt.closest("[data-detached]")?.remove();
}
