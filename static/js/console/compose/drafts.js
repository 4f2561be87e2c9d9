/**
 * What is begun in a conversation and not sent (CON-1). The server keeps it, so that it is found again on another device: told of it
 * every two seconds at most, and when one leaves. This tab keeps the last words in between; whichever is newer counts.
 */

import { connection, me, onEvent } from "../shell/connection.js";
import { markTrayStale } from "../tray/tray.js";

const EVERY_MS = 2000;
const PREFIX = "parley.draft.";
const mine = `${PREFIX}${me.id}.`;

forgetOthers();

export class Draft {
  /** @type {ReturnType<typeof setTimeout> | undefined} */
  #timer;
  #savedAt = 0;
  #isShown = false;

  /**
   * @param {string} conversation
   * @param {string} body what the server has
   * @param {number} savedAt when it was told that, in milliseconds
   * @param {AbortSignal} signal the pane has gone
   */
  constructor(conversation, body, savedAt, signal) {
    this.conversation = conversation;
    const local = read(conversation);
    this.body = local && local.at > savedAt ? local.body : body;
    /** What the server has, as far as is known. */
    this.stored = body;
    this.#isShown = body !== "";
    if (this.body !== this.stored) this.#soon();
    onEvent("state", ({ state }) => state === "open" && this.#soon(), signal);
    addEventListener("pagehide", () => this.flush(), { signal });
    document.addEventListener("visibilitychange", () => document.hidden && this.flush(), { signal });
    signal.addEventListener("abort", async () => {
      await this.flush();
      // Its card may say something else now, unless it went with the conversation.
      if (this.#isShown || this.stored) markTrayStale();
    });
  }

  /** @param {string} body what stands in the field now */
  changed(body) {
    this.body = body.trim() ? body : "";
    write(this.conversation, { body: this.body, at: connection.now() });
    this.#soon();
  }

  /** It was sent: nothing is begun any more. */
  sent() {
    this.changed("");
    this.flush();
  }

  #soon() {
    this.#timer ??= setTimeout(() => this.flush(), Math.max(0, this.#savedAt + EVERY_MS - Date.now()) || EVERY_MS);
  }

  /** Tell the server now, if it does not know yet. */
  async flush() {
    clearTimeout(this.#timer);
    this.#timer = undefined;
    const body = this.body;
    if (body === this.stored || connection.state !== "open") return;
    const before = this.stored;
    this.stored = body;
    this.#savedAt = Date.now();
    try {
      const { saved_at } = await connection.request({ type: "draft", conversation: this.conversation, body });
      // Told later than it was written: else the same words would count as newer than what the server has.
      const at = saved_at ? Date.parse(saved_at) : connection.now();
      if (this.body === body) write(this.conversation, { body, at });
      else write(this.conversation, { body: this.body, at: Math.max(at + 1, connection.now()) });
    } catch (error) {
      // Once the line is back, or the server has time, it is told again; where it was refused, it is not to be kept.
      if (this.stored === body) this.stored = before;
      if (/** @type {{retry_after?: number | null}} */ (error).retry_after) this.#soon();
    }
  }
}

/**
 * @param {string} conversation
 * @returns {{body: string, at: number} | null}
 */
function read(conversation) {
  try {
    const kept = JSON.parse(sessionStorage.getItem(mine + conversation) ?? "null");
    return typeof kept?.body === "string" && typeof kept.at === "number" ? kept : null;
  } catch {
    return null;
  }
}

/**
 * @param {string} conversation
 * @param {{body: string, at: number}} draft
 */
function write(conversation, draft) {
  try {
    sessionStorage.setItem(mine + conversation, JSON.stringify(draft));
  } catch {
    // Storage is blocked: up to two seconds of writing are lost by a reload.
  }
}

/** Somebody else signed in in this tab before: what they began is nobody's business. */
function forgetOthers() {
  try {
    for (const key of Object.keys(sessionStorage)) {
      if (key.startsWith(PREFIX) && !key.startsWith(mine)) sessionStorage.removeItem(key);
    }
  } catch {
    // Storage is blocked: there is nothing to forget.
  }
}
