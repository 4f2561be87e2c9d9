/** What is written, as it can be sent. */

/**
 * Text without half characters: a surrogate that has lost its other half, as when a field cuts an emoji in two, is no text that
 * a server could keep, and stands as U+FFFD. What `toWellFormed()` does, in browsers that have none, too.
 *
 * @param {string} text
 * @returns {string}
 */
export function wellFormed(text) {
  return text.replace(/\p{Surrogate}/gu, "\uFFFD");
}
