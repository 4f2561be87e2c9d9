/** Colours a wait: amber when an answer is due soon, red when it is overdue (CON-1). */

import { moment } from "../shared/clock.js";
import { clock } from "./link.js";

/** @param {number} now */
function tick(now) {
  for (const time of document.querySelectorAll("time[data-overdue]")) {
    if (!(time instanceof HTMLElement)) continue;
    const { due = "", overdue = "" } = time.dataset;
    const urgency = now >= moment(overdue) ? "overdue" : now >= moment(due) ? "due" : "";
    if (time.dataset.urgency !== urgency) time.dataset.urgency = urgency;
  }
}

clock.onTick(tick);
