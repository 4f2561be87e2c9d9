/**
 * Sent, Delivered and Read on the newest own message only (CHAT-4), and the read mark on the newest read one only (CHAT-8).
 */

/** @typedef {import("./message_renderer.js").Item} Item */
/** @typedef {import("./message_renderer.js").MessageRenderer} MessageRenderer */
/** @typedef {import("./types.js").Side} Side */

export class Receipts {
  #marks = { customer: { delivered: 0, read: 0 }, agent: { delivered: 0, read: 0 }, system: { delivered: 0, read: 0 } };
  /** @type {Set<Item>} those that show one now */
  #shown = new Set();

  /**
   * @param {Side} side whose screen this is
   * @param {MessageRenderer} renderer
   */
  constructor(side, renderer) {
    this.side = side;
    this.renderer = renderer;
  }

  /** Another conversation is shown. */
  reset() {
    this.#shown.clear();
    for (const marks of Object.values(this.#marks)) marks.delivered = marks.read = 0;
  }

  /**
   * One side received or read further; marks never move back.
   *
   * @param {Side} side
   * @param {number} delivered
   * @param {number} read
   */
  moveMarks(side, delivered, read) {
    const marks = this.#marks[side];
    marks.read = Math.max(marks.read, read);
    marks.delivered = Math.max(marks.delivered, delivered, marks.read);
  }

  /** @param {Item} item that is shown no more */
  forget(item) {
    this.#shown.delete(item);
  }

  /** @param {Item[]} items all that are shown, in their order */
  update(items) {
    const other = this.#marks[this.side === "customer" ? "agent" : "customer"];
    const stored = items.filter((item) => item.side === this.side && item.number !== null && item.kind === "text");
    const newest = stored.at(-1);
    const read = stored.findLast((item) => Number(item.number) <= other.read);
    for (const item of this.#shown) if (item !== newest && item !== read) this.renderer.clearReceipt(item);
    this.#shown = new Set([newest, read].filter((item) => item !== undefined));
    for (const item of this.#shown) this.renderer.showReceipt(item, receiptOf(Number(item.number), other));
  }
}

/**
 * @param {number} number
 * @param {{delivered: number, read: number}} marks
 */
function receiptOf(number, marks) {
  if (number <= marks.read) return "read";
  return number <= marks.delivered ? "delivered" : "sent";
}
