/** The lines of the conversation that is shown: where the customer stands in them, how far they have read, who types. */

import { MessageList } from "../../shared/messages.js";
import { Scroll } from "../../shared/scroll.js";
import { TypingWatch } from "../../shared/typing.js";
import { byId } from "../dom.js";
import { ReadMarks } from "../read_marks.js";
import { History } from "./history.js";

/** @typedef {import("../../shared/files.js").Files} Files */
/** @typedef {import("../../shared/frames.d.ts").WidgetSocket} WidgetSocket */
/** @typedef {import("../../shared/socket.js").Connection<WidgetSocket>} Connection */
/** @typedef {import("../../shared/types.js").Marks} Marks */
/** @typedef {import("../../shared/types.js").Message} Message */

export class Thread {
  /**
   * @param {object} options
   * @param {Connection} options.connection
   * @param {Files} options.files
   * @param {() => string | undefined} options.current the id of the conversation that is shown
   * @param {() => boolean} options.isOpen whether the card is
   * @param {() => void} options.onGap a line is missing
   * @param {(count: number) => void} options.onUnread
   * @param {(names: string[]) => void} options.onTyping
   */
  constructor({ connection, files, current, isOpen, onGap, onUnread, onTyping }) {
    const messages = new MessageList({
      list: byId("messages", HTMLOListElement),
      template: byId("message-template", HTMLTemplateElement),
      side: "customer",
      files,
      onGap,
    });
    const scroll = new Scroll({
      viewport: byId("viewport", HTMLElement),
      content: byId("content", HTMLElement),
      chip: byId("chip", HTMLButtonElement),
      onTop: () => this.history.fetch(),
      onEnd: () => this.readMarks?.update(),
    });
    this.messages = messages;
    this.scroll = scroll;
    this.history = new History({ connection, messages, scroll, current });
    this.readMarks = new ReadMarks({
      messages,
      isSeen: () => isOpen() && document.visibilityState === "visible" && scroll.atEnd,
      tell: (mark) => connection.tell({ type: "mark", ...mark }),
      onUnread,
    });
    this.typing = new TypingWatch((_key, names) => {
      onTyping(names);
      scroll.arrived();
    });
  }

  /** The highest number up to which no line is missing. */
  get last() {
    return this.messages.last;
  }

  /** @param {Message[]} messages */
  add(messages) {
    if (messages.some((message) => message.side === "agent" && message.kind === "text")) this.typing.clear("");
    if (this.messages.add(messages)) this.scroll.arrived();
  }

  /**
   * @param {Marks} marks
   * @param {boolean} [held] whether this is what the server holds, not what it heard just now
   */
  moveMarks({ side, delivered, read }, held = false) {
    this.messages.marks(side, delivered, read);
    if (held && side === "customer") this.readMarks.held(delivered, read);
  }

  /**
   * Show another conversation, or none.
   *
   * @param {string} conversation
   * @param {Message[]} messages
   */
  switchTo(conversation, messages) {
    this.history.more = false;
    this.messages.reset(messages);
    this.readMarks.switchTo(conversation);
  }
}
