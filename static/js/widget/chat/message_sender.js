/**
 * What the customer writes, on its way from the bar to the server: the first message opens a conversation, the others go to it
 * (CHAT-2, CHAT-4, CHAT-6).
 */

import { filesOf, Outbox } from "../../shared/outbox.js";
import { SocketError } from "../../shared/socket.js";
import { TypingSender } from "../../shared/typing.js";
import { Compose } from "../compose.js";
import { byId } from "../dom.js";

/** @typedef {import("../../shared/frames.d.ts").WidgetSocket} WidgetSocket */
/** @typedef {import("../../shared/messages.js").MessageList} MessageList */
/** @typedef {import("../../shared/outbox.js").Ack} Ack */
/** @typedef {import("../../shared/outbox.js").Entry} Entry */
/** @typedef {import("../../shared/socket.js").Connection<WidgetSocket>} Connection */
/** @typedef {import("../../shared/types.js").Message} Message */
/** @typedef {import("../about.js").About} About */
/** @typedef {import("../attach.js").Attach} Attach */

/** Stands for the conversation that the next message opens. */
export const NEW = "new";

export class MessageSender {
  /**
   * @param {object} options
   * @param {boolean} options.keep whether what is unsent survives a reload (CHAT-5)
   * @param {string} options.storageKey where it is kept
   * @param {Connection} options.connection
   * @param {MessageList} options.messages
   * @param {About} options.about
   * @param {Attach} options.attach
   * @param {() => string | undefined} options.current the id of the conversation that is shown
   * @param {() => boolean} options.isTyped whether anybody is told that the customer types
   * @param {() => void} options.onWrite something was written
   * @param {(ack: WidgetSocket["acks"]["start"], email: string) => void} options.onBegan the first message was taken, with this address
   * @param {(stored: Message | null) => void} options.onEntry it is known what became of something; its line if it is stored
   */
  constructor({ keep, storageKey, connection, messages, about, attach, current, isTyped, onWrite, onBegan, onEntry }) {
    this.connection = connection;
    this.messages = messages;
    this.about = about;
    this.attach = attach;
    this.current = current;
    this.isTyped = isTyped;
    this.onWrite = onWrite;
    this.onBegan = onBegan;
    this.onEntry = onEntry;
    this.typing = new TypingSender((on) => this.#tellTyping(on));
    this.compose = new Compose({
      uploads: attach.uploads,
      onSend: (text) => this.#write(text),
      onResend: () => this.#resend(),
      onType: (empty) => (empty ? this.typing.stop() : this.typing.key()),
    });
    this.outbox = new Outbox({
      keep,
      storageKey,
      send: (entry) => this.#send(entry),
      onState: (entry, state, why, ack) => this.#entry(entry, state, why, ack),
      onChange: () => this.offerResend(),
    });
    byId("emoji-button", HTMLButtonElement).addEventListener("click", () => this.#emoji(), { once: true });
  }

  /** Where what is written goes. */
  get place() {
    return this.current() ?? NEW;
  }

  /** Resend is there while something can be sent again. */
  offerResend() {
    this.compose.resendable = this.outbox.resendable(this.place).length > 0;
  }

  /** @param {string} text */
  #write(text) {
    if (!this.#mayGo()) return false;
    this.typing.stop();
    this.outbox.add(this.place, text, this.connection.now(), this.attach.uploads.take());
    this.onWrite();
    return true;
  }

  #resend() {
    if (this.#mayGo()) this.outbox.resend(this.place);
  }

  /** Before the first message the questions must be answered. */
  #mayGo() {
    return this.place !== NEW || this.about.check();
  }

  /** @param {Entry} entry */
  async #send(entry) {
    const { conversation, client_id, body } = entry;
    const files = filesOf(entry);
    if (conversation !== NEW) return this.connection.request({ type: "send", conversation, client_id, body, ...files });
    // The first message's own key is the key of the start: however often it is sent, it opens one conversation.
    const start = { start_key: client_id, client_id, body, ...files, ...this.about.value };
    const ack = await this.connection.request({ type: "start", ...start }).catch((error) => {
      const field = error.code === "bad_frame" ? String(error.detail.field ?? "") : "";
      // Nothing is wrong with the message: it can be sent again once the answer is right.
      if (this.about.refuse(field, error.message)) throw new SocketError("closed", "");
      throw error;
    });
    this.about.keep();
    this.onBegan(ack, start.email);
    return ack;
  }

  /**
   * @param {Entry} entry
   * @param {import("../../shared/outbox.js").State} state
   * @param {string} why
   * @param {Ack | null} ack
   */
  #entry(entry, state, why, ack) {
    if (entry.conversation !== this.place && state !== "stored") return;
    if (state === "sending") this.messages.pending(entry);
    else if (state === "failed") this.messages.fail(entry.client_id, why);
    else if (state === "dropped") this.messages.drop(entry.client_id);
    this.onEntry((state === "stored" && ack?.message) || null);
  }

  /** @param {boolean} on */
  #tellTyping(on) {
    if (this.isTyped()) this.connection.tell({ type: "typing", conversation: this.place, on });
  }

  /** The panel is fetched by whoever wants it. */
  async #emoji() {
    const { Emoji } = await import("../emoji.js");
    new Emoji((emoji) => this.compose.insert(emoji)).open();
  }
}
