/** The agent's status, shown the moment it changes; the tray that follows brings the rest. */

import { clock, on } from "./link.js";

/** @param {{label: string, base: string, since: string}} status */
function show({ label, base, since }) {
  const summary = document.querySelector("#status-menu > summary");
  const words = document.getElementById("status-label");
  const time = document.getElementById("status-clock");
  if (!(summary instanceof HTMLElement) || !words || !time) return;
  summary.dataset.base = base;
  words.textContent = label;
  time.dataset.since = since;
  clock.refresh();
}

on("status", ({ status }) => show(status));
on("welcome", ({ status }) => show(status));
