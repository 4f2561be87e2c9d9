/** Keyboard first (CON-6): a letter does it, with Alt while one writes; all of it can be switched off (WCAG 2.1.4). */

import { allow } from "./alerts.js";
import { behaviour } from "./behaviours.js";
import { dialogOpen, openDialog } from "./dialogs.js";
import { set, setting } from "./settings.js";
import { cardLinks } from "./tray.js";
import { openByKey } from "./workspace.js";

/** @type {Record<string, () => void>} */
const KEYS = {
  J: () => step(1),
  K: () => step(-1),
  A: () => click("#offer-list [data-accepts]"),
  E: () => click("[data-opens=end-dialog]"),
  R: () => document.getElementById("compose-text")?.focus(),
  "?": () => openDialog("help"),
};

/** @param {string} selector */
function click(selector) {
  const button = document.querySelector(selector);
  if (button instanceof HTMLElement) button.click();
}

/** @param {number} by */
function step(by) {
  const links = cardLinks();
  const at = links.findIndex((link) => link.hasAttribute("aria-current"));
  const link = links[at < 0 ? (by > 0 ? 0 : links.length - 1) : at + by];
  if (link instanceof HTMLElement) openByKey(link);
}

/** @param {EventTarget | null} target */
function isWriting(target) {
  return target instanceof HTMLElement && target.matches("input:not([type=radio], [type=checkbox]), textarea, select");
}

/** @param {KeyboardEvent} event */
function nameOf(event) {
  if (event.key === "?" || (event.altKey && event.shiftKey && event.code === "Slash")) return "?";
  // With Alt a letter may come out as another one: the key's place counts.
  return event.altKey ? event.code.replace(/^Key/, "") : event.key.toUpperCase();
}

document.addEventListener("keydown", (event) => {
  if (event.defaultPrevented || event.ctrlKey || event.metaKey || event.repeat || event.isComposing) return;
  if (!setting("shortcuts") || dialogOpen() || (isWriting(event.target) && !event.altKey)) return;
  const action = KEYS[nameOf(event)];
  if (!action) return;
  event.preventDefault();
  action();
});

behaviour("[data-setting]", (box) => {
  if (!(box instanceof HTMLInputElement)) return;
  const name = box.dataset.setting ?? "";
  box.checked = setting(name);
  box.addEventListener("change", async () => {
    set(name, box.checked);
    if (name === "alerts" && box.checked) box.checked = await allow();
  });
});
