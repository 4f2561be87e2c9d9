/** What the customer is asked after the end (SRV-5): known a moment after it; the form is fetched by whoever is asked. */

/** @typedef {import("../../shared/types.js").Survey} Asked */
/** @typedef {{score: number, comment: string}} Answer */

export class SurveyLoader {
  /** @type {Asked | null} */
  #asked = null;
  /** @type {import("../survey.js").Survey | null} */
  #form = null;
  #fetching = false;

  /**
   * @param {object} options
   * @param {(answer: Answer) => Promise<Asked>} options.answer sends it
   * @param {() => boolean} options.isOver whether the conversation that is shown has ended
   * @param {() => void} options.onShow the form came, or went
   */
  constructor({ answer, isOver, onShow }) {
    this.answer = answer;
    this.isOver = isOver;
    this.onShow = onShow;
  }

  /** @param {Asked | null} asked what the server says is asked; shown by `show` */
  know(asked) {
    this.#asked = asked;
  }

  /** Show it as things stand now. */
  show() {
    if (this.#asked && !this.#form) this.#fetch();
    if (this.#form?.show(this.isOver() ? this.#asked : null)) this.onShow();
  }

  /**
   * Put the cursor where the customer answers.
   *
   * @returns {boolean} whether there is something to be answered
   */
  focus() {
    return this.#form?.focus() ?? false;
  }

  async #fetch() {
    if (this.#fetching) return;
    this.#fetching = true;
    try {
      const { Survey } = await import("../survey.js");
      this.#form = await Survey.make(this.answer);
      this.show();
    } catch {
      // The next sync asks again.
    }
    this.#fetching = false;
  }
}
