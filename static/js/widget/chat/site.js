/**
 * What the site around the chat hears (docs/widget-api.md): that something happened, and by which side; never what was said.
 */

/** @typedef {import("../../shared/types.js").Message} Message */
/** @typedef {import("../host.js").Host} Host */
/** @typedef {import("../store.js").Store} Store */

export class Site {
  /** Whether the server has said how things stand: what was so before is no news. */
  #settled = false;
  /** The last line that the site was told of. */
  #told = 0;
  #unread = 0;

  /**
   * @param {object} options
   * @param {Host} options.host
   * @param {Store} options.store
   */
  constructor({ host, store }) {
    this.host = host;
    this.store = store;
  }

  /** @param {number} last the last line of the conversation that the server welcomed us with */
  settle(last) {
    if (!this.#settled) this.#told = last;
    this.#settled = true;
  }

  /** The customer's first message has opened a conversation. */
  began() {
    this.#told = 0;
    this.host.event("conversation.started");
  }

  /** @param {number} last the last line of the conversation that is shown from now on */
  switchTo(last) {
    this.#told = last;
  }

  /** @param {Message[]} messages */
  said(messages) {
    if (!this.#settled) return;
    for (const { number, kind, side } of messages) {
      if (number <= this.#told) continue;
      this.#told = number;
      if (kind === "text") this.host.event("message", { from: side });
    }
  }

  /**
   * Where the conversation stands; other pages of this browser are told, too.
   *
   * @param {string | null} live the conversation that goes on, if one does
   * @param {boolean} ended whether the one that is shown is over
   */
  stands(live, ended) {
    if (!this.#settled || this.store.get("live") === live) return;
    if (live === null && ended) this.host.event("conversation.ended");
    this.store.set("live", live);
    this.host.live(live !== null);
  }

  /** @param {number} count messages that the customer has not seen */
  unread(count) {
    if (count === this.#unread) return;
    this.#unread = count;
    this.host.unread(count);
  }
}
