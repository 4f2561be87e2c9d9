/**
 * Conversations whose cards a long tray has not brought yet (CON-1): what is known of each, told by the tray as
 * `id:last:read:unread:state:channel:mood:mark:takenAt:waitsSince`. What a message or a mark changes in one is kept here; the tray is
 * fetched only where its card would now stand among those that are shown.
 */

import { orderPlaces } from "./card_order.js";

/** @typedef {import("./card_order.js").Place} Place */

/**
 * @typedef {Place & {last: number, read: number, channel: string, mood: string}} RestCard
 *   `last` is the highest number that the conversation had, `read` how far its agent has read
 */

/**
 * Those of a tray, by their conversations.
 *
 * @param {string} told
 * @returns {Map<string, RestCard>}
 */
export function parseRest(told) {
  const cards = told.split(" ").filter(Boolean).map(parseCard);
  return new Map(cards.map((card) => [card.id, card]));
}

/** @param {string} told */
function parseCard(told) {
  const [id, last, read, unread, state, channel, mood, mark, takenAt, waitsSince] = told.split(":");
  const numbers = { last: Number(last), read: Number(read), unread: Number(unread), takenAt: Number(takenAt) };
  return { id, state, channel, mood, mark, ...numbers, waitsSince: waitsSince ? Number(waitsSince) : null };
}

/**
 * The same as the tray tells it.
 *
 * @param {Map<string, RestCard>} cards
 */
export function formatRest(cards) {
  return [...cards.values()].map(formatCard).join(" ");
}

/** @param {RestCard} card */
function formatCard({ id, last, read, unread, state, channel, mood, mark, takenAt, waitsSince }) {
  return [id, last, read, unread, state, channel, mood, mark, takenAt, waitsSince ?? ""].join(":");
}

/**
 * Whether a card still comes after all that are shown.
 *
 * @param {RestCard} card
 * @param {Place[]} shown
 * @param {string} order one of the tray's orders
 */
export function staysBehind(card, shown, order) {
  return orderPlaces([...shown, card], order).at(-1) === card.id;
}
