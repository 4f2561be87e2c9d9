/**
 * Leaving an email address where a chat has ended with the wish for one (RTE-4): one that is known is to be confirmed, any
 * other to be typed.
 */

import { setText } from "../shared/dom.js";
import { SocketError } from "../shared/socket.js";
import { byId } from "./dom.js";

export class LeaveEmail {
  #box = byId("leave", HTMLElement);
  #form = byId("leave-form", HTMLFormElement);
  #confirm = byId("leave-known", HTMLElement);
  #field = byId("leave-field", HTMLElement);
  #input = byId("leave-email", HTMLInputElement);
  #error = byId("leave-error", HTMLElement);
  #send = byId("leave-send", HTMLButtonElement);
  #done = byId("leave-done", HTMLElement);
  #known = "";
  #changing = false;
  #busy = false;

  /** @param {(email: string) => Promise<string>} onLeave sends it, and returns it as it is kept */
  constructor(onLeave) {
    this.onLeave = onLeave;
    this.#form.addEventListener("submit", (event) => {
      event.preventDefault();
      this.#submit();
    });
    this.#input.addEventListener("input", () => this.#wrong(""));
    byId("leave-change", HTMLButtonElement).addEventListener("click", () => this.#change());
    this.#update();
  }

  /** @param {string} email the customer's address as this browser knows it, or empty */
  set known(email) {
    if (email === this.#known) return;
    this.#known = email;
    if (!this.#changing) this.#input.value = email;
    this.#update();
  }

  /**
   * @param {boolean} shown
   * @returns {boolean} whether that is a change
   */
  show(shown) {
    const changes = this.#box.hidden === shown;
    this.#box.hidden = !shown;
    this.#showAsks();
    return changes;
  }

  /** Another conversation. */
  reset() {
    this.#changing = false;
    this.#form.hidden = false;
    this.#input.value = this.#known;
    setText(this.#done, "");
    this.#wrong("");
    this.#update();
    this.#showAsks();
  }

  /** @param {string} email the address that was left */
  done(email) {
    this.#form.hidden = true;
    setText(this.#done, sentenceOf(this.#done, email));
    this.#showAsks();
  }

  /**
   * Put the cursor where the customer leaves it.
   *
   * @returns {boolean} whether there is something to be done
   */
  focus() {
    if (this.#box.hidden || this.#form.hidden) return false;
    (this.#confirm.hidden ? this.#input : this.#send).focus({ preventScroll: true });
    return true;
  }

  #showAsks() {
    byId("widget", HTMLElement).toggleAttribute("data-asks", !this.#box.hidden && !this.#form.hidden);
  }

  #change() {
    this.#changing = true;
    this.#update();
    this.#input.focus();
    this.#input.select();
  }

  async #submit() {
    const input = this.#input;
    input.value = input.value.trim();
    const { valid, valueMissing } = input.validity;
    const { missing = "", wrong = "" } = input.dataset;
    this.#wrong(valid ? "" : valueMissing ? missing : wrong);
    if (!valid || this.#busy) return;
    this.#busy = true;
    try {
      this.done(await this.onLeave(input.value));
      this.#done.focus();
    } catch (error) {
      if (!(error instanceof SocketError)) throw error;
      this.#wrong(error.detail.message ?? this.#error.dataset.failed ?? "");
    } finally {
      this.#busy = false;
    }
  }

  /** @param {string} message */
  #wrong(message) {
    setText(this.#error, message);
    if (!message) {
      this.#input.removeAttribute("aria-invalid");
      return;
    }
    this.#input.setAttribute("aria-invalid", "true");
    if (!this.#field.hidden) this.#input.focus();
  }

  #update() {
    const confirms = this.#known !== "" && !this.#changing;
    this.#confirm.hidden = !confirms;
    this.#field.hidden = confirms;
    const words = byId("leave-known-text", HTMLElement);
    setText(words, confirms ? sentenceOf(words, this.#known) : "");
    setText(this.#send, (confirms ? this.#send.dataset.known : this.#send.dataset.new) ?? "");
  }
}

/**
 * @param {HTMLElement} element
 * @param {string} email
 */
function sentenceOf(element, email) {
  return (element.dataset.says ?? "").replace("{email}", () => email);
}
