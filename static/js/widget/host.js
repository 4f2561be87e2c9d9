/**
 * The page around the frame: messages go to its window and origin only, and are taken from there only. Opened by itself,
 * without a page around it, the chat is always open.
 */

/** @typedef {{url: string, title: string, referrer: string}} Page */
/** @typedef {Record<string, string | number | boolean | null>} Attributes */

const ADDRESS = 2000;
const TITLE = 300;
const TOKEN = 4096;

export class Host {
  /** @type {Page} */
  page = { url: location.href, title: document.title, referrer: document.referrer };
  isOpen = window.parent === window;

  /**
   * @param {object} options
   * @param {(focus: boolean) => void} options.onOpen
   * @param {() => void} options.onClose
   * @param {() => void} options.onPage the page introduced itself, or has another address now
   * @param {(token: string) => void} options.onIdentify the company says who its customer is
   * @param {(attributes: Attributes) => void} options.onAttributes
   * @param {() => void} options.onForget the customer has signed out of the site
   */
  constructor({ onOpen, onClose, onPage, onIdentify, onAttributes, onForget }) {
    this.embedded = window.parent !== window;
    // The loader names its origin; a page that lies about it neither hears us nor is heard.
    const site = decodeURIComponent(location.hash.slice(1));
    this.site = /^https?:\/\//.test(site) ? site : "null";
    this.onOpen = onOpen;
    this.onClose = onClose;
    this.onPage = onPage;
    this.onIdentify = onIdentify;
    this.onAttributes = onAttributes;
    this.onForget = onForget;
    if (this.embedded) addEventListener("message", (event) => this.#hear(event));
  }

  /**
   * The frame is ready to be shown.
   *
   * @param {Record<string, any>} detail
   */
  ready(detail) {
    this.#tell("ready", detail);
  }

  /** The customer wants the chat out of the way. */
  close() {
    this.#tell("close", {});
  }

  /** @param {number} count */
  unread(count) {
    this.#tell("unread", { count });
  }

  /**
   * Something that the site may want to know; never what was said.
   *
   * @param {"conversation.started" | "conversation.ended" | "message" | "identity"} name
   * @param {Record<string, any>} [detail]
   */
  event(name, detail = {}) {
    this.#tell("event", { name, detail });
  }

  /**
   * @param {string} parley
   * @param {Record<string, any>} detail
   */
  #tell(parley, detail) {
    // A page without an origin, such as a file, can be told only what anybody may know; nothing else is ever told.
    if (this.embedded) window.parent.postMessage({ parley, ...detail }, this.site === "null" ? "*" : this.site);
  }

  /** @param {MessageEvent} event */
  #hear(event) {
    if (event.source !== window.parent || event.origin !== this.site) return;
    const { parley, page, focus, token, attributes } = event.data ?? {};
    if (parley === "open") {
      this.isOpen = true;
      this.onOpen(focus === true);
    } else if (parley === "close") {
      this.isOpen = false;
      this.onClose();
    } else if (parley === "page" && page) {
      const [url, title, referrer] = [page.url, page.title, page.referrer].map((text) => String(text ?? ""));
      this.page = { url: url.slice(0, ADDRESS), title: title.slice(0, TITLE), referrer: referrer.slice(0, ADDRESS) };
      this.onPage();
    } else if (parley === "identify" && typeof token === "string" && token.length <= TOKEN) {
      this.onIdentify(token);
    } else if (parley === "attributes" && typeof attributes === "object" && attributes !== null) {
      this.onAttributes({ ...attributes });
    } else if (parley === "forget") {
      this.onForget();
    }
  }
}
