/**
 * What brings the server's HTML to life: a behaviour is mounted on each element that matches its selector, and taken down
 * when the element has left the page. `updateBehaviours()` is called after every change of the page's structure.
 */

/**
 * @callback Mount
 * @param {HTMLElement} element
 * @param {AbortSignal} signal aborted when the element has gone; pass it to every listener outside of the element
 */

/** @type {{selector: string, mount: Mount}[]} */
const behaviours = [];
/** @type {Map<Element, Map<Mount, AbortController>>} */
const mounted = new Map();

/**
 * @param {string} selector
 * @param {Mount} mount
 */
export function registerBehaviour(selector, mount) {
  behaviours.push({ selector, mount });
}

/** Take down what has gone, mount what has come. */
export function updateBehaviours() {
  for (const [element, controllers] of mounted) {
    if (element.isConnected) continue;
    mounted.delete(element);
    for (const controller of controllers.values()) controller.abort();
  }
  for (const { selector, mount } of behaviours) {
    for (const element of document.querySelectorAll(selector)) {
      if (element instanceof HTMLElement) mountOnce(element, mount);
    }
  }
}

/**
 * @param {HTMLElement} element
 * @param {Mount} mount
 */
function mountOnce(element, mount) {
  const controllers = mounted.get(element) ?? new Map();
  if (controllers.has(mount)) return;
  const controller = new AbortController();
  controllers.set(mount, controller);
  mounted.set(element, controllers);
  mount(element, controller.signal);
}

/**
 * The part of an element that is marked `data-part="name"`.
 *
 * @param {ParentNode} element
 * @param {string} name
 * @returns {HTMLElement}
 */
export function partOf(element, name) {
  return /** @type {HTMLElement} */ (element.querySelector(`[data-part="${name}"]`));
}
