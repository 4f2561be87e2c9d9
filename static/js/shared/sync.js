/**
 * When to ask the server whether anything was missed: at every connect, when the page wakes up, when a number is
 * missing, and every 5 s while something happened in the last minute, every 20 s otherwise, or as often as the page wants.
 */

/** @typedef {import("./types.js").Frame} Frame */
/** @typedef {import("./socket.js").Connection} Connection */

const HOT_MS = 5000;
const IDLE_MS = 20000;
const HOT_FOR_MS = 60000;
const PROBE_MS = 3000;

/**
 * Owner of the one `sync` that may be on its way. Call `touch()` whenever something happens, `open()` and `close()`
 * with the connection, and `now()` when a number is missing.
 */
export class Sync {
  /** @type {ReturnType<typeof setTimeout> | undefined} */
  #timer;
  #touched = 0;
  #running = false;
  #again = false;

  /**
   * @param {Connection} connection
   * @param {object} options
   * @param {() => Record<string, any> | null} options.ask fields of the sync frame (`conversations`, …); null skips it
   * @param {(ack: Frame) => boolean | void} options.apply takes the answer; true asks again at once (`more`)
   * @param {() => number | undefined} [options.idle] milliseconds between two questions while nothing happens
   */
  constructor(connection, { ask, apply, idle }) {
    this.connection = connection;
    this.ask = ask;
    this.apply = apply;
    this.idle = idle;
  }

  /** Something happened: for a minute, ask more often. */
  touch() {
    const wasHot = this.#hot();
    this.#touched = Date.now();
    if (!wasHot && this.connection.state === "open" && !this.#running) this.#schedule();
  }

  /** The connection is up: ask at once, and often for a while, since somebody has just come or has just missed something. */
  open() {
    this.#touched = Date.now();
    this.now();
  }

  /** The connection is down: ask nothing. */
  close() {
    clearTimeout(this.#timer);
  }

  /** The page woke up, or the network changed: ask at once, and don't wait long for the answer. */
  wake() {
    this.now(PROBE_MS);
  }

  /**
   * Ask now; while an answer is on its way, ask once more after it.
   *
   * @param {number} [timeout] milliseconds after which no answer means a dead socket
   */
  async now(timeout) {
    if (this.#running) {
      this.#again = true;
      return;
    }
    clearTimeout(this.#timer);
    const fields = this.connection.state === "open" ? this.ask() : null;
    if (fields) {
      this.#running = true;
      try {
        const ack = await this.connection.request({ type: "sync", ...fields }, timeout);
        if (this.apply(ack)) this.#again = true;
      } catch {
        // A refusal is asked again on schedule; a socket that went down asks when it is back.
      }
      this.#running = false;
    }
    if (this.#again) {
      this.#again = false;
      this.now();
      return;
    }
    this.#schedule();
  }

  #hot() {
    return Date.now() - this.#touched < HOT_FOR_MS;
  }

  #schedule() {
    clearTimeout(this.#timer);
    if (this.connection.state !== "open") return;
    this.#timer = setTimeout(() => this.now(), this.#hot() ? HOT_MS : (this.idle?.() ?? IDLE_MS));
  }
}
