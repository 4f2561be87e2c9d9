/**
 * The emoji picker (CHAT-9): a search field over a grid, filled when it is first opened. The search field keeps the focus; arrows
 * move through the grid, Enter chooses, Escape closes. Libraries for this write styles into the page, which its policy forbids.
 */

import { foldText } from "./fold.js";

/**
 * @typedef {object} Emoji as the data file has it
 * @property {string} emoji
 * @property {string} annotation
 * @property {string[]} [tags]
 * @property {string[]} [shortcodes]
 * @property {number} [group]
 * @property {number} version
 *
 * @typedef {object} Cell
 * @property {HTMLElement} element
 * @property {string} emoji
 * @property {string} words what it is found by
 * @property {string[]} names what it is called
 *
 * @typedef {object} Options
 * @property {HTMLElement} element the picker, `popover=manual`, with an input, `data-part` groups and grid, and `data-source`
 * @property {string} storageKey where the ones used last are kept on this device
 * @property {(emoji: string) => void} onChoose
 * @property {() => void} onClose it closed by Escape or after a choice: the focus goes back where one writes
 * @property {AbortSignal} [signal]
 */

/** Newer ones are boxes on many devices still. */
const NEWEST = 15;
const RECENT = 16;
const CHUNK = 300;

export class EmojiPicker {
  /** @type {Cell[]} */
  #cells = [];
  /** @type {Cell | undefined} */
  #active;
  /** @type {Promise<void> | undefined} */
  #loading;

  /** @param {Options} options */
  constructor({ element, storageKey, onChoose, onClose, signal }) {
    this.element = element;
    this.storageKey = storageKey;
    this.onChoose = onChoose;
    this.onClose = onClose;
    this.input = /** @type {HTMLInputElement} */ (element.querySelector("input"));
    this.grid = /** @type {HTMLElement} */ (element.querySelector("[data-part=grid]"));
    this.groups = /** @type {HTMLElement} */ (element.querySelector("[data-part=groups]"));
    this.none = /** @type {HTMLElement} */ (element.querySelector("[data-part=none]"));
    this.input.addEventListener("input", () => this.#search());
    this.input.addEventListener("keydown", (event) => this.#key(event));
    element.addEventListener("keydown", (event) => {
      if (event.key !== "Escape") return;
      event.preventDefault();
      event.stopPropagation();
      this.close();
    });
    // The search field keeps the focus while one clicks about.
    this.grid.addEventListener("pointerdown", (event) => event.preventDefault());
    this.grid.addEventListener("click", (event) => {
      const cell = this.#cells.find((each) => event.target instanceof Node && each.element.contains(event.target));
      if (cell) this.#choose(cell);
    });
    this.groups.addEventListener("click", (event) => {
      const button = event.target instanceof Element ? event.target.closest("button") : null;
      if (button) this.#show(button.dataset.group ?? "");
    });
    const beside = (/** @type {Event} */ event) => {
      if (this.isOpen && !(event.target instanceof Node && element.contains(event.target)))
        this.close({ quietly: true });
    };
    document.addEventListener("pointerdown", beside, { signal });
    document.addEventListener("focusin", beside, { signal });
  }

  get isOpen() {
    return this.element.matches(":popover-open");
  }

  async open() {
    this.element.showPopover();
    this.input.value = "";
    this.input.focus();
    this.#loading ??= this.#load();
    await this.#loading;
    this.#recent();
    this.#search();
    this.grid.scrollTop = 0;
  }

  /** @param {{quietly?: boolean}} [how] `quietly`: the focus is somewhere else already */
  close({ quietly = false } = {}) {
    if (!this.isOpen) return;
    this.element.hidePopover();
    if (!quietly) this.onClose();
  }

  async #load() {
    this.grid.setAttribute("aria-busy", "true");
    try {
      const answer = await fetch(this.element.dataset.source ?? "");
      if (!answer.ok) throw new Error(`${answer.status}`);
      this.#fill(await answer.json());
    } catch {
      // The next opening tries again; until then the words for that stand there.
      this.#loading = undefined;
      this.none.hidden = false;
      this.none.textContent = this.none.dataset.failed ?? "";
    }
    this.grid.removeAttribute("aria-busy");
  }

  /** @param {Emoji[]} all */
  #fill(all) {
    const usable = all.filter((each) => each.group !== undefined && each.version <= NEWEST);
    for (const [group, button] of this.#buttons()) {
      if (group === "recent") continue;
      const section = this.#section(group, button.title);
      for (const each of usable.filter(({ group: own }) => String(own) === group)) section.append(this.#cell(each));
    }
  }

  #buttons() {
    return [...this.groups.querySelectorAll("button")].map(
      (button) => /** @type {[string, HTMLElement]} */ ([button.dataset.group ?? "", button]),
    );
  }

  /**
   * @param {string} group
   * @param {string} title
   */
  #section(group, title) {
    const section = document.createElement("div");
    section.dataset.group = group;
    section.className = "emoji-group";
    section.setAttribute("role", "group");
    section.setAttribute("aria-label", title);
    if (group === "recent") this.grid.prepend(section);
    else this.grid.append(section);
    return section;
  }

  /** @param {Emoji} emoji */
  #cell({ emoji, annotation, tags = [], shortcodes = [] }) {
    const element = document.createElement("span");
    element.id = `${this.element.id}-${this.#cells.length}`;
    element.className = "emoji-cell";
    element.setAttribute("role", "option");
    element.setAttribute("aria-selected", "false");
    element.setAttribute("aria-label", annotation);
    element.title = annotation;
    element.textContent = emoji;
    const names = [annotation, ...shortcodes].map((name) => foldText(name.replaceAll("_", " ")));
    this.#cells.push({ element, emoji, names, words: ` ${names.join(" ")} ${foldText(tags.join(" "))}` });
    return element;
  }

  /** Put the ones that were used last in front. */
  #recent() {
    const used = this.#used();
    const button = /** @type {HTMLElement | null} */ (this.groups.querySelector("[data-group=recent]"));
    this.grid.querySelector("[data-group=recent]")?.remove();
    this.#cells = this.#cells.filter(({ element }) => element.dataset.recent === undefined);
    if (button) button.hidden = used.length === 0;
    if (!button || !used.length) return;
    const section = this.#section("recent", button.title);
    const known = new Map(this.#cells.map((cell) => [cell.emoji, cell]));
    const cells = used.flatMap((emoji) => known.get(emoji) ?? []).map((cell, place) => this.#again(cell, place));
    section.append(...cells.map(({ element }) => element));
    this.#cells.unshift(...cells);
  }

  /**
   * @param {Cell} cell
   * @param {number} place
   * @returns {Cell}
   */
  #again(cell, place) {
    const element = /** @type {HTMLElement} */ (cell.element.cloneNode(true));
    element.id = `${this.element.id}-recent-${place}`;
    element.dataset.recent = "";
    return { ...cell, element };
  }

  /** @returns {string[]} */
  #used() {
    try {
      const used = JSON.parse(localStorage.getItem(this.storageKey) ?? "[]");
      return Array.isArray(used) ? used.filter((each) => typeof each === "string").slice(0, RECENT) : [];
    } catch {
      return [];
    }
  }

  /** Show what the words in the field are found in: the beginnings of words, in any order. */
  #search() {
    const parts = foldText(this.input.value).split(/\s+/).filter(Boolean);
    for (const { element, words } of this.#cells) {
      const isRecent = element.dataset.recent !== undefined;
      element.hidden = parts.length > 0 && (isRecent || !parts.every((part) => words.includes(` ${part}`)));
    }
    for (const section of this.grid.querySelectorAll(".emoji-group")) {
      if (section instanceof HTMLElement) section.hidden = !section.querySelector(".emoji-cell:not([hidden])");
    }
    const first = parts.length ? this.#best(parts.join(" ")) : undefined;
    if (this.#cells.length) {
      this.none.hidden = !parts.length || first !== undefined;
      this.none.textContent = this.none.dataset.none ?? "";
    }
    this.#activate(first);
  }

  /**
   * What was most likely meant: what is called so, what is called something with it, whatever is first.
   *
   * @param {string} called
   */
  #best(called) {
    const shown = this.#shown();
    return (
      shown.find(({ names }) => names.includes(called)) ??
      shown.find(({ names }) => names.some((name) => ` ${name}`.includes(` ${called}`))) ??
      shown[0]
    );
  }

  #shown() {
    return this.#cells.filter(({ element }) => !element.hidden);
  }

  /** @param {Cell | undefined} cell */
  #activate(cell) {
    this.#active?.element.setAttribute("aria-selected", "false");
    this.#active = cell;
    if (!cell) {
      this.input.removeAttribute("aria-activedescendant");
      return;
    }
    cell.element.setAttribute("aria-selected", "true");
    this.input.setAttribute("aria-activedescendant", cell.element.id);
    cell.element.scrollIntoView({ block: "nearest" });
  }

  /** @param {KeyboardEvent} event */
  #key(event) {
    if (event.isComposing || event.ctrlKey || event.metaKey || event.altKey) return;
    if (event.key === "Enter") {
      event.preventDefault();
      if (this.#active) this.#choose(this.#active);
      return;
    }
    const step = { ArrowRight: 1, ArrowLeft: -1 }[event.key];
    if (event.key === "ArrowDown" || event.key === "ArrowUp") {
      event.preventDefault();
      this.#row(event.key === "ArrowDown" ? 1 : -1);
    } else if (step && this.#active && !event.shiftKey) {
      event.preventDefault();
      const shown = this.#shown();
      const next =
        shown[shown.indexOf(this.#active) + (getComputedStyle(this.grid).direction === "rtl" ? -step : step)];
      if (next) this.#activate(next);
    }
  }

  /**
   * Go to the row below or above: the cell whose middle is closest.
   *
   * @param {number} by
   */
  #row(by) {
    const shown = this.#shown();
    if (!this.#active) {
      this.#activate(by > 0 ? shown[0] : shown.at(-1));
      return;
    }
    const from = this.#active.element;
    const at = shown.indexOf(this.#active);
    const beyond = by > 0 ? shown.slice(at + 1, at + CHUNK) : shown.slice(Math.max(0, at - CHUNK), at).reverse();
    const rest = beyond.filter(({ element }) => (element.offsetTop - from.offsetTop) * by > 0);
    const row = rest.filter(({ element }) => element.offsetTop === rest[0].element.offsetTop);
    const distance = (/** @type {Cell} */ { element }) => Math.abs(element.offsetLeft - from.offsetLeft);
    const [closest] = row.sort((one, other) => distance(one) - distance(other));
    if (closest) this.#activate(closest);
  }

  /** @param {string} group */
  #show(group) {
    this.input.value = "";
    this.#search();
    const section = this.grid.querySelector(`[data-group="${CSS.escape(group)}"]`);
    section?.scrollIntoView({ block: "start" });
    this.#activate(this.#shown().find(({ element }) => section?.contains(element)));
    this.input.focus();
  }

  /** @param {Cell} cell */
  #choose({ emoji }) {
    const used = [emoji, ...this.#used().filter((each) => each !== emoji)].slice(0, RECENT);
    try {
      localStorage.setItem(this.storageKey, JSON.stringify(used));
    } catch {
      // Storage is blocked: nothing is in front next time.
    }
    this.close();
    this.onChoose(emoji);
  }
}
