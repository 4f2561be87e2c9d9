/**
 * A form in the chat: a card below its line, and the form itself over the chat. The form is the server's page of it, fetched when it is
 * opened; what is typed stays in it while the customer looks at the chat, and goes to its own address, never over the socket.
 */

import { setText } from "../shared/dom.js";
import { Fill } from "../shared/fill.js";
import { byId } from "./dom.js";

/** @typedef {import("../shared/types.js").FormFacts} FormFacts */

export class FormCards {
  #dialog = byId("form-dialog", HTMLDialogElement);
  #title = byId("form-title", HTMLElement);
  #body = byId("form-body", HTMLElement);
  #said = byId("form-announcement", HTMLElement);
  #template = byId("form-template", HTMLTemplateElement);
  #messages = byId("messages", HTMLOListElement);
  /** @type {FormFacts[]} */
  #forms = [];
  /** The number of the form that is in the dialog. */
  #shown = 0;

  /** @param {() => void} onFilled */
  constructor(onFilled) {
    this.onFilled = onFilled;
    byId("form-close", HTMLButtonElement).addEventListener("click", () => this.#dialog.close());
    this.#dialog.addEventListener("close", () => this.#buttonOf(this.#shown)?.focus());
    // Lines come and go with what is scrolled to.
    new MutationObserver(() => this.#place()).observe(this.#messages, { childList: true });
  }

  /**
   * Make it, once its style sheet is there.
   *
   * @param {() => void} onFilled
   */
  static async make(onFilled) {
    const link = document.createElement("link");
    link.rel = "stylesheet";
    link.href = new URL("../../css/fill.css", import.meta.url).href;
    await new Promise((resolve) => {
      link.addEventListener("load", resolve);
      link.addEventListener("error", resolve);
      document.head.append(link);
    });
    return new FormCards(onFilled);
  }

  /** @param {FormFacts[]} forms */
  show(forms) {
    this.#forms = forms;
    this.#place();
    const open = forms.find((form) => form.number === this.#shown);
    if (this.#shown && !open) {
      this.#shown = 0;
      this.#dialog.close();
      this.#body.replaceChildren();
    } else if (open && open.state !== "sent" && this.#body.childElementCount) {
      this.#done(this.#template.dataset[open.state] ?? "");
    }
  }

  #place() {
    for (const form of this.#forms) {
      const line = this.#messages.querySelector(`[data-number="${form.number}"]`);
      if (line instanceof HTMLElement) this.#fill(line, form);
    }
  }

  /**
   * @param {HTMLElement} line
   * @param {FormFacts} form
   */
  #fill(line, form) {
    let card = line.querySelector(".form-card");
    if (!card) {
      const fragment = /** @type {DocumentFragment} */ (this.#template.content.cloneNode(true));
      card = /** @type {Element} */ (fragment.firstElementChild);
      line.querySelector("[data-part=body]")?.after(card);
      card.querySelector("[data-part=open-form]")?.addEventListener("click", () => this.#open(form.number));
    }
    line.dataset.form = form.state;
    const state = /** @type {HTMLElement} */ (card.querySelector("[data-part=state-of-form]"));
    setText(state, this.#template.dataset[form.state] ?? "");
    const button = this.#buttonOf(form.number);
    if (button) button.hidden = form.state !== "sent";
  }

  /** @param {number} number */
  #buttonOf(number) {
    const found = this.#messages.querySelector(`[data-number="${number}"] [data-part=open-form]`);
    return found instanceof HTMLElement ? found : null;
  }

  /** @param {number} number */
  async #open(number) {
    const form = this.#forms.find((each) => each.number === number);
    if (!form?.address) return;
    const isNew = this.#shown !== number || !this.#body.querySelector("form");
    this.#shown = number;
    setText(this.#title, form.title);
    if (isNew) {
      this.#body.replaceChildren();
      setText(this.#said, this.#dialog.dataset.loading ?? "");
    }
    if (!this.#dialog.open) this.#dialog.showModal();
    this.#title.focus();
    if (isNew) await this.#fetch(form);
  }

  /** @param {FormFacts} form */
  async #fetch({ address, number }) {
    try {
      const response = await fetch(`${address}?part`, { credentials: "omit" });
      const page = new DOMParser().parseFromString(await response.text(), "text/html");
      if (this.#shown !== number) return;
      this.#body.replaceChildren(...page.body.children);
      setText(this.#said, "");
    } catch {
      setText(this.#said, this.#dialog.dataset.failed ?? "");
      return;
    }
    const form = this.#body.querySelector("form");
    if (form) new Fill(form, { address, onDone: (message) => this.#sent(message) });
    else this.onFilled();
  }

  /** @param {string} message */
  #sent(message) {
    this.#done(message);
    this.onFilled();
  }

  /** @param {string} message */
  #done(message) {
    this.#body.replaceChildren();
    setText(this.#said, message);
    if (this.#dialog.open) this.#said.focus();
  }
}
