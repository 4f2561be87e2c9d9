/**
 * What the customer is asked when a chat is over (SRV-5): stars, numbers or thumbs, and perhaps a comment; fetched with its
 * looks by whoever is asked. It is answered once; how it stands the server says with every answer to a sync.
 */

import { setText } from "../shared/dom.js";
import { SocketError } from "../shared/socket.js";
import { byId } from "./dom.js";

/** @typedef {import("../shared/types.js").Survey} SurveyView */

export class Survey {
  #box = byId("survey", HTMLElement);
  #form = byId("survey-form", HTMLFormElement);
  #request = byId("survey-request", HTMLElement);
  #more = byId("survey-more", HTMLElement);
  #field = byId("survey-comment-field", HTMLElement);
  #comment = byId("survey-comment", HTMLTextAreaElement);
  #error = byId("survey-error", HTMLElement);
  #done = byId("survey-done", HTMLElement);
  /** @type {SurveyView | null} */
  #survey = null;
  #busy = false;

  /** @param {(answer: { score: number, comment: string }) => Promise<SurveyView>} onAnswer sends it, and returns how the survey stands then */
  constructor(onAnswer) {
    this.onAnswer = onAnswer;
    this.#form.addEventListener("submit", (event) => {
      event.preventDefault();
      this.#submit();
    });
    this.#form.addEventListener("change", () => this.#update());
  }

  /**
   * Make it, once its style sheet is there.
   *
   * @param {(answer: { score: number, comment: string }) => Promise<SurveyView>} onAnswer
   */
  static async make(onAnswer) {
    const link = document.createElement("link");
    link.rel = "stylesheet";
    link.href = new URL("../../css/survey.css", import.meta.url).href;
    await new Promise((resolve) => {
      link.addEventListener("load", resolve);
      link.addEventListener("error", resolve);
      document.head.append(link);
    });
    return new Survey(onAnswer);
  }

  /**
   * @param {SurveyView | null} survey what the server says; none where nothing is asked, or nothing yet
   * @returns {boolean} whether it has come up with that
   */
  show(survey) {
    const before = this.#box.hidden;
    if (survey?.kind !== this.#survey?.kind) {
      this.#form.reset();
      setText(this.#error, "");
    }
    this.#survey = survey;
    setText(this.#request, survey?.request ?? "");
    const { expired = "" } = this.#done.dataset;
    setText(this.#done, survey?.state === "answered" ? survey.thanks : survey?.state === "expired" ? expired : "");
    this.#update();
    return before && !this.#box.hidden;
  }

  /**
   * Put the cursor where the customer answers.
   *
   * @returns {boolean} whether there is something to be answered
   */
  focus() {
    if (this.#box.hidden || this.#form.hidden) return false;
    this.#inputs.find((input) => !input.disabled)?.focus({ preventScroll: true });
    return true;
  }

  get #inputs() {
    return [...this.#form.querySelectorAll("input")];
  }

  #update() {
    const survey = this.#survey;
    this.#box.hidden = survey === null;
    this.#form.hidden = survey?.state !== "open";
    for (const scores of this.#form.querySelectorAll("fieldset")) {
      scores.hidden = scores.disabled = scores.dataset.kind !== survey?.kind;
    }
    this.#more.hidden = this.#score === null;
    this.#field.hidden = !survey?.asks_comment;
    byId("widget", HTMLElement).toggleAttribute("data-surveys", !this.#box.hidden && !this.#form.hidden);
  }

  get #score() {
    const chosen = this.#inputs.find((input) => input.checked && !input.disabled);
    return chosen ? Number(chosen.value) : null;
  }

  async #submit() {
    const score = this.#score;
    if (score === null || this.#busy) return;
    this.#busy = true;
    setText(this.#error, "");
    try {
      this.show(await this.onAnswer({ score, comment: this.#comment.value }));
      this.#done.focus();
    } catch (error) {
      if (!(error instanceof SocketError)) throw error;
      setText(this.#error, error.detail.message ?? this.#error.dataset.failed ?? "");
    } finally {
      this.#busy = false;
    }
  }
}
