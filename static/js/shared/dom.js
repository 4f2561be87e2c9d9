/** The elements that the server or a template has made, and what they say. */

/**
 * The part of an element that is marked `data-part="name"`, if it has one.
 *
 * @param {ParentNode} element
 * @param {string} name
 * @returns {HTMLElement | null}
 */
export function findPart(element, name) {
  return element.querySelector(`[data-part="${name}"]`);
}

/**
 * Change an element's text, without disturbing screen readers or what is selected when it says the same.
 *
 * @param {HTMLElement | null} element
 * @param {string} text
 */
export function setText(element, text) {
  if (element && element.textContent !== text) element.textContent = text;
}
