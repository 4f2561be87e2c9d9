/**
 * What happened, between what was said: lines of the system that follow one another in one clock minute share one time, as messages
 * do (CHAT-7), and a long run of them folds to its first and its last, until somebody wants to read it all.
 */

import { registerBehaviour } from "../shell/behaviours.js";
import { timeOf } from "./event_lines.js";

/** As many are shown as they are. */
const MOST = 3;
const template = /** @type {HTMLTemplateElement} */ (document.getElementById("event-group-template"));

/**
 * Arrange the runs of a thread's lines; what is arranged already stays.
 *
 * @param {Element} list
 */
export function groupEvents(list) {
  const lines = /** @type {HTMLElement[]} */ ([...list.children]).filter((line) => !line.hidden);
  const toggles = new Set();
  /** @type {HTMLElement[]} */
  let run = [];
  for (const line of [...lines, null]) {
    if (line?.matches(".event-group-toggle")) continue;
    if (line?.matches('[data-side="system"]')) {
      run.push(line);
      continue;
    }
    if (run.length) toggles.add(arrange(run));
    run = [];
  }
  for (const toggle of list.querySelectorAll(":scope > .event-group-toggle")) if (!toggles.has(toggle)) toggle.remove();
}

/**
 * @param {HTMLElement[]} run
 * @returns {Element | undefined} what unfolds it, where it is long
 */
function arrange(run) {
  const isLong = run.length > MOST;
  const toggle = isLong ? toggleOf(run) : undefined;
  const isFolded = toggle?.querySelector("button")?.getAttribute("aria-expanded") === "false";
  for (const [index, line] of run.entries()) {
    const folds = isFolded && index > 0 && index < run.length - 1;
    const above = isFolded && index === run.length - 1 ? run[0] : run[index - 1];
    line.toggleAttribute("data-grouped", index > 0);
    line.toggleAttribute("data-same-minute", index > 0 && minute(line) === minute(above));
    line.toggleAttribute("data-folded", folds);
  }
  return toggle;
}

/** @param {HTMLElement[]} run */
function toggleOf(run) {
  const [first, second] = run;
  const known = run.map((line) => line.nextElementSibling).find((next) => next?.matches(".event-group-toggle"));
  const toggle = known ?? make();
  if (first.nextElementSibling !== toggle) second.before(toggle);
  const button = /** @type {HTMLButtonElement} */ (toggle.querySelector("button"));
  const { more = "", less = "" } = button.dataset;
  const isOpen = button.getAttribute("aria-expanded") === "true";
  const text = isOpen ? less : more.replace("{count}", String(run.length - 2));
  if (button.textContent !== text) button.textContent = text;
  return toggle;
}

function make() {
  const fragment = /** @type {DocumentFragment} */ (template.content.cloneNode(true));
  const toggle = /** @type {HTMLElement} */ (fragment.firstElementChild);
  const button = /** @type {HTMLButtonElement} */ (toggle.querySelector("button"));
  button.addEventListener("click", () => {
    button.setAttribute("aria-expanded", String(button.getAttribute("aria-expanded") !== "true"));
    if (toggle.parentElement) groupEvents(toggle.parentElement);
  });
  return toggle;
}

/** @param {HTMLElement} line */
function minute(line) {
  return Math.floor(timeOf(line) / 60_000);
}

registerBehaviour("#thread [data-part=list], #mail-list", (list, signal) => {
  const place = () => groupEvents(list);
  place();
  const observer = new MutationObserver(place);
  observer.observe(list, { childList: true });
  signal.addEventListener("abort", () => observer.disconnect());
  // A list of mails is made equal to the server's, which knows of no runs.
  if (list.id === "mail-list") document.addEventListener("htmx:afterSwap", place, { signal });
});
