/**
 * The console's one connection. Others subscribe to frames by type; what is missed and fetched again by `sync` reaches
 * them as the same frames.
 */

import { Clock } from "../../shared/clock.js";
import { uuid } from "../../shared/ids.js";
import { Connection } from "../../shared/socket.js";
import { Sync } from "../../shared/sync.js";

/** @typedef {import("../../shared/frames.d.ts").ConsoleSocket} ConsoleSocket */
/** @typedef {import("../../shared/frames.d.ts").ConsoleSyncAck} SyncAck */
/** @typedef {import("../../shared/outbox.js").Entry} Entry */
/** @typedef {import("../../shared/socket.js").State} State */
/** @typedef {import("../../shared/socket.js").StateDetail} StateDetail */

/**
 * What happens on this page besides what the server tells, by type: `state` is the connection's, `elsewhere` another
 * live console of this agent's, `gone` a conversation that is not theirs any more, `stale` a tray that is out of date,
 * `queues` what the list of queues stands for now, `line` whether there is a line.
 *
 * @typedef {{
 *   welcome: ConsoleSocket["welcome"],
 *   state: {state: State} & StateDetail,
 *   elsewhere: {},
 *   gone: {conversation: string},
 *   contacts: {versions: Record<string, number>},
 *   synced: {server_time: string},
 *   stale: {},
 *   queues: {digest: string},
 *   "typing.now": {conversation: string, name: string},
 *   outbox: {conversation: string, entry: Entry, state: import("../../shared/outbox.js").State, why: string},
 *   "outbox.changed": {},
 *   line: {},
 *   setting: {name: string, value: boolean},
 *   opening: {},
 *   opened: {came: boolean},
 *   overtaken: {},
 * }} PageEvents
 */
/** @typedef {{[F in ConsoleSocket["server"] as F["type"]]: F} & PageEvents} Events by type */

/** @type {Map<string, Set<(event: never) => void>>} */
const listeners = new Map();
const ID_KEY = "parley.console.id";
const page = document.body.dataset;

/** Who works here. */
export const me = { id: page.me ?? "", name: page.myName ?? "" };

let consoleId = "";
let takeOver = false;

/** @type {Connection<ConsoleSocket>} */
export const connection = new Connection("/ws/console/", {
  hello: () => ({ console: consoleId, take_over: takeOver }),
  onWelcome: (frame) => {
    takeOver = false;
    emitEvent({ ...frame, type: "welcome" });
    sync.open();
  },
  onHelloError: (error) => {
    if (error.code !== "console_elsewhere") return;
    connection.stop();
    emitEvent({ type: "elsewhere" });
  },
  onFrame: (frame) => {
    if (frame.type === "resync") sync.now();
    sync.touch();
    emitEvent(frame);
  },
  onState: (state, detail) => {
    if (state !== "open") sync.close();
    emitEvent({ type: "state", state, ...detail });
  },
  onWake: () => sync.wake(),
  serverTime: Date.parse(page.serverTime ?? ""),
});

export const clock = new Clock(() => connection.now());

/** What the tray and the open conversation hold; each fills in its part. */
export const syncState = {
  /** @type {() => Record<string, number>} */
  numbers: () => ({}),
  /** @type {() => Record<string, number>} */
  cards: () => ({}),
  /** @type {() => string[]} */
  offers: () => [],
  digest: () => "",
  /** @type {() => string | null} */
  since: () => null,
};

/** @type {Sync<SyncAck>} */
export const sync = new Sync(connection, {
  ask: (timeout) =>
    connection.request(
      {
        type: "sync",
        conversations: syncState.numbers(),
        cards: syncState.cards(),
        offers: syncState.offers(),
        digest: syncState.digest(),
        since: syncState.since(),
      },
      timeout,
    ),
  apply: (ack) => {
    for (const [conversation, messages] of Object.entries(ack.messages)) {
      for (const message of messages) emitEvent({ type: "message", conversation, message });
    }
    for (const redacted of ack.redacted) emitEvent({ ...redacted, type: "redacted" });
    for (const marks of ack.marks) emitEvent({ ...marks, type: "marks" });
    for (const conversation of ack.conversations) emitEvent({ type: "conversation", conversation });
    // Frames go missing just now: do not leave the next one for later.
    if (ack.stale || ack.notices.length || ack.notes.length || Object.keys(ack.messages).length) sync.touch();
    // What is held and not answered is not this agent's any more, and the frame that said so was lost.
    const mine = new Set(ack.conversations.map((each) => each.id));
    for (const id of Object.keys(syncState.numbers())) if (!mine.has(id)) emitEvent({ type: "gone", conversation: id });
    for (const notice of ack.notices) emitEvent({ ...notice, type: "notice" });
    for (const note of ack.notes) emitEvent({ ...note, type: "note" });
    for (const visitor of ack.visitors) emitEvent({ ...visitor, type: "visitor" });
    emitEvent({ type: "mention", unread: ack.mentions });
    emitEvent({ type: "contacts", versions: ack.contacts });
    emitEvent({ type: "synced", server_time: ack.server_time });
    if (ack.stale) emitEvent({ type: "stale" });
    if (ack.queues) emitEvent({ type: "queues", digest: ack.queues });
    return ack.more.length > 0;
  },
});

/**
 * Connect. A tab keeps its console's id through reloads, so that coming back takes nothing over from anybody.
 *
 * @param {{takeOver?: boolean}} [how]
 */
export async function connectConsole(how = {}) {
  takeOver = how.takeOver ?? false;
  consoleId ||= await tabId();
  connection.start();
}

/** @returns {Promise<string>} */
async function tabId() {
  let kept = "";
  try {
    kept = sessionStorage.getItem(ID_KEY) ?? "";
  } catch {
    // Storage is blocked: every load is a console of its own.
  }
  // A tab that was duplicated has the same id in its storage: the lock tells that the other tab still lives.
  const id = kept && (await isFree(kept)) ? kept : uuid();
  if (id !== kept) await isFree(id);
  try {
    sessionStorage.setItem(ID_KEY, id);
  } catch {
    // As above.
  }
  return id;
}

/**
 * Take the lock that stands for an id, until the page goes.
 *
 * @param {string} id
 * @returns {Promise<boolean>} whether no other tab holds it
 */
function isFree(id) {
  if (!navigator.locks) return Promise.resolve(true);
  return new Promise((resolve) => {
    navigator.locks.request(`${ID_KEY}.${id}`, { ifAvailable: true }, (lock) => {
      resolve(lock !== null);
      return lock ? new Promise(() => {}) : undefined;
    });
  });
}

/**
 * Be told about frames of one type.
 *
 * @template {keyof Events} T
 * @param {T} type a frame's, or that of something that happens on this page
 * @param {(event: Events[T]) => void} listener
 * @param {AbortSignal} [signal] ends it
 */
export function onEvent(type, listener, signal) {
  const all = listeners.get(type) ?? new Set();
  listeners.set(type, all.add(listener));
  signal?.addEventListener("abort", () => all.delete(listener));
}

/**
 * Tell all who listen.
 *
 * @template {keyof Events} T
 * @param {{type: T} & Events[T]} event
 */
export function emitEvent(event) {
  const all = /** @type {Set<(event: object) => void> | undefined} */ (listeners.get(event.type));
  for (const listener of [...(all ?? [])]) listener(event);
}
