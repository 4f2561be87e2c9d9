/**
 * htmx, loaded as a script of its own before this one, and as much of its types as is used here.
 *
 * @typedef {{target: string, swap: string, push?: string, replace?: string, source?: string, select?: string,
 *   values?: Record<string, any>}} Wanted
 * @typedef {object} Htmx
 * @property {(method: string, address: string, options: Wanted) => Promise<void>} ajax
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
 * @param {Wanted} wanted `target` is the part, by its id; `source` in whose name else it is asked for
 * @returns {Promise<void>} rejected when it could not be had
 */
export function fetchPart(address, wanted) {
  return htmx.ajax("GET", address, { source: wanted.target, ...wanted });
}
