/** Login preparation (AGT-4): read out once, counted by the server's time, and asked about when it is over. */

import { moment } from "../shared/clock.js";
import { announce } from "./announce.js";
import { behaviour, part } from "./behaviours.js";
import { clock } from "./link.js";
import { stale } from "./tray.js";

behaviour("#prep-dialog", (dialog, signal) => {
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
