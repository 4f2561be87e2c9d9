/** A reply clock has reached a stage: its card is marked anew, and the agent is told politely, in the server's words (CHAT-11). */

import { on } from "./link.js";
import { toast } from "./toasts.js";
import { stale } from "./tray.js";

on("clock", ({ text }) => {
  stale();
  if (text) toast(text, { politely: true });
});
