/**
 * Dates and times as this browser writes them: the same shapes as the server's (`apps/core/dates.py`), which renders them by
 * the browser's own first language.
 */

/** What the server can write, too. */
const SAME = { calendar: "gregory", numberingSystem: "latn" };

export class Dates {
  /**
   * @param {string} [timeZone] the browser's own by default
   * @param {string} [locale]
   */
  constructor(timeZone, locale = navigator.language) {
    /** @param {Intl.DateTimeFormatOptions} options */
    const format = (options) => new Intl.DateTimeFormat(locale, { ...SAME, timeZone, ...options });
    /** @type {Intl.DateTimeFormatOptions} */
    const day = { day: "numeric", month: "short" };
    this.clock = format({ timeStyle: "short" });
    this.thisYear = format(day);
    this.anyYear = format({ ...day, year: "numeric" });
    this.whole = format({ ...day, year: "numeric", weekday: "short" });
    this.joined = joining(format({ dateStyle: "medium", timeStyle: "short" }));
    /** Days are told apart by it, never shown. */
    this.key = new Intl.DateTimeFormat("en-CA", { timeZone, dateStyle: "short" });
  }

  /** @param {number} at in milliseconds, as everywhere here */
  time(at) {
    return this.clock.format(at);
  }

  /**
   * Day and time; the year where it is not this one.
   *
   * @param {number} at
   */
  moment(at) {
    const isThisYear = this.dayOf(at).slice(0, 4) === this.dayOf(Date.now()).slice(0, 4);
    return this.joined((isThisYear ? this.thisYear : this.anyYear).format(at), this.time(at));
  }

  /**
   * The time alone if it is today, else day and time.
   *
   * @param {number} at
   * @param {number} [now]
   */
  short(at, now = Date.now()) {
    return this.dayOf(at) === this.dayOf(now) ? this.time(at) : this.moment(at);
  }

  /**
   * With weekday and year, whenever it was.
   *
   * @param {number} at
   */
  full(at) {
    return this.joined(this.whole.format(at), this.time(at));
  }

  /**
   * The day that a moment belongs to, to compare it with another's.
   *
   * @param {number} at
   */
  dayOf(at) {
    return this.key.format(at);
  }
}

/**
 * How a language puts a day and a time together. Asked for both at once, Intl writes some times otherwise than alone.
 *
 * @param {Intl.DateTimeFormat} both
 * @returns {(day: string, time: string) => string}
 */
function joining(both) {
  const parts = both.formatToParts(0);
  const time = parts.findIndex(({ type }) => type === "hour" || type === "dayPeriod");
  const day = parts.findIndex(({ type }) => type === "day" || type === "month" || type === "year");
  // Some end a year by a word, which the day alone has got already.
  const [between] = parts[Math.max(time, day) - 1].value.match(/[,،]?\s*$/) ?? [" "];
  return (dayText, timeText) => (day < time ? dayText + between + timeText : timeText + between + dayText);
}

/**
 * Write what a `<time datetime data-short>` stands for, and in full what it says to whoever points at it.
 *
 * @param {HTMLTimeElement} time
 * @param {Dates} dates
 */
export function renderTime(time, dates) {
  const at = Date.parse(time.dateTime);
  const text = dates.short(at);
  if (time.textContent !== text) time.textContent = text;
  time.title = dates.full(at);
}

/**
 * At midnight what was today's gets its day. Call the function that this returns at every tick of a clock.
 *
 * @param {Dates} dates
 * @returns {(now: number) => void}
 */
export function atMidnight(dates) {
  let day = dates.dayOf(Date.now());
  return (now) => {
    if (dates.dayOf(now) === day) return;
    day = dates.dayOf(now);
    for (const time of document.querySelectorAll("time[data-short]")) {
      if (time instanceof HTMLTimeElement) renderTime(time, dates);
    }
  };
}
