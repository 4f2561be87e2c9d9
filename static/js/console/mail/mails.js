/**
 * The mails of the open conversation (EML-4). They are the server's: when something came, they are fetched again and laid over what is
 * there, so that what is open stays open, and nothing moves under the reader's eyes. What a mail says is fetched when it is opened.
 */

import { announceText } from "../shell/announce.js";
import { partOf, registerBehaviour } from "../shell/behaviours.js";
import { me, onEvent, syncState } from "../shell/connection.js";
import { fetchPart } from "../shell/htmx.js";
import { markRead } from "../thread/read_marks.js";

const TOGETHER_MS = 120;
const NEAR_PX = 48;
/** Above the newest mail, when it stands at the head. */
const AIR_PX = 8;
/** What a reader does: from then on the page stays where they put it. */
const TOUCHES = ["wheel", "pointerdown", "keydown", "touchstart"];

/** Where each thread was left, in pixels from its end. @type {Map<string, number>} */
const places = new Map();

const shown = () => {
  const found = document.querySelector(".mails");
  return found instanceof HTMLElement ? found : undefined;
};

// What is fetched again reaches as far back as what is shown.
document.addEventListener("htmx:configRequest", (event) => {
  const { conversation = "", first = "" } = shown()?.dataset ?? {};
  if (!(event instanceof CustomEvent) || !conversation) return;
  event.detail.headers["Parley-Mails"] = `${conversation}:${first}`;
});

registerBehaviour(".mails", (element, signal) => {
  const id = element.dataset.conversation ?? "";
  const chip = partOf(element, "chip");
  const last = () => Number(element.dataset.last);
  syncState.numbers = () => ({ [id]: last() });

  const newest = () => [...element.querySelectorAll(".mail")].at(-1);
  const isAtEnd = () => element.scrollTop + element.clientHeight >= element.scrollHeight - NEAR_PX;
  const align = () => {
    const mail = newest();
    chip.hidden = true;
    if (!(mail instanceof HTMLElement)) return;
    element.scrollTop += mail.getBoundingClientRect().top - element.getBoundingClientRect().top - AIR_PX;
  };

  // Until somebody moves it, it stays where it was put: pages of mails find their height one by one.
  let settle = () => {};
  const put = (/** @type {() => void} */ how) => {
    settle = how;
    how();
  };
  for (const type of TOUCHES) {
    element.addEventListener(
      type,
      () => {
        settle = () => {};
      },
      { passive: true },
    );
  }
  const watch = new ResizeObserver(() => settle());
  watch.observe(partOf(element, "list"));
  signal.addEventListener("abort", () => watch.disconnect());

  const seen = () => {
    if (document.visibilityState !== "visible" || !document.hasFocus()) return;
    const bottom = element.getBoundingClientRect().bottom;
    const lines = [...element.querySelectorAll("[data-number]")];
    const lowest = lines.findLast((line) => line.getBoundingClientRect().top < bottom);
    if (lowest instanceof HTMLElement) markRead(id, Math.min(Number(lowest.dataset.number), last()));
    if (isAtEnd()) chip.hidden = true;
  };

  /** @type {ReturnType<typeof setTimeout> | undefined} */
  let timer;
  let isOwn = false;
  const again = () => {
    timer ??= setTimeout(async () => {
      timer = undefined;
      if (!element.isConnected) return;
      try {
        await fetchPart(element.dataset.address ?? "", { target: `#${element.id}`, swap: "morph" });
      } catch {
        // The next sync tells of it again.
      }
    }, TOGETHER_MS);
  };
  signal.addEventListener("abort", () => clearTimeout(timer));

  onEvent(
    "message",
    ({ conversation, message }) => {
      if (conversation !== id || message.number <= last()) return;
      isOwn ||= message.author?.id === me.id && message.kind === "text";
      again();
    },
    signal,
  );
  onEvent("note", ({ note }) => note.conversation === id && !knows(element, note) && again(), signal);

  let before = { last: last(), atEnd: true, first: 0, fromEnd: 0 };
  element.addEventListener("htmx:beforeSwap", (event) => {
    if (event.target !== element) return;
    const fromEnd = element.scrollHeight - element.scrollTop;
    before = { last: last(), atEnd: isAtEnd(), first: Number(element.dataset.first), fromEnd };
  });
  document.addEventListener(
    "htmx:afterSwap",
    () => {
      // Whichever way they came: by themselves, or with the whole pane.
      if (Number(element.dataset.first) < before.first) element.scrollTop = element.scrollHeight - before.fromEnd;
      if (last() > before.last) arrived(before.last);
      before = { last: last(), atEnd: isAtEnd(), first: Number(element.dataset.first), fromEnd: 0 };
      seen();
    },
    { signal },
  );

  /** @param {number} since the last number before */
  function arrived(since) {
    const mail = newest();
    if (!(mail instanceof HTMLElement) || Number(mail.dataset.number) <= since) return;
    if (mail.dataset.side === "customer") {
      announceText((element.dataset.arrived ?? "").replace("{name}", () => mail.dataset.name ?? ""));
    }
    if (before.atEnd || isOwn) put(align);
    else chip.hidden = false;
    isOwn = false;
  }

  chip.addEventListener("click", () => put(align));
  addEventListener("focus", seen, { signal });
  document.addEventListener("visibilitychange", seen, { signal });
  element.addEventListener(
    "scroll",
    () => {
      places.set(id, element.scrollHeight - element.scrollTop);
      before.atEnd = isAtEnd();
    },
    { passive: true },
  );
  element.addEventListener("scrollend", seen);
  element.addEventListener("keydown", (event) => {
    const moves = { ArrowDown: 1, ArrowUp: -1 };
    const head = event.target instanceof Element ? event.target.closest(".mail-head") : null;
    if (!head || !(event.key in moves)) return;
    const heads = [...element.querySelectorAll(".mail-head")];
    const next = heads[heads.indexOf(head) + moves[/** @type {keyof typeof moves} */ (event.key)]];
    if (!(next instanceof HTMLElement)) return;
    event.preventDefault();
    next.focus();
  });
  signal.addEventListener("abort", () => {
    if (!shown()) syncState.numbers = () => ({});
  });

  const place = places.get(id);
  put(place ? () => (element.scrollTop = element.scrollHeight - place) : align);
  before.first = Number(element.dataset.first);
  before.atEnd = isAtEnd();
  seen();
});

/**
 * Whether a note stands there already as it is told.
 *
 * @param {HTMLElement} element
 * @param {{id: string, body: string, deleted_by: string}} note
 */
function knows(element, { id, body, deleted_by: gone }) {
  const line = element.querySelector(`[data-note="${CSS.escape(id)}"]`);
  return line ? !gone && partOf(line, "body").textContent === body : Boolean(gone);
}

registerBehaviour(".mail-tile", (tile) => {
  if (!(tile instanceof HTMLDetailsElement)) return;
  const fetch = async () => {
    const body = tile.querySelector(".mail-body[data-address]");
    if (!tile.open || !(body instanceof HTMLElement) || body.dataset.asked) return;
    body.dataset.asked = "true";
    try {
      await fetchPart(body.dataset.address ?? "", { target: `#${body.id}`, swap: "outerHTML" });
    } catch {
      // Closing and opening it asks again.
      delete body.dataset.asked;
    }
  };
  tile.addEventListener("toggle", fetch);
  fetch();
});
