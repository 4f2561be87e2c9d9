/**
 * The list of a conversation's messages: in the order of their numbers whatever the order of arrival, each once, stacked
 * by author and clock minute (CHAT-7), with Sending and Not Delivered on each message concerned, Sent, Delivered and Read
 * on the newest own one only (CHAT-4), and the read mark on the newest read one only (CHAT-8).
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

import { Dates, stamp } from "./dates.js";
import { fillText } from "./linkify.js";

/** @typedef {import("./types.js").Message} Message */
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

/** @typedef {{client_id: string, body: string, at: number, files?: FileFacts[]}} Entry a message on its way; `at` in milliseconds */

/**
 * @typedef {object} Options
 * @property {HTMLElement} list the `<ol>`, with or without items that the server rendered
 * @property {HTMLTemplateElement} template
 * @property {Side} side whose screen this is
 * @property {string} [timeZone] the browser's own by default
 * @property {Person} [me] who writes here: what is on its way stacks with what is stored already
 * @property {Partial<Record<Side, string>>} [names] how to call a side whose messages name no author
 * @property {import("./files.js").Files} [files] shows what goes with a message
 * @property {(last: number) => void} [onGap] a number above `last` is missing: ask for what follows it
 */

export class MessageList {
  /** @type {Item[]} in the order shown */
  #items = [];
  /** @type {Map<number, Item>} */
  #byNumber = new Map();
  /** @type {Map<string, Item>} */
  #byClient = new Map();
  #marks = { customer: { delivered: 0, read: 0 }, agent: { delivered: 0, read: 0 }, system: { delivered: 0, read: 0 } };
  /** @type {Set<Item>} those that show Sent, Delivered or Read now */
  #receipts = new Set();
  #first = 1;
  #last = 0;
  /** The gap that was told last: the same one is not told again. */
  #gap = "";

  /** @param {Options} options */
  constructor({ list, template, side, timeZone, me, names = {}, files, onGap }) {
    this.list = list;
    this.template = template;
    this.side = side;
    this.me = me ?? null;
    this.names = names;
    this.files = files;
    this.onGap = onGap;
    this.words = template.dataset;
    this.dates = new Dates(timeZone);
    this.#hydrate();
  }

  /** The highest number up to which nothing is missing; 0 when nothing is held. */
  get last() {
    return this.#last;
  }

  /** The lowest number held, or 1: what precedes it is history. */
  get first() {
    return this.#first;
  }

  /** The highest number held, with or without gaps below it. */
  get newest() {
    return this.#items.findLast((item) => item.number !== null)?.number ?? 0;
  }

  /** How many messages are shown, those on their way included. */
  get size() {
    return this.#items.length;
  }

  /**
   * Show stored messages; those that are shown already change nothing.
   *
   * @param {Message | Message[]} messages
   * @returns {number} how many were new to this list
   */
  add(messages) {
    const all = Array.isArray(messages) ? messages : [messages];
    const fresh = all.filter((message) => this.#store(message)).length;
    this.#settle();
    return fresh;
  }

  /**
   * Something was taken out of a stored message: what is shown says what it says now, however often it is told.
   *
   * @param {Message} message
   */
  revise({ number, body, files, removed, revision = 0 }) {
    const item = this.#byNumber.get(number);
    if (!item || revision <= (item.revision ?? 0)) return;
    Object.assign(item, { body, files, removed, revision });
    this.#fill(item);
  }

  /**
   * Show what precedes the first message held.
   *
   * @param {Message[]} messages
   */
  prepend(messages) {
    if (!messages.length) return;
    // Screen readers announce what is new, not what is old.
    const log = this.list.closest("[role=log]") ?? this.list;
    log.setAttribute("aria-busy", "true");
    this.#first = Math.min(this.#first, ...messages.map((message) => message.number));
    this.add(messages);
    requestAnimationFrame(() => log.removeAttribute("aria-busy"));
  }

  /**
   * Show these and nothing else: another conversation, or one that is shown for the first time. They may begin anywhere.
   *
   * @param {Message[]} messages
   */
  reset(messages) {
    this.#items = [];
    this.#byNumber.clear();
    this.#byClient.clear();
    this.#receipts.clear();
    for (const marks of Object.values(this.#marks)) marks.delivered = marks.read = 0;
    this.list.replaceChildren();
    this.#first = messages.length ? Math.min(...messages.map((message) => message.number)) : 1;
    this.#last = this.#first - 1;
    this.#gap = "";
    this.add(messages);
  }

  /**
   * Show a message of this side that is on its way, as Sending.
   *
   * @param {Entry} entry
   */
  pending(entry) {
    const known = this.#byClient.get(entry.client_id);
    if (known) {
      if (known.number === null) this.#setState(known, "sending");
      return;
    }
    const message = { side: this.side, kind: "text", author: this.me, body: entry.body, files: entry.files };
    const item = this.#make({ ...message, number: null, clientId: entry.client_id, at: entry.at });
    this.#insert(item);
    this.#setState(item, "sending");
    this.#settle();
  }

  /**
   * A message did not get through: it shows Not Delivered.
   *
   * @param {string} clientId
   * @param {string} [why] a sentence, when trying again would not help
   */
  fail(clientId, why = "") {
    const item = this.#byClient.get(clientId);
    if (item && item.number === null) this.#setState(item, "failed", why);
  }

  /**
   * Take away a message that is not stored, and will not be.
   *
   * @param {string} clientId
   */
  drop(clientId) {
    const item = this.#byClient.get(clientId);
    if (!item || item.number !== null) return;
    this.#remove(item);
    this.#settle();
  }

  /**
   * One side received or read further; marks never move back.
   *
   * @param {Side} side
   * @param {number} delivered
   * @param {number} read
   */
  marks(side, delivered, read) {
    const marks = this.#marks[side];
    marks.read = Math.max(marks.read, read);
    marks.delivered = Math.max(marks.delivered, delivered, marks.read);
    this.#showReceipts();
  }

  #hydrate() {
    const elements = [...this.list.querySelectorAll(":scope > [data-number]")];
    for (const element of elements) if (element instanceof HTMLElement) this.#adopt(element);
    this.#items.sort((one, other) => Number(one.number) - Number(other.number));
    this.#first = this.#items[0]?.number ?? 1;
    this.#last = this.#first - 1;
    for (const [index, item] of this.#items.entries()) this.#stack(item, this.#items[index - 1]);
    this.#settle();
  }

  /** @param {HTMLElement} element */
  #adopt(element) {
    const { number, clientId = "", side = "system", kind = "text", author, name = "", at = "" } = element.dataset;
    const { revision = "0", removed = "" } = element.dataset;
    const body = part(element, "body")?.textContent ?? "";
    /** @type {Item} */
    const item = {
      number: Number(number),
      clientId,
      side: /** @type {Side} */ (side),
      kind,
      author: author ? { id: author, name } : null,
      body,
      removed: removed ? removed.split("\n") : [],
      revision: Number(revision),
      at: Date.parse(at),
      state: "",
      element,
      shown: null,
    };
    this.#items.push(item);
    this.#byNumber.set(Number(number), item);
    if (clientId) this.#byClient.set(clientId, item);
    this.#fill(item);
  }

  /**
   * @param {Message} message
   * @returns {boolean} whether it was not held before
   */
  #store(message) {
    if (this.#byNumber.has(message.number)) return false;
    const { number, client_id: clientId, side, kind, author, body, files, removed, revision } = message;
    const content = {
      number,
      clientId,
      side,
      kind,
      author,
      body,
      files,
      removed,
      revision,
      at: Date.parse(message.at),
    };
    const waiting = this.#byClient.get(clientId);
    const item = waiting && waiting.number === null ? this.#deliver(waiting, content) : this.#make(content);
    this.#byNumber.set(number, item);
    this.#insert(item);
    return true;
  }

  /**
   * A message that was on its way is stored: the element that showed it goes on, so that it is neither announced twice
   * nor loses what is selected in it.
   *
   * @param {Item} item
   * @param {Omit<Item, "element" | "state" | "shown">} content
   */
  #deliver(item, content) {
    this.#detach(item);
    Object.assign(item, content);
    this.#fill(item);
    this.#setState(item, "");
    return item;
  }

  /**
   * @param {Omit<Item, "element" | "state" | "shown">} content
   * @returns {Item}
   */
  #make(content) {
    const fragment = /** @type {DocumentFragment} */ (this.template.content.cloneNode(true));
    const element = /** @type {HTMLElement} */ (fragment.firstElementChild);
    /** @type {Item} */
    const item = { ...content, state: "", element, shown: null };
    this.#fill(item);
    return item;
  }

  /**
   * Write an item's content into its element.
   *
   * @param {Item} item
   */
  #fill(item) {
    const { element, side, kind, number, clientId, author, at } = item;
    Object.assign(element.dataset, { side, kind, clientId, own: String(side === this.side) });
    if (number !== null) element.dataset.number = String(number);
    if (author) element.dataset.author = author.id;
    const text = kind === "text" ? item.body : this.#line(item);
    const body = part(element, "body");
    if (body && item.shown !== text) {
      body.dir = "auto";
      fillText(body, text);
      item.shown = text;
    }
    if (item.files?.length) this.files?.fill(element, item.files);
    element.dataset.revision = String(item.revision ?? 0);
    const removed = part(element, "removed");
    if (removed) {
      removed.hidden = !item.removed?.length;
      setText(removed, removedWords(item.removed ?? [], this.words));
    }
    const name = part(element, "author");
    if (name) name.textContent = this.#nameOf(item);
    const time = part(element, "time");
    if (!(time instanceof HTMLTimeElement) || Number.isNaN(at)) return;
    time.dateTime = new Date(at).toISOString();
    time.dataset.short = "";
    stamp(time, this.dates);
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
  #line({ kind, body, author }) {
    const words = author ? this.words[kind] : (this.words[`${kind}Nobody`] ?? this.words[kind]);
    return (words ?? body).replace("{name}", () => author?.name ?? "").replace("{body}", () => body);
  }

  /** @param {Item} item */
  #insert(item) {
    let index = this.#items.length;
    while (comesAfter(this.#items[index - 1], item)) index -= 1;
    const following = this.#items[index];
    this.#items.splice(index, 0, item);
    this.#byClient.set(item.clientId, item);
    if (item.element.nextElementSibling !== (following?.element ?? null) || !item.element.isConnected) {
      this.list.insertBefore(item.element, following?.element ?? null);
    }
    this.#stack(item, this.#items[index - 1]);
    if (following) this.#stack(following, item);
  }

  /** @param {Item} item */
  #remove(item) {
    this.#detach(item);
    this.#receipts.delete(item);
    item.element.remove();
  }

  /**
   * Take an item out of the order, its element left where it is.
   *
   * @param {Item} item
   */
  #detach(item) {
    const index = this.#items.indexOf(item);
    this.#items.splice(index, 1);
    this.#byClient.delete(item.clientId);
    const following = this.#items[index];
    if (following) this.#stack(following, this.#items[index - 1]);
  }

  /**
   * Show or hide an item's stamp, depending on what it stands under.
   *
   * @param {Item} item
   * @param {Item | undefined} above
   */
  #stack(item, above) {
    const joined =
      above !== undefined &&
      item.side !== "system" &&
      above.side === item.side &&
      above.author?.id === item.author?.id &&
      Math.floor(above.at / 60000) === Math.floor(item.at / 60000);
    item.element.toggleAttribute("data-stacked", joined);
    const stamp = part(item.element, "stamp");
    if (stamp) stamp.hidden = joined;
  }

  /**
   * @param {Item} item
   * @param {"" | "sending" | "failed"} state
   * @param {string} [why]
   */
  #setState(item, state, why = "") {
    item.state = state;
    if (state) item.element.dataset.state = state;
    else delete item.element.dataset.state;
    const text = state ? (this.words[state] ?? state) : "";
    setText(part(item.element, "state"), why ? `${text}. ${why}` : text);
  }

  /** See to what depends on all messages: the numbers held, the gaps, the receipts. */
  #settle() {
    while (this.#byNumber.has(this.#last + 1)) this.#last += 1;
    this.#showReceipts();
    const gap = this.newest > this.#last ? `${this.#last}-${this.newest}` : "";
    if (gap === this.#gap) return;
    this.#gap = gap;
    if (gap) this.onGap?.(this.#last);
  }

  #showReceipts() {
    const other = this.#marks[this.side === "customer" ? "agent" : "customer"];
    const stored = this.#items.filter(
      (item) => item.side === this.side && item.number !== null && item.kind === "text",
    );
    const newest = stored.at(-1);
    const read = stored.findLast((item) => Number(item.number) <= other.read);
    for (const item of this.#receipts) if (item !== newest && item !== read) this.#clearReceipt(item);
    this.#receipts = new Set([newest, read].filter((item) => item !== undefined));
    for (const item of this.#receipts) this.#showReceipt(item, receiptOf(Number(item.number), other));
  }

  /** @param {Item} item */
  #clearReceipt(item) {
    delete item.element.dataset.receipt;
    setText(part(item.element, "state"), "");
  }

  /**
   * @param {Item} item
   * @param {"sent" | "delivered" | "read"} receipt
   */
  #showReceipt(item, receipt) {
    item.element.dataset.receipt = receipt;
    setText(part(item.element, "state"), this.words[receipt] ?? receipt);
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

/**
 * @param {number} number
 * @param {{delivered: number, read: number}} marks
 */
function receiptOf(number, marks) {
  if (number <= marks.read) return "read";
  return number <= marks.delivered ? "delivered" : "sent";
}

/**
 * Whether `one` stands below `other`: stored ones by number, those on their way below them all, in the order written.
 *
 * @param {Item | undefined} one
 * @param {Item} other
 */
function comesAfter(one, other) {
  if (!one || other.number === null) return false;
  return one.number === null || one.number > other.number;
}

/**
 * @param {HTMLElement} element
 * @param {string} name
 * @returns {HTMLElement | null}
 */
function part(element, name) {
  return element.querySelector(`[data-part="${name}"]`);
}

/**
 * @param {HTMLElement | null} element
 * @param {string} text
 */
function setText(element, text) {
  if (element && element.textContent !== text) element.textContent = text;
}
