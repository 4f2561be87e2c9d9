/** The dialog with what an agent chooses: switches that this browser remembers, and keys that the server keeps (CON-6). */

import { keyName, showKeyHints } from "../keyboard/keyboard.js";
import { announceText } from "../shell/announce.js";
import { partOf, registerBehaviour } from "../shell/behaviours.js";
import { areNotificationsDenied, requestNotificationPermission } from "../shell/browser_notifications.js";
import { emitEvent } from "../shell/connection.js";
import { playRing } from "../shell/sound.js";
import { readSetting, writeSetting } from "./device_settings.js";

const ALONE = new Set(["Shift", "Control", "Alt", "AltGraph", "Meta", "CapsLock", "Dead"]);

registerBehaviour("[data-setting]", (box) => {
  if (!(box instanceof HTMLInputElement)) return;
  const name = box.dataset.setting ?? "";
  box.checked = readSetting(name) && !(name === "alerts" && areNotificationsDenied());
  if (name === "alerts") tellDenied();
  box.addEventListener("change", async () => {
    writeSetting(name, box.checked);
    emitEvent({ type: "setting", name, value: box.checked });
    if (name === "alerts" && box.checked) {
      box.checked = await requestNotificationPermission();
      tellDenied();
    }
    if (name === "shortcuts") showKeyHints();
  });
});

function tellDenied() {
  document.getElementById("alerts-denied")?.toggleAttribute("hidden", !areNotificationsDenied());
}

registerBehaviour("[data-rings-once]", (button) => button.addEventListener("click", playRing));

registerBehaviour(".key-row", (row) => {
  if (!(row instanceof HTMLFormElement)) return;
  const send = (/** @type {string} */ key) => {
    /** @type {HTMLInputElement} */ (row.elements.namedItem("key")).value = key;
    row.requestSubmit();
  };
  row.addEventListener("click", (event) => {
    const clicked = event.target instanceof Element ? event.target.closest("[data-part]") : null;
    if (!(clicked instanceof HTMLElement)) return;
    if (clicked.dataset.part === "reset") send(row.dataset.default ?? "");
    if (clicked.dataset.part === "choose") capture(clicked, send);
  });
  row.addEventListener("change", (event) => {
    const box = event.target;
    if (box instanceof HTMLInputElement && box === partOf(row, "on"))
      send(box.checked ? (row.dataset.default ?? "") : "");
  });
});

/**
 * Take the next key that is pressed.
 *
 * @param {HTMLElement} button shows the key
 * @param {(key: string) => void} send
 */
function capture(button, send) {
  const words = document.getElementById("keys")?.dataset ?? {};
  const before = [...button.childNodes];
  const controller = new AbortController();
  const { signal } = controller;
  const end = () => {
    if (signal.aborted) return;
    controller.abort();
    button.removeAttribute("data-captures");
    button.replaceChildren(...before);
  };
  button.setAttribute("data-captures", "");
  button.textContent = words.press ?? "";
  announceText(words.how ?? "", { now: true });
  button.addEventListener("blur", end, { signal });
  button.addEventListener("click", end, { signal, capture: true });
  button.addEventListener(
    "keydown",
    (event) => {
      if (ALONE.has(event.key)) return;
      if (event.key !== "Tab") {
        event.preventDefault();
        event.stopPropagation();
      }
      end();
      if (event.key === "Tab" || event.key === "Escape") return;
      send(event.key === "Backspace" || event.key === "Delete" ? "" : keyName(event));
    },
    { signal },
  );
}

document.addEventListener("htmx:afterSwap", (event) => {
  if (!(event.target instanceof HTMLElement && event.target.id === "keys")) return;
  for (const box of event.target.querySelectorAll("input[type=checkbox]")) {
    // A switch that somebody has touched does not follow its attribute any more.
    if (box instanceof HTMLInputElement) box.checked = box.defaultChecked;
  }
  if (!event.target.querySelector(".field-error")) announceText(event.target.dataset.changed ?? "");
});
