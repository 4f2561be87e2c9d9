/**
 * htmx, loaded as a script of its own before this one, and as much of its types as is used here.
 *
 * @typedef {{target: string, swap: string, push?: string, replace?: string, source?: string, select?: string,
 *   values?: Record<string, any>, headers?: Record<string, string>}} Wanted
 * @typedef {object} Htmx
 * @property {(method: string, address: string, options: Wanted) => Promise<void>} ajax
 * @property {(name: string, extension: Record<string, any>) => void} defineExtension
 * @property {(element: Element) => void} process
 */

/**
 * What a page asks for by itself, and will ask for again: a server that has too much to do puts it off soon
 * (apps/core/request_limit.py).
 */
export const BACKGROUND = { "Parley-Background": "yes" };

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
