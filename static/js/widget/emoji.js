/**
 * A small panel of emoji over the compose bar (CHAT-9), fetched when it is first opened: searched by name, walked by the arrow
 * keys, closed by Escape.
 */

import { setText } from "../shared/dom.js";
import { byId } from "./dom.js";

const COLUMNS = 8;

export class Emoji {
  #button = byId("emoji-button", HTMLButtonElement);
  #panel = byId("emoji", HTMLElement);
  #search = byId("emoji-search", HTMLInputElement);
  #grid = byId("emoji-grid", HTMLElement);
  #none = byId("emoji-none", HTMLElement);
  #loaded = false;

  /** @param {(emoji: string) => void} onPick */
  constructor(onPick) {
    this.onPick = onPick;
    this.#button.addEventListener("click", () => (this.#panel.hidden ? this.open() : this.#close()));
    this.#search.addEventListener("input", () => this.#filter());
    this.#grid.addEventListener("click", (event) => {
      if (event.target instanceof HTMLButtonElement) this.#pick(event.target);
    });
    this.#panel.addEventListener("keydown", (event) => this.#key(event));
    document.addEventListener("pointerdown", (event) => {
      const inside =
        event.target instanceof Node && (this.#panel.contains(event.target) || this.#button.contains(event.target));
      if (!inside) this.#panel.hidden = true;
      this.#dress();
    });
  }

  /** Show it; the first time its emoji are fetched. */
  async open() {
    this.#panel.hidden = false;
    this.#dress();
    this.#search.value = "";
    this.#filter();
    this.#search.focus();
    if (this.#loaded) return;
    try {
      const answer = await fetch(this.#panel.dataset.from ?? "", { credentials: "omit" });
      this.#fill(await answer.json());
    } catch {
      setText(this.#none, this.#none.dataset.failed ?? "");
      this.#none.hidden = false;
    }
  }

  /** @param {[string, string][]} all each with its names */
  #fill(all) {
    if (this.#loaded) return;
    this.#loaded = true;
    for (const [emoji, names] of all) {
      const button = document.createElement("button");
      button.type = "button";
      button.textContent = emoji;
      button.tabIndex = -1;
      button.title = names.split(",")[0];
      button.setAttribute("aria-label", button.title);
      button.dataset.names = names.toLocaleLowerCase();
      this.#grid.append(button);
    }
    this.#filter();
  }

  #close() {
    this.#panel.hidden = true;
    this.#dress();
    this.#button.focus();
  }

  #dress() {
    this.#button.setAttribute("aria-expanded", String(!this.#panel.hidden));
  }

  #filter() {
    const wanted = this.#search.value.trim().toLocaleLowerCase();
    for (const button of this.#all()) button.hidden = !button.dataset.names?.includes(wanted);
    const shown = this.#shown();
    for (const button of this.#all()) button.tabIndex = button === shown[0] ? 0 : -1;
    this.#none.hidden = shown.length > 0 || !this.#loaded;
    setText(this.#none, this.#none.dataset.none ?? "");
  }

  /** @param {HTMLButtonElement} button */
  #pick(button) {
    this.onPick(button.textContent ?? "");
    this.#panel.hidden = true;
    this.#dress();
    byId("text", HTMLTextAreaElement).focus();
  }

  #all() {
    return [...this.#grid.querySelectorAll("button")];
  }

  #shown() {
    return this.#all().filter((button) => !button.hidden);
  }

  /** @param {KeyboardEvent} event */
  #key(event) {
    if (event.key === "Escape") {
      // Not the chat's own: one thing at a time is closed.
      event.preventDefault();
      event.stopPropagation();
      this.#close();
      return;
    }
    const shown = this.#shown();
    if (event.target === this.#search) {
      if (event.key === "Enter") event.preventDefault();
      if (event.key === "Enter" && shown[0] && this.#search.value.trim()) this.#pick(shown[0]);
      else if (event.key === "ArrowDown" && shown[0]) this.#walk(event, shown, 0);
      return;
    }
    const at = shown.indexOf(/** @type {HTMLButtonElement} */ (event.target));
    const forth = document.documentElement.dir === "rtl" ? -1 : 1;
    const steps = /** @type {Record<string, number>} */ ({
      ArrowRight: forth,
      ArrowLeft: -forth,
      ArrowDown: COLUMNS,
      ArrowUp: -COLUMNS,
    });
    if (!(event.key in steps) || at < 0) return;
    if (event.key === "ArrowUp" && at < COLUMNS) {
      event.preventDefault();
      this.#search.focus();
    } else this.#walk(event, shown, Math.max(0, Math.min(shown.length - 1, at + steps[event.key])));
  }

  /**
   * @param {KeyboardEvent} event
   * @param {HTMLButtonElement[]} shown
   * @param {number} to
   */
  #walk(event, shown, to) {
    event.preventDefault();
    for (const button of shown) button.tabIndex = -1;
    shown[to].tabIndex = 0;
    shown[to].focus();
  }
}
