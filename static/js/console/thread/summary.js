/**
 * The summary of a conversation is to be read before the first word, and folds by itself once it is read (CON-3): with that word,
 * or where one has come back to it. What somebody folds or unfolds by hand stays so, for each conversation. The mood in it follows
 * what the customer writes: each tray brings it.
 */

import { registerBehaviour } from "../shell/behaviours.js";
import { me, onEvent } from "../shell/connection.js";

const KEY = "parley.summaries";
/** So many are remembered, the latest. */
const MOST = 200;
/** A glance is no reading. */
const READING_MS = 5000;

/** @returns {[string, boolean][]} conversations, and whether theirs is open */
function read() {
  try {
    return JSON.parse(sessionStorage.getItem(KEY) ?? "[]");
  } catch {
    return [];
  }
}

const chosen = new Map(read());

/**
 * @param {string} id
 * @param {boolean} isOpen
 */
function remember(id, isOpen) {
  chosen.delete(id);
  chosen.set(id, isOpen);
  try {
    sessionStorage.setItem(KEY, JSON.stringify([...chosen].slice(-MOST)));
  } catch {
    // Storage is blocked: what was chosen lasts as long as the page.
  }
}

registerBehaviour("details.summary", (details, signal) => {
  if (!(details instanceof HTMLDetailsElement)) return;
  const id = details.dataset.conversation ?? "";
  const shownAt = Date.now();
  details.open = chosen.get(id) ?? details.open;
  details.querySelector("summary")?.addEventListener("click", () => remember(id, !details.open));
  onEvent(
    "message",
    ({ conversation, message }) => {
      if (conversation === id && message.author?.id === me.id && !chosen.has(id)) details.open = false;
    },
    signal,
  );
  signal.addEventListener("abort", () => {
    if (!chosen.has(id) && Date.now() - shownAt > READING_MS) remember(id, false);
  });
});

document.addEventListener("htmx:afterSwap", () => {
  const brought = document.getElementById("open-mood");
  const shown = document.getElementById("summary-mood");
  if (!brought || !shown || brought.dataset.conversation !== shown.dataset.conversation) return;
  if (words(brought) === words(shown)) return;
  shown.replaceChildren(...brought.cloneNode(true).childNodes);
});

/** @param {HTMLElement} element */
function words(element) {
  return element.textContent?.replaceAll(/\s+/g, " ").trim();
}
