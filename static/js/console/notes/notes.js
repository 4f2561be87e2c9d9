/**
 * Notes among colleagues (CON-4): those on the open conversation stand between its messages at their time, live; the list beside it
 * is the server's, and read again when a colleague adds one. How often one was named stands beside the list of mentions (AGT-12).
 */

import { parseTimestamp } from "../../shared/clock.js";
import { Dates, renderTime } from "../../shared/dates.js";
import { uuid } from "../../shared/ids.js";
import { partOf, registerBehaviour } from "../shell/behaviours.js";
import { onEvent } from "../shell/connection.js";
import { fetchPart } from "../shell/htmx.js";
import { deferLine } from "../thread/event_lines.js";
import "./mention_list.js";

const TOGETHER_MS = 150;

/** @typedef {{id: string, conversation: string | null, author: {name: string}, body: string, at: string, deleted_by: string}} Note */

const template = /** @type {HTMLTemplateElement} */ (document.getElementById("note-template"));
const dates = new Dates(document.body.dataset.timeZone);

/** What was said last of each note. @type {Map<string, string>} */
const heard = new Map();

/** @type {ReturnType<typeof setTimeout> | undefined} */
let timer;

function readAgain() {
  clearTimeout(timer);
  timer = setTimeout(() => {
    const list = document.getElementById("notes");
    if (!list || isBusy(list)) return;
    fetchPart(list.dataset.address ?? "", { target: "#notes", swap: "morph" }).catch(() => {
      // The next one that is added reads it again.
    });
  }, TOGETHER_MS);
}

/**
 * What is being changed or asked about there is not taken away; its own answer brings the rest.
 *
 * @param {HTMLElement} list
 */
function isBusy(list) {
  return list.querySelector(list.dataset.holds ?? "") !== null;
}

document.addEventListener("htmx:beforeSwap", (event) => {
  if (!(event instanceof CustomEvent) || event.detail.requestConfig.elt.id !== "notes") return;
  if (isBusy(event.detail.target)) event.detail.shouldSwap = false;
});

onEvent("note", ({ contact, note }) => {
  if (document.getElementById("panel")?.dataset.contact !== contact) return;
  // A sync tells of it again.
  const told = JSON.stringify(note);
  if (heard.get(note.id) === told) return;
  heard.set(note.id, told);
  readAgain();
  const thread = document.getElementById("thread");
  if (thread && thread.dataset.conversation === note.conversation) show(partOf(thread, "list"), note);
});

/**
 * @param {HTMLElement} list
 * @param {Note} note
 */
function show(list, note) {
  const known = document.querySelector(`:is(#thread, #event-lines) [data-note="${CSS.escape(note.id)}"]`);
  if (note.deleted_by) {
    known?.remove();
    return;
  }
  const element = known ?? make(note);
  partOf(element, "body").textContent = note.body;
  if (known || deferLine(/** @type {HTMLElement} */ (element))) return;
  list.append(element);
  place(list);
}

/** @param {Note} note */
function make(note) {
  const fragment = /** @type {DocumentFragment} */ (template.content.cloneNode(true));
  const element = /** @type {HTMLElement} */ (fragment.firstElementChild);
  element.dataset.note = note.id;
  partOf(element, "author").textContent = note.author.name;
  const time = /** @type {HTMLTimeElement} */ (partOf(element, "time"));
  time.dateTime = note.at;
  renderTime(time, dates);
  return element;
}

/** @param {Element} element a message or a note */
function timeOf(element) {
  return parseTimestamp(element.querySelector("time[datetime]")?.getAttribute("datetime") ?? "");
}

/**
 * Put each note after what was said before it; messages stay where they are.
 *
 * @param {HTMLElement} list
 */
function place(list) {
  const messages = [...list.children].filter((child) => child.matches(".message"));
  const notes = [...list.children].filter((child) => child.matches(".note-line"));
  for (const note of notes) {
    const at = timeOf(note);
    const following = messages.find((message) => timeOf(message) > at) ?? null;
    const next = nextMessage(note);
    if (next !== following) list.insertBefore(note, following);
  }
}

/** @param {Element} note */
function nextMessage(note) {
  let next = note.nextElementSibling;
  while (next && !next.matches(".message")) next = next.nextElementSibling;
  return next;
}

registerBehaviour("#thread", (thread, signal) => {
  const list = partOf(thread, "list");
  // History is put on top, above notes that are older than what was shown at first.
  const observer = new MutationObserver(() => list.querySelector(".note-line") && place(list));
  observer.observe(list, { childList: true });
  signal.addEventListener("abort", () => observer.disconnect());
});

registerBehaviour("#note-form", (form) => {
  if (!(form instanceof HTMLFormElement)) return;
  const text = /** @type {HTMLTextAreaElement} */ (form.querySelector("textarea"));
  const key = /** @type {HTMLInputElement} */ (form.querySelector("[name=key]"));
  const saved = partOf(form, "saved");
  form.addEventListener("htmx:afterRequest", (event) => {
    // The names that are suggested in it are asked for from within it, too.
    if (!(event instanceof CustomEvent) || event.target !== form || !event.detail.successful) return;
    text.value = "";
    key.value = uuid();
    saved.textContent = saved.dataset.words ?? "";
    text.focus();
  });
  text.addEventListener("input", () => {
    saved.textContent = "";
  });
  text.addEventListener("keydown", (event) => {
    if (event.key !== "Enter" || event.isComposing || !(event.ctrlKey || event.metaKey)) return;
    event.preventDefault();
    form.requestSubmit();
  });
});

onEvent("mention", ({ unread }) => {
  const link = document.getElementById("mentions");
  if (!link) return;
  partOf(link, "number").textContent = String(unread);
  partOf(link, "count").hidden = unread === 0;
});
