/**
 * As much of a browser as the modules of static/js/shared need, for tests that script the other end: a socket whose server is
 * the test, a clock that stands still until it is moved, the page's own events, and storage.
 */

import { mock } from "node:test";

/** Let everything happen that waits for nothing but its turn. */
export const turn = () => new Promise((resolve) => setImmediate(resolve));

/** A socket whose other end is the test: `open`, `say` and `end` are the server's doing. */
export class ScriptedSocket {
  static OPEN = 1;
  /** Every socket that was opened, in order. */
  static all = [];

  static get last() {
    return ScriptedSocket.all.at(-1);
  }

  constructor(url) {
    Object.assign(this, { url, readyState: 0, sent: [], texts: [], closedWith: null });
    ScriptedSocket.all.push(this);
  }

  send(text) {
    this.texts.push(text);
    this.sent.push(JSON.parse(text));
  }

  close(code) {
    this.readyState = 3;
    this.closedWith = code;
  }

  open() {
    this.readyState = 1;
    this.onopen();
  }

  say(frame) {
    this.onmessage({ data: JSON.stringify(frame) });
  }

  end(code = 1006) {
    this.readyState = 3;
    this.onclose({ code });
  }

  /** What was sent last of a type. */
  asked(type) {
    return this.sent.findLast((frame) => frame.type === type);
  }

  /** Answer what was sent last of a type. */
  answer(type, fields = {}) {
    this.say({ type: type === "hello" ? "welcome" : "ack", id: this.asked(type).id, ...fields });
  }

  refuse(type, fields) {
    this.say({ type: "error", id: this.asked(type).id, message: "", ...fields });
  }
}

const stored = new Map();
const storage = {
  getItem: (key) => stored.get(key) ?? null,
  setItem: (key, value) => stored.set(key, value),
  removeItem: (key) => stored.delete(key),
};

/**
 * A page that has just been loaded, at a time of its own.
 *
 * @param {number} [now] milliseconds
 */
export function load(now = Date.parse("2026-03-02T10:00:00Z")) {
  mock.timers.reset();
  mock.timers.enable({ apis: ["setTimeout", "Date"], now });
  ScriptedSocket.all = [];
  stored.clear();
  const page = new EventTarget();
  const document = Object.assign(new EventTarget(), { visibilityState: "visible" });
  set("WebSocket", ScriptedSocket);
  set("location", { href: "http://acme.localhost/console/" });
  set("document", document);
  set("navigator", { onLine: true, language: "en-GB" });
  set("localStorage", storage);
  set("addEventListener", page.addEventListener.bind(page));
  set("removeEventListener", page.removeEventListener.bind(page));
  return { page, document, storage };
}

/** Move the clock, and let happen what is due. */
export async function pass(milliseconds) {
  mock.timers.tick(milliseconds);
  await turn();
}

function set(name, value) {
  Object.defineProperty(globalThis, name, { value, configurable: true, writable: true });
}
