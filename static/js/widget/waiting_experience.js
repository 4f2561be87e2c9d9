/**
 * What a waiting customer sees (RTE-5): their place and about how long, as the server told it last, and a message.
 */

import { setText } from "../shared/dom.js";
import { byId } from "./dom.js";

/** @typedef {import("../shared/types.js").Waiting} View */

/** How often a waiting page asks for its place while nothing else happens. */
export const ASK_MS = 10_000;

/** A sentence stays in the live region for so long: later it would only be read once more on the way through the page. */
const SAID_MS = 5000;

export class WaitingExperience {
  #box = byId("waiting", HTMLElement);
  #place = byId("waiting-place", HTMLElement);
  #message = byId("waiting-message", HTMLElement);
  #said = byId("waiting-announcement", HTMLElement);
  #shown = false;
  /** @type {View | null} */
  #view = null;
  /** What was announced last, the estimate left out: it changes too often to be read aloud each time. */
  #announced = "";
  /** @type {ReturnType<typeof setTimeout> | undefined} */
  #timer;

  constructor() {
    const language = document.documentElement.lang || undefined;
    this.number = new Intl.NumberFormat(language);
    this.minutes = new Intl.NumberFormat(language, { style: "unit", unit: "minute", unitDisplay: "long" });
    this.#update();
  }

  /** @param {View | null} view what the server says; null when it is not known */
  know(view) {
    this.#view = view;
    this.#update();
  }

  /** @param {boolean} shown whether the customer waits */
  show(shown) {
    if (!shown) this.#announced = "";
    this.#shown = shown;
    this.#box.hidden = !shown;
    this.#update();
  }

  #update() {
    const { position = null, minutes = null, message = "", is_asked: isAsked = false } = this.#view ?? {};
    const place = isAsked ? (this.#box.dataset.asked ?? "") : this.#sentence(position, minutes);
    setText(this.#place, place);
    setText(this.#message, message);
    const news = `${isAsked} ${position} ${message}`;
    if (!this.#shown || this.#view === null || news === this.#announced) return;
    this.#announced = news;
    setText(this.#said, [place, message].filter(Boolean).join(". "));
    clearTimeout(this.#timer);
    this.#timer = setTimeout(() => setText(this.#said, ""), SAID_MS);
  }

  /**
   * @param {number | null} position
   * @param {number | null} minutes
   */
  #sentence(position, minutes) {
    const who = position === null ? "line" : position === 1 ? "next" : "number";
    const words = this.#box.dataset[minutes === null ? who : `${who}About`] ?? "";
    return words
      .replace("{position}", () => this.number.format(position ?? 0))
      .replace("{minutes}", () => this.minutes.format(minutes ?? 0));
  }
}
