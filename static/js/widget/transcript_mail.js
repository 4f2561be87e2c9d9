/** After the end the customer has the conversation sent to an address of theirs, where the widget offers that. */

import { byId } from "./dom.js";
import { EmailField } from "./email_field.js";

export class TranscriptMail {
  #offer = document.getElementById("mail-ended");
  #wish = "";
  /** The customer's address as this browser knows it, or empty. */
  known = "";

  /** @param {(wish: {client_id: string, email: string}) => Promise<unknown>} onMail asks for it */
  constructor(onMail) {
    this.onMail = onMail;
    if (!this.#offer) return;
    const field = new EmailField("mail-email", "mail-error");
    this.#offer.addEventListener("click", () => this.#open(field));
    byId("mail-form", HTMLFormElement).addEventListener("submit", (event) => {
      event.preventDefault();
      this.#send(field);
    });
    field.input.addEventListener("input", () => this.#typed(field));
    byId("mail-cancel", HTMLButtonElement).addEventListener("click", () => this.#dialog.close());
  }

  /** @param {boolean} shown whether there is a conversation that can be sent */
  set shown(shown) {
    if (this.#offer) this.#offer.hidden = !shown;
  }

  get #dialog() {
    return byId("mail-dialog", HTMLDialogElement);
  }

  /** @param {EmailField} field */
  #open(field) {
    if (!field.input.value) field.input.value = this.known;
    this.#typed(field);
    this.#dialog.showModal();
    field.input.select();
  }

  /**
   * Another address is another wish; the same one that is sent again is the same.
   *
   * @param {EmailField} field
   */
  #typed(field) {
    this.#wish = crypto.randomUUID();
    field.showError("");
  }

  /** @param {EmailField} field */
  #send(field) {
    return field.submit(async (email) => {
      await this.onMail({ client_id: this.#wish, email });
      this.#dialog.close();
    });
  }
}
