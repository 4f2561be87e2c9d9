/**
 * What this agent wrote and is not stored yet; it outlives the pane it was written in, and with the setting "keep unsent messages on this
 * device" the page too (CHAT-5).
 */

import { filesOf, Outbox } from "../../shared/outbox.js";
import { readSetting } from "../settings/device_settings.js";
import { connection, emitEvent, me, onEvent, sync } from "../shell/connection.js";

export const outbox = new Outbox({
  send: (entry) => {
    const { conversation, client_id, body } = entry;
    return connection.request({ type: "send", conversation, client_id, body, ...filesOf(entry) });
  },
  onState: (entry, state, why, ack) => {
    const { conversation } = entry;
    emitEvent({ type: "outbox", conversation, entry, state, why });
    // The frame that says so may be lost.
    if (ack) emitEvent({ type: "message", conversation, message: ack.message });
    sync.touch();
  },
  onChange: () => emitEvent({ type: "outbox.changed" }),
  keep: readSetting("keepsUnsent"),
  storageKey: `parley.unsent.${me.id}`,
});

onEvent("state", ({ state }) => (state === "open" ? outbox.up() : outbox.down()));
onEvent("message", ({ message }) => outbox.settle(message.client_id));
onEvent("conversation", ({ conversation: { id, state } }) => {
  if (state === "wrap_up" || state === "closed") outbox.ended(id);
});
onEvent("setting", ({ name, value }) => name === "keepsUnsent" && outbox.keeps(value));

/** Take back what an earlier page kept, of conversations that still go on with this agent. */
export function restoreOutbox() {
  outbox.restore();
  const going = document.querySelectorAll('.card[data-state="active"], .card[data-state="snoozed"]');
  outbox.retain([...going].map((card) => (card instanceof HTMLElement ? (card.dataset.conversation ?? "") : "")));
}
