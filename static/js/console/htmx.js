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
