/**
 * Makes what is on the page equal to what the server sent, changing only what differs: elements with the same id stay the
 * same elements, so focus, scroll positions and open menus stay too. An element with `data-keep` is left alone while the
 * new one has the same value there; one of another conversation (`data-conversation`) is another element. One with
 * `data-holds`, a selector, is left alone while such a form is open in it and not sent. In a list with `data-still` nothing moves under the pointer or the focus: what has gone stays, marked
 * `data-gone`, what is new comes last, and the order stays as it is until pointer and focus have left. A new value of
 * `data-still` says that something else is to be seen: then it moves at once.
 */

import { isPointerOver, keepCardsInPlace, LEFT } from "../tray/card_position.js";

/** Attributes that scripts own. */
const OURS = new Set([
  "aria-busy",
  "aria-valuemax",
  "aria-valuemin",
  "aria-valuenow",
  "data-dragging",
  "data-soon",
  "data-typing",
  "stroke-dashoffset",
  "style",
]);

/** Of a button whose form was submitted and not answered yet. */
const WAITS = "data-disabled-by-htmx";

/** How pointer and focus leave a list. */
const LEAVING = [LEFT, "focusout"];

/**
 * @param {Element} from on the page
 * @param {Element} to from the server; its parts may be moved to the page
 * @returns {Element} the one on the page now
 */
export function morph(from, to) {
  if (!isSame(from, to)) {
    from.replaceWith(to);
    return to;
  }
  const keep = to.getAttribute("data-keep");
  if (keep !== null && keep === from.getAttribute("data-keep")) return from;
  const runs = from.matches("time[data-since], time[data-until]");
  const held = isHeld(from) && from.getAttribute("data-still") === to.getAttribute("data-still");
  morphAttributes(from, to);
  if (!runs) morphChildren(from, to, held);
  return from;
}

/**
 * @param {Element} from
 * @param {Element} to
 */
function isSame(from, to) {
  return (
    from.tagName === to.tagName &&
    from.id === to.id &&
    from.getAttribute("data-keep") === to.getAttribute("data-keep") &&
    from.getAttribute("data-conversation") === to.getAttribute("data-conversation") &&
    from.matches("time[data-since], time[data-until]") === to.matches("time[data-since], time[data-until]")
  );
}

/**
 * Whether somebody is writing in it, about the same thing. Once that is sent, its answer may be any part of the page.
 *
 * @param {Element} from
 * @param {Element} to
 */
function holds(from, to) {
  const selector = from.getAttribute("data-holds");
  if (!selector || from.getAttribute("data-address") !== to.getAttribute("data-address")) return false;
  return from.querySelector(`${selector}:not(:has([${WAITS}]))`) !== null;
}

/**
 * @param {Element} from
 * @param {Element} to
 */
function morphAttributes(from, to) {
  const opens = from.tagName === "DETAILS" || from.tagName === "DIALOG";
  // What htmx has disabled until an answer comes stays so.
  const waits = from.hasAttribute(WAITS);
  for (const { name, value } of to.attributes) {
    if (OURS.has(name) || (opens && name === "open")) continue;
    if (from.getAttribute(name) !== value) from.setAttribute(name, value);
  }
  for (const { name } of [...from.attributes]) {
    if (to.hasAttribute(name) || OURS.has(name) || (opens && name === "open")) continue;
    if (waits && (name === "disabled" || name === WAITS)) continue;
    from.removeAttribute(name);
  }
}

/**
 * @param {Element} from
 * @param {Element} to
 * @param {boolean} held whether nothing in it may move now
 */
function morphChildren(from, to, held) {
  const sent = [...to.childNodes];
  const wanted = held ? asTheyStand(from, sent) : sent;
  if (held) settleLater(from, sent.map(idOf));
  else orders.delete(from);
  dropMissing(from, new Set(wanted.map(idOf).filter(Boolean)), held);
  const byId = new Map([...from.children].filter((child) => child.id).map((child) => [child.id, child]));
  let current = next(from.firstChild);
  for (const node of wanted) {
    const known = byId.get(idOf(node));
    if (known) {
      // Text in its way goes, and comes again: an element that is moved loses the pointer, and where it was scrolled to.
      while (current && current !== known && !(current instanceof Element)) {
        const following = next(current.nextSibling);
        current.remove();
        current = following;
      }
      if (known === current) current = next(known.nextSibling);
      else from.insertBefore(known, current);
      if (!holds(known, /** @type {Element} */ (node))) morph(known, /** @type {Element} */ (node));
    } else if (current && !idOf(current) && current.nodeType === node.nodeType && current.nodeName === node.nodeName) {
      const following = next(current.nextSibling);
      morphNode(current, node);
      current = following;
    } else {
      from.insertBefore(node, current);
    }
  }
  while (current) {
    const following = next(current.nextSibling);
    current.parentNode?.removeChild(current);
    current = following;
  }
}

/** @param {Element} list */
function isHeld(list) {
  return list.hasAttribute("data-still") && (isPointerOver(list) || list.matches(":focus-within"));
}

/**
 * What the server sent, in the order in which it stands on the page; what is new comes last.
 *
 * @param {Element} list
 * @param {ChildNode[]} sent
 * @returns {ChildNode[]}
 */
function asTheyStand(list, sent) {
  const places = new Map([...list.children].map((child, place) => [child.id, place]));
  const place = (/** @type {Node} */ node) => places.get(idOf(node)) ?? Number.POSITIVE_INFINITY;
  const rows = sent.filter(idOf);
  return rows.sort((one, other) => (place(one) === place(other) ? 0 : place(one) - place(other)));
}

/**
 * Bring the children of a list into this order: at once, or once pointer and focus have left it.
 *
 * @param {Element} list
 * @param {string[]} order the ids of all of them
 */
export function reorderChildren(list, order) {
  if (isHeld(list)) {
    settleLater(list, order);
    return;
  }
  orders.delete(list);
  const byId = new Map([...list.children].map((child) => [child.id, child]));
  let current = list.firstElementChild;
  for (const id of order) {
    const child = byId.get(id);
    if (child === current) current = current?.nextElementSibling ?? null;
    else if (child) list.insertBefore(child, current);
  }
}

/** @type {WeakMap<Element, string[]>} */
const orders = new WeakMap();

/**
 * Bring a list into this order once pointer and focus have left it.
 *
 * @param {Element} list
 * @param {string[]} order
 */
function settleLater(list, order) {
  const waits = orders.has(list);
  orders.set(list, order);
  if (waits) return;
  const settle = () => {
    // The focus is between two elements while the event is told.
    setTimeout(() => {
      if (isHeld(list)) return;
      for (const type of LEAVING) list.removeEventListener(type, settle);
      const wanted = orders.get(list);
      // Nothing is left to do where the list was brought up to date meanwhile.
      if (!wanted) return;
      orders.delete(list);
      for (const gone of list.querySelectorAll(":scope > [data-gone]")) gone.remove();
      const byId = new Map([...list.children].map((child) => [child.id, child]));
      list.append(...wanted.flatMap((id) => byId.get(id) ?? []));
    });
  };
  for (const type of LEAVING) list.addEventListener(type, settle);
}

/**
 * @param {Node} from
 * @param {Node} to
 */
function morphNode(from, to) {
  if (from instanceof Element) morph(from, /** @type {Element} */ (to));
  else if (from.nodeValue !== to.nodeValue) from.nodeValue = to.nodeValue;
}

/**
 * Remove the children with an id that the server no longer has, or mark them while their list is held.
 *
 * @param {Element} parent
 * @param {Set<string>} wanted
 * @param {boolean} held
 */
function dropMissing(parent, wanted, held) {
  for (const child of [...parent.children]) {
    if (!child.id || wanted.has(child.id)) {
      child.removeAttribute("data-gone");
      child.removeAttribute("inert");
    } else if (held) {
      child.setAttribute("data-gone", "");
      child.setAttribute("inert", "");
    } else {
      child.remove();
    }
  }
}

/**
 * The node itself or the first after it that has not gone.
 *
 * @param {ChildNode | null} node
 * @returns {ChildNode | null}
 */
function next(node) {
  let found = node;
  while (found instanceof Element && found.hasAttribute("data-gone")) found = found.nextSibling;
  return found;
}

/** @param {Node} node */
function idOf(node) {
  return node instanceof Element ? node.id : "";
}

/** The htmx extension `morph`: `hx-swap="morph"`. */
export const extension = {
  /** @param {string} style */
  isInlineSwap: (style) => style === "morph",
  /**
   * @param {string} style
   * @param {Element} target
   * @param {DocumentFragment} fragment
   */
  handleSwap(style, target, fragment) {
    if (style !== "morph" || !fragment.firstElementChild) return false;
    const wanted = fragment.firstElementChild;
    return [keepCardsInPlace(() => morph(target, wanted))];
  },
};
