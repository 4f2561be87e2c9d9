/**
 * Redacting by hand (FRM-6): words that are selected in a message offer it; a dialog asks, with the same words selected,
 * and lets others be chosen by mouse or keyboard. Positions are told in characters, as the server counts them.
 */

import { partOf, registerBehaviour } from "../shell/behaviours.js";
import { emitEvent } from "../shell/connection.js";
import { fetchPart } from "../shell/htmx.js";

const BODY = '.message[data-kind="text"][data-number] > [data-part="body"]';

registerBehaviour("[data-redacts]", (list, signal) => {
  const template = /** @type {HTMLTemplateElement} */ (document.getElementById("redact-offer-template"));
  const copy = /** @type {DocumentFragment} */ (template.content.cloneNode(true));
  const offer = /** @type {HTMLElement} */ (copy.firstElementChild);
  const place = list.closest("dialog") ?? document.body;
  place.append(offer);
  signal.addEventListener("abort", () => offer.remove());

  /** @type {{number: string, start: number, end: number} | null} */
  let chosen = null;
  const look = () => {
    const selection = document.getSelection();
    const range = selection?.rangeCount && !selection.isCollapsed ? selection.getRangeAt(0) : null;
    const body = range ? bodyOf(range, list) : null;
    chosen = range && body ? chosenIn(range, body) : null;
    offer.hidden = !chosen;
    if (range && chosen) stand(offer, range.getBoundingClientRect());
  };
  document.addEventListener("selectionchange", look, { signal });
  addEventListener("resize", look, { signal });
  // Whatever scrolls: where it stands is where the words are.
  document.addEventListener("scroll", look, { signal, capture: true, passive: true });

  // The selection must outlive the click.
  offer.addEventListener("pointerdown", (event) => event.preventDefault());
  offer.addEventListener("click", () => {
    if (!chosen) return;
    const { number, start, end } = chosen;
    fetchPart(`${list.dataset.redacts}${number}/?start=${start}&end=${end}`, {
      target: "#dialog-slot-over",
      swap: "innerHTML",
    });
    document.getSelection()?.removeAllRanges();
  });
});

/**
 * The message's text that a selection lies in, if it lies in one.
 *
 * @param {Range} range
 * @param {HTMLElement} list
 * @returns {HTMLElement | null}
 */
function bodyOf(range, list) {
  const [one, other] = [range.startContainer, range.endContainer].map((node) => elementOf(node)?.closest(BODY) ?? null);
  // A double click on the last word ends before whatever follows it.
  const ends = range.endOffset === 0 && one && !one.contains(range.endContainer);
  return one instanceof HTMLElement && (one === other || ends) && list.contains(one) ? one : null;
}

/** @param {Node} node */
function elementOf(node) {
  return node instanceof Element ? node : node.parentElement;
}

/**
 * @param {Range} range
 * @param {HTMLElement} body
 */
function chosenIn(range, body) {
  const inside = range.cloneRange();
  if (!body.contains(inside.endContainer)) inside.setEndAfter(/** @type {Node} */ (body.lastChild));
  const before = document.createRange();
  before.setStart(body, 0);
  before.setEnd(inside.startContainer, inside.startOffset);
  const start = characters(before.toString());
  const end = start + characters(inside.toString());
  const number = body.parentElement?.dataset.number ?? "";
  return end > start && inside.toString().trim() ? { number, start, end } : null;
}

/** @param {string} text */
function characters(text) {
  return [...text].length;
}

/**
 * @param {HTMLElement} offer
 * @param {DOMRect} words
 */
function stand(offer, words) {
  const { width, height } = offer.getBoundingClientRect();
  const above = words.top - height - 6;
  offer.style.top = `${above > 8 ? above : words.bottom + 6}px`;
  offer.style.left = `${Math.max(8, Math.min(words.left, innerWidth - width - 8))}px`;
}

registerBehaviour("[data-redact]", (form, signal) => {
  const text = /** @type {HTMLTextAreaElement} */ (partOf(form, "text"));
  const apply = /** @type {HTMLButtonElement} */ (partOf(form, "do"));
  const said = partOf(form, "said");
  const [start, end] = ["start", "end"].map(
    (name) => /** @type {HTMLInputElement} */ (form.querySelector(`[name="${name}"]`)),
  );
  const update = () => {
    const { value, selectionStart, selectionEnd } = text;
    const from = characters(value.slice(0, selectionStart));
    const count = characters(value.slice(selectionStart, selectionEnd));
    [start.value, end.value] = [String(from), String(from + count)];
    apply.disabled = count === 0;
    const words = count ? said.dataset.some : said.dataset.none;
    said.textContent = (words ?? "").replace("{count}", () => String(count));
  };
  const all = [...text.value];
  const at = (/** @type {string | undefined} */ place) => all.slice(0, Number(place)).join("").length;
  text.setSelectionRange(at(text.dataset.start), at(text.dataset.end));
  text.focus();
  update();
  document.addEventListener("selectionchange", () => document.activeElement === text && update(), { signal });
  // Not `readonly`: there would be no caret to go by with the keyboard.
  text.addEventListener("beforeinput", (event) => event.preventDefault());
  text.addEventListener("select", update);
  text.addEventListener("keyup", update);
});

// The answer to one's own redaction: the thread is told as by the frame, and what stands outside of it is written here.
document.addEventListener("console:redacted", (event) => {
  const { conversation, message } = /** @type {CustomEvent} */ (event).detail;
  emitEvent({ type: "redacted", conversation, message });
  // The dialog that asked stays on the page, closed: without the words.
  const asked = document.getElementById("redact-text");
  if (asked instanceof HTMLTextAreaElement) asked.defaultValue = asked.value = "";
  for (const line of document.querySelectorAll(`.message[data-client-id="${message.client_id}"]`)) {
    if (line.closest("#thread")) continue;
    const template = document.getElementById("message-template");
    partOf(line, "body").textContent = message.body;
    const removed = partOf(line, "removed");
    removed.hidden = false;
    removed.textContent ||= template?.dataset.removedHand ?? "";
  }
});
