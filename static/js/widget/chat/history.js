/** Earlier lines of the conversation, fetched as the customer scrolls up to them. */

import { byId } from "../dom.js";

/** @typedef {import("../../shared/messages.js").MessageList} MessageList */
/** @typedef {import("../../shared/scroll.js").Scroll} Scroll */
/** @typedef {import("../../shared/socket.js").Connection<import("../../shared/frames.d.ts").WidgetSocket>} Connection */

export class History {
  /** Whether there are any. */
  more = false;
  #fetching = false;
  #notice = byId("earlier", HTMLElement);

  /**
   * @param {object} options
   * @param {Connection} options.connection
   * @param {MessageList} options.messages
   * @param {Scroll} options.scroll
   * @param {() => string | undefined} options.current the id of the conversation that is shown
   */
  constructor({ connection, messages, scroll, current }) {
    this.connection = connection;
    this.messages = messages;
    this.scroll = scroll;
    this.current = current;
  }

  /** Fetch the next of them, if there are any. */
  async fetch() {
    const conversation = this.current();
    const first = this.messages.first;
    if (!conversation || !this.more || this.#fetching || first <= 1) return;
    this.#fetching = true;
    this.#notice.hidden = false;
    try {
      const ack = await this.connection.request({ type: "history", conversation, before: first });
      if (conversation === this.current()) {
        this.scroll.keep(() => {
          this.#notice.hidden = true;
          this.messages.prepend(ack.messages);
        });
        this.more = ack.more;
      }
    } catch {
      // Scrolling up again asks again.
    }
    this.#notice.hidden = true;
    this.#fetching = false;
  }
}
