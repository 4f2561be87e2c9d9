/**
 * What stands right of the tray: opened, fetched again when the open conversation changes hands or state, and without input from the
 * moment that something else is asked for, so that nobody writes to whom they have left. The focus stays somewhere sensible.
 */

import { markOpenCard } from "../tray/tray.js";
import { announceText } from "./announce.js";
import { registerBehaviour } from "./behaviours.js";
import { me, onEvent } from "./connection.js";
import { fetchPart } from "./htmx.js";
import { responseOrder, workspaceState } from "./htmx_responses.js";
import { showToast } from "./toasts.js";

const TOGETHER_MS = 200;
/** Sooner than this it is not worth a word that something opens. */
const SLOW_MS = 500;
const HOME = "/console/";
/** What is closed from one of these has nothing to be wrapped up (WRP-4). */
const GOES_ON = new Set(["active", "snoozed"]);

const workspace = () => /** @type {HTMLElement} */ (document.getElementById("workspace"));
const pane = () => document.getElementById("pane");
const openId = () => workspaceState().open;
/** The address of what is open. It need not be the page's, which may be that of something in it. */
const address = () => (openId() ? `${HOME}c/${openId()}/` : HOME);

let wantsToWrite = false;

/**
 * Open a page of the console right of the tray.
 *
 * @param {string} address
 * @param {{push?: string, replace?: string}} [how] what becomes of the page's own address
 * @returns {Promise<void>} rejected when it could not be had; it has been said then
 */
export function openPage(address, how = {}) {
  return fetchPart(address, { target: "#workspace", swap: "morph", ...how });
}

/**
 * Whether what is written in the pane of a conversation may leave: it is the one at the head, and nothing else was asked for.
 *
 * @param {string} conversation
 */
export function mayWrite(conversation) {
  return !responseOrder.isOpening && openId() === conversation && pane()?.dataset.conversation === conversation;
}

// --- The open conversation changes

onEvent("conversation", ({ conversation: { id, version, state, ended_by: by } }) => {
  if (openId() !== id) return;
  // An answer to this page's own click may be on its way, and brings the same.
  setTimeout(() => {
    const open = pane();
    if (openId() !== id || !open || Number(open.dataset.version) >= version) return;
    if (state === "closed" && GOES_ON.has(open.dataset.state ?? "")) leave(by);
    else reloadWorkspace();
  }, TOGETHER_MS);
});

onEvent("gone", ({ conversation }) => {
  if (openId() === conversation && pane()) reloadWorkspace();
});

onEvent("message", ({ conversation, message }) => {
  // The first word of an auto-answered conversation: from now on it can be ended (AGT-6).
  if (openId() !== conversation || message.author?.id !== me.id) return;
  if (message.kind === "text" && pane()?.hasAttribute("data-owes-first-word")) reloadWorkspace();
});

onEvent("overtaken", () => reloadWorkspace());

/** Whether the pane is to be fetched again: once it is back, or once what is on its way is here. */
let isOld = false;
let isReading = false;

/** Fetch what is open again; one at a time. */
async function reloadWorkspace() {
  isOld = responseOrder.isOpening || isReading;
  if (isOld || !openId()) return;
  isReading = true;
  try {
    await openPage(address());
  } catch {
    // The next frame, or the next sync, asks again.
  }
  isReading = false;
  if (isOld && !responseOrder.isOpening) reloadWorkspace();
}

/**
 * It was closed and there is nothing to wrap up: it leaves (WRP-4).
 *
 * @param {string} by who ended it
 */
function leave(by) {
  if (responseOrder.isOpening) return;
  const words = workspace().dataset.closed ?? "";
  const id = openId();
  const name = pane()?.querySelector("h1")?.textContent?.trim() ?? "";
  const say = () =>
    showToast(
      words.replace("{name}", () => name),
      { about: id },
    );
  openPage(HOME, { replace: HOME })
    .then(() => by !== "agent" && say())
    .catch(() => {
      // The next sync tells again that it is closed.
    });
}

let answered = "";

/** A conversation is open, or a new mail is written. */
const isBusy = () => pane() !== null || document.getElementById("mail-editor") !== null;

/**
 * Auto-answered: it opens at once, or as soon as the agent is not busy with another one (AGT-6). The tray names it, which comes again
 * when a frame is lost; and only once, so that who leaves it is not brought back.
 */
export function openAnswered() {
  const id = document.getElementById("tray")?.dataset.answered ?? "";
  if (!id || id === openId()) answered = id;
  if (id === answered || isBusy() || responseOrder.isOpening) return;
  answered = id;
  const itsAddress = `${HOME}c/${id}/`;
  openPage(itsAddress, { push: itsAddress }).catch(() => {
    answered = "";
  });
}

// Back and forth: htmx would put the page's HTML in, and not what it is of.
document.addEventListener("htmx:historyCacheMiss", (event) => {
  event.preventDefault();
  openPage(location.pathname + location.search).catch(() => {
    // What is shown is where one still is.
    if (!responseOrder.isOpening) history.pushState({ htmx: true }, "", address());
  });
});

// --- Something else is asked for

/** What had the focus. @type {HTMLElement | null} */
let left = null;
/** @type {ReturnType<typeof setTimeout> | undefined} */
let slow;

onEvent("opening", () => {
  // What is on its way is given up for it.
  isOld ||= isReading;
  const element = workspace();
  if (element.inert) return;
  for (const dialog of document.querySelectorAll(":is(#workspace, [data-dialog-of]) dialog:modal")) {
    if (dialog instanceof HTMLDialogElement) dialog.close();
  }
  const active = document.activeElement;
  left = active instanceof HTMLElement && element.contains(active) ? active : null;
  // Whoever writes there stops: what they have written is kept (drafts.js).
  left?.blur();
  element.inert = true;
  element.setAttribute("aria-busy", "true");
  slow = setTimeout(() => announceText(element.dataset.opening ?? ""), SLOW_MS);
});

onEvent("opened", ({ came }) => {
  clearTimeout(slow);
  const element = workspace();
  element.inert = false;
  element.removeAttribute("aria-busy");
  if (!came) {
    // Unless it was given up for another one, which is asked for now.
    queueMicrotask(() => {
      wantsToWrite &&= responseOrder.isOpening;
    });
    if (document.activeElement === document.body) left?.focus({ preventScroll: true });
    if (isOld) reloadWorkspace();
  }
  isOld = false;
  left = null;
  openAnswered();
});

/** Whether somebody writes, and has left one pane and is not in the next one yet: what they type now is nobody's, and no shortcut. */
export function isBetweenPanes() {
  return responseOrder.isOpening && (wantsToWrite || (left?.matches("input, textarea, select") ?? false));
}

// --- It was swapped

let last = openId();

/** The workspace was swapped: mark its card, and put the focus where the work goes on. */
export function handleWorkspaceSwap() {
  markOpenCard();
  markPage();
  dropAsked();
  settleFocus();
  // What has been disabled or hidden loses the focus only when the next frame is drawn.
  requestAnimationFrame(() => requestAnimationFrame(settleFocus));
}

/** What was asked in the pane of another conversation, or of one that is gone, is asked no more. */
function dropAsked() {
  const before = last;
  last = pane() ? openId() : "";
  if (!before || before === last) return;
  for (const dialogs of document.querySelectorAll(`[data-dialog-of="${before}"]`)) dialogs.replaceChildren();
}

function settleFocus() {
  const active = document.activeElement;
  const lost = !active || active === document.body || !active.isConnected || !active.checkVisibility();
  if (!wantsToWrite && !lost) return;
  wantsToWrite = false;
  const target =
    document.getElementById("compose-text") ??
    document.getElementById("wrap-up-title") ??
    document.querySelector(".mails") ??
    workspace();
  if (target instanceof HTMLElement) target.focus({ preventScroll: true });
}

/** Mark where one is in the rail. */
function markPage() {
  for (const link of document.querySelectorAll("[data-leads-to]")) {
    const isHere = link instanceof HTMLElement && link.dataset.leadsTo === workspace().dataset.page;
    if (isHere) link.setAttribute("aria-current", "true");
    else link.removeAttribute("aria-current");
  }
}

/** Open a card as the keys do: the focus stays on the card, so that the next key goes on from there. */
export function openByKey(/** @type {HTMLElement} */ link) {
  link.focus();
  link.click();
  wantsToWrite = false;
}

registerBehaviour(".card-link", (link) => {
  link.addEventListener("click", () => {
    wantsToWrite = true;
  });
});
registerBehaviour(".offer form", (form) => {
  form.addEventListener("submit", () => {
    wantsToWrite = form.querySelector("[data-accepts]") !== null;
  });
});
