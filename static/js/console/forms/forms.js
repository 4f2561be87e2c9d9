/**
 * Forms in the thread (FRM-3, FRM-4): a card below the line of each, fetched again when the form stands otherwise; the eye, which shows
 * what the server answers to it for a while. A value is in the page as text, for that while, and nowhere else.
 */

import { announceText } from "../shell/announce.js";
import { partOf, registerBehaviour, updateBehaviours } from "../shell/behaviours.js";
import { clock, onEvent, sync } from "../shell/connection.js";
import { htmx } from "../shell/htmx.js";
import { showFailureToast, showToast } from "../shell/toasts.js";

/** @typedef {{name: string, text: string}} Value */

// --- Cards

/** Cards that are on their way, by their address. @type {Set<string>} */
const coming = new Set();

/** Put below each line by which a form was sent the card that the pane says there is. */
export function placeForms() {
  const states = document.getElementById("form-states");
  const thread = document.getElementById("thread");
  if (!states || !thread || states.dataset.conversation !== thread.dataset.conversation) return;
  for (const item of states.children) {
    if (!(item instanceof HTMLElement)) continue;
    const { number = "", state = "", address = "" } = item.dataset;
    const line = thread.querySelector(`.message[data-number="${number}"]`);
    const card = line?.querySelector(".form-card");
    if (line && (!(card instanceof HTMLElement) || card.dataset.state !== state)) fetchCard(line, address);
  }
}

/**
 * @param {Element} line
 * @param {string} address
 */
async function fetchCard(line, address) {
  if (coming.has(address)) return;
  coming.add(address);
  try {
    const response = await fetch(address, { headers: { "X-Requested-With": "fetch" } });
    if (!response.ok) throw new Error(String(response.status));
    const page = new DOMParser().parseFromString(await response.text(), "text/html");
    const card = page.querySelector(".form-card");
    if (card) {
      line.querySelector(".form-card")?.remove();
      partOf(line, "body").after(card);
      htmx.process(card);
      updateBehaviours();
    }
  } catch {
    // The next pane, or the next message, asks again.
  }
  coming.delete(address);
}

onEvent("message", ({ message }) => {
  // Once the thread shows the line.
  if (message.kind === "form") setTimeout(placeForms);
});
onEvent("synced", () => placeForms());

// --- The eye

registerBehaviour(".form-card", (card, signal) => {
  /** What stands for each value, by its element. @type {Map<HTMLElement, string>} */
  const masks = new Map();
  /** @type {ReturnType<typeof setInterval> | undefined} */
  let ticking;
  let until = 0;

  const hide = () => {
    clearInterval(ticking);
    if (!masks.size) return;
    for (const [element, mask] of masks) element.textContent = mask;
    masks.clear();
    card.removeAttribute("data-revealed");
    for (const row of card.querySelectorAll("[data-shows]")) row.removeAttribute("data-shows");
    for (const button of card.querySelectorAll(".form-eye button")) button.setAttribute("aria-pressed", "false");
    left("");
    announceText(card.dataset.hidden ?? "");
  };
  const left = (/** @type {string} */ text) => {
    const element = partOf(card, "left");
    if (element) element.textContent = text;
  };
  const tick = () => {
    const seconds = Math.ceil((until - clock.now()) / 1000);
    if (seconds <= 0) hide();
    else left(`0:${String(seconds).padStart(2, "0")}`);
  };

  /**
   * @param {HTMLFormElement} form
   * @param {string} reason
   */
  const reveal = async (form, reason) => {
    const body = new URLSearchParams();
    for (const [name, text] of new FormData(form)) body.append(name, String(text));
    body.set("reason", reason);
    try {
      const response = await fetch(form.action, { method: "POST", body, headers: { Accept: "application/json" } });
      const answer = await response.json();
      if (signal.aborted) return;
      if (!response.ok) showToast(answer.message, { about: form.action, refused: true });
      else show(form, answer.values, answer.seconds);
      // Its line in the thread tells who looked.
      sync.touch();
    } catch {
      showFailureToast();
    }
  };

  /**
   * @param {HTMLFormElement} form
   * @param {Value[]} values
   * @param {number} seconds
   */
  const show = (form, values, seconds) => {
    hide();
    for (const { name, text } of values) {
      const row = card.querySelector(`[data-field="${CSS.escape(name)}"]`);
      const element = row && partOf(row, "value");
      if (!row || !element) continue;
      masks.set(element, element.textContent ?? "");
      element.textContent = text || (card.dataset.empty ?? "");
      row.setAttribute("data-shows", "");
    }
    card.setAttribute("data-revealed", "");
    form.querySelector("button")?.setAttribute("aria-pressed", "true");
    until = clock.now() + seconds * 1000;
    ticking = setInterval(tick, 250);
    tick();
    announceText((card.dataset.shown ?? "").replace("{seconds}", String(seconds)));
  };

  // --- Why

  const why = partOf(card, "why");
  /** The eye that waits for its reason. @type {HTMLFormElement | null} */
  let waiting = null;
  const go = () => {
    const field = /** @type {HTMLInputElement} */ (partOf(card, "reason"));
    const reason = field.value.trim();
    if (!waiting || !reason) return field.focus();
    why.hidden = true;
    field.value = "";
    waiting.querySelector("button")?.focus();
    reveal(waiting, reason);
    waiting = null;
  };
  if (why) {
    partOf(card, "go").addEventListener("click", go);
    partOf(card, "reason").addEventListener("keydown", (event) => {
      if (event.key === "Enter") {
        event.preventDefault();
        go();
      } else if (event.key === "Escape") {
        why.hidden = true;
        waiting?.querySelector("button")?.focus();
      }
    });
  }

  card.addEventListener("submit", (event) => {
    const form = event.target;
    if (!(form instanceof HTMLFormElement)) return;
    if (form.hasAttribute("data-copies")) {
      event.preventDefault();
      copy(form);
    }
    if (!form.hasAttribute("data-reveals")) return;
    event.preventDefault();
    const shown = form.querySelector("[aria-pressed=true]") !== null;
    hide();
    if (shown) return;
    if (!why) return reveal(form, "");
    waiting = form;
    why.hidden = false;
    partOf(card, "reason").focus();
  });
  // A page that is kept for going back to shows nothing any more.
  addEventListener("pagehide", hide, { signal });
  signal.addEventListener("abort", () => {
    clearInterval(ticking);
    masks.clear();
  });
});

/** @param {HTMLFormElement} form */
async function copy(form) {
  try {
    const body = new URLSearchParams(/** @type {any} */ (new FormData(form)));
    const response = await fetch(form.action, { method: "POST", body, headers: { Accept: "application/json" } });
    if (!response.ok) return showFailureToast();
    const { address } = await response.json();
    await navigator.clipboard.writeText(address);
    showToast(form.dataset.copied ?? "");
  } catch {
    // Without a clipboard the page behind the button shows it.
    form.submit();
  }
}

// --- Choosing one

registerBehaviour("#form-search", (field) => {
  const none = /** @type {HTMLElement} */ (document.getElementById("form-none"));
  const rows = [...document.querySelectorAll(".form-list li")].filter((row) => row instanceof HTMLElement);
  field.addEventListener("input", () => {
    const wanted = /** @type {HTMLInputElement} */ (field).value.trim().toLowerCase();
    for (const row of rows) row.hidden = !(row.dataset.text ?? "").toLowerCase().includes(wanted);
    none.hidden = rows.some((row) => !row.hidden);
  });
  field.addEventListener("keydown", (event) => {
    if (event.key !== "Enter" && event.key !== "ArrowDown") return;
    event.preventDefault();
    rows
      .find((row) => !row.hidden)
      ?.querySelector("button")
      ?.focus();
  });
});
