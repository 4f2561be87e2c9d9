/**
 * What stays where it is, and what is brought in sight (CON-1). While the pointer rests on the cards they stay where they are on the
 * screen, whatever comes or goes above them; the card of what was just opened is in sight, wherever its place in the list is: the
 * style sheet keeps it at the edge of the list, and where nobody is about to click, the list is scrolled to it.
 */

const cards = () => document.getElementById("cards");

/** Told to a list when the pointer has moved away from it. */
export const LEFT = "pointer:left";

/**
 * The list on which the pointer came to rest. It rests there until it is moved: that something else comes to lie under it, such
 * as an offer, is no move.
 *
 * @type {HTMLElement | null}
 */
let resting = null;
let place = "";

/** @param {Element | null} on */
function rest(on) {
  if (on === resting) return;
  const left = resting;
  resting = on instanceof HTMLElement ? on : null;
  left?.dispatchEvent(new Event(LEFT));
}

document.addEventListener("pointermove", ({ target, clientX, clientY, pointerType }) => {
  // Chromium tells of moves, too, when it is the page that has moved.
  const here = `${clientX} ${clientY}`;
  if (here === place || pointerType === "touch") return;
  place = here;
  rest(target instanceof Element ? target.closest("[data-still]") : null);
});
document.documentElement.addEventListener("pointerleave", () => rest(null));

/**
 * Whether the pointer rests on a list.
 *
 * @param {Element} list
 */
export const isPointerOver = (list) => list === resting && list.isConnected;

/** Room above and below the cards, in pixels, for as long as the pointer rests on them. */
const spare = { above: 0, below: 0 };

/**
 * Change something on the page, and keep the cards under the pointer where they are.
 *
 * @template T
 * @param {() => T} change
 * @returns {T}
 */
export function keepCardsInPlace(change) {
  const list = resting;
  const before = list?.getBoundingClientRect().top ?? 0;
  const result = change();
  const scroller = cards();
  if (list?.isConnected && scroller) shift(scroller, list, list.getBoundingClientRect().top - before);
  return result;
}

/**
 * @param {HTMLElement} scroller
 * @param {HTMLElement} list
 * @param {number} moved how far down it has come
 */
function shift(scroller, list, moved) {
  if (Math.abs(moved) < 1) return;
  const wanted = scroller.scrollTop + moved;
  if (wanted < 0) spare.above -= wanted;
  makeRoom(scroller);
  scroller.scrollTop = wanted;
  // Twice: where the cards leave room empty, that is filled first.
  for (const _round of [1, 2]) {
    spare.below += Math.max(0, wanted - scroller.scrollTop);
    makeRoom(scroller);
    scroller.scrollTop = wanted;
  }
  list.addEventListener(LEFT, release, { once: true });
}

/** @param {HTMLElement} scroller */
function makeRoom(scroller) {
  scroller.style.setProperty("--above", `${spare.above}px`);
  scroller.style.setProperty("--below", `${spare.below}px`);
}

function release() {
  spare.above = 0;
  spare.below = 0;
  cards()?.removeAttribute("style");
}

/**
 * Bring a card in sight: to its own place, or to the edge of the list while the pointer rests on it.
 *
 * @param {HTMLElement} card
 */
export function scrollToCard(card) {
  const folded = card.closest("details");
  if (folded) folded.open = true;
  if (resting?.isConnected && isInSight(card)) return;
  card.toggleAttribute("data-placing", true);
  card.scrollIntoView({ block: "nearest" });
  card.toggleAttribute("data-placing", false);
}

/** @param {HTMLElement} card */
function isInSight(card) {
  const { top, bottom } = card.getBoundingClientRect();
  const frame = cards()?.getBoundingClientRect();
  return frame !== undefined && top >= frame.top && bottom <= frame.bottom;
}
