/**
 * The console's one connection. Others subscribe to frames by type; what is missed and fetched again by `sync` reaches
 * them as the same frames.
 */

import { Clock } from "../shared/clock.js";
import { uuid } from "../shared/ids.js";
import { Connection } from "../shared/socket.js";
import { Sync } from "../shared/sync.js";

/** @typedef {import("../shared/types.js").Frame} Frame */
/** @typedef {import("../shared/socket.js").State} State */
/** @typedef {import("../shared/socket.js").StateDetail} StateDetail */

/** @type {Map<string, Set<(frame: any) => void>>} */
const listeners = new Map();
const consoleId = uuid();
const page = document.body.dataset;

/** Who works here. */
export const me = { id: page.me ?? "", name: page.myName ?? "" };

export const connection = new Connection("/ws/console/", {
  hello: () => ({ console: consoleId }),
  onWelcome: (frame) => {
    emit({ ...frame, type: "welcome" });
    sync.open();
  },
  onFrame: (frame) => {
    sync.touch();
    emit(frame);
  },
  onState: (state, detail) => {
    if (state !== "open") sync.close();
    emit({ type: "state", state, ...detail });
  },
  onWake: () => sync.wake(),
  serverTime: Date.parse(page.serverTime ?? ""),
});

export const clock = new Clock(() => connection.now());

/** What the tray and the open conversation hold; each fills in its part. */
export const holds = {
  /** @type {() => Record<string, number>} */
  numbers: () => ({}),
  digest: () => "",
};

export const sync = new Sync(connection, {
  ask: () => ({ conversations: holds.numbers(), digest: holds.digest() }),
  apply: (ack) => {
    for (const [conversation, messages] of Object.entries(ack.messages)) {
      for (const message of messages) emit({ type: "message", conversation, message });
    }
    for (const marks of ack.marks) emit({ ...marks, type: "marks" });
    for (const conversation of ack.conversations) emit({ type: "conversation", conversation });
    if (ack.stale) emit({ type: "stale" });
    return ack.more.length > 0;
  },
});

/**
 * Be told about frames of one type.
 *
 * @param {string} type a frame's, or `welcome`, `state` and `stale` for what happens to the connection and the tray
 * @param {(frame: any) => void} listener
 * @param {AbortSignal} [signal] ends it
 */
export function on(type, listener, signal) {
  const all = listeners.get(type) ?? new Set();
  listeners.set(type, all.add(listener));
  signal?.addEventListener("abort", () => all.delete(listener));
}

/** @param {Frame} frame */
export function emit(frame) {
  for (const listener of [...(listeners.get(frame.type) ?? [])]) listener(frame);
}
