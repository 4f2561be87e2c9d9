/**
 * The tray is the server's: when it is out of date it is fetched again, a few times a second at most, and laid over what is there
 * so that neither focus nor order is disturbed. What comes often is done here: messages and marks (card_update.js), typing, and what
 * was received.
 */

import { TypingWatch } from "../../shared/typing.js";
import { announceText } from "../shell/announce.js";
import { registerBehaviour } from "../shell/behaviours.js";
import { emitEvent, onEvent, syncState } from "../shell/connection.js";
import { BACKGROUND, fetchPart } from "../shell/htmx.js";
import { markDelivered } from "../thread/read_marks.js";
import { scrollToCard } from "./card_position.js";
import { readCard, readRest, restCards, updateCard, updateRest } from "./card_update.js";

const TOGETHER_MS = 120;
const EVERY_MS = 400;
/** Of so many cards a `sync` says how far they are. */
const MOST_TOLD = 1000;

/** @type {ReturnType<typeof setTimeout> | undefined} */
let timer;
let fetchedAt = 0;
let isFetching = false;
let pressed = false;

const tray = () => /** @type {HTMLElement} */ (document.getElementById("tray"));
const openId = () => document.getElementById("workspace")?.dataset.open ?? "";

syncState.digest = () => tray().dataset.digest ?? "";
syncState.cards = () => {
  const cards = /** @type {HTMLElement[]} */ ([...document.querySelectorAll("#cards .card")]);
  const shown = cards.map(({ dataset }) => [dataset.conversation ?? "", Number(dataset.last)]);
  const rest = [...restCards().values()].map(({ id, last }) => [id, last]);
  return Object.fromEntries([...shown, ...rest].slice(0, MOST_TOLD));
};

/** The tray no longer shows the truth: fetch it soon. */
export function markTrayStale() {
  if (timer !== undefined) return;
  timer = setTimeout(fetchTray, Math.max(TOGETHER_MS, fetchedAt + EVERY_MS - Date.now()));
}

async function fetchTray() {
  timer = undefined;
  // One at a time: what htmx puts in a queue nobody hears of when it fails.
  if (pressed || isFetching) {
    markTrayStale();
    return;
  }
  fetchedAt = Date.now();
  isFetching = true;
  try {
    await fetchPart(`${tray().dataset.address}?open=${openId()}`, {
      target: "#tray",
      swap: "morph",
      headers: BACKGROUND,
    });
  } catch {
    // The next sync finds it out of date still.
  }
  isFetching = false;
}

let opened = "";
let asked = "";

/** Mark the card of the conversation that is open, before the server does; one that was just opened is brought in sight. */
export function markOpenCard() {
  for (const link of document.querySelectorAll("#cards .card-link")) {
    const isOpen = link.id === `open-${openId()}`;
    if (isOpen) link.setAttribute("aria-current", "true");
    else link.removeAttribute("aria-current");
  }
  const id = openId();
  if (id === opened) return;
  const card = document.getElementById(`card-${id}`);
  if (card) scrollToCard(card);
  // Opened from elsewhere while a filter leaves it out: the tray brings it, if it is one's own.
  else if (id && id !== asked) markTrayStale();
  asked = id;
  if (card || !id) opened = id;
}

/** The cards' links, in order. */
export function cardLinks() {
  const links = [...document.querySelectorAll("#cards .card:not([data-gone]) .card-link")];
  // Those of a list that is folded up are passed over.
  return links.filter((link) => link instanceof HTMLElement).filter((link) => link.checkVisibility());
}

export const typing = new TypingWatch((conversation, names) => {
  document.getElementById(`card-${conversation}`)?.toggleAttribute("data-typing", names.length > 0);
  emitEvent({ type: "typing.now", conversation, name: names[0] ?? "" });
});

const STALE = /** @type {const} */ (["clock", "stale", "status"]);
for (const type of STALE) onEvent(type, markTrayStale);

onEvent("conversation", ({ conversation: { id, version, state } }) => {
  const card = document.getElementById(`card-${id}`);
  // The answer to this page's own click may have brought it already.
  const isShown = card ? Number(card.dataset.version) >= version : state === "closed";
  if (!isShown) markTrayStale();
});

onEvent("message", (frame) => {
  const { conversation, message, preview } = frame;
  if (message.side === "customer") {
    markDelivered(conversation, message.number);
    if (conversation !== openId()) tellOf(conversation);
  }
  if (message.side !== "agent") typing.clear(conversation);
  const card = document.getElementById(`card-${conversation}`);
  // Without a preview it was asked for: its frame comes yet, or the sync that brought it says that the tray is stale.
  const known = card ? Number(card.dataset.last) : (restCards().get(conversation)?.last ?? 0);
  if (!preview || known >= message.number) return;
  const isTold = card ? !pressed && updateCard(card, message, preview) : updateRest(conversation, message, preview);
  if (!isTold) markTrayStale();
});

onEvent("marks", (marks) => {
  if (marks.side !== "agent") return;
  const card = document.getElementById(`card-${marks.conversation}`);
  const isTold = card ? !pressed && readCard(card, marks) : !restCards().has(marks.conversation) || readRest(marks);
  if (!isTold) markTrayStale();
});

onEvent("typing", ({ conversation, side, name, on: isOn }) => {
  if (side === "customer") typing.heard(conversation, name, isOn);
});

onEvent("welcome", ({ digest }) => digest !== syncState.digest() && markTrayStale());

document.addEventListener("console:stale", markTrayStale);
document.addEventListener("pointerdown", (event) => {
  pressed = event.target instanceof Element && event.target.closest("#tray") !== null;
});
for (const type of ["pointerup", "pointercancel"]) {
  document.addEventListener(type, () => {
    pressed = false;
  });
}

/** @param {string} conversation */
function tellOf(conversation) {
  const name = document.querySelector(`#card-${CSS.escape(conversation)} .card-name`)?.textContent;
  const words = tray().dataset.newMessage ?? "";
  if (name) announceText(words.replace("{name}", () => name));
}

/** What came while this page was away was received with the tray. */
export function markCardsDelivered() {
  for (const card of document.querySelectorAll(".card")) {
    if (!(card instanceof HTMLElement)) continue;
    const { conversation, last, delivered: told } = card.dataset;
    if (conversation && Number(last) > Number(told)) markDelivered(conversation, Number(last));
  }
}

registerBehaviour("#status-menu form", (form) => {
  form.addEventListener("submit", () => form.closest("details")?.removeAttribute("open"));
});
