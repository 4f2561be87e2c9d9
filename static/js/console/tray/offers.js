/** What rings: shown at once, with a ring that empties, a sound, a notification and a count in the title (CON-2). */

import { parseTimestamp } from "../../shared/clock.js";
import { announceText } from "../shell/announce.js";
import { partOf, registerBehaviour, updateBehaviours } from "../shell/behaviours.js";
import { showNotification } from "../shell/browser_notifications.js";
import { clock, onEvent, syncState } from "../shell/connection.js";
import { htmx } from "../shell/htmx.js";
import { startRinging, stopRinging } from "../shell/sound.js";
import { removeToastsAbout } from "../shell/toasts.js";
import { keepCardsInPlace } from "./card_position.js";

const SOON = 0.34;
const NOBODY = "00000000-0000-0000-0000-000000000000";

const template = /** @type {HTMLTemplateElement} */ (document.getElementById("offer-template"));

syncState.offers = () => {
  const offers = /** @type {HTMLElement[]} */ ([...document.querySelectorAll("#offer-list > .offer")]);
  return offers.map(({ dataset }) => dataset.offer ?? "");
};

onEvent("offer", ({ offer }) => keepCardsInPlace(() => show(offer)));
onEvent("welcome", ({ offers }) => {
  for (const offer of offers) keepCardsInPlace(() => show(offer));
});

// Why it is gone, if its agent has to be told, comes as a notice: it outlives a lost frame and a reload.
onEvent("offer.gone", ({ offer }) => {
  keepCardsInPlace(() => {
    document.getElementById(`offer-${offer}`)?.remove();
    tidy();
  });
});

// Why one was Away (Idle) is said of oneself, and is no longer so.
onEvent("status", ({ status }) => status.base === "available" && removeToastsAbout(document.body.dataset.me ?? ""));

function tidy() {
  const list = document.getElementById("offer-list");
  const section = document.getElementById("offers");
  if (section && list) section.hidden = list.childElementCount === 0;
  updateBehaviours();
}

/** @param {Record<string, any>} offer */
function show(offer) {
  if (document.getElementById(`offer-${offer.id}`)) return;
  const fragment = /** @type {DocumentFragment} */ (template.content.cloneNode(true));
  const element = /** @type {HTMLElement} */ (fragment.firstElementChild);
  element.id = `offer-${offer.id}`;
  Object.assign(element.dataset, { offer: offer.id, from: offer.created_at, until: offer.expires_at });
  partOf(element, "customer").textContent = offer.customer;
  partOf(element, "queue").textContent = offer.queue;
  partOf(element, "line").textContent = offer.last_line;
  partOf(element, "subject").hidden = !offer.subject;
  partOf(element, "subject").textContent = offer.subject;
  partOf(element, "channel").setAttribute("href", `#i-${offer.channel}`);
  showWait(partOf(element, "wait"), offer.waiting_since);
  showWait(partOf(element, "in-all"), offer.in_all_since);
  partOf(element, "left").dataset.until = offer.expires_at;
  showSkills(partOf(element, "skills"), offer.skills);
  partOf(element, "reject").hidden = !offer.may_reject;
  partOf(element, "from").hidden = !offer.sender;
  partOf(element, "sender").textContent = offer.sender;
  partOf(element, "note").hidden = !offer.note;
  partOf(element, "note").textContent = offer.note;
  const no = partOf(element, "no");
  no.textContent = (offer.sender ? no.dataset.decline : no.dataset.reject) ?? "";
  for (const form of element.querySelectorAll("form")) {
    for (const name of ["action", "hx-post"]) {
      form.setAttribute(name, (form.getAttribute(name) ?? "").replace(NOBODY, offer.id));
    }
  }
  document.getElementById("offer-list")?.append(element);
  htmx.process(element);
  clock.refresh();
  tidy();
}

/**
 * @param {HTMLElement} words
 * @param {string | null} since
 */
function showWait(words, since) {
  words.hidden = !since;
  const time = words.querySelector("time");
  if (time) time.dataset.since = since ?? "";
}

/**
 * @param {HTMLElement} list
 * @param {string[]} skills
 */
function showSkills(list, skills) {
  list.hidden = skills.length === 0;
  for (const skill of skills) {
    const chip = document.createElement("li");
    const name = document.createElement("span");
    chip.className = "chip";
    name.className = "chip-name";
    name.textContent = skill;
    chip.append(name);
    list.append(chip);
  }
}

registerBehaviour(".offer", (offer, signal) => {
  const left = offer.querySelector(".ring-left");
  const from = parseTimestamp(offer.dataset.from ?? "");
  const until = parseTimestamp(offer.dataset.until ?? "");
  const tick = (/** @type {number} */ now) => {
    const share = Math.min(1, Math.max(0, (until - now) / (until - from)));
    // One second ahead: the ring glides there until the next tick.
    const ahead = Math.max(0, share - 1000 / (until - from));
    left?.setAttribute("stroke-dashoffset", String(100 - ahead * 100));
    offer.toggleAttribute("data-soon", share < SOON);
  };
  tick(clock.now());
  const stop = clock.onTick(tick);
  const name = partOf(offer, "customer").textContent ?? "";
  const queue = partOf(offer, "queue").textContent ?? "";
  const sender = partOf(offer, "sender").textContent ?? "";
  const says = (sender ? template.dataset.saysTransfer : template.dataset.says) ?? "";
  announceText(
    says
      .replace("{name}", () => name)
      .replace("{queue}", () => queue)
      .replace("{sender}", () => sender),
    { now: true },
  );
  const dismiss = showNotification(
    offer.id,
    (template.dataset.title ?? "").replace("{name}", () => name),
    [queue, ...[...partOf(offer, "skills").children].map((skill) => skill.textContent?.trim())].join(" · "),
  );
  startRinging();
  signal.addEventListener("abort", () => {
    stop();
    dismiss();
    if (!document.querySelector(".offer")) stopRinging();
  });
});
