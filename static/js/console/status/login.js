/** Login preparation (AGT-4): read out once, counted by the server's time, and asked about when it is over. */

import { parseTimestamp } from "../../shared/clock.js";
import { announceText } from "../shell/announce.js";
import { partOf, registerBehaviour } from "../shell/behaviours.js";
import { clock } from "../shell/connection.js";
import { markTrayStale } from "../tray/tray.js";

registerBehaviour("#login-prep-dialog", (dialog, signal) => {
  announceText(`${partOf(dialog, "name").textContent} ${partOf(dialog, "message").textContent}`);
  const until = parseTimestamp(partOf(dialog, "left").dataset.until ?? "");
  let over = false;
  const stop = clock.onTick((now) => {
    if (over || now < until) return;
    over = true;
    markTrayStale();
  });
  signal.addEventListener("abort", stop);
});
