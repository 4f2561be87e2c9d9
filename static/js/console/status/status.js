/** The agent's status, shown the moment it changes; the tray that follows brings the rest. */

import { clock, onEvent } from "../shell/connection.js";

/** @param {{label: string, base: string, since: string, is_draining: boolean}} status */
function show({ label, base, since, is_draining }) {
  const summary = document.querySelector("#status-menu > summary");
  const words = document.getElementById("status-label");
  const time = document.getElementById("status-clock");
  if (!(summary instanceof HTMLElement) || !words || !time) return;
  summary.dataset.base = is_draining ? "away" : base;
  words.textContent = is_draining ? (words.dataset.draining ?? label) : label;
  time.dataset.since = since;
  clock.refresh();
}

onEvent("status", ({ status }) => show(status));
onEvent("welcome", ({ status }) => show(status));
