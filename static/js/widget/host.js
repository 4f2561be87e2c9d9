/**
 * The page around the frame: messages go to its window and origin only, and are taken from there only. Opened by itself,
 * without a page around it, the chat is always open.
 */

/** @typedef {{url: string, title: string, referrer: string}} Page */
/** @typedef {{url: string, title: string, at: string | null}} Seen a page of the site, and when it was opened */
/** @typedef {Record<string, string | number | boolean | null>} Attributes */

const ADDRESS = 2000;
const TITLE = 300;
const TOKEN = 4096;
const PAGES = 20;

export class Host {
  /** @type {Page} */
  page = { url: location.href, title: document.title, referrer: document.referrer };
  /** The pages of the site that this browser was on, oldest first. @type {Seen[]} */
  pages = [];
  isOpen = window.parent === window;

  /**
   * @param {object} options
   * @param {(focus: boolean) => void} options.onOpen
   * @param {() => void} options.onClose
   * @param {(isAnother: boolean) => void} options.onPage the page introduced itself, or has another address now
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
   * The frame hears the page.
   *
   * @param {object} detail
   * @param {boolean} detail.live whether a conversation goes on
   * @param {boolean} detail.wasOpen whether the chat stood open on the page before
   */
  ready(detail) {
    this.#tell("ready", detail);
  }

  /** @param {boolean} live whether a conversation goes on: the next page then fetches the frame at once */
  live(live) {
    this.#tell("live", { live });
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
    const { parley, page, pages, focus, token, attributes } = event.data ?? {};
    if (parley === "open") {
      this.isOpen = true;
      this.onOpen(focus === true);
    } else if (parley === "close") {
      this.isOpen = false;
      this.onClose();
    } else if (parley === "page" && page) {
      const before = this.pages.at(-1)?.url;
      this.page = {
        url: textOf(page.url, ADDRESS),
        title: textOf(page.title, TITLE),
        referrer: textOf(page.referrer, ADDRESS),
      };
      this.pages = (Array.isArray(pages) ? pages.slice(-PAGES) : []).map(seenOf);
      this.onPage(this.pages.at(-1)?.url !== before);
    } else if (parley === "identify" && typeof token === "string" && token.length <= TOKEN) {
      this.onIdentify(token);
    } else if (parley === "attributes" && typeof attributes === "object" && attributes !== null) {
      this.onAttributes({ ...attributes });
    } else if (parley === "forget") {
      this.onForget();
    }
  }
}

/**
 * @param {unknown} text
 * @param {number} length
 */
function textOf(text, length) {
  return String(text ?? "").slice(0, length);
}

/**
 * @param {any} seen
 * @returns {Seen}
 */
function seenOf(seen) {
  const at = new Date(seen?.at ?? Number.NaN);
  return {
    url: textOf(seen?.url, 500),
    title: textOf(seen?.title, 120),
    at: Number.isNaN(at.valueOf()) ? null : at.toISOString(),
  };
}
