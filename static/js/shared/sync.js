/**
 * When to ask the server whether anything was missed: at every connect, when the page wakes up, when a number is
 * missing, and every 5 s while something happened in the last minute, every 20 s otherwise, or as often as the page wants.
 */

/** @typedef {import("./socket.js").State} State */

const HOT_MS = 5000;
const IDLE_MS = 20000;
const HOT_FOR_MS = 60000;
const PROBE_MS = 3000;

/**
 * Owner of the one `sync` that may be on its way. Call `touch()` whenever something happens, `open()` and `close()`
 * with the connection, and `now()` when a number is missing.
 *
 * @template Ack the answer to a `sync`
 */
export class Sync {
  /** @type {ReturnType<typeof setTimeout> | undefined} */
  #timer;
  #touched = 0;
  #running = false;
  #again = false;

  /**
   * @param {{state: State}} connection
   * @param {object} options
   * @param {(timeout?: number) => Promise<Ack> | null} options.ask sends a `sync`; null where there is nothing to ask for
   * @param {(ack: Ack) => boolean | void} options.apply takes the answer; true asks again at once (`more`)
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
    const answer = this.connection.state === "open" ? this.ask(timeout) : null;
    if (answer) {
      this.#running = true;
      try {
        if (this.apply(await answer)) this.#again = true;
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
