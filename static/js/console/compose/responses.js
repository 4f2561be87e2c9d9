/**
 * The standard responses above the compose bar (CHAT-3): "/" at the start or after a space opens them, typing filters, arrows and Enter
 * or Tab choose, Escape closes and keeps the text. The field keeps the focus all the while. The list is the server's, with everything
 * filled in; it is fetched when it is first wanted, and now and then.
 */

import { foldText } from "../../shared/fold.js";
import { insertText } from "../../shared/insert.js";
import { announceText } from "../shell/announce.js";
import { partOf } from "../shell/behaviours.js";
import { fetchPart } from "../shell/htmx.js";

const FRESH_MS = 60_000;
const SETTLED_MS = 600;

/**
 * @typedef {object} Row
 * @property {HTMLElement} element
 * @property {HTMLElement} group
 * @property {string} word the shortcut
 * @property {string} name
 * @property {string} text
 */

export class ResponseList {
  /** @type {Row[]} */
  #rows = [];
  /** @type {Row | undefined} */
  #active;
  /** Where the words begin that filter: behind a slash, or where the button was pressed. */
  #from = -1;
  #hasSlash = false;
  /** What the list is filtered by now: a key that changes nothing of it leaves the choice where it is. */
  #filteredBy = "";
  /** The slash that Escape was pressed at: it opens nothing any more. */
  #closedAt = -1;
  #isInserting = false;
  #fetchedAt = 0;
  #fetchedFrom = "";
  #isFetching = false;
  /** @type {ReturnType<typeof setTimeout> | undefined} */
  #telling;

  /**
   * @param {object} options
   * @param {HTMLTextAreaElement} options.field
   * @param {HTMLElement} options.element the popup, `popover=manual`, with `data-address` and the list in it
   * @param {(missing: string) => void} options.onChosen says what was not known of the customer; nothing when all was
   */
  constructor({ field, element, onChosen }) {
    this.field = field;
    this.element = element;
    this.list = partOf(element, "list");
    this.nothing = partOf(element, "nothing");
    this.onChosen = onChosen;
    field.addEventListener("input", () => this.#typed());
    field.addEventListener("blur", () => this.close());
    for (const moved of ["keyup", "pointerup"]) field.addEventListener(moved, () => this.isOpen && this.#follow());
    element.addEventListener("pointerdown", (event) => event.preventDefault());
    element.addEventListener("click", (event) => {
      const row = this.#rows.find((each) => event.target instanceof Node && each.element.contains(event.target));
      if (row) this.#choose(row);
    });
    element.addEventListener("pointermove", (event) => {
      const row = this.#rows.find((each) => event.target instanceof Node && each.element.contains(event.target));
      if (row && row !== this.#active) this.#activate(row, { scrolls: false });
    });
    // Also when it is fetched again while it is open.
    element.addEventListener("htmx:afterSwap", () => this.#index());
  }

  get isOpen() {
    return this.#from >= 0;
  }

  /** Open it where the caret is, as the button does. */
  openHere() {
    this.field.focus();
    this.#open(this.field.selectionStart, false);
  }

  close() {
    if (!this.isOpen) return;
    this.#from = -1;
    this.#show(false);
    this.#activate(undefined);
  }

  /**
   * What a key does while the list is open.
   *
   * @param {KeyboardEvent} event
   * @returns {boolean} whether it was for the list
   */
  key(event) {
    if (!this.element.matches(":popover-open") || event.ctrlKey || event.metaKey || event.altKey) return false;
    const moves = { ArrowDown: 1, ArrowUp: -1, PageDown: 6, PageUp: -6 };
    if (event.key in moves) this.#move(moves[/** @type {keyof typeof moves} */ (event.key)]);
    else if (event.key === "Escape") this.#dismiss();
    else if (event.shiftKey || !["Enter", "Tab"].includes(event.key)) return false;
    else if (this.#active) this.#choose(this.#active);
    else if (event.key === "Tab" || this.#hasSlash) return false;
    event.preventDefault();
    event.stopPropagation();
    return true;
  }

  // --- Opening

  #typed() {
    if (this.#isInserting) return;
    if (this.isOpen) {
      this.#follow();
      return;
    }
    const before = this.field.value.slice(0, this.field.selectionStart);
    const found = /(?:^|\s)\/(\S*)$/.exec(before);
    if (!found) {
      this.#closedAt = -1;
      return;
    }
    const at = before.length - found[1].length;
    if (at !== this.#closedAt) this.#open(at, true);
  }

  /**
   * @param {number} from
   * @param {boolean} hasSlash
   */
  #open(from, hasSlash) {
    if (this.field.readOnly) return;
    this.#from = from;
    this.#hasSlash = hasSlash;
    this.#fetch();
    this.#filter();
  }

  /** The caret moved or something was typed: close once it has left the words. */
  #follow() {
    const { selectionStart: caret, selectionEnd, value } = this.field;
    const lostSlash = this.#hasSlash && value[this.#from - 1] !== "/";
    if (lostSlash || caret < this.#from || caret !== selectionEnd || /\s/.test(this.#words())) this.close();
    else if (this.#words() !== this.#filteredBy) this.#filter();
  }

  #words() {
    return this.field.value.slice(this.#from, this.field.selectionStart);
  }

  #dismiss() {
    this.#closedAt = this.#hasSlash ? this.#from : -1;
    this.close();
  }

  async #fetch() {
    const { address = "" } = this.element.dataset;
    const isFresh = address === this.#fetchedFrom && Date.now() - this.#fetchedAt < FRESH_MS;
    if (this.#isFetching || isFresh) return;
    this.#isFetching = true;
    this.#fetchedAt = Date.now();
    this.#fetchedFrom = address;
    try {
      await fetchPart(address, { target: `#${this.list.id}`, swap: "innerHTML" });
    } catch {
      this.#fetchedAt = 0;
    }
    this.#isFetching = false;
    if (!this.#rows.length) this.#index();
  }

  #index() {
    const active = this.#active?.element.id;
    this.#active = undefined;
    this.#rows = [...this.list.querySelectorAll("[role=option]")].map((option) => {
      const element = /** @type {HTMLElement} */ (option);
      const name = element.querySelector(".response-name")?.textContent ?? "";
      const text = partOf(element, "text").textContent ?? "";
      const group = /** @type {HTMLElement} */ (element.closest("[role=group]"));
      return { element, group, word: foldText(element.dataset.word ?? ""), name: foldText(name), text: foldText(text) };
    });
    if (!this.isOpen) return;
    this.#filter();
    const before = this.#rows.find(({ element }) => element.id === active && !element.hidden);
    if (before) this.#activate(before);
  }

  // --- Filtering

  #filter() {
    this.#filteredBy = this.#words();
    const words = foldText(this.#filteredBy);
    const counts = new Map();
    for (const { element, group, word, name, text } of this.#rows) {
      element.hidden = !(word.includes(words) || name.includes(words) || text.includes(words));
      counts.set(group, (counts.get(group) ?? 0) + (element.hidden ? 0 : 1));
    }
    let found = 0;
    for (const [group, count] of counts) {
      group.hidden = count === 0;
      const shown = group.querySelector(".count");
      if (shown) shown.textContent = String(count);
      found += count;
    }
    this.nothing.hidden = found > 0 || !this.#rows.length;
    // After a slash that is no shortcut, such as in "and / or", nothing is in the way.
    this.#show(found > 0 || !this.#rows.length || !this.#hasSlash);
    this.#activate(this.#best(words));
    this.#tell(found);
  }

  /**
   * What was most likely meant: the shortcut itself, one that begins so, a name that does, whatever is first.
   *
   * @param {string} words
   */
  #best(words) {
    const shown = this.#rows.filter(({ element }) => !element.hidden);
    return (
      shown.find(({ word }) => word === words) ??
      shown.find(({ word }) => word.startsWith(words)) ??
      shown.find(({ name }) => ` ${name}`.includes(` ${words}`)) ??
      shown[0]
    );
  }

  /** @param {number} found */
  #tell(found) {
    clearTimeout(this.#telling);
    if (!this.element.matches(":popover-open") || !this.#rows.length) return;
    const words = (this.element.dataset.found ?? "").replace("{count}", () => String(found));
    this.#telling = setTimeout(() => this.isOpen && announceText(words), SETTLED_MS);
  }

  /** @param {boolean} isShown */
  #show(isShown) {
    if (isShown === this.element.matches(":popover-open")) return;
    if (isShown) {
      this.element.showPopover();
      this.field.setAttribute("aria-controls", this.list.id);
    } else {
      this.element.hidePopover();
      this.field.removeAttribute("aria-controls");
      this.field.removeAttribute("aria-activedescendant");
      this.list.scrollTop = 0;
    }
  }

  // --- Choosing

  /** @param {number} by */
  #move(by) {
    const shown = this.#rows.filter(({ element }) => !element.hidden);
    if (!shown.length) return;
    const at = this.#active ? shown.indexOf(this.#active) : -1;
    const isStep = Math.abs(by) === 1;
    const next = isStep ? (at + by + shown.length) % shown.length : Math.min(Math.max(at + by, 0), shown.length - 1);
    this.#activate(shown[next]);
  }

  /**
   * @param {Row | undefined} row
   * @param {{scrolls?: boolean}} [how]
   */
  #activate(row, { scrolls = true } = {}) {
    this.#active?.element.setAttribute("aria-selected", "false");
    this.#active = row;
    if (!row || !this.element.matches(":popover-open")) {
      this.field.removeAttribute("aria-activedescendant");
      return;
    }
    row.element.setAttribute("aria-selected", "true");
    this.field.setAttribute("aria-activedescendant", row.element.id);
    if (scrolls) row.element.scrollIntoView({ block: "nearest" });
  }

  /** @param {Row} row */
  #choose({ element }) {
    const { value, selectionStart: caret } = this.field;
    const from = this.#from - (this.#hasSlash ? 1 : 0);
    // The rest of the word goes, too, when the caret stands in its midst.
    const rest = this.#hasSlash ? (/^\S*/.exec(value.slice(caret))?.[0].length ?? 0) : 0;
    this.close();
    this.#isInserting = true;
    insertText(this.field, partOf(element, "text").textContent ?? "", from, caret + rest);
    this.#isInserting = false;
    this.onChosen(element.dataset.missing ?? "");
  }
}
