/**
 * Somebody else has said something while a mail was being written (EML-9): the editor says so as it happens, and Send asks what is to
 * be done. It can be read, answered instead, or left unread and the mail sent anyway. Who has read it is asked no more.
 */

import { announceText } from "../shell/announce.js";
import { partOf } from "../shell/behaviours.js";
import { me, onEvent } from "../shell/connection.js";

export class ReplyConflict {
  /**
   * @param {HTMLFormElement} form the editor
   * @param {object} how
   * @param {AbortSignal} how.signal the editor has gone
   * @param {() => void} how.onTold its writer knows of it now, which is to be kept
   * @param {(way: string) => void} how.onSend it is to be sent anyway, as Send was asked to
   * @param {() => void} how.onTurn it is to answer the newest mail
   */
  constructor(form, { signal, onTold, onSend, onTurn }) {
    this.form = form;
    this.warning = partOf(form, "replied");
    this.seen = /** @type {HTMLInputElement} */ (form.elements.namedItem("seen"));
    const { conversation = "", customer = "", replied = "" } = form.dataset;
    onEvent(
      "message",
      ({ conversation: where, message }) => {
        if (!conversation || where !== conversation || message.kind !== "text") return;
        if (message.number <= Number(this.seen.value) || message.author?.id === me.id) return;
        this.#show(
          message.number,
          replied.replace("{name}", () => message.author?.name ?? customer),
        );
      },
      signal,
    );
    partOf(form, "look").addEventListener("click", () => {
      this.#told();
      const mail = [...document.querySelectorAll(".mails .mail")].at(-1);
      const tile = mail?.querySelector("details.mail-tile");
      if (tile instanceof HTMLDetailsElement) tile.open = true;
      onTold();
      mail?.scrollIntoView({ block: "start" });
    });
    partOf(form, "anyway").addEventListener("click", () => {
      this.#told();
      this.warning.hidden = true;
      onSend(partOf(form, "anyway").dataset.way ?? "");
    });
    form.querySelector('[data-part="turn"]')?.addEventListener("click", onTurn);
  }

  /**
   * The server has not sent it: its writer does not know what was said.
   *
   * @param {number} number of the newest line
   * @param {string} said
   * @param {string} way how it was to be sent
   */
  ask(number, said, way) {
    this.#show(number, said);
    const anyway = partOf(this.form, "anyway");
    anyway.hidden = false;
    anyway.dataset.way = way;
  }

  /**
   * @param {number} number
   * @param {string} said
   */
  #show(number, said) {
    this.warning.dataset.number = String(Math.max(number, Number(this.warning.dataset.number)));
    partOf(this.form, "replied-text").textContent = said;
    partOf(this.form, "look").hidden = false;
    partOf(this.form, "anyway").hidden = true;
    this.warning.hidden = false;
    announceText(said);
  }

  #told() {
    this.seen.value = this.warning.dataset.number ?? "";
    partOf(this.form, "look").hidden = true;
    partOf(this.form, "anyway").hidden = true;
  }
}
