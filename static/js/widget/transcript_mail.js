/** After the end the customer has the conversation sent to an address of theirs, where the widget offers that. */

import { setText } from "../shared/dom.js";
import { SocketError } from "../shared/socket.js";
import { byId } from "./dom.js";

export class TranscriptMail {
  #offer = document.getElementById("mail-ended");
  #wish = "";
  #busy = false;
  /** The customer's address as this browser knows it, or empty. */
  known = "";

  /** @param {(wish: {client_id: string, email: string}) => Promise<unknown>} onMail asks for it */
  constructor(onMail) {
    this.onMail = onMail;
    if (!this.#offer) return;
    this.#offer.addEventListener("click", () => this.#open());
    this.#form.addEventListener("submit", (event) => {
      event.preventDefault();
      this.#send();
    });
    this.#input.addEventListener("input", () => this.#typed());
    byId("mail-cancel", HTMLButtonElement).addEventListener("click", () => this.#dialog.close());
  }

  /** @param {boolean} shown whether there is a conversation that can be sent */
  set shown(shown) {
    if (this.#offer) this.#offer.hidden = !shown;
  }

  get #dialog() {
    return byId("mail-dialog", HTMLDialogElement);
  }

  get #form() {
    return byId("mail-form", HTMLFormElement);
  }

  get #input() {
    return byId("mail-email", HTMLInputElement);
  }

  #open() {
    if (!this.#input.value) this.#input.value = this.known;
    this.#typed();
    this.#dialog.showModal();
    this.#input.select();
  }

  /** Another address is another wish; the same one that is sent again is the same. */
  #typed() {
    this.#wish = crypto.randomUUID();
    this.#wrong("");
  }

  async #send() {
    const input = this.#input;
    input.value = input.value.trim();
    const { valid, valueMissing } = input.validity;
    const { missing = "", wrong = "" } = input.dataset;
    this.#wrong(valid ? "" : valueMissing ? missing : wrong);
    if (!valid || this.#busy) return;
    this.#busy = true;
    try {
      await this.onMail({ client_id: this.#wish, email: input.value });
      this.#dialog.close();
    } catch (error) {
      if (!(error instanceof SocketError)) throw error;
      this.#wrong(error.detail.message ?? this.#form.dataset.failed ?? "");
    } finally {
      this.#busy = false;
    }
  }

  /** @param {string} message */
  #wrong(message) {
    setText(byId("mail-error", HTMLElement), message);
    this.#input.toggleAttribute("aria-invalid", message !== "");
    if (message) this.#input.focus();
  }
}
