/**
 * Without a line what acts on the open conversation is disabled and says why, as the compose bar is (CHAT-4): nothing looks alive
 * and does nothing. It stays reachable, so that the focus is not lost and the reason can be read.
 */

import { announceText } from "./announce.js";
import { onEvent } from "./connection.js";

/** The editor of mails does so itself. */
const ACTS =
  ".pane-do :is(button:not([data-part=opens-panel]), summary, a.button), #pane form[hx-post]:not(#mail-editor) button[type=submit], #skills-add > summary";
const SAYS = ["aria-disabled", "aria-description", "title"];

/** What each said before. @type {Map<Element, (string | null)[]>} */
const before = new Map();

const isLost = () => document.body.dataset.connection === "lost";
const reason = () => document.querySelector('#banner [data-part="text"]')?.getAttribute("data-lost") ?? "";

/** Bring them in step with the line, such as after the pane was swapped. */
export function updateOfflineActions() {
  if (isLost()) disable();
  else restore();
}

function disable() {
  const says = ["true", reason(), reason()];
  for (const button of document.querySelectorAll(ACTS)) {
    const now = SAYS.map((name) => button.getAttribute(name));
    if (String(now) === String(says)) continue;
    before.set(button, now);
    put(button, says);
  }
}

function restore() {
  for (const [button, said] of before) put(button, said);
  before.clear();
}

/**
 * @param {Element} button
 * @param {(string | null)[]} says
 */
function put(button, says) {
  for (const [place, name] of SAYS.entries()) {
    const value = says[place] ?? null;
    if (value === null) button.removeAttribute(name);
    else button.setAttribute(name, value);
  }
}

onEvent("line", updateOfflineActions);

// Before anything else hears of the click.
document.addEventListener(
  "click",
  (event) => {
    const button = isLost() && event.target instanceof Element && event.target.closest(ACTS);
    if (!button) return;
    event.preventDefault();
    event.stopImmediatePropagation();
    announceText(reason(), { now: true });
  },
  { capture: true },
);
