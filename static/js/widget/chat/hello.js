/**
 * What this browser says of itself at each hello: its own token, the company's word for who its customer is, the page that it
 * is on, and what the site knows (CHAT-12, CHAT-14).
 */

/** @typedef {import("../../shared/socket.js").SocketError} SocketError */
/** @typedef {import("../../shared/frames.d.ts").WidgetSocket} WidgetSocket */
/** @typedef {import("../host.js").Attributes} Attributes */
/** @typedef {import("../host.js").Host} Host */
/** @typedef {import("../store.js").Store} Store */

export class Hello {
  /** The signed token by which the company says who its customer is, until the server has answered. @type {string | null} */
  #identity = null;
  /** The last such token, for a browser that the server does not know any more. */
  #presented = "";
  /** @type {Attributes} */
  #attributes = {};
  /** What came after the last frame was made. @type {Attributes} */
  #late = {};
  /** The page that the last frame named. */
  #url = "";

  /**
   * @param {object} options
   * @param {string} options.channel the widget's key
   * @param {Host} options.host
   * @param {Store} options.store
   */
  constructor({ channel, host, store }) {
    this.channel = channel;
    this.host = host;
    this.store = store;
  }

  /** Make the frame that is sent; what comes after it is told once there is a welcome (`takeLate`, `isElsewhere`). */
  compose() {
    this.#late = {};
    this.#url = this.host.page.url;
    return {
      channel: this.channel,
      token: this.store.get("token"),
      page: { ...this.host.page, language: navigator.language ?? "", time_zone: timeZone() },
      identity: this.#identity,
      attributes: this.#attributes,
      pages: this.host.pages,
    };
  }

  /**
   * @param {string} token
   * @returns {boolean} whether it is another one than the last
   */
  identify(token) {
    if (token === this.#presented) return false;
    this.#identity = this.#presented = token;
    return true;
  }

  /** @param {Attributes} attributes what the site knows, beside what it has said before */
  add(attributes) {
    Object.assign(this.#attributes, attributes);
    Object.assign(this.#late, attributes);
  }

  /** What the site has said since the last frame, once. */
  takeLate() {
    const late = this.#late;
    this.#late = {};
    return late;
  }

  /** Whether the site has gone to another page since the last frame. */
  get isElsewhere() {
    return this.host.page.url !== this.#url;
  }

  /** The customer has signed out of the site: this browser is a new one. */
  forget() {
    this.#identity = null;
    this.#presented = "";
    this.#attributes = {};
    this.#late = {};
    this.store.clear();
  }

  /** @param {WidgetSocket["welcome"]} frame the server's welcome */
  accepted(frame) {
    this.store.set("token", frame.token);
    if (this.#identity !== null) this.host.event("identity", { proven: frame.contact?.proven === true });
    // From now on the browser's own token says whose it is: the signed one is soon too old.
    this.#identity = null;
  }

  /**
   * @param {SocketError} error
   * @returns {boolean} whether another hello, without what was refused, may be accepted
   */
  refused(error) {
    if (error.code === "identity_refused" && this.#identity !== null) {
      this.#identity = null;
      this.host.event("identity", { proven: false, reason: String(error.detail.reason ?? "") });
    } else if (error.code === "bad_frame" && error.detail.field === "attributes") {
      this.#attributes = {};
    } else if (error.code === "token_refused" && this.store.get("token") !== null) {
      this.store.set("token", null);
      this.#identity = this.#presented || null;
    } else {
      return false;
    }
    return true;
  }
}

/** The time zone that the customer's clock shows. */
export function timeZone() {
  return Intl.DateTimeFormat().resolvedOptions().timeZone ?? "";
}
