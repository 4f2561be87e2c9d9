/**
 * What the frame shows around the messages: who is there, who types, what can be done, how to begin again.
 */

import { setText } from "../shared/dom.js";
import { byId, formatSentence } from "./dom.js";

/** @typedef {import("../shared/types.js").Conversation} Conversation */
/** @typedef {"new" | "starting" | "waiting" | "active" | "ended" | "gone"} Stage */

/**
 * @param {Conversation | null} conversation
 * @returns {Stage}
 */
export function stageOf(conversation) {
  if (!conversation) return "new";
  if (conversation.state === "wrap_up" || conversation.state === "closed") return "ended";
  return conversation.agent ? "active" : "waiting";
}

export class View {
  #root = byId("widget", HTMLElement);
  #status = byId("status", HTMLElement);
  #typing = byId("typing", HTMLElement);
  #typingText = byId("typing-text", HTMLElement);
  #ended = byId("ended", HTMLElement);
  #compose = byId("compose", HTMLElement);
  #end = byId("end", HTMLButtonElement);
  #newChat = byId("new-chat", HTMLButtonElement);
  #dialog = byId("end-dialog", HTMLDialogElement);
  #offline = byId("offline", HTMLElement);
  #staffed = true;

  /**
   * @param {object} options
   * @param {() => void} options.onEnd the customer confirmed the end
   * @param {() => void} options.onAgain the customer begins anew
   * @param {() => void} options.onOver what had the focus went away with the end
   */
  constructor({ onEnd, onAgain, onOver }) {
    this.onOver = onOver;
    /** @type {Stage} */
    this.stage = "new";
    this.#end.addEventListener("click", () => this.#dialog.showModal());
    this.#newChat.addEventListener("click", onAgain);
    this.#dialog.addEventListener("close", () => {
      if (this.#dialog.returnValue === "end") onEnd();
      this.#dialog.returnValue = "";
    });
    for (const button of this.#dialog.querySelectorAll("button")) {
      button.addEventListener("click", () => this.#dialog.close(button.value));
    }
  }

  /**
   * @param {Stage} stage
   * @param {string} [agent] the agent's name
   */
  show(stage, agent = "") {
    const hadFocus = document.hasFocus() && this.#losesFocus(document.activeElement);
    const before = this.stage;
    this.stage = stage;
    this.#root.dataset.stage = stage;
    setText(this.#status, formatSentence(this.#status, stage, agent));
    this.#showOffline();
    this.#ended.hidden = stage !== "ended" && stage !== "gone";
    this.#compose.hidden = !this.#ended.hidden;
    this.#end.hidden = stage !== "waiting" && stage !== "active";
    this.#newChat.hidden = stage === "gone";
    setText(byId("ended-text", HTMLElement), formatSentence(this.#ended, stage));
    if (stage === "ended") {
      this.typing([]);
      if (this.#dialog.open) this.#dialog.close("");
      if (hadFocus && before !== stage) this.onOver();
    }
  }

  /**
   * Whether what has the focus goes away with the end of the chat.
   *
   * @param {Element | null} element
   */
  #losesFocus(element) {
    const going = [this.#compose, this.#dialog, this.#end];
    return element === document.body || going.some((one) => one.contains(element));
  }

  /** @param {boolean} staffed whether anybody is there to answer */
  set staffed(staffed) {
    this.#staffed = staffed;
    this.#showOffline();
  }

  /** An honest line before somebody begins, and while they wait. */
  #showOffline() {
    const begins = this.stage === "new" || this.stage === "starting" || this.stage === "waiting";
    this.#offline.hidden = this.#staffed || !begins || this.#offline.textContent === "";
  }

  /** @param {string[]} names who types */
  typing(names) {
    this.#typing.hidden = names.length === 0;
    setText(this.#typingText, names.length ? formatSentence(this.#typing, "types", names[0]) : "");
  }

  /** @param {boolean} enabled whether the chat can be ended now */
  set enabled(enabled) {
    this.#end.disabled = !enabled;
    byId("confirm-end", HTMLButtonElement).disabled = !enabled;
    this.#newChat.disabled = !enabled;
  }
}
