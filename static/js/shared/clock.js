/**
 * One ticking source for every clock on the page, counted from server time. `<time data-since="…">` counts up from a
 * moment, `<time data-until="…">` down to one; both are RFC 3339 or milliseconds. A count that has run out carries
 * `data-over`. Elements that come later are found at the next tick.
 */

/**
 * A length of time as a clock shows it: `0:07`, `12:30`, `1:02:03`.
 *
 * @param {number} milliseconds
 * @returns {string}
 */
export function clockText(milliseconds) {
  const seconds = Math.max(0, Math.floor(milliseconds / 1000));
  const parts = [Math.floor(seconds / 60) % 60, seconds % 60];
  const hours = Math.floor(seconds / 3600);
  if (hours) parts.unshift(hours);
  return parts.map((part, index) => (index ? String(part).padStart(2, "0") : String(part))).join(":");
}

/**
 * @param {string} text RFC 3339, or milliseconds
 * @returns {number}
 */
export function parseTimestamp(text) {
  return /^\d+(\.\d+)?$/.test(text) ? Number(text) : Date.parse(text);
}

export class Clock {
  /** @type {ReturnType<typeof setTimeout> | undefined} */
  #timer;
  /** @type {Set<(now: number) => void>} */
  #listeners = new Set();

  /**
   * @param {() => number} now server time in milliseconds: `() => connection.now()`
   * @param {ParentNode} [root]
   */
  constructor(now, root = document) {
    this.now = now;
    this.root = root;
  }

  /** Tick every second, and at once when the page wakes up. */
  start() {
    document.addEventListener("visibilitychange", this.#tick);
    this.#tick();
  }

  /** Stand still. */
  stop() {
    document.removeEventListener("visibilitychange", this.#tick);
    clearTimeout(this.#timer);
  }

  /**
   * Call a function at every tick.
   *
   * @param {(now: number) => void} listener
   * @returns {() => void} takes it back
   */
  onTick(listener) {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  }

  /** Bring every clock up to date now, such as after adding one. */
  refresh() {
    const now = this.now();
    for (const element of this.root.querySelectorAll("time[data-since], time[data-until]")) {
      if (element instanceof HTMLElement) show(element, now);
    }
    for (const listener of this.#listeners) listener(now);
  }

  #tick = () => {
    clearTimeout(this.#timer);
    this.refresh();
    // Just past the full second of server time: all clocks turn together, and none skips one.
    this.#timer = setTimeout(this.#tick, 1000 - (this.now() % 1000) + 5);
  };
}

/**
 * @param {HTMLElement} element
 * @param {number} now
 */
function show(element, now) {
  const { since, until } = element.dataset;
  const left = until === undefined ? now - parseTimestamp(since ?? "") : parseTimestamp(until) - now;
  if (Number.isNaN(left)) return;
  // A countdown shows the second that has begun: 0:01 until it is over.
  const text = clockText(until === undefined ? left : Math.ceil(left / 1000) * 1000);
  if (element.textContent !== text) element.textContent = text;
  if (until !== undefined) element.toggleAttribute("data-over", left <= 0);
}
