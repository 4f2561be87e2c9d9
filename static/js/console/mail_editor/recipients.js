/**
 * Recipients as chips (EML-5): Enter, a comma or leaving the field adds what was typed, Backspace takes the last one back to be
 * changed, and whatever is pasted becomes as many chips as it has addresses. Each chip is a hidden field of the form.
 */

/** @typedef {{name: string, address: string}} Person */

// What stands in front of the "@" must be ASCII, and its dots stand between something: so it is for the server, too.
const ADDRESS =
  /^(?!\.)(?:(?!\.[.@])[!#-'*+\--9=?A-Z^-~]){1,64}@(?!\.)(?:(?!\.\.)[^\s@<>(),;:"\\])+\.[^\s@<>(),;:"\\.]+$/;

/**
 * Cut what somebody typed or pasted into people: at commas, semicolons and line ends outside of quotes and angle brackets.
 *
 * @param {string} text
 * @returns {Person[]}
 */
export function peopleOf(text) {
  const pieces = text.match(/(?:"[^"]*"|<[^>]*>|[^,;\n"<])+/g) ?? [];
  return pieces.flatMap((piece) => one(piece.trim()));
}

/**
 * @param {string} piece
 * @returns {Person[]}
 */
function one(piece) {
  if (!piece) return [];
  const named = /^(.*?)\s*<\s*([^<>]*?)\s*>$/.exec(piece);
  if (named) return [{ name: named[1].replace(/^"|"$/g, "").trim(), address: named[2] }];
  // Addresses with nothing but spaces between them.
  const words = piece.split(/\s+/);
  if (words.length > 1 && words.every(isAddress)) return words.map((address) => ({ name: "", address }));
  return [{ name: "", address: piece }];
}

/** @param {string} text */
function isAddress(text) {
  return ADDRESS.test(text);
}

export class Recipients {
  /** @type {Person[]} */
  #people = [];

  /**
   * @param {HTMLElement} field with the list, the input, and who is there at first in `data-people`
   * @param {{invalid: string, remove: string, onChange: () => void}} options
   */
  constructor(field, { invalid, remove, onChange }) {
    this.field = field;
    this.list = /** @type {HTMLElement} */ (field.querySelector('[data-part="list"]'));
    this.input = /** @type {HTMLInputElement} */ (field.querySelector("input:not([type=hidden])"));
    this.name = this.input.name;
    this.words = { invalid, remove };
    this.onChange = onChange;
    for (const [name, address] of JSON.parse(field.dataset.people ?? "[]")) this.#people.push({ name, address });
    this.input.value = "";
    // From now on the chips are what is sent.
    this.input.removeAttribute("name");
    this.input.addEventListener("keydown", (event) => this.#key(event));
    this.input.addEventListener("blur", () => this.commit());
    this.input.addEventListener("input", () => this.onChange());
    this.input.addEventListener("paste", (event) => this.#paste(event));
    this.list.addEventListener("click", (event) => this.#click(event));
    field.addEventListener("pointerdown", (event) => {
      if (!(event.target instanceof Element) || event.target.closest("button, input, select, label")) return;
      event.preventDefault();
      this.input.focus();
    });
    this.#render();
  }

  get count() {
    return this.#people.length;
  }

  /** The first that is no address, of the chips and of what is typed; empty when all are. */
  get wrong() {
    return [...this.#people, ...peopleOf(this.input.value)].find(({ address }) => !isAddress(address))?.address ?? "";
  }

  /** Who comes first, as one types it; empty where there is nobody. */
  get first() {
    const [person] = this.#people;
    return person ? spelled(person) : "";
  }

  /** Whether there is something, if only typed. */
  get any() {
    return this.count > 0 || this.input.value.trim() !== "";
  }

  /** What was typed becomes chips. */
  commit() {
    const typed = peopleOf(this.input.value);
    this.input.value = "";
    if (typed.length) this.#add(typed);
  }

  /** @param {Person[]} people */
  #add(people) {
    for (const person of people) {
      const key = person.address.toLowerCase();
      if (!this.#people.some(({ address }) => address.toLowerCase() === key)) this.#people.push(person);
    }
    this.#render();
    this.onChange();
  }

  /** @param {KeyboardEvent} event */
  #key(event) {
    if (event.isComposing) return;
    const { value, selectionStart, selectionEnd } = this.input;
    if (["Enter", ",", ";"].includes(event.key)) {
      // A comma within quotes is part of a name.
      if (event.key !== "Enter" && (value.match(/"/g)?.length ?? 0) % 2) return;
      event.preventDefault();
      this.commit();
    } else if (event.key === "Backspace" && selectionStart === 0 && selectionEnd === 0 && this.count) {
      event.preventDefault();
      const last = /** @type {Person} */ (this.#people.pop());
      this.input.value = spelled(last) + value;
      this.#render();
      this.onChange();
    }
  }

  /** @param {ClipboardEvent} event */
  #paste(event) {
    const text = event.clipboardData?.getData("text/plain") ?? "";
    const people = peopleOf(this.input.value + text);
    if (people.length < 2 && !people.every(({ address }) => isAddress(address))) return;
    event.preventDefault();
    this.input.value = "";
    this.#add(people);
  }

  /** @param {Event} event */
  #click(event) {
    const chip = event.target instanceof Element ? event.target.closest("li") : null;
    if (!chip) return;
    const [person] = this.#people.splice([...this.list.children].indexOf(chip), 1);
    // A click beside its cross is there to change it.
    if (!(event.target instanceof Element && event.target.closest("button"))) {
      this.commit();
      this.input.value = spelled(person);
    }
    this.#render();
    this.input.focus();
    this.onChange();
  }

  #render() {
    this.list.replaceChildren(...this.#people.map((person) => this.#chip(person)));
    this.list.hidden = this.count === 0;
  }

  /** @param {Person} person */
  #chip(person) {
    const chip = document.createElement("li");
    chip.className = "person";
    const isFine = isAddress(person.address);
    chip.toggleAttribute("data-invalid", !isFine);
    chip.title = isFine ? spelled(person) : this.words.invalid;
    const label = document.createElement("span");
    label.dir = "auto";
    label.textContent = person.name || person.address;
    const button = document.createElement("button");
    button.type = "button";
    button.textContent = "×";
    button.setAttribute(
      "aria-label",
      this.words.remove.replace("{name}", () => label.textContent ?? ""),
    );
    const value = document.createElement("input");
    value.type = "hidden";
    value.name = this.name;
    value.value = spelled(person);
    chip.append(label);
    if (!isFine) {
      const why = document.createElement("span");
      why.className = "visually-hidden";
      why.textContent = `: ${this.words.invalid}`;
      chip.append(why);
    }
    chip.append(button, value);
    return chip;
  }
}

/** @param {Person} person */
function spelled({ name, address }) {
  return name ? `"${name.replace(/["\\]/g, "'")}" <${address}>` : address;
}
