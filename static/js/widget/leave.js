/**
 * Leaving an email address where a chat has ended with the wish for one (RTE-4): one that is known is to be confirmed, any
 * other to be typed.
 */

import { setText } from "../shared/dom.js";
import { byId } from "./dom.js";
import { EmailField } from "./email_field.js";

export class LeaveEmail {
  #box = byId("leave", HTMLElement);
  #form = byId("leave-form", HTMLFormElement);
  #confirm = byId("leave-known", HTMLElement);
  #field = byId("leave-field", HTMLElement);
  #address = new EmailField("leave-email", "leave-error");
  #send = byId("leave-send", HTMLButtonElement);
  #done = byId("leave-done", HTMLElement);
  #known = "";
  #changing = false;

  /** @param {(email: string) => Promise<string>} onLeave sends it, and returns it as it is kept */
  constructor(onLeave) {
    this.onLeave = onLeave;
    this.#form.addEventListener("submit", (event) => {
      event.preventDefault();
      this.#submit();
    });
    this.#address.input.addEventListener("input", () => this.#address.showError(""));
    byId("leave-change", HTMLButtonElement).addEventListener("click", () => this.#change());
    this.#update();
  }

  /** @param {string} email the customer's address as this browser knows it, or empty */
  set known(email) {
    if (email === this.#known) return;
    this.#known = email;
    if (!this.#changing) this.#address.input.value = email;
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
    this.#address.input.value = this.#known;
    setText(this.#done, "");
    this.#address.showError("");
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
    (this.#confirm.hidden ? this.#address.input : this.#send).focus({ preventScroll: true });
    return true;
  }

  #showAsks() {
    byId("widget", HTMLElement).toggleAttribute("data-asks", !this.#box.hidden && !this.#form.hidden);
  }

  #change() {
    this.#changing = true;
    this.#update();
    this.#address.input.focus();
    this.#address.input.select();
  }

  #submit() {
    return this.#address.submit(async (email) => {
      this.done(await this.onLeave(email));
      this.#done.focus();
    });
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
