/**
 * What stays where it is, and what is brought in sight (CON-1). While the pointer rests on the cards they stay where they are on the
 * screen, whatever comes or goes above them; the card of what was just opened is in sight, wherever its place in the list is: the
 * style sheet keeps it at the edge of the list, and where nobody is about to click, the list is scrolled to it.
 */

const cards = () => document.getElementById("cards");
const resting = () => /** @type {HTMLElement | null} */ (document.querySelector(".card-list:hover"));

/** Room above and below the cards, in pixels, for as long as the pointer rests on them. */
const spare = { above: 0, below: 0 };

/**
 * Change something on the page, and keep the cards under the pointer where they are.
 *
 * @template T
 * @param {() => T} change
 * @returns {T}
 */
export function stayPut(change) {
  const list = resting();
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
  const most = scroller.scrollHeight - scroller.clientHeight;
  if (wanted < 0) spare.above -= wanted;
  if (wanted > most) spare.below += wanted - most;
  makeRoom(scroller);
  scroller.scrollTop = wanted;
  list.addEventListener("pointerleave", release, { once: true });
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
export function bringInSight(card) {
  const folded = card.closest("details");
  if (folded) folded.open = true;
  if (resting() && isInSight(card)) return;
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
