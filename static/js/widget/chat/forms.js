/**
 * Forms that the customer was sent (FRM-2): known a moment after their line; what shows and fills them in is fetched by whoever is
 * sent one.
 */

/** @typedef {import("../../shared/types.js").FormFacts} FormFacts */
/** @typedef {import("../../shared/types.js").Message} Message */

export class Forms {
  /** @type {FormFacts[]} */
  #known = [];
  /** @type {import("../forms.js").FormCards | null} */
  #cards = null;
  #fetching = false;

  /**
   * @param {object} options
   * @param {() => void} options.onFilled one was filled in, or found to be shut
   */
  constructor({ onFilled }) {
    this.onFilled = onFilled;
  }

  /** @param {FormFacts[]} forms what the server says there is */
  know(forms) {
    this.#known = forms;
    if (this.#cards) this.#cards.show(forms);
    else if (forms.length) this.#fetch();
  }

  /**
   * Whether a line is among these whose form is not known as it stands now.
   *
   * @param {Message[]} messages
   */
  lacks(messages) {
    const open = this.#known.some((form) => form.state === "sent");
    return messages.some(({ kind, number }) => {
      if (kind === "filled") return open;
      return kind === "form" && !this.#known.some((form) => form.number === number);
    });
  }

  async #fetch() {
    if (this.#fetching) return;
    this.#fetching = true;
    try {
      const { FormCards } = await import("../forms.js");
      this.#cards = await FormCards.make(this.onFilled);
      this.#cards.show(this.#known);
    } catch {
      // The next sync asks again.
    }
    this.#fetching = false;
  }
}
