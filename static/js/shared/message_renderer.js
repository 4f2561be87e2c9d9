/**
 * Writes one message of a list into its element, and reads one that the server rendered.
 *
 * The template holds one `<li>` with elements marked `data-part`:
 * `stamp` (hidden within a stack) around `author` and `time`; `body`; `removed`; `state`. The template's own `data-…` attributes hold
 * the words: `data-you`, `data-sending`, `data-failed`, `data-sent`, `data-delivered`, `data-read`; and for the lines of the
 * system `data-joined`, `data-returned`, `data-ended`, `data-left`, where `{name}` becomes the author's name, or
 * `data-ended-nobody` and its like for lines without an author; lines of other kinds say what their body says. Styles may
 * use `data-own`, `data-side`, `data-kind`, `data-state` (sending, failed), `data-receipt` and `data-stacked` of an item.
 *
 * Items that the server rendered carry `data-number`, `data-client-id`, `data-side`, `data-kind`, `data-author` (the
 * author's id), `data-name` and `data-at`, and have the same parts, the text in the body without white space around it.
 */

import { Dates, renderTime } from "./dates.js";
import { findPart, setText } from "./dom.js";
import { fillText } from "./linkify.js";

/** @typedef {import("./types.js").Person} Person */
/** @typedef {import("./types.js").Side} Side */
/** @typedef {import("./types.js").FileFacts} FileFacts */

/**
 * @typedef {object} Item
 * @property {number | null} number null while it is not stored
 * @property {string} clientId
 * @property {Side} side
 * @property {string} kind
 * @property {Person | null} author
 * @property {string} body
 * @property {FileFacts[]} [files]
 * @property {string[]} [removed] what was taken out of it
 * @property {number} [revision] how often something was, since it is stored
 * @property {number} at milliseconds
 * @property {"" | "sending" | "failed"} state
 * @property {HTMLElement} element
 * @property {string | null} shown the text that its body shows
 */

/** @typedef {Omit<Item, "element" | "state" | "shown">} Content what an item says, wherever it is shown */

/**
 * @typedef {object} Options
 * @property {HTMLTemplateElement} template
 * @property {Side} side whose screen this is
 * @property {string} [timeZone] the browser's own by default
 * @property {Partial<Record<Side, string>>} [names] how to call a side whose messages name no author
 * @property {import("./files.js").Files} [files] shows what goes with a message
 */

export class MessageRenderer {
  /** @param {Options} options */
  constructor({ template, side, timeZone, names = {}, files }) {
    this.template = template;
    this.side = side;
    this.names = names;
    this.files = files;
    this.words = template.dataset;
    this.dates = new Dates(timeZone);
  }

  /**
   * @param {Content} content
   * @returns {Item} with an element of its own
   */
  create(content) {
    const fragment = /** @type {DocumentFragment} */ (this.template.content.cloneNode(true));
    const element = /** @type {HTMLElement} */ (fragment.firstElementChild);
    /** @type {Item} */
    const item = { ...content, state: "", element, shown: null };
    this.fill(item);
    return item;
  }

  /**
   * @param {HTMLElement} element that the server rendered
   * @returns {Item}
   */
  hydrate(element) {
    const { number, clientId = "", side = "system", kind = "text", author, name = "", at = "" } = element.dataset;
    const { revision = "0", removed = "" } = element.dataset;
    /** @type {Item} */
    const item = {
      number: Number(number),
      clientId,
      side: /** @type {Side} */ (side),
      kind,
      author: author ? { id: author, name } : null,
      body: findPart(element, "body")?.textContent ?? "",
      removed: removed ? removed.split("\n") : [],
      revision: Number(revision),
      at: Date.parse(at),
      state: "",
      element,
      shown: null,
    };
    this.fill(item);
    return item;
  }

  /**
   * Write an item's content into its element.
   *
   * @param {Item} item
   */
  fill(item) {
    const { element, side, kind, number, clientId, author } = item;
    Object.assign(element.dataset, { side, kind, clientId, own: String(side === this.side) });
    if (number !== null) element.dataset.number = String(number);
    if (author) element.dataset.author = author.id;
    this.#fillBody(item);
    if (item.files?.length) this.files?.fill(element, item.files);
    element.dataset.revision = String(item.revision ?? 0);
    const removed = findPart(element, "removed");
    if (removed) {
      removed.hidden = !item.removed?.length;
      setText(removed, removedWords(item.removed ?? [], this.words));
    }
    this.#fillStamp(item);
  }

  /**
   * Show or hide an item's stamp, depending on what it stands under.
   *
   * @param {Item} item
   * @param {Item | undefined} above
   */
  stack(item, above) {
    const joined =
      above !== undefined &&
      item.side !== "system" &&
      above.side === item.side &&
      above.author?.id === item.author?.id &&
      Math.floor(above.at / 60000) === Math.floor(item.at / 60000);
    item.element.toggleAttribute("data-stacked", joined);
    const stamp = findPart(item.element, "stamp");
    if (stamp) stamp.hidden = joined;
  }

  /**
   * @param {Item} item
   * @param {"" | "sending" | "failed"} state
   * @param {string} [why]
   */
  setState(item, state, why = "") {
    item.state = state;
    if (state) item.element.dataset.state = state;
    else delete item.element.dataset.state;
    const text = state ? (this.words[state] ?? state) : "";
    setText(findPart(item.element, "state"), why ? `${text}. ${why}` : text);
  }

  /**
   * @param {Item} item
   * @param {"sent" | "delivered" | "read"} receipt
   */
  showReceipt(item, receipt) {
    item.element.dataset.receipt = receipt;
    setText(findPart(item.element, "state"), this.words[receipt] ?? receipt);
  }

  /** @param {Item} item */
  clearReceipt(item) {
    delete item.element.dataset.receipt;
    setText(findPart(item.element, "state"), "");
  }

  /** @param {Item} item */
  #fillBody(item) {
    const text = item.kind === "text" ? item.body : this.#systemText(item);
    const body = findPart(item.element, "body");
    if (!body || item.shown === text) return;
    body.dir = "auto";
    fillText(body, text);
    item.shown = text;
  }

  /** @param {Item} item */
  #fillStamp(item) {
    const name = findPart(item.element, "author");
    if (name) name.textContent = this.#nameOf(item);
    const time = findPart(item.element, "time");
    if (!(time instanceof HTMLTimeElement) || Number.isNaN(item.at)) return;
    time.dateTime = new Date(item.at).toISOString();
    time.dataset.short = "";
    renderTime(time, this.dates);
  }

  /** @param {Item} item */
  #nameOf({ side, author }) {
    if (author) return author.name;
    return this.names[side] ?? (side === this.side ? (this.words.you ?? "") : "");
  }

  /**
   * What a line of the system says.
   *
   * @param {Item} item
   */
  #systemText({ kind, body, author }) {
    const words = author ? this.words[kind] : (this.words[`${kind}Nobody`] ?? this.words[kind]);
    return (words ?? body).replace("{name}", () => author?.name ?? "").replace("{body}", () => body);
  }
}

/**
 * What was taken out of a message, in words: the same as the server's (`apps/masking/text.py`).
 *
 * @param {string[]} codes
 * @param {DOMStringMap} words
 */
function removedWords(codes, words) {
  const said = (/** @type {string} */ code) => words[`removed${code[0].toUpperCase()}${code.slice(1)}`] ?? "";
  const kinds = codes.filter((code) => code !== "hand" && code !== "withheld");
  const names = kinds.map((code) => (code.startsWith("own:") ? code.slice(4) : said(code)));
  const found = names.length ? [(words.removed ?? "").replace("{what}", () => names.join(", "))] : [];
  return [...found, ...codes.filter((code) => !kinds.includes(code)).map(said)].join(" · ");
}
