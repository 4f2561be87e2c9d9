/**
 * What an agent must read: shown once, however often it comes. A frame may be lost, so each sync tells again what was said since
 * the one before, and a reload goes on where the page before it was.
 */

import { onEvent, syncState } from "./connection.js";
import { showToast } from "./toasts.js";

const KEY = "parley.console.notices";
/** Ids that are remembered: far more than come within the seconds for which they are told again. */
const MOST = 50;

/** @type {{since: string | undefined, shown: string[]}} */
const kept = { since: document.body.dataset.serverTime, shown: [], ...stored() };

function stored() {
  try {
    return JSON.parse(sessionStorage.getItem(KEY) ?? "{}");
  } catch {
    return {};
  }
}

function store() {
  try {
    sessionStorage.setItem(KEY, JSON.stringify(kept));
  } catch {
    // Storage is blocked: a reload begins anew.
  }
}

syncState.since = () => kept.since ?? null;

onEvent("synced", ({ server_time }) => {
  kept.since = server_time;
  store();
});

onEvent("notice", ({ id, text, about }) => {
  if (kept.shown.includes(id)) return;
  kept.shown = [...kept.shown, id].slice(-MOST);
  store();
  showToast(text, { about });
});
