/** The messages of the open conversation: in order, once each, read when seen, with history above. */

import { MessageList } from "../../shared/messages.js";
import { Scroll } from "../../shared/scroll.js";
import { files } from "../compose/attach.js";
import { outbox } from "../compose/outbox.js";
import { placeForms } from "../forms/forms.js";
import { partOf, registerBehaviour } from "../shell/behaviours.js";
import { connection, me, onEvent, sync, syncState } from "../shell/connection.js";
import { groupEvents } from "./event_groups.js";
import { placeEventLines } from "./event_lines.js";
import { markRead } from "./read_marks.js";

/** @typedef {import("../../shared/types.js").Message} Message */

/** Where each conversation was left, from its end in pixels. @type {Map<string, number>} */
const places = new Map();
const template = /** @type {HTMLTemplateElement} */ (document.getElementById("message-template"));

registerBehaviour("#thread", (element, signal) => {
  const id = element.dataset.conversation ?? "";
  const list = new MessageList({
    list: partOf(element, "list"),
    template,
    side: "agent",
    timeZone: document.body.dataset.timeZone,
    me,
    names: { customer: element.dataset.customer ?? "" },
    files,
    onGap: () => sync.now(),
  });
  list.marks("customer", Number(element.dataset.delivered), Number(element.dataset.read));
  const scroll = new Scroll({
    viewport: element,
    content: partOf(element, "list").parentElement ?? element,
    chip: partOf(element, "chip"),
    onTop: () => older(),
    onEnd: () => seen(),
  });
  syncState.numbers = () => ({ [id]: list.last });

  let asking = false;
  const older = async () => {
    if (asking || list.first <= 1 || connection.state !== "open") return;
    asking = true;
    try {
      const ack = await connection.request({ type: "history", conversation: id, before: list.first });
      scroll.keep(() => {
        list.prepend(ack.messages);
        partOf(element, "older").hidden = !ack.more;
        placeEventLines();
        placeForms();
        groupEvents(partOf(element, "list"));
      });
    } catch {
      // Scrolling up again asks again.
    }
    asking = false;
  };

  // Who scrolled up while the line was down.
  onEvent("state", ({ state }) => state === "open" && scroll.atTop && older(), signal);

  const seen = () => {
    if (document.visibilityState !== "visible" || !document.hasFocus()) return;
    const number = lowestInView(element);
    if (number) markRead(id, Math.min(number, list.last));
  };

  onEvent(
    "message",
    ({ conversation, message }) => {
      if (conversation !== id || !list.add(message)) return;
      if (message.author?.id === me.id && message.kind === "text") scroll.toEnd();
      else scroll.arrived();
      seen();
    },
    signal,
  );
  onEvent("redacted", ({ conversation, message }) => conversation === id && list.revise(message), signal);
  onEvent("marks", (marks) => marks.conversation === id && list.marks(marks.side, marks.delivered, marks.read), signal);
  onEvent(
    "outbox",
    ({ conversation, entry, state, why }) => {
      if (conversation !== id) return;
      if (state === "sending") list.pending(entry);
      if (state === "failed") list.fail(entry.client_id, why);
      if (state === "dropped") list.drop(entry.client_id);
      if (state === "sending") scroll.toEnd();
    },
    signal,
  );
  onEvent(
    "typing.now",
    ({ conversation, name }) => {
      if (conversation !== id) return;
      const words = partOf(element, "typing-text");
      words.textContent = (words.dataset.text ?? "").replace("{name}", () => name);
      partOf(element, "typing").hidden = !name;
    },
    signal,
  );
  addEventListener("focus", seen, { signal });
  document.addEventListener("visibilitychange", seen, { signal });
  element.addEventListener("scroll", () => places.set(id, scroll.atEnd ? 0 : fromEnd(element)), { passive: true });
  element.addEventListener("scrollend", seen);
  signal.addEventListener("abort", () => {
    if (!document.getElementById("thread")) syncState.numbers = () => ({});
  });

  const place = places.get(id);
  outbox.replay(id);
  if (place) element.scrollTop = element.scrollHeight - place;
  else scroll.toEnd();
  seen();
});

/** @param {HTMLElement} element */
function fromEnd(element) {
  return element.scrollHeight - element.scrollTop;
}

/**
 * The number of the lowest message of which something can be seen.
 *
 * @param {HTMLElement} viewport
 */
function lowestInView(viewport) {
  const bottom = viewport.getBoundingClientRect().bottom;
  const items = viewport.querySelectorAll(".message[data-number]");
  // They stand one below the other: halved again and again, only few of many are measured.
  let [above, below] = [0, items.length];
  while (above < below) {
    const middle = (above + below) >> 1;
    if (items[middle].getBoundingClientRect().top < bottom) above = middle + 1;
    else below = middle;
  }
  const lowest = items[above - 1];
  return lowest instanceof HTMLElement ? Number(lowest.dataset.number) : 0;
}
