/**
 * Wrap-up: Close is there to be pressed once every required set has a code (WRP-2); the server checks too. What is chosen and
 * written is kept as one goes, so that neither a reload nor the clock loses it (WRP-3).
 */

import { parseTimestamp } from "../../shared/clock.js";
import { announceText } from "../shell/announce.js";
import { registerBehaviour } from "../shell/behaviours.js";
import { clock } from "../shell/connection.js";

const PAUSE_MS = 400;
const SOON = 0.34;
const SOON_OVER_MS = 10_000;

registerBehaviour("#wrap-up", (form, signal) => {
  if (!(form instanceof HTMLFormElement)) return;
  const close = /** @type {HTMLButtonElement} */ (form.querySelector("button[type=submit]"));
  const why = /** @type {HTMLElement} */ (form.querySelector("#wrap-up-why"));
  const refresh = () => {
    const complete = form.checkValidity();
    close.disabled = !complete;
    why.textContent = complete ? "" : (why.dataset.missing ?? "");
  };
  form.addEventListener("input", refresh);
  form.addEventListener("change", refresh);
  form.addEventListener("htmx:afterRequest", () => setTimeout(refresh));
  refresh();
  keep(form, signal);
});

// What was asked before the end has no clock yet.
registerBehaviour("#wrap-up[data-until]", (form, signal) => count(form, signal));

/**
 * Send what has been begun to the server, a moment after the last change, and at once when the page goes.
 *
 * @param {HTMLFormElement} form
 * @param {AbortSignal} signal
 */
function keep(form, signal) {
  /** @type {ReturnType<typeof setTimeout> | undefined} */
  let timer;
  let waits = false;
  const send = () => {
    clearTimeout(timer);
    timer = undefined;
    const { draft = "" } = form.dataset;
    // While its mail has not left, the conversation has not ended, and keeps nothing of this.
    waits = !draft;
    if (waits) return;
    // What could not be sent now goes along with the next change.
    fetch(draft, { method: "POST", body: new FormData(form), keepalive: true }).catch(() => {});
  };
  const later = () => {
    clearTimeout(timer);
    timer = setTimeout(send, PAUSE_MS);
  };
  form.addEventListener("input", later);
  document.addEventListener("htmx:afterSwap", () => waits && send(), { signal });
  // Close brings it all itself.
  form.addEventListener("submit", () => {
    clearTimeout(timer);
    timer = undefined;
  });
  addEventListener("pagehide", () => timer !== undefined && send(), { signal });
  signal.addEventListener("abort", () => timer !== undefined && send());
}

/**
 * The ring empties with the time that is left.
 *
 * @param {HTMLElement} form
 * @param {AbortSignal} signal
 */
function count(form, signal) {
  const left = form.querySelector(".ring-left");
  const from = parseTimestamp(form.dataset.from ?? "");
  const until = parseTimestamp(form.dataset.until ?? "");
  let told = until - clock.now() <= SOON_OVER_MS;
  const tick = (/** @type {number} */ now) => {
    const share = Math.min(1, Math.max(0, (until - now) / (until - from)));
    // One second ahead: the ring glides there until the next tick.
    const ahead = Math.max(0, share - 1000 / (until - from));
    left?.setAttribute("stroke-dashoffset", String(100 - ahead * 100));
    form.toggleAttribute("data-soon", share < SOON);
    if (told || until - now > SOON_OVER_MS) return;
    told = true;
    announceText(form.dataset.soonOver ?? "");
  };
  tick(clock.now());
  signal.addEventListener("abort", clock.onTick(tick));
}
