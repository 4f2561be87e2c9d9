/** The console: loads every behaviour, and keeps them in step with what htmx puts on the page. */

import "./status/login.js";
import "./compose/attach.js";
import "./shell/connection_banner.js";
import "./compose/compose_bar.js";
import "./shell/dialogs.js";
import "./mail_editor/editor.js";
import "./mail/mail_frame.js";
import "./mail/mails.js";
import "./notes/notes.js";
import "./shell/notices.js";
import "./tray/offers.js";
import "./keyboard/palette.js";
import "./panel/panel.js";
import "./shell/pane_widths.js";
import "./settings/preferences.js";
import "./tray/queues.js";
import "./redaction/redact.js";
import "./shell/page_refused.js";
import "./thread/event_groups.js";
import "./snooze/snooze.js";
import "./status/status.js";
import "./thread/summary.js";
import "./shell/theme.js";
import "./thread/thread.js";
import "./thread/customer_presence.js";
import "./tray/filters.js";
import "./transfer/transfer.js";
import "./wrap_up/wrap_up.js";

import { atMidnight, Dates } from "../shared/dates.js";
import { restoreOutbox } from "./compose/outbox.js";
import { placeForms } from "./forms/forms.js";
import { showKeyHints } from "./keyboard/keyboard.js";
import { updateBehaviours } from "./shell/behaviours.js";
import { clock, connectConsole, connection, onEvent, sync } from "./shell/connection.js";
import { htmx } from "./shell/htmx.js";
import { isUserAction } from "./shell/htmx_responses.js";
import { extension } from "./shell/morph.js";
import { updateOfflineActions } from "./shell/offline.js";
import { updateTitle } from "./shell/title.js";
import { showFailureToast } from "./shell/toasts.js";
import { handleWorkspaceSwap, openAnswered } from "./shell/workspace.js";
import { placeEventLines } from "./thread/event_lines.js";
import { markCardsDelivered } from "./tray/tray.js";

htmx.defineExtension("morph", extension);
// It would do so itself, but a moment later: whoever presses Enter in between would leave the page.
htmx.process(document.body);

function refresh() {
  updateBehaviours();
  placeEventLines();
  placeForms();
  clock.refresh();
  updateTitle();
  showKeyHints();
  updateOfflineActions();
}

document.addEventListener("htmx:afterSwap", (event) => {
  refresh();
  markCardsDelivered();
  if (!(event.target instanceof Element && event.target.closest("#workspace"))) openAnswered();
  else handleWorkspaceSwap();
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
    if (connection.state === "open" || isUserAction(xhr)) showFailureToast();
  });
}
for (const type of /** @type {const} */ (["offer", "offer.gone"])) onEvent(type, updateTitle);

clock.onTick(atMidnight(new Dates(document.body.dataset.timeZone)));
clock.start();
restoreOutbox();
refresh();
markCardsDelivered();
// A wrap-up that a whole page came with, as after a button that the page had not got hold of yet: it is what is to be done.
if (document.getElementById("wrap-up")) handleWorkspaceSwap();
openAnswered();
connectConsole();
