/** Files in the chat: what the customer attaches, and what both sides have sent (CHAT-9). */

import { bindFileInputs, showUploadChips } from "../shared/attach.js";
import { Files } from "../shared/files.js";
import { mountLightbox } from "../shared/lightbox.js";
import { Uploads } from "../shared/upload.js";
import { byId } from "./dom.js";

/** @typedef {import("../shared/frames.d.ts").WidgetSocket} WidgetSocket */
/** @typedef {import("../shared/socket.js").Connection<WidgetSocket>} Connection */

const KEY_MS = 6 * 60 * 60 * 1000;

export class Attach {
  #key = "";

  /**
   * @param {object} options
   * @param {Connection} options.connection
   * @param {() => string | null} options.place the conversation that goes on, if one does
   * @param {() => boolean} options.enabled whether anything can be written now
   */
  constructor({ connection, place, enabled }) {
    const template = byId("chip-template", HTMLTemplateElement);
    const { lost = "", many = "", waits = "" } = template.dataset;
    const address = (/** @type {string} */ id, /** @type {string} */ end) => `/widget/files/${this.#key}/${id}/${end}`;
    this.files = new Files(address);
    this.uploads = new Uploads({
      ask: (file) => connection.request({ type: "upload", conversation: place(), ...file }),
      words: { lost, many, waits },
    });
    mountLightbox(byId("lightbox", HTMLDialogElement));
    const button = document.getElementById("attach");
    const text = byId("text", HTMLTextAreaElement);
    const said = byId("uploads-announcement", HTMLElement);
    showUploadChips(this.uploads, { list: byId("uploads", HTMLElement), template, said, text, address });
    // Where customers may send none, there is no button.
    if (button) {
      const [target, overlay] = [byId("widget", HTMLElement), byId("drop-overlay", HTMLElement)];
      bindFileInputs(this.uploads, { button, input: byId("picker", HTMLInputElement), target, overlay, text, enabled });
    }
    // A page may stay open for longer than a key is good for.
    setInterval(async () => {
      const ack = await connection.request({ type: "file_key" }).catch(() => null);
      if (ack) this.key = ack.file_key;
    }, KEY_MS);
  }

  /** @param {string} key what files are fetched by from now on */
  set key(key) {
    this.#key = key;
    this.files.refresh(document);
  }

  /** Another conversation begins: what waited for this one does not go with it. */
  clear() {
    for (const upload of this.uploads.all) this.uploads.remove(upload);
  }
}
