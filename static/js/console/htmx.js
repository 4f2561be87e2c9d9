/**
 * htmx, loaded as a script of its own before this one, and as much of its types as is used here.
 *
 * @typedef {object} Htmx
 * @property {(method: string, address: string, options: {target: string, swap: string, push?: string, source?: Element | string}) => Promise<void>} ajax
 * @property {(name: string, extension: Record<string, any>) => void} defineExtension
 * @property {(element: Element) => void} process
 */

/** @type {Htmx} */
export const htmx = /** @type {any} */ (globalThis).htmx;

/**
 * Fetch a part of the page. It is asked for in its own name: of what is asked for in the page's name htmx forgets all but the
 * last while something is on its way.
 *
 * @param {string} address
 * @param {{target: string, swap: string, push?: string}} options `target` is the part, by its id
 * @returns {Promise<void>} rejected when it could not be had
 */
export function fetchPart(address, options) {
  return htmx.ajax("GET", address, { source: options.target, ...options });
}
