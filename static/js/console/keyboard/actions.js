/**
 * What an agent can do here, by name: by a key (keyboard.js) or from the palette. The names and their words are the server's
 * (apps/console/keyboard/shortcuts.py). An action is the button (or the field to go to)
 * that is marked `data-action="name"`, or what a module registers here.
 */

/**
 * @typedef {object} Action
 * @property {() => void} run
 * @property {() => boolean} [can] whether it is possible now; always, when not given
 */

/** @type {Map<string, Action>} */
const actions = new Map();

/**
 * Say how an action is done that is more than a click on its button.
 *
 * @param {string} name
 * @param {Action} how
 */
export function registerAction(name, how) {
  actions.set(name, how);
}

/** @param {string} name */
export function isActionAvailable(name) {
  const registered = actions.get(name);
  return registered ? (registered.can?.() ?? true) : buttonOf(name) !== undefined;
}

/**
 * Do it, if it is possible now.
 *
 * @param {string} name
 * @returns {boolean} whether it was
 */
export function performAction(name) {
  if (!isActionAvailable(name)) return false;
  const registered = actions.get(name);
  const button = registered ? undefined : buttonOf(name);
  registered?.run();
  if (button?.matches("input, textarea, summary")) button.focus();
  // What was searched for before gives way to what is typed now.
  if (button instanceof HTMLInputElement) button.select();
  if (!button?.matches("input, textarea")) button?.click();
  return true;
}

/**
 * The first button for it that can be seen and pressed.
 *
 * @param {string} name
 * @returns {HTMLElement | undefined}
 */
function buttonOf(name) {
  const all = document.querySelectorAll(`[data-action="${CSS.escape(name)}"]`);
  const usable = [...all].filter((button) => button instanceof HTMLElement && isUsable(button));
  // Where there is no room for it, it is an item of a menu.
  const found = usable.find((button) => button.checkVisibility()) ?? usable.find(isInMenu);
  return found instanceof HTMLElement ? found : undefined;
}

/** @param {HTMLElement} button */
function isUsable(button) {
  return !button.matches(":disabled, [aria-disabled=true]") && !button.closest("[inert]");
}

/** @param {Element} button */
function isInMenu(button) {
  return button.closest("details[data-menu]:not([open])")?.checkVisibility() ?? false;
}
