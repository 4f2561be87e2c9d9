/** Files of the open conversation: they are attached to its compose bar, and wait there when another one is opened. */

import { bindFileInputs, showUploadChips } from "../../shared/attach.js";
import { Files } from "../../shared/files.js";
import { mountLightbox } from "../../shared/lightbox.js";
import { Uploads } from "../../shared/upload.js";
import { partOf, registerBehaviour } from "../shell/behaviours.js";
import { connection, onEvent } from "../shell/connection.js";
import { mayWrite } from "../shell/workspace.js";

const template = /** @type {HTMLTemplateElement} */ (document.getElementById("chip-template"));
/** @type {Map<string, Uploads>} by conversation */
const waiting = new Map();

/**
 * @param {string} id
 * @param {string} end
 */
const address = (id, end) => `/console/files/${id}/${end}`;

/** Shows what goes with a message. */
export const files = new Files(address);

/**
 * What waits to be sent to a conversation.
 *
 * @param {string} conversation
 */
export function uploadsOf(conversation) {
  const { lost = "", many = "", waits = "" } = template.dataset;
  const ask = (/** @type {{name: string, size: number}} */ file) =>
    connection.request({ type: "upload", conversation, ...file });
  const found = waiting.get(conversation) ?? new Uploads({ ask, words: { lost, many, waits } });
  waiting.set(conversation, found);
  return found;
}

onEvent("state", ({ state }) => {
  if (state === "open") for (const uploads of waiting.values()) uploads.up();
});

onEvent("conversation", ({ conversation: { id, state } }) => {
  if (state !== "wrap_up" && state !== "closed") return;
  for (const upload of waiting.get(id)?.all ?? []) waiting.get(id)?.remove(upload);
  waiting.delete(id);
});

registerBehaviour("#compose", (form, signal) => {
  const id = form.dataset.conversation ?? "";
  const uploads = uploadsOf(id);
  const text = /** @type {HTMLElement} */ (form.querySelector("textarea"));
  const pane = /** @type {HTMLElement} */ (form.closest("#pane"));
  const overlay = /** @type {HTMLElement} */ (document.getElementById("drop-overlay"));
  const button = /** @type {HTMLButtonElement} */ (partOf(form, "attach"));
  const input = /** @type {HTMLInputElement} */ (partOf(form, "picker"));
  const enabled = () => mayWrite(id);
  bindFileInputs(uploads, { button, input, target: pane, overlay, text, enabled, signal });
  const said = partOf(form, "uploads-announcement");
  showUploadChips(uploads, { list: partOf(form, "uploads"), template, said, text, address, signal });
});

// Anywhere else a file that is dropped would take the page's place.
for (const type of ["dragover", "drop"]) {
  document.addEventListener(type, (event) => {
    if (!(event instanceof DragEvent) || event.defaultPrevented || !event.dataTransfer?.types.includes("Files")) return;
    event.preventDefault();
    event.dataTransfer.dropEffect = "none";
  });
}

mountLightbox(/** @type {HTMLDialogElement} */ (document.getElementById("lightbox")));
