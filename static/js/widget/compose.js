/**
 * The bar where the customer writes (CHAT-2): Enter sends; Ctrl+Enter, Shift+Enter and on a Mac Cmd+Return make a new line;
 * Tab leads to Send.
 */

import { byId } from "./dom.js";

const LINES_PX = 132;

export class Compose {
  #text = byId("text", HTMLTextAreaElement);
  #send = byId("send", HTMLButtonElement);
  #resend = byId("resend", HTMLButtonElement);
  #hadFocus = false;

  /**
   * @param {object} options
   * @param {import("../shared/upload.js").Uploads} options.uploads what goes with the next message
   * @param {(text: string) => boolean} options.onSend whether it was taken
   * @param {() => void} options.onResend
   * @param {(empty: boolean) => void} options.onType
   */
  constructor({ uploads, onSend, onResend, onType }) {
    this.uploads = uploads;
    this.onSend = onSend;
    this.form = byId("compose", HTMLFormElement);
    this.fields = byId("compose-fields", HTMLFieldSetElement);
    this.form.addEventListener("submit", (event) => {
      event.preventDefault();
      this.#submit();
    });
    this.#text.addEventListener("keydown", (event) => this.#key(event));
    this.#text.addEventListener("input", () => {
      this.#changed();
      onType(this.#text.value === "");
    });
    this.#resend.addEventListener("click", () => {
      onResend();
      this.focus();
    });
    uploads.watch(() => this.#changed());
    this.#changed();
  }

  /** @param {boolean} offered whether something can be sent again */
  set resendable(offered) {
    if (!offered && document.activeElement === this.#resend) this.focus();
    this.#resend.hidden = !offered;
  }

  /** @param {boolean} enabled whether anything can be written; the cursor comes back where it was */
  set enabled(enabled) {
    if (enabled === !this.fields.disabled) return;
    if (!enabled) this.#hadFocus = document.activeElement === this.#text;
    this.fields.disabled = !enabled;
    if (enabled && this.#hadFocus) this.focus();
  }

  /**
   * Put something where the cursor is.
   *
   * @param {string} text
   */
  insert(text) {
    const { selectionStart, selectionEnd } = this.#text;
    this.#text.setRangeText(text, selectionStart, selectionEnd, "end");
    this.#text.dispatchEvent(new Event("input", { bubbles: true }));
  }

  /** Put the cursor where the customer writes. */
  focus() {
    this.#text.focus({ preventScroll: true });
  }

  #submit() {
    const text = this.#text.value.trim();
    if (!this.#isReady || !this.onSend(text)) return;
    this.#text.value = "";
    this.#changed();
    this.focus();
  }

  get #isReady() {
    return !this.uploads.busy && (this.#text.value.trim() !== "" || this.uploads.any);
  }

  /** @param {KeyboardEvent} event */
  #key(event) {
    // While a character is being composed, Enter belongs to the input method.
    if (event.key !== "Enter" || event.isComposing || event.keyCode === 229) return;
    if (event.shiftKey) return;
    event.preventDefault();
    if (event.ctrlKey || event.metaKey || event.altKey) this.#newLine();
    else this.#submit();
  }

  #newLine() {
    const { selectionStart, selectionEnd } = this.#text;
    this.#text.setRangeText("\n", selectionStart, selectionEnd, "end");
    this.#text.dispatchEvent(new Event("input", { bubbles: true }));
    this.#text.scrollTop = this.#text.scrollHeight;
  }

  #changed() {
    // An empty field takes the page's direction, for the sake of its placeholder.
    this.#text.dir = this.#text.value ? "auto" : "";
    this.#send.classList.toggle("ready", this.#isReady);
    // The bar keeps its height while the text is measured, else the messages above would move.
    this.form.style.blockSize = `${this.form.offsetHeight}px`;
    this.#text.style.blockSize = "auto";
    this.#text.style.blockSize = `${Math.min(LINES_PX, this.#text.scrollHeight + 2)}px`;
    this.form.style.blockSize = "";
  }
}
