/** What goes with a mail that is being written: files are attached to its text, and stand below it as chips (EML-6). */

import { bindFileInputs, showUploadChips } from "../../shared/attach.js";
import { Uploads } from "../../shared/upload.js";
import { partOf } from "../shell/behaviours.js";
import { connection, onEvent } from "../shell/connection.js";

/** @typedef {import("../../shared/types.js").FileFacts} FileFacts */

const template = /** @type {HTMLTemplateElement} */ (document.getElementById("chip-template"));
/** @param {string} id @param {string} end */
const address = (id, end) => `/console/files/${id}/${end}`;

/**
 * The files of an editor, with those that are kept with its draft; buttons, dropping and chips are theirs.
 *
 * @param {HTMLFormElement} form
 * @param {{text: HTMLTextAreaElement, signal: AbortSignal}} where the text that they go with, and when the editor goes
 * @returns {Uploads}
 */
export function editorUploads(form, { text, signal }) {
  const uploads = uploadsOf(form);
  const button = partOf(form, "attach");
  const input = /** @type {HTMLInputElement} */ (partOf(form, "picker"));
  const target = /** @type {HTMLElement} */ (form.closest("#pane"));
  const overlay = document.getElementById("drop-overlay") ?? document.createElement("div");
  bindFileInputs(uploads, { button, input, target, overlay, text, enabled: () => true, signal });
  onEvent("state", ({ state }) => state === "open" && uploads.up(), signal);
  showUploadChips(uploads, {
    list: partOf(form, "uploads"),
    template,
    said: partOf(form, "uploads-announcement"),
    text,
    address,
    signal,
  });
  return uploads;
}

/** @param {HTMLFormElement} form */
function uploadsOf({ dataset }) {
  const { lost = "", many = "", waits = "" } = template.dataset;
  const conversation = dataset.conversation || null;
  const uploads = new Uploads({
    ask: (file) => connection.request({ type: "upload", conversation, ...file }),
    words: { lost, many, waits },
  });
  for (const facts of /** @type {FileFacts[]} */ (JSON.parse(dataset.files ?? "[]"))) uploads.keep(facts);
  return uploads;
}
