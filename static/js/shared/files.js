/**
 * The files that go with a message (CHAT-9): pictures as thumbnails, others as cards. The same elements as the server
 * renders; a click on a picture is the lightbox's.
 */

/** @typedef {import("./types.js").FileFacts} FileFacts */

/** What a thumbnail stands within, in CSS pixels. */
const WIDTH = 260;
const HEIGHT = 200;

export class Files {
  /** @param {(id: string, end: string) => string} address where a file is fetched from */
  constructor(address) {
    this.address = address;
  }

  /**
   * Show these below a message's text; what is shown already stays.
   *
   * @param {HTMLElement} message
   * @param {FileFacts[]} files
   */
  fill(message, files) {
    const ids = files.map((file) => file.id).join(" ");
    const before = message.querySelector(".files");
    if (before instanceof HTMLElement && before.dataset.ids === ids) return;
    const box = make("div", "files");
    box.dataset.ids = ids;
    box.append(...files.map((file) => this.#one(file)));
    if (before) before.replaceWith(box);
    else message.querySelector('[data-part="body"]')?.after(box);
  }

  /**
   * Fetch from other addresses from now on.
   *
   * @param {ParentNode} list
   */
  refresh(list) {
    for (const link of list.querySelectorAll("a[data-file]")) {
      if (link instanceof HTMLAnchorElement) link.href = this.address(link.dataset.file ?? "", link.dataset.end ?? "");
    }
  }

  /** @param {FileFacts} file */
  #one(file) {
    const isPicture = file.kind === "image" && file.thumbnail;
    const link = document.createElement("a");
    link.className = isPicture ? "file-picture" : "file-card";
    link.dataset.file = file.id;
    link.dataset.name = file.name;
    link.dataset.end = isPicture || file.kind === "pdf" ? "" : "?download";
    link.href = this.address(file.id, link.dataset.end);
    link.target = "_blank";
    link.rel = "noopener";
    link.append(...(isPicture ? [this.#picture(file)] : fileCardContent(file)));
    return link;
  }

  /** @param {FileFacts} file */
  #picture(file) {
    const image = new Image();
    const width = file.width ?? WIDTH;
    const height = file.height ?? HEIGHT;
    const scale = Math.min(1, WIDTH / width, HEIGHT / height);
    image.width = Math.max(24, Math.round(width * scale));
    image.height = Math.max(24, Math.round(height * scale));
    image.alt = file.name;
    image.src = this.address(file.id, "small/");
    return image;
  }
}

/**
 * What stands on a card.
 *
 * @param {{name: string, size: number}} file
 */
function fileCardContent(file) {
  const badge = make("span", "file-ending", endingOf(file.name));
  badge.setAttribute("aria-hidden", "true");
  const name = make("span", "file-name", file.name);
  name.dir = "auto";
  return [badge, name, make("span", "file-size", fileSize(file.size))];
}

/** @param {string} name */
export function endingOf(name) {
  const ending = name.includes(".") ? (name.split(".").at(-1) ?? "") : "";
  return ending.slice(0, 4).toUpperCase();
}

/**
 * As the server's `file_size`.
 *
 * @param {number} bytes
 */
export function fileSize(bytes) {
  if (bytes < 1024) return `${bytes} B`;
  const kilobytes = Math.round(bytes / 1024);
  return kilobytes < 1024 ? `${kilobytes} KB` : `${(bytes / 1024 / 1024).toFixed(1)} MB`;
}

/**
 * @param {string} tag
 * @param {string} name
 * @param {string} [text]
 */
function make(tag, name, text = "") {
  const element = document.createElement(tag);
  element.className = name;
  element.textContent = text;
  return element;
}
