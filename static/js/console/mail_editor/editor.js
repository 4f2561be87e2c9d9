/**
 * The editor of mails (EML-5 to EML-9). What is written is kept by the server as soon as nothing mandatory is missing, and when the
 * editor is left; it is sent with the version that this page has seen, so that nothing another device has written is lost.
 */

import { keepInSight } from "../../shared/attach.js";
import { ResponseList } from "../compose/responses.js";
import { partOf, registerBehaviour, updateBehaviours } from "../shell/behaviours.js";
import { onEvent } from "../shell/connection.js";
import { htmx } from "../shell/htmx.js";
import { showFailureToast, showToast } from "../shell/toasts.js";
import { openPage } from "../shell/workspace.js";
import { markTrayStale } from "../tray/tray.js";
import { editorUploads } from "./editor_uploads.js";
import { Recipients } from "./recipients.js";
import { ReplyConflict } from "./reply_conflict.js";

const QUIET_MS = 1200;
const LONGEST_MS = 6000;
/** A page that goes may still send so much. */
const PARTING_BYTES = 60_000;

registerBehaviour("#mail-editor", (element, signal) => {
  const form = /** @type {HTMLFormElement} */ (element);
  const { conversation = "", kind = "", draft = "" } = form.dataset;
  const words = form.dataset;
  const field = (/** @type {string} */ name) => /** @type {HTMLInputElement} */ (form.elements.namedItem(name));
  const body = /** @type {HTMLTextAreaElement} */ (form.querySelector("textarea"));
  const state = partOf(form, "state");
  const sends = [...form.querySelectorAll("button[type=submit]")];
  const slot = form.closest("#mail-slot");
  // From now on a pane that is fetched again leaves it alone.
  if (slot instanceof HTMLElement && slot.dataset.name) slot.dataset.keep = slot.dataset.name;

  let isDone = false;
  let isOutdated = false;
  /** @type {Promise<void> | undefined} */
  let saving;
  /** @type {ReturnType<typeof setTimeout> | undefined} */
  let timer;
  let changedAt = 0;
  const content = () => JSON.stringify([...read().entries()].filter(([name]) => !UNSAID.has(name)));

  // --- What it is made of

  const recipients = [...form.querySelectorAll("[data-recipients]")].map((each) => {
    const options = { invalid: words.invalid ?? "", remove: words.remove ?? "", onChange: () => changed() };
    return new Recipients(/** @type {HTMLElement} */ (each), options);
  });
  for (const button of form.querySelectorAll("[data-shows]")) {
    const shown = () => form.querySelector(`[data-recipients="${button.getAttribute("data-shows")}"]`);
    button.toggleAttribute("hidden", !shown()?.hasAttribute("hidden"));
    button.addEventListener("click", () => {
      shown()?.removeAttribute("hidden");
      button.setAttribute("hidden", "");
      shown()?.querySelector("input")?.focus();
    });
  }
  const uploads = editorUploads(form, { text: body, signal });
  const responses = new ResponseList({ field: body, element: partOf(form, "responses"), onChosen: told });
  partOf(form, "opens-responses").addEventListener("click", () => responses.openHere());
  const serves = partOf(form, "responses").dataset.address ?? "";
  /** What a new mail may say depends on what it is sent from, and to whom. */
  function served() {
    if (kind !== "new") return;
    const to = recipients.find(({ first }) => first)?.first ?? "";
    partOf(form, "responses").dataset.address = `${serves}?${new URLSearchParams({ queue: field("queue").value, to })}`;
  }
  /** @param {string} lacks what a response could not fill in: a hole that its reader would see */
  function told(lacks) {
    const note = partOf(form, "unknown");
    note.textContent = (note.dataset.words ?? "").replace("{missing}", () => lacks);
    note.hidden = !lacks;
  }

  /** What it holds, as it is sent. */
  function read() {
    const data = new FormData(form);
    for (const { facts } of uploads.all) if (facts) data.append("file", facts.id);
    return data;
  }

  const isLost = () => document.body.dataset.connection === "lost";
  function missing() {
    const names = [];
    if (!recipients.some((each) => each.any)) names.push("to");
    if (kind === "new" && !field("queue")?.value) names.push("queue");
    if (!field("subject").value.trim()) names.push("subject");
    if (!body.value.trim() && kind !== "forward") names.push("body");
    return names;
  }
  const wrong = () => recipients.map((each) => each.wrong).find(Boolean) ?? "";

  function refresh() {
    const lacks = missing();
    const ready = !lacks.length && !wrong() && !uploads.busy && !isLost() && !isOutdated;
    for (const send of sends) send.toggleAttribute("disabled", !ready);
    const labels = lacks.map((name) => form.querySelector(`label[for="editor-${name}"]`)?.textContent ?? name);
    const why = lacks.length ? (words.missing ?? "").replace("{fields}", () => labels.join(", ")) : "";
    served();
    partOf(form, "reason").textContent = wrong() ? (words.wrong ?? "").replace("{address}", wrong) : why;
    fit();
  }
  const scroller = /** @type {HTMLElement} */ (body.closest(".mail-write-body, .pane-footer .editor-scroll"));
  function fit() {
    const { scrollTop } = scroller;
    body.style.setProperty("height", "auto");
    body.style.setProperty("height", `${body.scrollHeight}px`);
    // While it was short there was nowhere to scroll to.
    scroller.scrollTop = scrollTop;
  }

  // --- It is kept

  let stored = content();

  function changed() {
    partOf(form, "refused").hidden = true;
    refresh();
    changedAt ||= Date.now();
    clearTimeout(timer);
    const wait = Math.max(0, Math.min(QUIET_MS, changedAt + LONGEST_MS - Date.now()));
    timer = setTimeout(() => save(), wait);
  }

  /**
   * Have the server keep what there is; one at a time, since each is the next version.
   *
   * @param {{closing?: boolean}} [how]
   */
  async function save({ closing = false } = {}) {
    clearTimeout(timer);
    changedAt = 0;
    await saving;
    const now = content();
    const isNew = field("version").value === "0";
    if (isDone || isOutdated || now === stored || (!closing && missing().length)) return;
    saving = send(now, closing, isNew);
    await saving;
    saving = undefined;
  }

  /**
   * @param {string} now
   * @param {boolean} closing
   * @param {boolean} isNew
   */
  async function send(now, closing, isNew) {
    const data = read();
    if (closing) data.append("closing", "1");
    if (!closing) state.textContent = words.saving ?? "";
    try {
      const parting = closing && now.length < PARTING_BYTES;
      const answer = await fetch(words.keepsAt ?? "", { method: "POST", body: data, keepalive: parting });
      const said = await answer.json();
      if (said.version) {
        field("version").value = String(said.version);
        stored = now;
        state.textContent = (words.saved ?? "").replace("{time}", () => said.saved);
        if (isNew) tellDrafts();
      } else if (said.code === "draft_outdated") outdated(said);
      else if (said.code === "draft_incomplete" || said.code === "draft_empty") state.textContent = "";
      else refused(said.message);
    } catch {
      state.textContent = words.unsaved ?? "";
      changedAt = 0;
      timer = setTimeout(() => save(), LONGEST_MS);
    }
  }

  /** @param {string} message */
  function refused(message) {
    state.textContent = "";
    const line = partOf(form, "refused");
    line.textContent = message;
    line.hidden = !message;
  }

  // --- Another device has written, too

  let theirs = 0;
  /** @param {{message: string, version: number}} said */
  function outdated({ message, version }) {
    isOutdated = true;
    theirs = version;
    state.textContent = "";
    partOf(form, "outdated-text").textContent = message;
    partOf(form, "outdated").hidden = false;
    refresh();
  }
  partOf(form, "mine").addEventListener("click", () => {
    field("version").value = String(theirs);
    isOutdated = false;
    stored = "";
    partOf(form, "outdated").hidden = true;
    save();
    refresh();
    body.focus();
  });
  // What this page has is given up: it is not to be kept when the editor goes.
  partOf(form, "theirs").addEventListener("click", () => {
    isDone = true;
  });

  // --- Somebody else has answered meanwhile

  const conflict = new ReplyConflict(form, {
    signal,
    onTold: () => {
      stored = "";
      save();
      body.focus({ preventScroll: true });
    },
    onSend: (way) => {
      const button = sends.find((each) => each.getAttribute("value") === way);
      if (button instanceof HTMLButtonElement) button.click();
    },
    onTurn: async () => {
      clearTimeout(timer);
      await saving;
      const data = read();
      const values = Object.fromEntries([...data.keys()].map((name) => [name, data.getAll(name)]));
      isDone = true;
      // What was typed from here on would be lost.
      form.inert = true;
      const place = { source: "#mail-slot", target: "#mail-slot", swap: "innerHTML", values };
      await htmx.ajax("POST", words.turnsAt ?? "", place).catch(() => {});
      form.inert = false;
      isDone = !form.isConnected;
    },
  });

  // --- It is sent, closed, deleted

  /** How it was to be sent last: "send" or "close". */
  let way = "";
  form.addEventListener("htmx:confirm", (event) => {
    const { detail, target: asker } = /** @type {CustomEvent} */ (event);
    if (asker !== form || !saving) return;
    event.preventDefault();
    // With the version that is being stored just now, also where somebody goes on meanwhile: it was pressed before that.
    saving.then(() => {
      form.toggleAttribute("data-pressed", true);
      if (form.isConnected) detail.issueRequest(true);
      else showFailureToast();
      form.toggleAttribute("data-pressed", false);
    });
  });
  form.addEventListener("htmx:configRequest", (event) => {
    const { detail, target: asker } = /** @type {CustomEvent} */ (event);
    if (asker !== form) return;
    const submitter = detail.triggeringEvent?.submitter ?? detail.triggeringEvent?.detail?.submitter;
    const data = read();
    way = submitter instanceof HTMLButtonElement ? submitter.value : "send";
    data.append("then", way);
    for (const name of new Set(data.keys())) {
      detail.formData.delete(name);
      for (const value of data.getAll(name)) detail.formData.append(name, value);
    }
  });
  form.addEventListener("htmx:beforeSend", ({ target: asker }) => {
    if (asker !== form) return;
    clearTimeout(timer);
    isDone = true;
  });
  form.addEventListener("htmx:afterRequest", (event) => {
    const { detail, target: asker } = /** @type {CustomEvent} */ (event);
    if (asker !== form || detail.successful) return;
    isDone = false;
    refresh();
  });
  form.addEventListener("mail:refused", (event) => {
    const { code, number, version, message = "" } = /** @type {CustomEvent} */ (event).detail;
    isDone = false;
    // Who has gone on sees neither the editor nor what it says: the mail lies among the drafts.
    if (form.closest("[data-detached]")) showToast(message, { refused: true });
    if (code === "replied_since") conflict.ask(number, message, way);
    if (code === "draft_outdated") outdated({ message, version });
    // It was stored before it was refused.
    reread();
  });
  /** What is stored may be a version further than this page knows. */
  async function reread() {
    stored = "";
    await save();
  }
  form.addEventListener("keydown", (event) => {
    if (event.isComposing || responses.key(event)) return;
    if (event.key === "Enter" && (event.ctrlKey || event.metaKey)) {
      event.preventDefault();
      for (const each of recipients) each.commit();
      const [first] = sends;
      if (first instanceof HTMLButtonElement && !first.disabled) first.click();
    } else if (event.key === "Enter" && event.target instanceof HTMLInputElement) {
      event.preventDefault();
    } else if (event.key === "Escape") {
      event.preventDefault();
      close();
    }
  });
  async function close() {
    for (const each of recipients) each.commit();
    await save({ closing: true });
    if (isOutdated) return;
    isDone = true;
    tellDrafts();
    emptied();
  }
  /** Nothing is written here any more: the work goes on where it was begun. */
  function emptied() {
    if (kind === "new") {
      openPage("/console/", { push: "/console/" }).catch(() => {});
      return;
    }
    slot?.replaceChildren();
    updateBehaviours();
    const opener = document.querySelector("#mail-begin [data-action=reply]");
    if (opener instanceof HTMLElement) opener.focus();
  }
  partOf(form, "close").addEventListener("click", close);
  const deletes = document.getElementById("mail-delete-form");
  deletes?.addEventListener("htmx:confirm", (event) => {
    isDone = true;
    clearTimeout(timer);
    if (field("version").value !== "0" || saving) return;
    // Nobody knows of it but this page.
    event.preventDefault();
    deletes.closest("dialog")?.close();
    emptied();
  });

  // --- Whatever happens to the page

  form.addEventListener("input", changed);
  form.addEventListener("change", changed);
  uploads.watch(changed, signal);
  keepInSight(partOf(form, "uploads"), signal);
  onEvent("state", () => queueMicrotask(refresh), signal);
  addEventListener("pagehide", () => leave(), { signal });
  document.addEventListener("visibilitychange", () => document.hidden && save({ closing: true }), { signal });
  addEventListener("resize", fit, { signal });
  const hideRow = () => document.getElementById(`draft-${draft}`)?.toggleAttribute("hidden", true);
  document.addEventListener("htmx:afterSwap", hideRow, { signal });
  signal.addEventListener("abort", async () => {
    await leave();
    tellDrafts();
    // Its conversation's card says now that something is begun, or no more.
    if (conversation && field("version").value !== "0") markTrayStale();
  });
  async function leave() {
    for (const each of recipients) each.commit();
    const kept = save({ closing: true });
    clearTimeout(timer);
    await kept;
  }

  hideRow();
  refresh();
  clearTimeout(timer);
  changedAt = 0;
  stored = field("version").value === "0" ? stored : content();
  const empty = recipients.find((each) => each.name === "to" && !each.count);
  (empty ? empty.input : body).focus({ preventScroll: true });
  body.setSelectionRange(0, 0);
  form.scrollIntoView({ block: "nearest" });
});

/** Of the form, what says nothing of the mail itself. */
const UNSAID = new Set(["csrfmiddlewaretoken", "version", "seen"]);

function tellDrafts() {
  document.body.dispatchEvent(new CustomEvent("drafts:changed"));
}
