/** How files come to a compose bar: picked, dropped, pasted; and the chips that show them. */

import { setText } from "./dom.js";
import { endingOf, fileSize } from "./files.js";

/** @typedef {import("./upload.js").Upload} Upload */
/** @typedef {import("./upload.js").Uploads} Uploads */

/**
 * @typedef {object} Place
 * @property {HTMLElement} button opens the picker
 * @property {HTMLInputElement} input the picker
 * @property {HTMLElement} target where files may be dropped
 * @property {HTMLElement} overlay says so while they are dragged over it
 * @property {HTMLElement} text where they may be pasted, and where the work goes on
 * @property {() => boolean} enabled whether any may be added now; what is chosen while the line is down waits for it (upload.js)
 * @property {AbortSignal} [signal] ends it
 */

/**
 * @param {Uploads} uploads
 * @param {Place} place
 */
export function bindFileInputs(uploads, { button, input, target, overlay, text, enabled, signal }) {
  const add = (/** @type {Iterable<File>} */ files) => {
    if (!enabled()) return;
    uploads.add(files);
    text.focus({ preventScroll: true });
  };
  button.addEventListener("click", () => input.click(), { signal });
  input.addEventListener(
    "change",
    () => {
      add([...(input.files ?? [])]);
      input.value = "";
    },
    { signal },
  );
  text.addEventListener(
    "paste",
    (event) => {
      const data = event.clipboardData;
      // What comes out of a word processor is text and a picture of it: then the text is meant.
      if (!data?.files.length || data.types.includes("text/plain")) return;
      event.preventDefault();
      add([...data.files]);
    },
    { signal },
  );
  let depth = 0;
  const over = (/** @type {number} */ change) => {
    depth = change ? Math.max(0, depth + change) : 0;
    overlay.hidden = depth === 0 || !enabled();
  };
  const on = (/** @type {string} */ type, /** @type {(event: DragEvent) => void} */ listener) => {
    const guarded = (/** @type {Event} */ event) => {
      if (!(event instanceof DragEvent) || !event.dataTransfer?.types.includes("Files")) return;
      event.preventDefault();
      listener(event);
    };
    target.addEventListener(type, guarded, { signal });
  };
  on("dragenter", () => over(1));
  on("dragleave", () => over(-1));
  on("dragover", ({ dataTransfer }) => {
    if (dataTransfer) dataTransfer.dropEffect = enabled() ? "copy" : "none";
  });
  on("drop", ({ dataTransfer }) => {
    over(0);
    add([...(dataTransfer?.files ?? [])]);
  });
}

/**
 * @typedef {object} ChipPlace
 * @property {HTMLElement} list
 * @property {HTMLTemplateElement} template its words: `data-attached`, with `{name}`
 * @property {HTMLElement} said where screen readers are told
 * @property {HTMLElement} text where the focus goes when a chip that had it is gone
 * @property {(id: string, end: string) => string} address
 * @property {AbortSignal} [signal]
 */

/**
 * Show a chip for each upload, and keep it in step.
 *
 * @param {Uploads} uploads
 * @param {ChipPlace} place
 */
export function showUploadChips(uploads, { list, template, said, text, address, signal }) {
  /** @type {Map<Upload, HTMLElement>} */
  const shown = new Map();
  const update = () => {
    for (const [upload, element] of shown) {
      if (uploads.all.includes(upload)) continue;
      const hadFocus = element.contains(document.activeElement);
      const next = element.nextElementSibling ?? element.previousElementSibling;
      shown.delete(upload);
      element.remove();
      const button = next?.querySelector('[data-part="remove"]');
      if (hadFocus) (button instanceof HTMLElement ? button : text).focus();
    }
    for (const upload of uploads.all) {
      const element = shown.get(upload) ?? make(upload);
      if (element.dataset.state !== upload.state && upload.state === "ready") {
        said.textContent = (template.dataset.attached ?? "").replace("{name}", () => upload.name);
      }
      show(element, upload);
    }
    list.hidden = uploads.all.length === 0;
  };
  const make = (/** @type {Upload} */ upload) => {
    const fragment = /** @type {DocumentFragment} */ (template.content.cloneNode(true));
    const element = /** @type {HTMLElement} */ (fragment.firstElementChild);
    part(element, "remove").addEventListener("click", () => uploads.remove(upload));
    part(element, "again").addEventListener("click", () => {
      uploads.retry(upload);
      text.focus();
    });
    shown.set(upload, element);
    list.append(element);
    return element;
  };
  const show = (/** @type {HTMLElement} */ element, /** @type {Upload} */ upload) => {
    const { facts, state, name, why, again, sent, file } = upload;
    element.dataset.state = state;
    setText(part(element, "name"), name);
    setText(part(element, "size"), fileSize(facts?.size ?? file.size));
    setText(part(element, "why"), why);
    part(element, "again").hidden = !again;
    const remove = part(element, "remove");
    const label = (remove.dataset.label ?? "").replace("{name}", () => name);
    if (remove.getAttribute("aria-label") !== label) remove.setAttribute("aria-label", label);
    const bar = /** @type {HTMLProgressElement} */ (part(element, "progress"));
    bar.hidden = state !== "sending";
    bar.value = sent;
    const badge = part(element, "badge");
    const image = badge.querySelector("img");
    if (!facts?.thumbnail) setText(badge, endingOf(name));
    else if (!image) {
      const small = new Image();
      small.alt = "";
      small.src = address(facts.id, "small/");
      badge.replaceChildren(small);
    }
  };
  uploads.watch(update, signal);
  update();
}

/**
 * What was just attached is in sight, however long the text is.
 *
 * @param {HTMLElement} list
 * @param {AbortSignal} signal
 */
export function keepInSight(list, signal) {
  const came = new MutationObserver(() => list.lastElementChild?.scrollIntoView({ block: "nearest" }));
  came.observe(list, { childList: true });
  signal.addEventListener("abort", () => came.disconnect());
}

/**
 * @param {HTMLElement} element
 * @param {string} name
 */
function part(element, name) {
  return /** @type {HTMLElement} */ (element.querySelector(`[data-part="${name}"]`));
}
