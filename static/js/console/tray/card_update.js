/**
 * What a message or a mark changes in its card, done here without asking the server for the tray (CON-1): the last line, who waits
 * since when, what is unread, and the card's place. It comes to what `templates/console/tray/_card.html` would say.
 */

import { clockText } from "../../shared/clock.js";
import { Dates } from "../../shared/dates.js";
import { partOf } from "../shell/behaviours.js";
import { clock, me } from "../shell/connection.js";
import { reorderChildren } from "../shell/morph.js";
import { updateTitle } from "../shell/title.js";
import { orderPlaces } from "./card_order.js";
import { keepCardsInPlace } from "./card_position.js";
import { formatRest, parseRest, staysBehind } from "./rest_cards.js";

/** @typedef {import("../../shared/frames.d.ts").MarksFrame} MarksFrame */
/** @typedef {import("../../shared/frames.d.ts").PreviewView} Preview */
/** @typedef {import("../../shared/types.js").Message} Message */
/** @typedef {import("./rest_cards.js").RestCard} RestCard */

/** A badge has room for two digits. */
const MOST_SHOWN = 99;

const dates = new Dates(document.body.dataset.timeZone);
const tray = () => /** @type {HTMLElement} */ (document.getElementById("tray"));

/**
 * Bring a card up to date with a message.
 *
 * @param {HTMLElement} card
 * @param {Message} message
 * @param {Preview} preview
 * @returns {boolean} whether it could be; else the tray is to be fetched
 */
export function updateCard(card, message, preview) {
  if (!isPlain(card.dataset) || message.number !== Number(card.dataset.last) + 1) return false;
  if ((preview.mood ?? "") !== card.dataset.mood) return false;
  card.dataset.last = String(message.number);
  keepCardsInPlace(() => {
    if (message.author?.id === me.id) card.querySelector(".card-draft")?.remove();
    partOf(card, "last-line").textContent = preview.line;
    showTimes(card, preview);
    if (message.side === "customer") showUnread(card, Number(card.dataset.unread) + 1);
    placeCard(card);
  });
  return true;
}

/**
 * Bring a card up to date with how far its agent has read.
 *
 * @param {HTMLElement} card
 * @param {MarksFrame} marks
 * @returns {boolean} whether it could be; else the tray is to be fetched
 */
export function readCard(card, { read }) {
  if (read <= Number(card.dataset.read)) return true;
  const isAll = read >= Number(card.dataset.last);
  if (!isPlain(card.dataset) || (!isAll && Number(card.dataset.unread) > 0)) return false;
  card.dataset.read = String(read);
  keepCardsInPlace(() => {
    showUnread(card, 0);
    placeCard(card);
  });
  return true;
}

/** What is known of the cards that the tray has not brought yet. */
export const restCards = () => parseRest(tray().dataset.rest ?? "");

/**
 * Keep what a message says of a conversation whose card the tray has not brought yet.
 *
 * @param {string} id
 * @param {Message} message
 * @param {Preview} preview
 * @returns {boolean} whether its card stays behind those that are shown; else the tray is to be fetched
 */
export function updateRest(id, message, preview) {
  return changeRest(id, (card) => {
    if (message.number !== card.last + 1 || (preview.mood ?? "") !== card.mood) return false;
    card.last = message.number;
    if (message.side === "customer") card.unread += 1;
    card.waitsSince = waitsSince(preview, card.takenAt);
    return true;
  });
}

/**
 * Keep how far its agent has read in one of them.
 *
 * @param {MarksFrame} marks
 * @returns {boolean} as `updateRest`
 */
export function readRest({ conversation, read }) {
  return changeRest(conversation, (card) => {
    if (read <= card.read) return true;
    if (read < card.last && card.unread > 0) return false;
    card.read = read;
    card.unread = 0;
    return true;
  });
}

/**
 * @param {string} id
 * @param {(card: RestCard) => boolean} change returns whether it could be told
 */
function changeRest(id, change) {
  const rest = restCards();
  const card = rest.get(id);
  if (!card || !isPlain(card)) return false;
  const before = card.unread;
  if (!change(card) || !staysBehind(card, shownPlaces(), tray().dataset.order ?? "")) return false;
  tray().dataset.rest = formatRest(rest);
  countUnread(before, card.unread);
  return true;
}

/** The places of the cards that are shown, but for the one that is open: that is, wherever its place may be. */
function shownPlaces() {
  const open = document.getElementById("workspace")?.dataset.open;
  const cards = /** @type {NodeListOf<HTMLElement>} */ (document.querySelectorAll("#card-list > .card"));
  return [...cards].filter(({ dataset }) => dataset.takenAt && dataset.conversation !== open).map(placeOf);
}

/**
 * Since when a customer waits, in seconds.
 *
 * @param {Preview} preview
 * @param {number} takenAt
 */
const waitsSince = ({ unanswered_since: since }, takenAt) =>
  since ? Math.max(Date.parse(since) / 1000, takenAt) : null;

/**
 * Whether a card says no more than what is known here: one of a mail, of a wrap-up or of a snoozed conversation does, and a filter
 * may be for it or not.
 *
 * @param {{state?: string, channel?: string}} card
 */
function isPlain({ state, channel }) {
  const shown = new URLSearchParams(tray().dataset.view).get("show") ?? "all";
  return state === "active" && channel !== "email" && shown === "all";
}

/**
 * @param {HTMLElement} card
 * @param {Preview} preview
 */
function showTimes(card, preview) {
  const { at } = preview;
  const since = waitsSince(preview, Number(card.dataset.takenAt)) ?? "";
  const wait = /** @type {HTMLTimeElement} */ (card.querySelector("time.wait"));
  const quiet = card.querySelector("time.card-quiet");
  if (String(since) !== card.dataset.waitsSince) {
    card.dataset.waitsSince = String(since);
    wait.dataset.since = since ? String(since * 1000) : "";
    wait.textContent = since ? clockText(clock.now() - since * 1000) : "";
    showStateWords(card);
  }
  if (at && quiet instanceof HTMLTimeElement) {
    quiet.dateTime = at;
    quiet.textContent = dates.time(Date.parse(at));
  }
}

/**
 * In words, for those who rest on the card or have it read to them.
 *
 * @param {HTMLElement} card
 */
function showStateWords(card) {
  if (card.dataset.mark) return;
  const words = partOf(card, "state-words");
  const before = words.textContent ?? "";
  words.textContent = card.dataset.waitsSince ? (tray().dataset.waitingWords ?? "") : "";
  const lines = card.title.split("\n").filter((line) => !before || line !== before);
  // After the name, and the line of channel and queue.
  if (words.textContent) lines.splice(2, 0, words.textContent);
  card.title = lines.join("\n");
}

/**
 * @param {HTMLElement} card
 * @param {number} unread
 */
function showUnread(card, unread) {
  const before = Number(card.dataset.unread);
  card.dataset.unread = String(unread);
  partOf(card, "unread").hidden = unread === 0;
  partOf(card, "unread-count").textContent = unread > MOST_SHOWN ? `${MOST_SHOWN}+` : String(unread);
  countUnread(before, unread);
}

/**
 * One conversation has so much that is unread, and had so much before: the title counts those that have something.
 *
 * @param {number} before
 * @param {number} now
 */
function countUnread(before, now) {
  const change = Number(now > 0) - Number(before > 0);
  if (!change) return;
  tray().dataset.unreadCards = String(Number(tray().dataset.unreadCards) + change);
  updateTitle();
}

/**
 * Let a card go to its place in the list, unless pointer or focus rest there.
 *
 * @param {HTMLElement} card
 */
function placeCard(card) {
  const list = card.parentElement;
  if (list?.id !== "card-list") return;
  const cards = /** @type {HTMLElement[]} */ ([...list.children]);
  const placed = cards.filter(({ dataset }) => dataset.takenAt);
  const order = orderPlaces(placed.map(placeOf), tray().dataset.order ?? "");
  reorderChildren(list, [...cards.filter((each) => !placed.includes(each)).map(({ id }) => id), ...order]);
}

/** @param {HTMLElement} card */
function placeOf({ id, dataset: { state = "", mark = "", unread, waitsSince, takenAt } }) {
  return {
    id,
    state,
    mark,
    unread: Number(unread),
    waitsSince: waitsSince ? Number(waitsSince) : null,
    takenAt: Number(takenAt),
  };
}
