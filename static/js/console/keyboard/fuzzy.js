/** Finds words by some of their letters. */

/**
 * How well a search fits a text: its beginning, the beginning of a word, somewhere, or at least its letters in their order.
 *
 * @param {string} q as `normalizeText` makes it
 * @param {string} text as `normalizeText` makes it
 * @returns {number} the more the better; below zero it does not fit
 */
export function matchScore(q, text) {
  if (!q || text.startsWith(q)) return 3;
  if (text.includes(` ${q}`)) return 2;
  if (text.includes(q)) return 1;
  let at = -1;
  for (const letter of q.replaceAll(" ", "")) {
    at = text.indexOf(letter, at + 1);
    if (at < 0) return -1;
  }
  return 0;
}

/**
 * Text without case and accents.
 *
 * @param {string} text
 */
export function normalizeText(text) {
  return text.normalize("NFKD").replace(/\p{M}/gu, "").toLowerCase().replace(/\s+/g, " ").trim();
}
