/** What this person prefers on this browser. */

const KEY = "parley.console";

/** @type {Record<string, boolean>} */
const DEFAULTS = {
  shortcuts: true,
  sound: true,
  repeats: true,
  alerts: false,
  alertsHintDone: false,
  keepsUnsent: false,
  queuesOpen: true,
};

/** @returns {Record<string, boolean>} */
function read() {
  try {
    return { ...DEFAULTS, ...JSON.parse(localStorage.getItem(KEY) ?? "{}") };
  } catch {
    return { ...DEFAULTS };
  }
}

const values = read();

/**
 * @param {string} name
 * @returns {boolean}
 */
export function readSetting(name) {
  return values[name] ?? false;
}

/**
 * @param {string} name
 * @param {boolean} value
 */
export function writeSetting(name, value) {
  values[name] = value;
  try {
    localStorage.setItem(KEY, JSON.stringify(values));
  } catch {
    // Storage is blocked: the choice lasts as long as the page.
  }
}
