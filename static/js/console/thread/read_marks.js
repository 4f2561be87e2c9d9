/** How far this console has received and read each conversation, told a little later and together (CHAT-4). */

import { connection, onEvent } from "../shell/connection.js";

const TOGETHER_MS = 200;

/** @typedef {{delivered: number, read: number}} Marks */

/** @type {Map<string, Marks>} */
const told = new Map();
/** @type {Map<string, Marks>} */
const waiting = new Map();
/** @type {ReturnType<typeof setTimeout> | undefined} */
let timer;

/**
 * A conversation was received up to this number.
 *
 * @param {string} conversation
 * @param {number} number
 */
export function markDelivered(conversation, number) {
  move(conversation, { delivered: number, read: 0 });
}

/**
 * A conversation was seen up to this number.
 *
 * @param {string} conversation
 * @param {number} number
 */
export function markRead(conversation, number) {
  move(conversation, { delivered: number, read: number });
}

/**
 * @param {string} conversation
 * @param {Marks} marks
 */
function move(conversation, marks) {
  const before = waiting.get(conversation) ?? told.get(conversation) ?? { delivered: 0, read: 0 };
  if (marks.delivered <= before.delivered && marks.read <= before.read) return;
  tellSoon(conversation, {
    delivered: Math.max(marks.delivered, before.delivered),
    read: Math.max(marks.read, before.read),
  });
}

/**
 * @param {string} conversation
 * @param {Marks} marks
 */
function tellSoon(conversation, marks) {
  waiting.set(conversation, marks);
  if (timer === undefined) timer = setTimeout(tell, TOGETHER_MS);
}

function tell() {
  timer = undefined;
  if (connection.state !== "open") return;
  for (const [conversation, marks] of waiting) {
    connection.tell({ type: "mark", conversation, ...marks });
    told.set(conversation, marks);
  }
  waiting.clear();
}

onEvent("welcome", tell);

// Nothing answers a mark. Where the server knows of less than it was told, it was too busy to take it.
onEvent("marks", ({ conversation, side, delivered, read }) => {
  const mine = told.get(conversation);
  if (side !== "agent" || !mine || waiting.has(conversation)) return;
  if (mine.delivered > delivered || mine.read > read) tellSoon(conversation, mine);
});
