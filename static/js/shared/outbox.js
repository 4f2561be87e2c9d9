/**
 * What was written and is not stored yet (CHAT-4, CHAT-5): sent in order, one at a time for each conversation. An entry is
 * Sending until the server has it, and Not Delivered once the connection drops or the server refuses it. Resend sends it
 * under the same client id, so it is never stored twice.
 */

import { uuid } from "./ids.js";
import { wellFormed } from "./text.js";

/** @typedef {{message: import("./types.js").Message}} Ack of what was sent: the line as it is stored */

/**
 * @typedef {object} Entry
 * @property {string} conversation
 * @property {string} client_id
 * @property {string} body
 * @property {number} at when it was written, in milliseconds of server time
 * @property {import("./types.js").FileFacts[]} [files] uploads that go with it
 */

/**
 * The ids of what goes with an entry, as frames carry them.
 *
 * @param {Entry} entry
 */
export function filesOf({ files = [] }) {
  return files.length ? { files: files.map((file) => file.id) } : {};
}

/** @typedef {"sending" | "failed" | "stored" | "dropped"} State */

/**
 * @typedef {object} Held an entry and what became of it so far
 * @property {Entry} entry
 * @property {"queued" | "asking" | "failed"} state
 * @property {boolean} final whether sending it again is pointless
 */

/**
 * @typedef {object} Options
 * @property {(entry: Entry) => Promise<Ack>} send sends one entry; its ack, or a rejection with `code` and `retry_after`
 * @property {(entry: Entry, state: State, why: string, ack: Ack | null) => void} onState
 * @property {() => void} [onChange] what waits, or what can be sent again, changed
 * @property {boolean} [keep] whether entries survive a reload on this device (CHAT-5)
 * @property {string} [storageKey] where they are kept
 */

/** Longer than this nobody looks at Sending: it is said when it can be tried again. */
const PATIENCE_S = 15;

export class Outbox {
  /** @type {Map<string, Held>} by client id, in the order written */
  #held = new Map();
  /** @type {Set<string>} conversations with an entry on its way */
  #busy = new Set();
  /** @type {Set<string>} */
  #ended = new Set();
  #up = false;

  /** @param {Options} options */
  constructor({ send, onState, onChange = () => {}, keep = false, storageKey = "" }) {
    this.send = send;
    this.onState = onState;
    this.onChange = onChange;
    this.keep = keep;
    this.storageKey = storageKey;
  }

  /** Take back what an earlier page kept, as Not Delivered, or forget it where nothing is kept. */
  restore() {
    for (const entry of this.keep ? this.#read() : []) {
      if (this.#held.has(entry.client_id)) continue;
      this.#held.set(entry.client_id, { entry, state: "failed", final: false });
      this.onState(entry, "sending", "", null);
      this.onState(entry, "failed", "", null);
    }
    this.#changed();
  }

  /**
   * Keep entries on this device from now on, or no longer.
   *
   * @param {boolean} keep
   */
  keeps(keep) {
    this.keep = keep;
    this.#write();
  }

  /**
   * Send a message; before the first connection it waits as Sending.
   *
   * @param {string} conversation
   * @param {string} body
   * @param {number} at milliseconds of server time
   * @param {import("./types.js").FileFacts[]} [files]
   * @returns {Entry}
   */
  add(conversation, body, at, files = []) {
    /** @type {Entry} */
    const entry = { conversation, client_id: uuid(), body: wellFormed(body), at, ...(files.length ? { files } : {}) };
    this.#held.set(entry.client_id, { entry, state: "queued", final: false });
    this.onState(entry, "sending", "", null);
    this.#changed();
    this.#next(conversation);
    return entry;
  }

  /** The connection is up: send what waits. What failed stays failed until `resend`. */
  up() {
    this.#up = true;
    for (const conversation of this.#conversations()) this.#next(conversation);
  }

  /** The connection dropped: all that is not stored is Not Delivered. */
  down() {
    this.#up = false;
    for (const held of this.#held.values()) this.#fail(held, "", held.final);
    this.#changed();
  }

  /**
   * Send what failed once more, in the order written, under the same client ids.
   *
   * @param {string} conversation
   */
  resend(conversation) {
    if (!this.#up) return;
    for (const held of this.resendable(conversation)) {
      held.state = "queued";
      this.onState(held.entry, "sending", "", null);
    }
    this.#changed();
    this.#next(conversation);
  }

  /**
   * What `resend` would send; nothing once the conversation has ended.
   *
   * @param {string} conversation
   * @returns {Held[]}
   */
  resendable(conversation) {
    if (this.#ended.has(conversation)) return [];
    return this.#of(conversation).filter((held) => held.state === "failed" && !held.final);
  }

  /**
   * Whether anything written to a conversation is not stored yet.
   *
   * @param {string} conversation
   */
  has(conversation) {
    return this.#of(conversation).length > 0;
  }

  /**
   * Whether anything written to a conversation is on its way.
   *
   * @param {string} conversation
   */
  isSending(conversation) {
    return this.#of(conversation).some((held) => held.state !== "failed");
  }

  /**
   * Tell once more how each entry of a conversation stands, such as after the list was emptied.
   *
   * @param {string} conversation
   */
  replay(conversation) {
    for (const { entry, state } of this.#of(conversation)) {
      this.onState(entry, "sending", "", null);
      if (state === "failed") this.onState(entry, "failed", "", null);
    }
  }

  /**
   * The server has it: by an ack, or because it came in a message or a sync.
   *
   * @param {string} clientId
   * @param {Ack | null} [ack]
   */
  settle(clientId, ack = null) {
    const held = this.#held.get(clientId);
    if (!held) return;
    this.#held.delete(clientId);
    this.onState(held.entry, "stored", "", ack);
    this.#changed();
  }

  /**
   * The conversation is over: what was not delivered stays so, and is kept no longer.
   *
   * @param {string} conversation
   */
  ended(conversation) {
    if (this.#ended.has(conversation)) return;
    this.#ended.add(conversation);
    for (const held of this.#of(conversation)) this.#fail(held, "", true);
    this.#changed();
  }

  /**
   * Forget what was not delivered to a conversation.
   *
   * @param {string} conversation
   */
  forget(conversation) {
    for (const { entry } of this.#of(conversation)) {
      this.#held.delete(entry.client_id);
      this.onState(entry, "dropped", "", null);
    }
    this.#changed();
  }

  /**
   * Forget what was not delivered to any other conversation than these.
   *
   * @param {string[]} conversations
   */
  retain(conversations) {
    for (const conversation of this.#conversations()) {
      if (!conversations.includes(conversation)) this.forget(conversation);
    }
  }

  /**
   * Give entries that were written before their conversation had an id the one it has now.
   *
   * @param {string} from
   * @param {string} to
   */
  rename(from, to) {
    for (const { entry } of this.#of(from)) entry.conversation = to;
    this.#changed();
    this.#next(to);
  }

  /** @param {string} conversation */
  #of(conversation) {
    return [...this.#held.values()].filter((held) => held.entry.conversation === conversation);
  }

  #conversations() {
    return new Set([...this.#held.values()].map((held) => held.entry.conversation));
  }

  /**
   * Send the next entry of a conversation, unless one is on its way.
   *
   * @param {string} conversation
   */
  async #next(conversation) {
    const held = this.#of(conversation).find((one) => one.state === "queued");
    if (!held || !this.#up || this.#busy.has(conversation)) return;
    held.state = "asking";
    this.#busy.add(conversation);
    try {
      const ack = await this.send(held.entry);
      this.settle(held.entry.client_id, ack);
    } catch (error) {
      await this.#refused(held, /** @type {{code?: string, message?: string, retry_after?: number | null}} */ (error));
    }
    this.#busy.delete(conversation);
    this.#next(held.entry.conversation);
  }

  /**
   * @param {Held} held
   * @param {{code?: string, message?: string, retry_after?: number | null}} error
   */
  async #refused(held, { code = "internal", message = "", retry_after }) {
    // It may have been stored, or given up, while the answer was on its way.
    if (this.#held.get(held.entry.client_id) !== held || held.state !== "asking") return;
    if (retry_after && retry_after <= PATIENCE_S) {
      await new Promise((resolve) => setTimeout(resolve, retry_after * 1000));
      if (held.state === "asking") held.state = "queued";
      return;
    }
    const passing = code === "closed" || code === "internal";
    this.#fail(held, passing ? "" : message, !passing && !retry_after);
    this.#changed();
  }

  /**
   * @param {Held} held
   * @param {string} why
   * @param {boolean} final
   */
  #fail(held, why, final) {
    const before = held.state;
    held.state = "failed";
    held.final = final;
    if (before !== "failed") this.onState(held.entry, "failed", why, null);
  }

  #changed() {
    this.#write();
    this.onChange();
  }

  /** @returns {Entry[]} */
  #read() {
    try {
      const entries = JSON.parse(localStorage.getItem(this.storageKey) ?? "[]");
      return Array.isArray(entries) ? entries.filter(isEntry) : [];
    } catch {
      return [];
    }
  }

  #write() {
    if (!this.storageKey) return;
    const entries = [...this.#held.values()].map((held) => held.entry);
    const kept = this.keep ? entries.filter((entry) => !this.#ended.has(entry.conversation)) : [];
    try {
      if (kept.length) localStorage.setItem(this.storageKey, JSON.stringify(kept));
      else localStorage.removeItem(this.storageKey);
    } catch {
      // Storage is blocked or full: what is not delivered lives as long as the page.
    }
  }
}

/**
 * @param {Partial<Entry> | null} value
 * @returns {value is Entry}
 */
function isEntry(value) {
  return (
    typeof value?.conversation === "string" &&
    typeof value.client_id === "string" &&
    typeof value.body === "string" &&
    typeof value.at === "number"
  );
}
