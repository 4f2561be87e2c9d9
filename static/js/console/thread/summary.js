/**
 * The summary of a conversation is to be read before the first word, and folds by itself once it is read (CON-3): with that word,
 * or where one has come back to it. What somebody folds or unfolds by hand stays so, for each conversation. The mood in it follows
 * what the customer writes: each tray brings it, and each message says of how many it is.
 */

import { registerBehaviour } from "../shell/behaviours.js";
import { me, onEvent } from "../shell/connection.js";
import { markTrayStale } from "../tray/tray.js";

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
  onEvent(
    "message",
    ({ conversation, preview }) => {
      if (conversation === id && preview && !showScored(details, preview.mood_count)) markTrayStale();
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

const plurals = new Intl.PluralRules(document.documentElement.lang || "en");

/**
 * Say of how many messages the mood is, where the words around the number stay the same.
 *
 * @param {HTMLElement} details
 * @param {number} count
 * @returns {boolean} whether it is said; else the tray is to be fetched
 */
function showScored(details, count) {
  const number = details.querySelector('#summary-mood [data-part="scored"]');
  if (!number) return count === 0;
  if (plurals.select(Number(number.textContent)) !== plurals.select(count)) return false;
  number.textContent = String(count);
  return true;
}

/** @param {HTMLElement} element */
function words(element) {
  return element.textContent?.replaceAll(/\s+/g, " ").trim();
}
