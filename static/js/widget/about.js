/**
 * What is asked before the first message: who the customer is and what it is about, each checked in plain words. What this
 * browser has said before is not asked again, but for the topic.
 */

import { byId } from "./dom.js";

/** @typedef {{name: string, email: string, phone: string, proven: boolean}} Contact */
/** @typedef {HTMLInputElement | HTMLSelectElement} Field */

export class About {
  #box = byId("about", HTMLElement);
  /** @type {Record<string, string>} */
  #known = {};
  #open = true;

  constructor() {
    for (const field of this.#all()) {
      field.addEventListener("input", () => this.#show(field, ""));
      field.addEventListener("keydown", (event) => this.#key(/** @type {KeyboardEvent} */ (event), field));
    }
  }

  /** What was typed and chosen; nothing for what is not asked. */
  get value() {
    const [name, email, phone, topic] = ["name", "email", "phone", "topic"].map(
      (id) => this.#field(id)?.value.trim() ?? "",
    );
    return { name, email, phone, topic: topic || null };
  }

  /** @param {Contact | null} contact what this browser has said before */
  set known(contact) {
    this.#known = contact ? { name: contact.name, email: contact.email, phone: contact.phone } : {};
    this.#update();
  }

  /** @param {boolean} open whether a conversation is still to begin */
  set open(open) {
    this.#open = open;
    this.#update();
  }

  /** What was typed has arrived: the next conversation does not ask for it. */
  keep() {
    const { name, email, phone } = this.value;
    for (const [id, value] of Object.entries({ name, email, phone })) if (value) this.#known[id] = value;
    const topic = this.#field("topic");
    if (topic) topic.value = "";
    this.#update();
  }

  /** Another customer sits here. */
  reset() {
    this.#known = {};
    for (const field of this.#all()) field.value = "";
    this.#update();
  }

  /**
   * Check the fields that are shown; the first that is wrong says so and gets the cursor.
   *
   * @returns {boolean} whether all are right
   */
  check() {
    const wrong = this.#asked().filter((field) => !this.#isRight(field));
    wrong[0]?.focus();
    return wrong.length === 0;
  }

  /**
   * Put the cursor into the first empty field.
   *
   * @returns {boolean} whether there is one
   */
  focus() {
    const empty = this.#asked().find((field) => field.value === "" && field.required);
    empty?.focus({ preventScroll: true });
    return empty !== undefined;
  }

  /**
   * The server refused an answer that the browser had let pass.
   *
   * @param {string} id
   * @param {string} message
   * @returns {boolean} whether there is such a field
   */
  refuse(id, message) {
    const field = this.#field(id);
    if (!field) return false;
    delete this.#known[id];
    this.#open = true;
    this.#update();
    this.#show(field, message);
    field.focus();
    return true;
  }

  #update() {
    let shown = 0;
    for (const field of this.#all()) {
      const isKnown = Boolean(this.#known[field.id]);
      const row = field.closest(".field");
      if (row instanceof HTMLElement) row.hidden = isKnown;
      shown += isKnown ? 0 : 1;
    }
    this.#box.hidden = !this.#open || shown === 0;
  }

  /** @returns {Field[]} */
  #all() {
    return [.../** @type {NodeListOf<Field>} */ (this.#box.querySelectorAll("input, select"))];
  }

  #asked() {
    return this.#box.hidden ? [] : this.#all().filter((field) => !this.#known[field.id]);
  }

  /** @param {string} id */
  #field(id) {
    return this.#all().find((field) => field.id === id);
  }

  /** @param {Field} field */
  #isRight(field) {
    if (field instanceof HTMLInputElement) field.value = field.value.trim();
    const { valueMissing, valid } = field.validity;
    const message = valid
      ? ""
      : ((valueMissing ? field.dataset.missing : field.dataset.wrong) ?? field.validationMessage);
    this.#show(field, message);
    return valid;
  }

  /**
   * @param {Field} field
   * @param {string} message
   */
  #show(field, message) {
    byId(`${field.id}-error`, HTMLElement).textContent = message;
    if (message) field.setAttribute("aria-invalid", "true");
    else field.removeAttribute("aria-invalid");
  }

  /**
   * Enter leads on to the next field, as it would on a phone.
   *
   * @param {KeyboardEvent} event
   * @param {Field} field
   */
  #key(event, field) {
    if (event.key !== "Enter" || event.isComposing || field instanceof HTMLSelectElement) return;
    event.preventDefault();
    if (!this.#isRight(field)) return;
    const fields = this.#asked();
    const next = fields[fields.indexOf(field) + 1] ?? byId("text", HTMLTextAreaElement);
    next.focus();
  }
}
