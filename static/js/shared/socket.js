/**
 * The page's one socket: connects, answers, notices that it is dead, comes back. The protocol is in
 * apps/realtime/PROTOCOL.md; what to ask for at regular times is `sync.js`'s.
 */

import { uuid } from "./ids.js";
import { wellFormed } from "./text.js";

/** @typedef {import("./types.js").Protocol} Protocol */
/** @typedef {"connecting" | "open" | "closed" | "refused"} State */
/** @typedef {{retryAt: number | null, code: number | null}} StateDetail */

const FRAME_BYTES = 64 * 1024;
const ANSWER_MS = 8000;
const FIRST_RETRY_MS = 500;
const LAST_RETRY_MS = 15000;
const STABLE_MS = 10000;

/** Close codes after which coming back would not help: protocol, signed out, forbidden, taken over, gone. */
const FINAL_CODES = new Set([4400, 4401, 4403, 4409, 4410]);

/** What a request is refused with; `code` is a stable word, `message` a sentence for the person. */
export class SocketError extends Error {
  /**
   * @param {string} code
   * @param {string} message
   * @param {number | null} [retryAfter] seconds after which trying again helps
   * @param {Partial<ErrorFrame> & Record<string, unknown>} [detail] the whole error frame
   */
  constructor(code, message, retryAfter = null, detail = {}) {
    super(message || code);
    this.name = "SocketError";
    this.code = code;
    this.retry_after = retryAfter;
    this.detail = detail;
  }
}

/**
 * @template {Protocol} P
 * @template T
 * @typedef {import("./types.js").Fields<P, T>} Fields
 */

/**
 * @typedef {object} ErrorFrame the answer to a frame that was not carried out
 * @property {"error"} type
 * @property {string | null} id
 * @property {string} code
 * @property {string} message
 * @property {number} [retry_after] seconds
 */

/** @typedef {{type: "ack" | "welcome", id: string, server_time?: string}} AnswerFrame with the fields of its ack */

/**
 * @typedef {object} Waiting a request whose answer is due
 * @property {(ack: AnswerFrame) => void} resolve
 * @property {(error: SocketError) => void} reject
 * @property {ReturnType<typeof setTimeout>} timer
 */

/**
 * @template {Protocol} P
 * @typedef {object} Options
 * @property {() => Omit<P["hello"], "type" | "id" | "v">} hello its other fields; called at every connect
 * @property {(welcome: P["welcome"]) => void} onWelcome
 * @property {(frame: P["server"]) => void} onFrame what the server tells, acks and errors excluded
 * @property {(state: State, detail: StateDetail) => void} onState `retryAt` is in milliseconds of server time, like `now()`
 * @property {(error: SocketError) => boolean | void} [onHelloError] the hello was refused; true says hello again at once
 * @property {() => void} [onWake] the page woke up, or the network changed, while the socket was open
 * @property {number} [serverTime] server time of the page, in milliseconds; until the first welcome tells better
 */

/**
 * @template {Protocol} P what is said over it
 */
export class Connection {
  /** @type {WebSocket | null} */
  #socket = null;
  /** @type {Map<string, Waiting>} */
  #waiting = new Map();
  /** @type {ReturnType<typeof setTimeout> | undefined} */
  #retry;
  #attempts = 0;
  #openedAt = 0;
  #offset = 0;
  #running = false;

  /**
   * @param {string} url `/ws/console/`, or a whole `wss:` address
   * @param {Options<P>} options
   */
  constructor(url, options) {
    this.url = new URL(url, location.href.replace(/^http/, "ws")).href;
    this.options = options;
    /** @type {State} */
    this.state = "closed";
    this.#offset = options.serverTime === undefined ? 0 : options.serverTime - Date.now();
  }

  /** Server time in milliseconds, whatever the browser's own clock says. */
  now() {
    return Date.now() + this.#offset;
  }

  /** Connect, and come back whenever the connection is lost. */
  start() {
    if (this.#running) return;
    this.#running = true;
    addEventListener("online", this.#wake);
    addEventListener("offline", this.#wake);
    addEventListener("pageshow", this.#wake);
    document.addEventListener("visibilitychange", this.#wake);
    this.#connect();
  }

  /** Disconnect and stay so. */
  stop() {
    if (!this.#running) return;
    this.#halt();
    this.#letGo(1000);
    this.#setState("closed", null, null);
  }

  /** Give the present socket up and connect anew; what waits for an answer fails with `closed`. */
  drop() {
    if (!this.#socket) return;
    this.#letGo(4000);
    this.#later(null);
  }

  /** Say hello anew at once, such as when it has become known who the customer is; lost in between is nothing. */
  renew() {
    if (!this.#running || this.state === "refused") return;
    this.#letGo(4000);
    this.#connect();
  }

  /** Try again now instead of waiting for the next attempt. */
  retryNow() {
    if (this.#running && !this.#socket) this.#connect();
  }

  /**
   * Ask the server for something.
   *
   * @template {keyof P["acks"]} T
   * @param {{type: T} & Fields<P, T>} frame without its id
   * @param {number} [timeout] milliseconds after which no answer means a dead socket
   * @returns {Promise<P["acks"][T]>} the ack; rejects with a `SocketError`, its code `closed` when the socket went down first
   */
  request(frame, timeout = ANSWER_MS) {
    if (this.state !== "open") return Promise.reject(new SocketError("closed", ""));
    return /** @type {Promise<P["acks"][T]>} */ (this.#ask(frame, timeout));
  }

  /**
   * Say something that is not answered; lost when the socket is down.
   *
   * @template {P["client"]["type"]} T
   * @param {{type: T} & Fields<P, T>} frame without its id
   */
  tell(frame) {
    if (this.state === "open") this.#socket?.send(encoded({ ...frame, id: uuid() }));
  }

  /**
   * @param {object} frame
   * @param {number} timeout
   * @returns {Promise<AnswerFrame>}
   */
  #ask(frame, timeout) {
    const id = uuid();
    const text = encoded({ ...frame, id });
    if (new TextEncoder().encode(text).length > FRAME_BYTES) {
      return Promise.reject(new SocketError("too_large", ""));
    }
    return new Promise((resolve, reject) => {
      // Whatever stands in the way, coming back on a new socket cures it, and sending twice harms nothing.
      const timer = setTimeout(() => this.drop(), timeout);
      this.#waiting.set(id, { resolve, reject, timer });
      this.#socket?.send(text);
    });
  }

  #connect() {
    clearTimeout(this.#retry);
    this.#setState("connecting", null, null);
    const socket = new WebSocket(this.url);
    this.#socket = socket;
    const stuck = setTimeout(() => socket === this.#socket && this.drop(), ANSWER_MS);
    socket.onopen = () => {
      clearTimeout(stuck);
      this.#greet(socket);
    };
    socket.onmessage = (event) => socket === this.#socket && this.#take(event.data);
    socket.onclose = (event) => {
      clearTimeout(stuck);
      if (socket === this.#socket) this.#closed(event.code);
    };
  }

  /** @param {WebSocket} socket */
  async #greet(socket) {
    const sentAt = Date.now();
    try {
      const answer = await this.#ask({ ...this.options.hello(), type: "hello", v: 1 }, ANSWER_MS);
      if (socket !== this.#socket) return;
      // The server's clock was read somewhere between the two: half-way is the best guess.
      this.#setTime(answer.server_time, (sentAt + Date.now()) / 2);
      this.#openedAt = Date.now();
      // What the welcome brings is on the page before anybody is told that the connection is up.
      this.state = "open";
      this.options.onWelcome(/** @type {P["welcome"]} */ (/** @type {unknown} */ (answer)));
      this.#setState("open", null, null);
    } catch (error) {
      if (!(error instanceof SocketError)) throw error;
      if (socket !== this.#socket || error.code === "closed") return;
      if (this.options.onHelloError?.(error) && socket.readyState === WebSocket.OPEN) this.#greet(socket);
      else if (error.retry_after) this.#postpone(error.retry_after * 1000);
    }
  }

  /** @param {string} text */
  #take(text) {
    /** @type {ErrorFrame | AnswerFrame | P["server"]} */
    const frame = JSON.parse(text);
    if (isAnswer(frame)) this.#settle(frame);
    else if (this.state === "open") this.options.onFrame(frame);
  }

  /** @param {ErrorFrame | AnswerFrame} frame */
  #settle(frame) {
    const waiting = this.#waiting.get(frame.id ?? "");
    if (!waiting) return;
    this.#waiting.delete(frame.id ?? "");
    clearTimeout(waiting.timer);
    if (frame.type === "error") {
      waiting.reject(new SocketError(frame.code, frame.message, frame.retry_after ?? null, { ...frame }));
      return;
    }
    if (frame.type === "ack" && frame.server_time) this.#setTime(frame.server_time, Date.now());
    waiting.resolve(frame);
  }

  /** @param {number} code */
  #closed(code) {
    this.#forget();
    if (!FINAL_CODES.has(code)) {
      this.#later(code);
      return;
    }
    this.#halt();
    this.#setState("refused", null, code);
  }

  /**
   * @param {number | null} code
   * @param {number} [least] milliseconds
   */
  #later(code, least = 0) {
    if (!this.#running) return;
    if (this.#openedAt && Date.now() - this.#openedAt > STABLE_MS) this.#attempts = 0;
    this.#openedAt = 0;
    const base = Math.min(LAST_RETRY_MS, FIRST_RETRY_MS * 2 ** this.#attempts);
    this.#attempts += 1;
    const delay = Math.max(least, base * (0.7 + 0.6 * Math.random()));
    clearTimeout(this.#retry);
    this.#retry = setTimeout(() => this.#connect(), delay);
    this.#setState("closed", this.now() + delay, code);
  }

  /** @param {number} delay milliseconds */
  #postpone(delay) {
    this.#letGo(4000);
    this.#later(null, delay);
  }

  /** @param {number} code */
  #letGo(code) {
    const socket = this.#socket;
    this.#forget();
    socket?.close(code);
  }

  #forget() {
    this.#socket = null;
    const waiting = [...this.#waiting.values()];
    this.#waiting.clear();
    for (const { reject, timer } of waiting) {
      clearTimeout(timer);
      reject(new SocketError("closed", ""));
    }
  }

  #halt() {
    this.#running = false;
    clearTimeout(this.#retry);
    removeEventListener("online", this.#wake);
    removeEventListener("offline", this.#wake);
    removeEventListener("pageshow", this.#wake);
    document.removeEventListener("visibilitychange", this.#wake);
  }

  #wake = () => {
    if (document.visibilityState === "hidden") return;
    if (this.state === "open") this.options.onWake?.();
    // A browser without a network may still reach a server on its own machine, so `onLine` is a hint and no more.
    else if (!this.#socket && navigator.onLine) this.#connect();
  };

  /**
   * @param {string | undefined} serverTime
   * @param {number} at the browser's time of that moment
   */
  #setTime(serverTime, at) {
    const time = Date.parse(serverTime ?? "");
    if (!Number.isNaN(time)) this.#offset = time - at;
  }

  /**
   * @param {State} state
   * @param {number | null} retryAt
   * @param {number | null} code
   */
  #setState(state, retryAt, code) {
    this.state = state;
    this.options.onState(state, { retryAt, code });
  }
}

/**
 * A frame as it is sent: all text in it is well formed.
 *
 * @param {object} frame
 */
function encoded(frame) {
  return JSON.stringify(frame, (_name, value) => (typeof value === "string" ? wellFormed(value) : value));
}

/**
 * @param {{type: string}} frame
 * @returns {frame is ErrorFrame | AnswerFrame}
 */
function isAnswer(frame) {
  return frame.type === "ack" || frame.type === "welcome" || frame.type === "error";
}
