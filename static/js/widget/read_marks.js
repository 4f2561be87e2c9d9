/**
 * How far this page has received, and how far the customer has read: told to the server, and shown as unread.
 */

/** @typedef {import("../shared/messages.js").MessageList} MessageList */

const TELL_MS = 150;

export class ReadMarks {
  #delivered = 0;
  #read = 0;
  #conversation = "";
  /** @type {ReturnType<typeof setTimeout> | undefined} */
  #timer;

  /**
   * @param {object} options
   * @param {MessageList} options.messages
   * @param {() => boolean} options.isSeen whether the end of the list is before the customer's eyes
   * @param {(mark: {conversation: string, delivered: number, read: number}) => void} options.tell
   * @param {(count: number) => void} options.onUnread
   */
  constructor({ messages, isSeen, tell, onUnread }) {
    this.messages = messages;
    this.isSeen = isSeen;
    this.tell = tell;
    this.onUnread = onUnread;
    document.addEventListener("visibilitychange", () => this.update());
  }

  /**
   * Another conversation is shown, or none.
   *
   * @param {string} conversation
   */
  switchTo(conversation) {
    if (conversation === this.#conversation) return;
    this.#conversation = conversation;
    this.#delivered = this.#read = 0;
  }

  /**
   * What the server holds of this side's marks; less than we told means that it was lost on its way.
   *
   * @param {number} delivered
   * @param {number} read
   */
  held(delivered, read) {
    this.#delivered = delivered;
    this.#read = Math.max(read, this.#read);
  }

  /** Something came, or the customer looked. */
  update() {
    const last = this.messages.last;
    const seen = this.isSeen();
    const unread = seen ? 0 : this.#unread();
    this.onUnread(unread);
    const read = seen ? Math.max(last, this.#read) : this.#read;
    if (!this.#conversation || (last <= this.#delivered && read <= this.#read)) return;
    this.#delivered = Math.max(last, this.#delivered);
    this.#read = read;
    clearTimeout(this.#timer);
    this.#timer = setTimeout(() => this.#say(), TELL_MS);
  }

  #say() {
    this.tell({ conversation: this.#conversation, delivered: this.#delivered, read: this.#read });
  }

  #unread() {
    const lines = this.messages.list.querySelectorAll("[data-side=agent][data-kind=text]");
    return [...lines].filter((line) => Number(line.getAttribute("data-number")) > this.#read).length;
  }
}
