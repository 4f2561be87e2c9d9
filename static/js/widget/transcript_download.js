/** The customer keeps the conversation: the server writes it down, the browser saves the file. */

import { setText } from "../shared/dom.js";
import { byId } from "./dom.js";

export class TranscriptDownload {
  #buttons = [byId("save", HTMLButtonElement), byId("save-ended", HTMLButtonElement)];
  #said = byId("save-announcement", HTMLElement);
  #busy = false;

  /** @param {() => URLSearchParams} ask what names the conversation and proves whose it is */
  constructor(ask) {
    this.ask = ask;
    for (const button of this.#buttons) button.addEventListener("click", () => this.#save());
  }

  /** @param {boolean} shown whether there is a conversation */
  set shown(shown) {
    for (const button of this.#buttons) button.hidden = !shown;
  }

  async #save() {
    if (this.#busy) return;
    this.#busy = true;
    setText(this.#said, "");
    try {
      const answer = await fetch("/widget/transcript/", { method: "POST", body: this.ask(), credentials: "omit" });
      if (!answer.ok) throw new Error(String(answer.status));
      const named = /filename="([^"]+)"/.exec(answer.headers.get("Content-Disposition") ?? "");
      this.#keep(await answer.blob(), named?.[1] ?? "conversation.html");
      setText(this.#said, this.#said.dataset.done ?? "");
    } catch {
      setText(this.#said, this.#said.dataset.failed ?? "");
    }
    this.#busy = false;
  }

  /**
   * @param {Blob} blob
   * @param {string} name
   */
  #keep(blob, name) {
    const link = document.createElement("a");
    link.href = URL.createObjectURL(blob);
    link.download = name;
    link.click();
    setTimeout(() => URL.revokeObjectURL(link.href), 60_000);
  }
}
