/**
 * One line that says how the connection is (CHAT-4): lost, with the time to the next attempt; coming back; back again.
 */

import { setText } from "../shared/dom.js";
import { byId, formatSentence } from "./dom.js";

/** @typedef {import("../shared/clock.js").Clock} Clock */
/** @typedef {import("../shared/socket.js").State} State */

const SLOW_MS = 2500;
const BACK_MS = 3000;

export class Banner {
  #box = byId("banner", HTMLElement);
  #text = byId("banner-text", HTMLElement);
  #until = byId("banner-until", HTMLTimeElement);
  #retry = byId("retry", HTMLButtonElement);
  #wasLost = false;
  /** @type {ReturnType<typeof setTimeout> | undefined} */
  #timer;

  /**
   * @param {Clock} clock
   * @param {() => void} onRetry
   */
  constructor(clock, onRetry) {
    this.clock = clock;
    this.#retry.addEventListener("click", onRetry);
  }

  /**
   * @param {State} state
   * @param {number | null} retryAt milliseconds of server time
   */
  show(state, retryAt) {
    clearTimeout(this.#timer);
    this.#box.dataset.state = state;
    this.#count(state === "closed" ? retryAt : null);
    if (state === "open") this.#back();
    else if (state === "connecting" && !this.#wasLost) this.#timer = setTimeout(() => this.#say("connecting"), SLOW_MS);
    else this.#say(state === "refused" ? "refused" : state === "closed" ? "lost" : "connecting");
    if (state === "closed") this.#wasLost = true;
  }

  #back() {
    if (!this.#wasLost) {
      this.#box.hidden = true;
      return;
    }
    this.#wasLost = false;
    this.#say("back");
    this.#timer = setTimeout(() => {
      this.#box.hidden = true;
    }, BACK_MS);
  }

  /** @param {string} word */
  #say(word) {
    setText(this.#text, formatSentence(this.#box, word));
    this.#box.hidden = false;
  }

  /** @param {number | null} retryAt */
  #count(retryAt) {
    this.#until.hidden = this.#retry.hidden = retryAt === null;
    if (retryAt === null) {
      delete this.#until.dataset.until;
      return;
    }
    this.#until.dataset.until = String(Math.round(retryAt));
    this.clock.refresh();
  }
}
