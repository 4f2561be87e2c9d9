/**
 * Keyboard first (CON-6): a letter does it, with Alt while one writes; all of it can be switched off (WCAG 2.1.4). Which key does
 * what stands in the help, as the server wrote it.
 */

import { readSetting } from "../settings/device_settings.js";
import { isDialogOpen, openDialog } from "../shell/dialogs.js";
import { isBetweenPanes, openByKey } from "../shell/workspace.js";
import { cardLinks } from "../tray/tray.js";
import { performAction, registerAction } from "./actions.js";

registerAction("next", { run: () => step(1), can: () => cardLinks().length > 0 });
registerAction("previous", { run: () => step(-1), can: () => cardLinks().length > 0 });
registerAction("reply", {
  run: () => {
    const place = compose();
    if (place?.matches("a")) place.click();
    else place?.focus();
  },
  can: () => compose() !== null,
});
registerAction("help", { run: () => openDialog("help") });
registerAction("preferences", {
  run: () => {
    const opener = document.querySelector("[data-opens-preferences]");
    if (opener instanceof HTMLElement) opener.click();
  },
});

/** Where one writes; of mails what leads there, while nothing is begun. @returns {HTMLElement | null} */
const compose = () =>
  document.getElementById("compose-text") ??
  document.getElementById("editor-body") ??
  document.querySelector("#mail-begin [data-action=reply]");

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

const isMac = /Mac|iPhone|iPad/.test(navigator.platform);

/**
 * The key as the server writes it: `J`, `?`, `Mod+K`; with Alt it is the same key, since that is how one reaches it while writing.
 *
 * @param {KeyboardEvent} event
 */
export function keyName(event) {
  const mod = event.ctrlKey || event.metaKey ? "Mod+" : "";
  // With Alt a letter may come out as another one: the key's place counts.
  if (!event.altKey) return mod + event.key.toUpperCase();
  if (event.code === "Slash") return mod + (event.shiftKey ? "?" : "/");
  return (
    mod +
    event.code
      .replace(/^(Key|Digit)/, "")
      .replace("Period", ".")
      .replace("Comma", ",")
  );
}

/** @param {string} key */
function actionOf(key) {
  const row = document.querySelector(`[data-shortcut][data-key="${CSS.escape(key)}"]`);
  return row instanceof HTMLElement ? row.dataset.shortcut : undefined;
}

document.addEventListener("keydown", (event) => {
  const bare = !event.altKey && !event.ctrlKey && !event.metaKey;
  if (bare && event.key !== "Tab" && isBetweenPanes() && !isWriting(event.target)) {
    event.preventDefault();
    return;
  }
  if (event.defaultPrevented || event.repeat || event.isComposing || event.getModifierState("AltGraph")) return;
  if (!readSetting("shortcuts") || isDialogOpen()) return;
  if (bare && isWriting(event.target)) return;
  const name = actionOf(keyName(event));
  if (!name) return;
  event.preventDefault();
  performAction(name);
});

/** Show in hints which key does what now; those without a key are left out. */
export function showKeyHints() {
  for (const hint of document.querySelectorAll("[data-key-of]")) {
    const row = document.getElementById(`help-${hint instanceof HTMLElement ? hint.dataset.keyOf : ""}`);
    hint.textContent = (row?.dataset.key ?? "").replace("Mod+", isMac ? "⌘ " : "Ctrl ");
    hint.parentElement?.toggleAttribute("hidden", !row?.dataset.key || !readSetting("shortcuts"));
  }
  if (!isMac) return;
  for (const key of document.querySelectorAll("kbd[data-mod]")) key.textContent = "⌘";
}
