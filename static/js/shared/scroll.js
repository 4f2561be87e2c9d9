/**
 * Where the reader stands in a list of messages: at its end the list follows what comes; scrolled up it stays where it is,
 * and a chip says that there is something new.
 */

const NEAR_PX = 48;

export class Scroll {
  #following = true;
  /** The heights that were last seen; a scroll that comes with others is not the reader's. */
  #height = 0;
  #clientHeight = 0;

  /**
   * @param {object} options
   * @param {HTMLElement} options.viewport the element that scrolls
   * @param {HTMLElement} options.content what is in it
   * @param {HTMLElement} [options.chip] shown while something new stands below; a click leads there
   * @param {() => void} [options.onTop] the reader is near the beginning: more history may be shown
   * @param {() => void} [options.onEnd] the reader is at the end
   */
  constructor({ viewport, content, chip, onTop, onEnd }) {
    this.viewport = viewport;
    this.chip = chip;
    this.onTop = onTop;
    this.onEnd = onEnd;
    viewport.style.setProperty("overflow-anchor", "none"); // Not every browser anchors; `keep` does it for all.
    viewport.addEventListener("scroll", () => this.#scrolled(), { passive: true });
    chip?.addEventListener("click", () => this.toEnd());
    new ResizeObserver(() => this.#resized()).observe(content);
    new ResizeObserver(() => this.#resized()).observe(viewport);
  }

  /** Whether the newest message is in view. */
  get atEnd() {
    return this.#following;
  }

  /** Whether the oldest message that is shown is in view, or next to it. */
  get atTop() {
    const { scrollTop, scrollHeight, clientHeight } = this.viewport;
    return scrollTop < NEAR_PX && scrollHeight > clientHeight;
  }

  /** Go to the newest message and follow. */
  toEnd() {
    this.#following = true;
    this.viewport.scrollTop = this.viewport.scrollHeight;
    this.#reached();
  }

  /** Something new came: follow it, or show the chip. */
  arrived() {
    if (this.#following) this.toEnd();
    else if (this.chip) this.chip.hidden = false;
  }

  /**
   * Change the content above without moving what the reader looks at.
   *
   * @param {() => void} change
   */
  keep(change) {
    const fromEnd = this.viewport.scrollHeight - this.viewport.scrollTop;
    change();
    this.viewport.scrollTop = this.viewport.scrollHeight - fromEnd;
  }

  #scrolled() {
    const { scrollTop, scrollHeight, clientHeight } = this.viewport;
    const isAtEnd = scrollTop + clientHeight >= scrollHeight - NEAR_PX;
    const isMoved = scrollHeight === this.#height && clientHeight === this.#clientHeight;
    if (isAtEnd || isMoved) this.#following = isAtEnd;
    this.#seen();
    if (this.#following) this.#reached();
    if (this.atTop) this.onTop?.();
  }

  #resized() {
    if (this.#following) this.viewport.scrollTop = this.viewport.scrollHeight;
    this.#seen();
  }

  #seen() {
    this.#height = this.viewport.scrollHeight;
    this.#clientHeight = this.viewport.clientHeight;
  }

  #reached() {
    if (this.chip) this.chip.hidden = true;
    this.onEnd?.();
  }
}
