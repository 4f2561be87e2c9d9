/** An email address that is typed and sent: what is wrong with it stands below it, and one answer is waited for at a time. */

import { setText } from "../shared/dom.js";
import { SocketError } from "../shared/socket.js";
import { byId } from "./dom.js";

export class EmailField {
  #error;
  #isBusy = false;

  /**
   * @param {string} input the field's id; it has `data-missing` and `data-wrong`
   * @param {string} error the id of the line below it; it has `data-failed`
   */
  constructor(input, error) {
    this.input = byId(input, HTMLInputElement);
    this.#error = byId(error, HTMLElement);
  }

  /**
   * Send the address, unless it is none; what the server refuses is said.
   *
   * @param {(email: string) => Promise<unknown>} send
   */
  async submit(send) {
    const { input } = this;
    input.value = input.value.trim();
    const { valid, valueMissing } = input.validity;
    const { missing = "", wrong = "" } = input.dataset;
    this.showError(valid ? "" : valueMissing ? missing : wrong);
    if (!valid || this.#isBusy) return;
    this.#isBusy = true;
    try {
      await send(input.value);
    } catch (error) {
      if (!(error instanceof SocketError)) throw error;
      this.showError(error.detail.message ?? this.#error.dataset.failed ?? "");
    } finally {
      this.#isBusy = false;
    }
  }

  /** @param {string} message none where nothing is wrong */
  showError(message) {
    setText(this.#error, message);
    if (!message) {
      this.input.removeAttribute("aria-invalid");
      return;
    }
    this.input.setAttribute("aria-invalid", "true");
    if (this.input.checkVisibility()) this.input.focus();
  }
}
