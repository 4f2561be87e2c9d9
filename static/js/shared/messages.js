/**
 * The list of a conversation's messages: in the order of their numbers whatever the order of arrival, each once, stacked
 * by author and clock minute (CHAT-7), with Sending and Not Delivered on each message concerned, Sent, Delivered and Read
 * on the newest own one only (CHAT-4), and the read mark on the newest read one only (CHAT-8). How its template and the items
 * that the server rendered are made stands in message_renderer.js.
 */

import { MessageRenderer } from "./message_renderer.js";
import { Receipts } from "./receipts.js";

/** @typedef {import("./message_renderer.js").Content} Content */
/** @typedef {import("./message_renderer.js").Item} Item */
/** @typedef {import("./types.js").Message} Message */
/** @typedef {import("./types.js").Person} Person */
/** @typedef {import("./types.js").Side} Side */
/** @typedef {import("./types.js").FileFacts} FileFacts */

/** @typedef {{client_id: string, body: string, at: number, files?: FileFacts[]}} Entry a message on its way; `at` in milliseconds */

/**
 * @typedef {object} ListOptions
 * @property {HTMLElement} list the `<ol>`, with or without items that the server rendered
 * @property {Person} [me] who writes here: what is on its way stacks with what is stored already
 * @property {(last: number) => void} [onGap] a number above `last` is missing: ask for what follows it
 *
 * @typedef {ListOptions & import("./message_renderer.js").Options} Options
 */

export class MessageList {
  /** @type {Item[]} in the order shown */
  #items = [];
  /** @type {Map<number, Item>} */
  #byNumber = new Map();
  /** @type {Map<string, Item>} */
  #byClient = new Map();
  #first = 1;
  #last = 0;
  /** The gap that was told last: the same one is not told again. */
  #gap = "";

  /** @param {Options} options */
  constructor({ list, me, onGap, ...options }) {
    this.list = list;
    this.side = options.side;
    this.me = me ?? null;
    this.onGap = onGap;
    this.renderer = new MessageRenderer(options);
    this.receipts = new Receipts(this.side, this.renderer);
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
    this.#update();
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
    this.renderer.fill(item);
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
    this.receipts.reset();
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
      if (known.number === null) this.renderer.setState(known, "sending");
      return;
    }
    const message = { side: this.side, kind: "text", author: this.me, body: entry.body, files: entry.files };
    const item = this.renderer.create({ ...message, number: null, clientId: entry.client_id, at: entry.at });
    this.#insert(item);
    this.renderer.setState(item, "sending");
    this.#update();
  }

  /**
   * A message did not get through: it shows Not Delivered.
   *
   * @param {string} clientId
   * @param {string} [why] a sentence, when trying again would not help
   */
  fail(clientId, why = "") {
    const item = this.#byClient.get(clientId);
    if (item && item.number === null) this.renderer.setState(item, "failed", why);
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
    this.#update();
  }

  /**
   * One side received or read further; marks never move back.
   *
   * @param {Side} side
   * @param {number} delivered
   * @param {number} read
   */
  marks(side, delivered, read) {
    this.receipts.moveMarks(side, delivered, read);
    this.receipts.update(this.#items);
  }

  #hydrate() {
    const elements = [...this.list.querySelectorAll(":scope > [data-number]")];
    for (const element of elements) if (element instanceof HTMLElement) this.#adopt(this.renderer.hydrate(element));
    this.#items.sort((one, other) => Number(one.number) - Number(other.number));
    this.#first = this.#items[0]?.number ?? 1;
    this.#last = this.#first - 1;
    for (const [index, item] of this.#items.entries()) this.renderer.stack(item, this.#items[index - 1]);
    this.#update();
  }

  /** @param {Item} item */
  #adopt(item) {
    this.#items.push(item);
    this.#byNumber.set(Number(item.number), item);
    if (item.clientId) this.#byClient.set(item.clientId, item);
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
    const item = waiting && waiting.number === null ? this.#deliver(waiting, content) : this.renderer.create(content);
    this.#byNumber.set(number, item);
    this.#insert(item);
    return true;
  }

  /**
   * A message that was on its way is stored: the element that showed it goes on, so that it is neither announced twice
   * nor loses what is selected in it.
   *
   * @param {Item} item
   * @param {Content} content
   */
  #deliver(item, content) {
    this.#detach(item);
    Object.assign(item, content);
    this.renderer.fill(item);
    this.renderer.setState(item, "");
    return item;
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
    this.renderer.stack(item, this.#items[index - 1]);
    if (following) this.renderer.stack(following, item);
  }

  /** @param {Item} item */
  #remove(item) {
    this.#detach(item);
    this.receipts.forget(item);
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
    if (following) this.renderer.stack(following, this.#items[index - 1]);
  }

  /** See to what depends on all messages: the numbers held, the gaps, the receipts. */
  #update() {
    while (this.#byNumber.has(this.#last + 1)) this.#last += 1;
    this.receipts.update(this.#items);
    const gap = this.newest > this.#last ? `${this.#last}-${this.newest}` : "";
    if (gap === this.#gap) return;
    this.#gap = gap;
    if (gap) this.onGap?.(this.#last);
  }
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
