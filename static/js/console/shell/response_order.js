/**
 * In which order answers count. What is asked for is numbered; a conversation's own version orders what is known of it. The newest
 * wish to open something wins, whatever comes in whichever order.
 */

/**
 * @typedef {object} Asked something that was asked for
 * @property {number} number later is higher
 * @property {string | null} about the conversation in whose pane it was asked for; null when elsewhere
 * @property {boolean} opens whether it leads to something else than what is open
 * @property {boolean} reads whether it changes nothing, such as a pane that is fetched again
 */

/** @typedef {{open: string, version: number}} Shown what stands right of the tray: a conversation's id, and its version if it has a pane */

export class Order {
  #last = 0;
  /** Of what was put in place last. */
  #placed = 0;
  /** Of the newest wish to open something. */
  #newest = 0;
  /** @type {Asked | null} */
  #opening = null;

  /**
   * @param {{about: string | null, opens: boolean, reads: boolean}} what
   * @returns {Asked}
   */
  ask(what) {
    this.#last += 1;
    const asked = { ...what, number: this.#last };
    if (asked.opens) {
      this.#newest = asked.number;
      this.#opening = asked;
    }
    return asked;
  }

  /** Whether something else was asked for and is not there yet. */
  get isOpening() {
    return this.#opening !== null;
  }

  /**
   * Whether an answer is what stands right of the tray from now on.
   *
   * @param {Asked} asked
   * @param {Shown} shown what stands there now
   * @param {Shown} answer
   */
  places(asked, shown, answer) {
    const wanted = asked.opens ? asked.number === this.#newest : this.#goesOn(asked, shown, answer);
    if (wanted) this.#placed = Math.max(this.#placed, asked.number);
    return wanted;
  }

  /**
   * Whether the answer to what was asked for in a pane still belongs to what is open.
   *
   * @param {Asked} asked
   * @param {Shown} shown
   */
  belongs({ about }, { open }) {
    return about === null || about === open;
  }

  /**
   * A part of what is open was changed by an act, such as a note: a pane that was asked for before does not know of it.
   *
   * @param {Asked} asked
   */
  changes({ number }) {
    this.#placed = Math.max(this.#placed, number);
  }

  /**
   * Whether something newer has been put in place meanwhile: then nobody knows whose news are newer.
   *
   * @param {Asked} asked
   */
  isOvertaken({ number }) {
    return number < this.#placed;
  }

  /**
   * It was answered, or never will be.
   *
   * @param {Asked} asked
   * @returns {boolean} whether what was waited for is over with it
   */
  end(asked) {
    if (this.#opening !== asked) return false;
    this.#opening = null;
    return true;
  }

  /**
   * @param {Asked} asked
   * @param {Shown} shown
   * @param {Shown} answer
   */
  #goesOn(asked, shown, answer) {
    if (this.isOpening || asked.number < this.#newest || !this.belongs(asked, shown)) return false;
    if (answer.open !== shown.open) return true;
    // Without a pane it has gone to somebody else.
    if (answer.version && answer.version !== shown.version) return answer.version > shown.version;
    return !(asked.reads && this.isOvertaken(asked));
  }
}
