/**
 * What this browser keeps: in its storage, or in memory where storage is blocked (CHAT-12).
 */

/** @typedef {"token" | "live" | "dismissed" | "open"} Name */

export class Store {
  /** @type {Map<string, string>} */
  #memory = new Map();

  /** @param {string} channel the widget's key: each has its own */
  constructor(channel) {
    this.prefix = `parley.${channel}.`;
  }

  /** Where unsent messages are kept. */
  get unsentKey() {
    return `${this.prefix}unsent`;
  }

  /**
   * @param {Name} name
   * @returns {string | null}
   */
  get(name) {
    try {
      return this.#place(name).getItem(this.prefix + name) ?? this.#memory.get(name) ?? null;
    } catch {
      return this.#memory.get(name) ?? null;
    }
  }

  /**
   * @param {Name} name
   * @param {string | null} value null forgets it
   */
  set(name, value) {
    if (value === null) this.#memory.delete(name);
    else this.#memory.set(name, value);
    try {
      if (value === null) this.#place(name).removeItem(this.prefix + name);
      else this.#place(name).setItem(this.prefix + name, value);
    } catch {
      // Storage is blocked or full: it lives as long as the page.
    }
  }

  /** Nothing of this customer's stays. */
  clear() {
    for (const name of /** @type {Name[]} */ (["token", "live", "dismissed"])) this.set(name, null);
    try {
      localStorage.removeItem(this.unsentKey);
    } catch {
      // Storage is blocked: there is nothing.
    }
  }

  /**
   * Another page of this browser opened or ended a conversation.
   *
   * @param {(value: string | null) => void} listener
   */
  onLive(listener) {
    addEventListener("storage", (event) => {
      if (event.key === `${this.prefix}live`) listener(event.newValue);
    });
  }

  /**
   * Whether the card stands open belongs to the tab, all else to the browser.
   *
   * @param {Name} name
   */
  #place(name) {
    return name === "open" ? sessionStorage : localStorage;
  }
}
