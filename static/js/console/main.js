/** The console: loads every behaviour, and keeps them in step with what htmx puts on the page. */

import "./arrival.js";
import "./attach.js";
import "./banner.js";
import "./compose.js";
import "./dialogs.js";
import "./editor.js";
import "./mailframe.js";
import "./mails.js";
import "./notes.js";
import "./notices.js";
import "./offers.js";
import "./palette.js";
import "./panel.js";
import "./panes.js";
import "./preferences.js";
import "./queues.js";
import "./redact.js";
import "./refused.js";
import "./runs.js";
import "./snooze.js";
import "./status.js";
import "./summary.js";
import "./theme.js";
import "./thread.js";
import "./visitor.js";
import "./view.js";
import "./transfer.js";
import "./wrapup.js";

import { atMidnight, Dates } from "../shared/dates.js";
import { isAct } from "./answers.js";
import { placeAsides } from "./asides.js";
import { settle } from "./behaviours.js";
import { placeForms } from "./forms.js";
import { htmx } from "./htmx.js";
import { label } from "./keyboard.js";
import { clock, connection, on, open, sync } from "./link.js";
import { extension } from "./morph.js";
import { showLine } from "./offline.js";
import { restore } from "./outbox.js";
import { title } from "./title.js";
import { toastFailure } from "./toasts.js";
import { markCards } from "./tray.js";
import { openAnswered, swapped } from "./workspace.js";

htmx.defineExtension("morph", extension);
// It would do so itself, but a moment later: whoever presses Enter in between would leave the page.
htmx.process(document.body);

function refresh() {
  settle();
  placeAsides();
  placeForms();
  clock.refresh();
  title();
  label();
  showLine();
}

document.addEventListener("htmx:afterSwap", (event) => {
  refresh();
  markCards();
  if (!(event.target instanceof Element && event.target.closest("#workspace"))) openAnswered();
  else swapped();
});
document.addEventListener("htmx:afterRequest", (event) => {
  // What an agent does brings things about: their frames are looked after more closely.
  if (event instanceof CustomEvent && event.detail.requestConfig?.verb === "post") sync.touch();
});
for (const failure of ["htmx:sendError", "htmx:responseError", "htmx:timeout"]) {
  document.addEventListener(failure, (event) => {
    // What is fetched again by itself is so once more: without a line only what somebody asked for is worth a word.
    if (event.target instanceof Element && event.target.id === "tray") return;
    const xhr = event instanceof CustomEvent ? event.detail.xhr : undefined;
    if (connection.state === "open" || isAct(xhr)) toastFailure();
  });
}
for (const type of /** @type {const} */ (["offer", "offer.gone"])) on(type, title);

clock.onTick(atMidnight(new Dates(document.body.dataset.timeZone)));
clock.start();
restore();
refresh();
markCards();
// A wrap-up that a whole page came with, as after a button that the page had not got hold of yet: it is what is to be done.
if (document.getElementById("wrap-up")) swapped();
openAnswered();
open();
