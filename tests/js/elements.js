/** As much of the DOM as a list of messages needs: a tree of elements, found by `[data-…]`. */

export class HTMLElement {
  #text = "";
  dataset = {};
  attributes = new Map();
  children = [];
  parent = null;
  hidden = false;

  constructor(dataset = {}, children = []) {
    this.dataset = { ...dataset };
    this.append(...children);
  }

  get isConnected() {
    return this.parent !== null && !(this.parent instanceof DocumentFragment);
  }

  get firstElementChild() {
    return this.children[0] ?? null;
  }

  get nextElementSibling() {
    return this.parent?.children[this.parent.children.indexOf(this) + 1] ?? null;
  }

  get textContent() {
    return this.#text + this.children.map((child) => child.textContent).join("");
  }

  set textContent(text) {
    this.replaceChildren();
    this.#text = text;
  }

  append(...children) {
    for (const child of children) this.insertBefore(child, null);
  }

  insertBefore(child, before) {
    child.remove();
    this.children.splice(before ? this.children.indexOf(before) : this.children.length, 0, child);
    child.parent = this;
  }

  remove() {
    this.parent?.children.splice(this.parent.children.indexOf(this), 1);
    this.parent = null;
  }

  replaceChildren(...nodes) {
    for (const child of [...this.children]) child.remove();
    this.#text = nodes.filter((node) => typeof node === "string").join("");
    this.append(...nodes.filter((node) => typeof node !== "string"));
  }

  closest() {
    return null;
  }

  setAttribute(name, value) {
    this.attributes.set(name, value);
  }

  removeAttribute(name) {
    this.attributes.delete(name);
  }

  toggleAttribute(name, on) {
    if (on) this.attributes.set(name, "");
    else this.attributes.delete(name);
  }

  cloneNode() {
    const children = this.children.map((child) => child.cloneNode());
    return Object.assign(new this.constructor(this.dataset, children), { hidden: this.hidden });
  }

  querySelector(selector) {
    return this.querySelectorAll(selector)[0] ?? null;
  }

  /** Of `[data-name="value"]`, and `:scope > [data-name]`. */
  querySelectorAll(selector) {
    const [, scope, name, value] = selector.match(/^(:scope > )?\[data-(\w+)(?:="(\w+)")?\]$/);
    const found = this.children.flatMap((child) => [child, ...(scope ? [] : child.querySelectorAll(selector))]);
    return found.filter(({ dataset }) => name in dataset && (value === undefined || dataset[name] === value));
  }
}

export class HTMLTimeElement extends HTMLElement {}

export class DocumentFragment extends HTMLElement {}
