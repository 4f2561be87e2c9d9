/** What this agent wrote and is not stored yet; it outlives the pane it was written in. */

import { Outbox } from "../shared/outbox.js";
import { connection, emit, on } from "./link.js";

export const outbox = new Outbox({
  send: ({ conversation, client_id, body }) => connection.request({ type: "send", conversation, client_id, body }),
  onState: (entry, state, why, ack) => {
    emit({ type: "outbox", conversation: entry.conversation, entry, state, why, message: ack?.message ?? null });
  },
  onChange: () => emit({ type: "outbox.changed" }),
});

on("state", ({ state }) => (state === "open" ? outbox.up() : outbox.down()));
on("message", ({ message }) => outbox.settle(message.client_id));
on("conversation", ({ conversation: { id, state } }) => {
  if (state === "wrap_up" || state === "closed") outbox.ended(id);
});
