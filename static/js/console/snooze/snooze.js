/** Snooze (SNZ-1, SNZ-2): whether it is possible changes with every word that is said; the ends in its dialog, with the time. */

import { Dates } from "../../shared/dates.js";
import { announceText } from "../shell/announce.js";
import { registerBehaviour } from "../shell/behaviours.js";
import { clock, onEvent } from "../shell/connection.js";

const dates = new Dates(document.body.dataset.timeZone);
/** What one side says to the other: as in apps/conversations/choices.py. */
const SPOKEN = new Set(["text", "form", "filled"]);

registerBehaviour("[data-snoozes]", (button, signal) => {
  const why = document.getElementById("snooze-why");
  const { conversation = "", owed = "", overdue = "" } = button.dataset;
  // The newest word that was heard, and what follows from it: a pane that was read before it does not know.
  const heard = { number: 0, reason: "" };
  const refuse = (/** @type {string} */ reason) => {
    button.toggleAttribute("aria-disabled", reason !== "");
    if (reason) button.setAttribute("aria-disabled", "true");
    button.title = reason;
    if (why) why.textContent = reason;
  };
  // Before the click reaches what opens the dialog.
  button.addEventListener("click", (event) => {
    if (button.getAttribute("aria-disabled") !== "true") return;
    event.preventDefault();
    event.stopPropagation();
    announceText(button.title, { now: true });
  });
  onEvent(
    "message",
    ({ conversation: where, message }) => {
      if (where !== conversation || !SPOKEN.has(message.kind)) return;
      Object.assign(heard, { number: message.number, reason: message.side === "customer" ? owed : "" });
      refuse(heard.reason);
    },
    signal,
  );
  onEvent(
    "clock",
    ({ clock: told }) => {
      if (told.conversation !== conversation || told.stage !== "overdue") return;
      heard.reason = overdue;
      refuse(overdue);
    },
    signal,
  );
  const check = () => Number(button.dataset.last) < heard.number && refuse(heard.reason);
  document.addEventListener("htmx:afterSwap", check, { signal });
});

document.addEventListener("click", (event) => {
  if (event.target instanceof Element && event.target.closest("[data-opens=snooze-dialog]")) showEnds();
});

/** A page may have been open for hours: each end is counted from now. */
function showEnds() {
  const now = clock.now();
  for (const end of document.querySelectorAll("#snooze-dialog time[data-minutes]")) {
    if (!(end instanceof HTMLTimeElement)) continue;
    const at = now + Number(end.dataset.minutes) * 60_000;
    end.dateTime = new Date(at).toISOString();
    end.textContent = dates.short(at, now);
  }
}
