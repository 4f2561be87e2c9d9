/**
 * Naming a colleague in a note (AGT-12): "@" opens a list of those who may see the customer, typing filters it, arrows choose, Enter or
 * Tab puts the name in, Escape closes the list and keeps the text. The field keeps the focus all the while.
 */

import { insertText } from "../../shared/insert.js";
import { announceText } from "../shell/announce.js";
import { partOf, registerBehaviour } from "../shell/behaviours.js";
import { fetchPart } from "../shell/htmx.js";

const TYPED_MS = 120;
/** Behind an `@` that follows no word: up to two names. */
const NAMING = /(?<![\p{L}\p{N}_.@])@([\p{L}\p{M}\p{N}.'’-]*(?: [\p{L}\p{M}\p{N}.'’-]*)?)$/u;

class Names {
  /** @type {ReturnType<typeof setTimeout> | undefined} */
  #timer;
  #from = -1;
  /** The `@` that Escape was pressed at, or that has its name: it opens nothing any more. */
  #doneAt = -1;

  /**
   * @param {HTMLTextAreaElement} field
   * @param {HTMLElement} list
   */
  constructor(field, list) {
    this.field = field;
    this.list = list;
    field.addEventListener("input", () => this.#typed());
    field.addEventListener("blur", () => this.#close());
    field.addEventListener("keydown", (event) => this.#key(event));
    list.addEventListener("pointerdown", (event) => event.preventDefault());
    list.addEventListener("click", ({ target }) => {
      const row = target instanceof Element ? target.closest("[role=option]") : null;
      if (row instanceof HTMLElement) this.#choose(row);
    });
    list.addEventListener("htmx:afterSwap", ({ target }) => target === list && this.#show());
  }

  /** @returns {HTMLElement[]} */
  get #rows() {
    return /** @type {HTMLElement[]} */ ([...this.list.querySelectorAll("[role=option]")]);
  }

  get #active() {
    return this.#rows.find((row) => row.getAttribute("aria-selected") === "true");
  }

  #typed() {
    const typed = NAMING.exec(this.field.value.slice(0, this.field.selectionStart));
    clearTimeout(this.#timer);
    if (!typed) this.#doneAt = -1;
    if (!typed || typed.index === this.#doneAt) {
      this.#close();
      return;
    }
    this.#from = typed.index;
    this.#timer = setTimeout(() => this.#fetch(typed[1] ?? ""), TYPED_MS);
  }

  /** @param {string} typed */
  #fetch(typed) {
    const address = `${this.list.dataset.address}?${new URLSearchParams({ q: typed })}`;
    fetchPart(address, { target: `#${this.list.id}`, swap: "innerHTML" }).catch(() => {
      // The next letter asks again.
    });
  }

  #show() {
    const rows = this.#rows;
    const isOpen = this.#from >= 0 && rows.length > 0 && document.activeElement === this.field;
    if (!isOpen) {
      this.#close();
      return;
    }
    this.list.hidden = false;
    this.field.setAttribute("aria-controls", this.list.id);
    this.#activate(rows[0]);
    announceText((this.list.dataset.found ?? "").replace("{count}", () => String(rows.length)));
  }

  #close() {
    clearTimeout(this.#timer);
    this.#from = -1;
    this.list.hidden = true;
    this.list.replaceChildren();
    this.field.removeAttribute("aria-controls");
    this.field.removeAttribute("aria-activedescendant");
  }

  /** @param {HTMLElement | undefined} row */
  #activate(row) {
    this.#active?.setAttribute("aria-selected", "false");
    if (!row) return;
    row.setAttribute("aria-selected", "true");
    this.field.setAttribute("aria-activedescendant", row.id);
    row.scrollIntoView({ block: "nearest" });
  }

  /** @param {KeyboardEvent} event */
  #key(event) {
    if (this.list.hidden || event.isComposing || event.ctrlKey || event.metaKey || event.altKey) return;
    const step = { ArrowDown: 1, ArrowUp: -1 }[event.key];
    const rows = this.#rows;
    const active = this.#active;
    if (step) this.#activate(rows.at(((active ? rows.indexOf(active) : -1) + step) % rows.length));
    else if (event.key === "Escape") {
      this.#doneAt = this.#from;
      this.#close();
    } else if ((event.key === "Enter" || event.key === "Tab") && !event.shiftKey && active) this.#choose(active);
    else return;
    event.preventDefault();
    event.stopImmediatePropagation();
  }

  /** @param {HTMLElement} row */
  #choose(row) {
    const from = this.#from;
    const to = this.field.selectionStart;
    this.#doneAt = from;
    this.#close();
    insertText(this.field, `@${row.dataset.name ?? ""} `, from, to);
  }
}

registerBehaviour(".note-form textarea", (field) => {
  const form = field.closest("form");
  if (form && field instanceof HTMLTextAreaElement) new Names(field, partOf(form, "names"));
});
