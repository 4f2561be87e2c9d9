/** Says that the connection is lost and counts the retry; says "Up to date" once when it is back (CHAT-4). */

import { partOf, registerBehaviour } from "./behaviours.js";
import { clock, connection, emitEvent, onEvent } from "./connection.js";

const PATIENCE_MS = 1200;
const BACK_MS = 2500;

/** @type {{state: string, retryAt: number | null}} */
let last = { state: "connecting", retryAt: null };
let lost = false;
/** @type {ReturnType<typeof setTimeout> | undefined} */
let patience;

/** @param {boolean} now */
function setLost(now) {
  clearTimeout(patience);
  const back = lost && !now;
  lost = now;
  document.body.dataset.connection = now ? "lost" : "open";
  for (const banner of document.querySelectorAll("#banner")) {
    if (banner instanceof HTMLElement) show(banner, back);
  }
  emitEvent({ type: "line" });
}

/**
 * @param {HTMLElement} banner
 * @param {boolean} back
 */
function show(banner, back) {
  banner.toggleAttribute("data-back", back);
  banner.hidden = !lost && !back;
  partOf(banner, "now").hidden = !lost;
  count(banner);
  if (back) setTimeout(() => !lost && hide(banner), BACK_MS);
}

/** @param {HTMLElement} banner */
function hide(banner) {
  banner.hidden = true;
}

/** @param {HTMLElement} banner */
function count(banner) {
  const text = partOf(banner, "text");
  const words = text.dataset;
  const seconds = last.retryAt ? Math.max(0, Math.ceil((last.retryAt - connection.now()) / 1000)) : 0;
  const retry = seconds > 0 ? (words.retry ?? "").replace("{seconds}", String(seconds)) : (words.trying ?? "");
  const now = lost ? `${words.lost} ${retry}` : (words.back ?? "");
  if (text.textContent !== now) text.textContent = now;
}

onEvent("state", (frame) => {
  last = frame;
  if (frame.state === "open") setLost(false);
  // The first connection takes a moment, and a short break is none worth telling of: the outbox tells of what it cost.
  else if (frame.state === "closed" && !lost) setLost(true);
  else if (frame.state === "connecting" && !lost) {
    clearTimeout(patience);
    patience = setTimeout(() => last.state !== "open" && setLost(true), PATIENCE_MS * 3);
  }
});

registerBehaviour("#banner", (banner, signal) => {
  partOf(banner, "now").addEventListener("click", () => connection.retryNow());
  const stop = clock.onTick(() => lost && count(banner));
  signal.addEventListener("abort", stop);
  if (lost) show(banner, false);
});
