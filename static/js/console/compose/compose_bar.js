/**
 * The compose bar (CHAT-2): Enter sends, Enter with Ctrl, Shift or Cmd makes a new line; Tab leads to Send, then to the icons. What is
 * begun stays with its conversation.
 */

import { EmojiPicker } from "../../shared/emoji.js";
import { insertText } from "../../shared/insert.js";
import { TypingSender } from "../../shared/typing.js";
import { partOf, registerBehaviour } from "../shell/behaviours.js";
import { connection, me, onEvent } from "../shell/connection.js";
import { mayWrite } from "../shell/workspace.js";
import { uploadsOf } from "./attach.js";
import { Draft } from "./drafts.js";
import { outbox } from "./outbox.js";
import { ResponseList } from "./responses.js";

registerBehaviour("#compose", (form, signal) => {
  const id = form.dataset.conversation ?? "";
  const text = /** @type {HTMLTextAreaElement} */ (form.querySelector("textarea"));
  const send = /** @type {HTMLButtonElement} */ (form.querySelector("button[type=submit]"));
  const resend = /** @type {HTMLButtonElement} */ (partOf(form, "resend"));
  const note = partOf(form, "note");
  const uploads = uploadsOf(id);
  const typing = new TypingSender((isOn) => connection.tell({ type: "typing", conversation: id, on: isOn }));
  const draft = new Draft(id, text.defaultValue, Date.parse(form.dataset.savedAt ?? "") || 0, signal);
  const responses = new ResponseList({
    field: text,
    element: partOf(form, "responses"),
    onChosen: (missing) => {
      note.hidden = !missing;
      note.textContent = (note.dataset.words ?? "").replace("{missing}", () => missing);
    },
  });

  const isLost = () => document.body.dataset.connection === "lost";
  const isReady = () => !isLost() && !uploads.busy && (text.value.trim() !== "" || uploads.any);
  const refresh = () => {
    // Read-only, not disabled: the caret and the focus stay where they are.
    text.readOnly = isLost();
    send.disabled = !isReady();
    resend.hidden = outbox.resendable(id).length === 0;
    resend.disabled = connection.state !== "open";
    if (!text.value.trim()) note.hidden = true;
    fit(text);
  };
  const submit = () => {
    if (!isReady() || !mayWrite(id)) return;
    typing.stop();
    outbox.add(id, text.value, connection.now(), uploads.take());
    text.value = "";
    draft.sent();
    refresh();
  };

  text.value = draft.body;
  text.addEventListener("input", () => {
    draft.changed(text.value);
    if (text.value.trim()) typing.key();
    else typing.stop();
    refresh();
  });
  text.addEventListener("keydown", (event) => {
    if (isComposing(event) || responses.key(event) || event.key !== "Enter") return;
    event.preventDefault();
    if (event.shiftKey || event.ctrlKey || event.metaKey || event.altKey) insertText(text, "\n");
    else submit();
  });
  text.addEventListener("blur", () => {
    typing.stop();
    draft.flush();
  });
  form.addEventListener("submit", (event) => {
    event.preventDefault();
    submit();
    text.focus();
  });
  resend.addEventListener("click", () => {
    if (mayWrite(id)) outbox.resend(id);
    text.focus();
  });
  partOf(form, "opens-responses").addEventListener("click", () => responses.openHere());
  emoji(form, text, signal);
  onEvent("state", () => queueMicrotask(refresh), signal);
  onEvent("line", refresh, signal);
  onEvent("outbox.changed", refresh, signal);
  uploads.watch(refresh, signal);
  addEventListener("resize", () => fit(text), { signal });
  signal.addEventListener("abort", () => typing.stop());
  refresh();
});

/**
 * The emoji picker, behind its button.
 *
 * @param {HTMLElement} form
 * @param {HTMLTextAreaElement} text
 * @param {AbortSignal} signal
 */
function emoji(form, text, signal) {
  const button = partOf(form, "opens-emoji");
  const element = partOf(form, "emoji");
  const picker = new EmojiPicker({
    element,
    storageKey: `parley.emoji.${me.id}`,
    onChoose: (chosen) => insertText(text, chosen),
    onClose: () => text.focus(),
    signal,
  });
  let wasOpen = false;
  // By the time of the click the press beside the picker has closed it.
  button.addEventListener("pointerdown", () => {
    wasOpen = picker.isOpen;
  });
  button.addEventListener("click", () => {
    if (wasOpen) text.focus();
    else picker.open();
    wasOpen = false;
  });
  element.addEventListener("toggle", () => button.setAttribute("aria-expanded", String(picker.isOpen)));
}

/**
 * Whether a key belongs to an input method: the Enter that takes over a word sends nothing.
 *
 * @param {KeyboardEvent} event
 */
function isComposing(event) {
  // Safari ends the composition before it tells of the key, and gives that key this number.
  return event.isComposing || event.keyCode === 229;
}

/**
 * As high as its text; the style sheet says how high at most.
 *
 * @param {HTMLTextAreaElement} text
 */
function fit(text) {
  text.style.setProperty("height", "auto");
  text.style.setProperty("height", `${text.scrollHeight}px`);
}
