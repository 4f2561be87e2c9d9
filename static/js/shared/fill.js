/**
 * A form that a customer fills in (FRM-2): fields come and go by what stands in others, and what the server finds wrong is said
 * beside each. Without this module it is a plain form; the server checks everything either way.
 */

/**
 * @typedef {object} Answer
 * @property {string} [message]
 * @property {string} [code]
 * @property {Record<string, string>} [errors] sentences by the name of the field
 */

/** What a form that is shut answers with: there is nothing more to be done in it. */
const SHUT = new Set(["form_filled", "form_expired", "form_withdrawn", "form_unknown"]);

export class Fill {
  #busy = false;

  /**
   * @param {HTMLFormElement} form
   * @param {object} [options]
   * @param {string} [options.address] where it is sent to; its own action by default
   * @param {(message: string) => void} [options.onDone] it has arrived, or can't be filled in any more
   */
  constructor(form, { address, onDone } = {}) {
    this.form = form;
    this.address = address ?? location.href;
    this.onDone = onDone;
    form.addEventListener("input", () => this.#update());
    form.addEventListener("submit", (event) => {
      if (!this.onDone) return;
      event.preventDefault();
      this.#submit();
    });
    this.#update();
  }

  /** Put the cursor into the first field. */
  focus() {
    inputsOf(this.form)[0]?.focus({ preventScroll: true });
  }

  #update() {
    for (const output of this.form.querySelectorAll("output")) {
      const input = output.parentElement?.querySelector("input");
      output.value = input?.value ?? "";
    }
    for (const field of this.#fields) {
      if (!field.dataset.by) continue;
      const shown = this.#holds(field.dataset);
      field.hidden = !shown;
      for (const input of inputsOf(field, true)) input.disabled = !shown;
    }
  }

  /**
   * Whether a rule shows its field: as `holds` of apps/forms/submission.py has it. What is hidden is disabled, and counts as empty.
   *
   * @param {DOMStringMap} rule
   */
  #holds({ by = "", test, value = "" }) {
    const chosen = [...new FormData(this.form).entries()]
      .filter(([name]) => name === by || name.startsWith(`${by}-`))
      .map(([, text]) => String(text).trim());
    const isFilled = chosen.some((text) => text !== "");
    if (test === "filled") return isFilled;
    if (test === "empty") return !isFilled;
    return (chosen.length ? chosen : [""]).includes(value) === (test === "is");
  }

  /** @returns {HTMLElement[]} */
  get #fields() {
    return [...this.form.querySelectorAll("[data-name], [data-by]")].filter((each) => each instanceof HTMLElement);
  }

  async #submit() {
    if (this.#busy) return;
    this.#busy = true;
    this.form.setAttribute("aria-busy", "true");
    this.#say("");
    try {
      const body = new URLSearchParams();
      for (const [name, text] of new FormData(this.form)) body.append(name, String(text));
      const headers = { Accept: "application/json" };
      const response = await fetch(this.address, { method: "POST", body, headers, credentials: "omit" });
      this.#take(response.status, /** @type {Answer} */ (await response.json()));
    } catch {
      this.#say(this.form.dataset.failed ?? "");
    }
    this.form.removeAttribute("aria-busy");
    this.#busy = false;
  }

  /**
   * @param {number} status
   * @param {Answer} answer
   */
  #take(status, { message = "", code = "", errors = {} }) {
    if (status === 200 || SHUT.has(code)) {
      // Nothing of it stays in the page.
      this.form.reset();
      this.onDone?.(message);
      return;
    }
    /** @type {HTMLElement | null} */
    let first = null;
    for (const field of this.#fields) {
      const name = field.dataset.name ?? "";
      const says = errors[name.replace(/^f-/, "")] ?? "";
      const error = field.querySelector("[data-part=error]");
      if (error) error.textContent = says;
      const inputs = inputsOf(field);
      for (const input of inputs) {
        if (says) input.setAttribute("aria-invalid", "true");
        else input.removeAttribute("aria-invalid");
      }
      if (says) first ??= inputs[0] ?? null;
    }
    this.#say(message);
    first?.focus();
  }

  /** @param {string} text */
  #say(text) {
    const wrong = this.form.querySelector("[data-part=wrong]");
    if (wrong && wrong.textContent !== text) wrong.textContent = text;
  }
}

/**
 * @param {HTMLElement} element
 * @param {boolean} [all] also those that can't be used now
 */
function inputsOf(element, all = false) {
  const found = /** @type {NodeListOf<HTMLInputElement | HTMLSelectElement | HTMLTextAreaElement>} */ (
    element.querySelectorAll("input, select, textarea")
  );
  return /** @type {(HTMLInputElement & HTMLSelectElement & HTMLTextAreaElement)[]} */ (
    [...found].filter((input) => all || !input.disabled)
  );
}
