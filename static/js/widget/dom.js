/**
 * The elements of the frame, found once, of the type they must have.
 */

/**
 * @template {HTMLElement} T
 * @param {string} id
 * @param {new () => T} type
 * @returns {T}
 */
export function byId(id, type) {
  const element = document.getElementById(id);
  if (!(element instanceof type)) throw new Error(`no #${id}`);
  return element;
}

/**
 * A sentence from an element's `data-…` words, with a name in it.
 *
 * @param {HTMLElement} element
 * @param {string} word
 * @param {string} [name]
 */
export function formatSentence(element, word, name = "") {
  return (element.dataset[word] ?? "").replace("{name}", () => name);
}
