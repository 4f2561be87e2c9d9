/**
 * Typing, both ways (CHAT-6): told at most every 3 s, ended 5 s after the last key, forgotten after 6 s of silence.
 */

const EVERY_MS = 3000;
const STOP_MS = 5000;
const FORGET_MS = 6000;

/** Tells the other side that this one types. */
export class TypingSender {
  /** @type {ReturnType<typeof setTimeout> | undefined} */
  #timer;
  #toldAt = Number.NEGATIVE_INFINITY;
  #on = false;

  /** @param {(on: boolean) => void} send */
  constructor(send) {
    this.send = send;
  }

  /** A key was pressed. */
  key() {
    clearTimeout(this.#timer);
    this.#timer = setTimeout(() => this.stop(), STOP_MS);
    const now = performance.now();
    if (this.#on && now - this.#toldAt < EVERY_MS) return;
    this.#on = true;
    this.#toldAt = now;
    this.send(true);
  }

  /** The text was sent or emptied, or nothing was typed for a while. */
  stop() {
    clearTimeout(this.#timer);
    if (!this.#on) return;
    this.#on = false;
    this.send(false);
  }
}

/** Knows who types on the other side. */
export class TypingWatch {
  /** @type {Map<string, {name: string, timer: ReturnType<typeof setTimeout>}>} */
  #typing = new Map();

  /** @param {(key: string, names: string[]) => void} onChange called with the key and who types there now */
  constructor(onChange) {
    this.onChange = onChange;
  }

  /**
   * A `typing` frame came.
   *
   * @param {string} key what the frame is about, such as the conversation's id
   * @param {string} name
   * @param {boolean} on
   */
  heard(key, name, on) {
    const before = this.#typing.get(key);
    clearTimeout(before?.timer);
    if (on) {
      this.#typing.set(key, { name, timer: setTimeout(() => this.clear(key), FORGET_MS) });
      if (before?.name !== name) this.onChange(key, [name]);
    } else this.clear(key);
  }

  /**
   * A message came, the conversation ended, or the connection is lost: nobody types there any more.
   *
   * @param {string} key
   */
  clear(key) {
    const before = this.#typing.get(key);
    if (!before) return;
    clearTimeout(before.timer);
    this.#typing.delete(key);
    this.onChange(key, []);
  }
}
