/**
 * Who the customer is: the fields that the widget asks for before the first message, each checked in plain words.
 */

import { byId } from "./dom.js";

export class About {
  #box = byId("about", HTMLElement);
  #known = false;
  #open = true;

  constructor() {
    for (const input of this.#inputs()) {
      input.addEventListener("input", () => this.#show(input, ""));
      input.addEventListener("keydown", (event) => this.#key(event, input));
    }
  }

  /** What was typed. */
  get value() {
    const [name = "", email = ""] = ["name", "email"].map((id) => this.#input(id)?.value.trim() ?? "");
    return { name, email };
  }

  /** @param {boolean} known whether this customer was asked before */
  set known(known) {
    this.#known = known;
    this.#update();
  }

  /** @param {boolean} open whether a conversation is still to begin */
  set open(open) {
    this.#open = open;
    this.#update();
  }

  /**
   * Check the fields that are shown; the first that is wrong says so and gets the cursor.
   *
   * @returns {boolean} whether all are right
   */
  check() {
    if (this.#box.hidden) return true;
    const wrong = this.#inputs().filter((input) => !this.#isRight(input));
    wrong[0]?.focus();
    return wrong.length === 0;
  }

  /**
   * Put the cursor into the first empty field.
   *
   * @returns {boolean} whether there is one
   */
  focus() {
    const empty = this.#box.hidden ? undefined : this.#inputs().find((input) => input.value === "");
    empty?.focus({ preventScroll: true });
    return empty !== undefined;
  }

  /**
   * The server refused an address that the browser had let pass.
   *
   * @param {string} message
   */
  refuse(message) {
    this.#known = false;
    this.#update();
    const input = this.#input("email");
    if (!input) return;
    this.#show(input, message);
    input.focus();
  }

  #update() {
    this.#box.hidden = this.#known || !this.#open || this.#inputs().length === 0;
  }

  #inputs() {
    return [...this.#box.querySelectorAll("input")];
  }

  /** @param {string} id */
  #input(id) {
    return this.#inputs().find((input) => input.id === id);
  }

  /** @param {HTMLInputElement} input */
  #isRight(input) {
    input.value = input.value.trim();
    const { valueMissing, valid } = input.validity;
    const message = valid
      ? ""
      : ((valueMissing ? input.dataset.missing : input.dataset.wrong) ?? input.validationMessage);
    this.#show(input, message);
    return valid;
  }

  /**
   * @param {HTMLInputElement} input
   * @param {string} message
   */
  #show(input, message) {
    const place = byId(`${input.id}-error`, HTMLElement);
    place.textContent = message;
    if (message) input.setAttribute("aria-invalid", "true");
    else input.removeAttribute("aria-invalid");
  }

  /**
   * Enter leads on to the next field, as it would on a phone.
   *
   * @param {KeyboardEvent} event
   * @param {HTMLInputElement} input
   */
  #key(event, input) {
    if (event.key !== "Enter" || event.isComposing) return;
    event.preventDefault();
    if (!this.#isRight(input)) return;
    const inputs = this.#inputs();
    const next = inputs[inputs.indexOf(input) + 1] ?? byId("text", HTMLTextAreaElement);
    next.focus();
  }
}
