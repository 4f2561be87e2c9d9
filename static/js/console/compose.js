/** The compose bar (CHAT-2): Enter sends, Shift or Ctrl with Enter makes a new line; a draft stays with its conversation. */

import { TypingSender } from "../shared/typing.js";
import { behaviour, part } from "./behaviours.js";
import { connection, on } from "./link.js";
import { outbox } from "./outbox.js";

behaviour("#compose", (form, signal) => {
  const id = form.dataset.conversation ?? "";
  const text = /** @type {HTMLTextAreaElement} */ (form.querySelector("textarea"));
  const send = /** @type {HTMLButtonElement} */ (form.querySelector("button[type=submit]"));
  const resend = /** @type {HTMLButtonElement} */ (part(form, "resend"));
  const typing = new TypingSender((isOn) => connection.tell({ type: "typing", conversation: id, on: isOn }));

  const isLost = () => document.body.dataset.connection === "lost";
  const refresh = () => {
    // Read-only, not disabled: the caret and the focus stay where they are.
    text.readOnly = isLost();
    send.disabled = isLost() || !text.value.trim();
    resend.hidden = outbox.resendable(id).length === 0;
    resend.disabled = isLost();
    fit(text);
  };
  const submit = () => {
    if (isLost() || !text.value.trim()) return;
    typing.stop();
    outbox.add(id, text.value, connection.now());
    text.value = "";
    draft(id, "");
    refresh();
  };

  text.value = draft(id);
  text.addEventListener("input", () => {
    draft(id, text.value);
    if (text.value.trim()) typing.key();
    else typing.stop();
    refresh();
  });
  text.addEventListener("keydown", (event) => {
    if (event.key !== "Enter" || event.isComposing) return;
    if (event.shiftKey) return;
    event.preventDefault();
    if (event.ctrlKey || event.metaKey || event.altKey) newLine(text);
    else submit();
  });
  text.addEventListener("blur", () => typing.stop());
  form.addEventListener("submit", (event) => {
    event.preventDefault();
    submit();
    text.focus();
  });
  resend.addEventListener("click", () => {
    outbox.resend(id);
    text.focus();
  });
  on("state", () => queueMicrotask(refresh), signal);
  on("outbox.changed", refresh, signal);
  addEventListener("resize", () => fit(text), { signal });
  signal.addEventListener("abort", () => typing.stop());
  refresh();
});

/**
 * Read or write what was begun and not sent.
 *
 * @param {string} id
 * @param {string} [value]
 * @returns {string}
 */
function draft(id, value) {
  const key = `parley.draft.${id}`;
  try {
    if (value) sessionStorage.setItem(key, value);
    else if (value === "") sessionStorage.removeItem(key);
    return sessionStorage.getItem(key) ?? "";
  } catch {
    return "";
  }
}

/** @param {HTMLTextAreaElement} text */
function newLine(text) {
  text.setRangeText("\n", text.selectionStart, text.selectionEnd, "end");
  text.dispatchEvent(new Event("input", { bubbles: true }));
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
