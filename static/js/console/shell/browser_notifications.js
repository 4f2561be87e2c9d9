/** Browser notifications while the agent is elsewhere; never asked for unless the agent wants them. */

import { readSetting, writeSetting } from "../settings/device_settings.js";
import { registerBehaviour } from "./behaviours.js";

const supported = "Notification" in globalThis;

/**
 * Tell of something outside of the page, if wanted and nobody looks at it.
 *
 * @param {string} key one notification for each
 * @param {string} title
 * @param {string} body
 * @returns {() => void} takes it away
 */
export function showNotification(key, title, body) {
  if (!supported || !readSetting("alerts") || Notification.permission !== "granted" || document.hasFocus())
    return () => {};
  const notification = new Notification(title, { body, tag: key, silent: true, requireInteraction: true });
  notification.onclick = () => {
    globalThis.focus();
    notification.close();
  };
  return () => notification.close();
}

/** Whether this browser has been told to show none of ours. */
export function areNotificationsDenied() {
  return !supported || Notification.permission === "denied";
}

/** @returns {Promise<boolean>} whether they may be shown now */
export async function requestNotificationPermission() {
  if (!supported) return false;
  const permission = await Notification.requestPermission();
  writeSetting("alerts", permission === "granted");
  return permission === "granted";
}

registerBehaviour("#alerts-hint", (hint) => {
  hint.hidden = !supported || readSetting("alertsHintDone") || Notification.permission !== "default";
  hint.addEventListener("click", async (event) => {
    const button = event.target instanceof Element ? event.target.closest("[data-alerts]") : null;
    if (!(button instanceof HTMLElement)) return;
    hint.hidden = true;
    writeSetting("alertsHintDone", true);
    if (button.dataset.alerts === "ask") await requestNotificationPermission();
  });
});
