/** The order of the cards in the tray, as the server has it (`cards_in_order` in apps/console/tray/selectors/cards.py, CON-1). */

/**
 * @typedef {object} Place what a card's place hangs on
 * @property {string} id
 * @property {string} state
 * @property {string} mark
 * @property {number} unread
 * @property {number | null} waitsSince in seconds, as all times here; null where nobody waits for an answer
 * @property {number} takenAt
 */

/** @typedef {(one: Place, other: Place) => number} Compare */

/** @type {Compare} */
const oldestFirst = (one, other) => one.takenAt - other.takenAt || (one.id < other.id ? -1 : 1);

/** @type {Record<string, Compare>} */
const ORDERS = {
  need: (one, other) => {
    const [need, others] = [needOf(one), needOf(other)];
    if (need !== others) return need - others;
    if (need === CALM) return oldestFirst(other, one);
    return ageOf(one) - ageOf(other) || oldestFirst(other, one);
  },
  waiting: (one, other) => longest(one) - longest(other) || oldestFirst(one, other),
  oldest: oldestFirst,
  latest: (one, other) => oldestFirst(other, one),
};

const CALM = 3;

/** @param {Place} place */
function needOf({ mark, state, waitsSince, unread }) {
  if (mark === "overdue") return 0;
  if (mark === "due") return 1;
  return state === "active" && (waitsSince !== null || unread > 0) ? 2 : CALM;
}

/** @param {Place} place */
const ageOf = ({ waitsSince, takenAt }) => Math.max(waitsSince ?? 0, takenAt);

/** @param {Place} place */
const longest = ({ waitsSince }) => waitsSince ?? Number.MAX_VALUE;

/**
 * @param {Place[]} places
 * @param {string} order one of the tray's orders
 * @returns {string[]} their ids, in that order
 */
export function orderPlaces(places, order) {
  return [...places].sort(ORDERS[order] ?? ORDERS.need).map(({ id }) => id);
}
