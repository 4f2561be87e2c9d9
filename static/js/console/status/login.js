/** Login preparation (AGT-4): read out once, counted by the server's time, and asked about when it is over. */

import { moment } from "../../shared/clock.js";
import { announce } from "../shell/announce.js";
import { behaviour, part } from "../shell/behaviours.js";
import { clock } from "../shell/connection.js";
import { stale } from "../tray/tray.js";

behaviour("#login-prep-dialog", (dialog, signal) => {
  announce(`${part(dialog, "name").textContent} ${part(dialog, "message").textContent}`);
  const until = moment(part(dialog, "left").dataset.until ?? "");
  let over = false;
  const stop = clock.onTick((now) => {
    if (over || now < until) return;
    over = true;
    stale();
  });
  signal.addEventListener("abort", stop);
});
