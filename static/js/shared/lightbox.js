/** A click on a thumbnail shows the picture in a dialog; arrows lead to the others of the conversation. */

/** @param {HTMLDialogElement} dialog with parts `image`, `name`, `save`, `before`, `after`, `close` */
export function mountLightbox(dialog) {
  /** @type {HTMLAnchorElement | null} */
  let current = null;
  const part = (/** @type {string} */ name) =>
    /** @type {HTMLElement} */ (dialog.querySelector(`[data-part="${name}"]`));
  const image = /** @type {HTMLImageElement} */ (part("image"));

  const all = () => {
    const found = current?.closest("ol")?.querySelectorAll("a.file-picture") ?? [];
    return /** @type {HTMLAnchorElement[]} */ ([...found]);
  };
  const show = (/** @type {HTMLAnchorElement} */ link) => {
    current = link;
    const name = link.dataset.name ?? "";
    image.removeAttribute("src");
    image.alt = name;
    image.src = link.href;
    part("name").textContent = name;
    const save = part("save");
    if (save instanceof HTMLAnchorElement) save.href = `${link.href}?download`;
    const pictures = all();
    const place = pictures.indexOf(link);
    for (const [name, at] of /** @type {const} */ ([
      ["before", place - 1],
      ["after", place + 1],
    ])) {
      const button = part(name);
      const hadFocus = button === document.activeElement;
      button.hidden = pictures.length < 2;
      button.toggleAttribute("disabled", !pictures[at]);
      if (hadFocus && !pictures[at]) part("close").focus();
    }
  };
  const step = (/** @type {number} */ by) => {
    const pictures = all();
    const next = current && pictures[pictures.indexOf(current) + by];
    if (next) show(next);
  };

  document.addEventListener("click", (event) => {
    const link = event.target instanceof Element ? event.target.closest("a.file-picture") : null;
    const plain = !event.ctrlKey && !event.metaKey && !event.shiftKey && !event.altKey && event.button === 0;
    if (!(link instanceof HTMLAnchorElement) || !plain) return;
    event.preventDefault();
    show(link);
    dialog.showModal();
    part("close").focus();
  });
  part("before").addEventListener("click", () => step(-1));
  part("after").addEventListener("click", () => step(1));
  part("close").addEventListener("click", () => dialog.close());
  dialog.addEventListener("click", (event) => event.target === dialog && dialog.close());
  dialog.addEventListener("keydown", (event) => {
    const forwards = document.documentElement.dir === "rtl" ? "ArrowLeft" : "ArrowRight";
    if (event.key === "ArrowLeft" || event.key === "ArrowRight") step(event.key === forwards ? 1 : -1);
  });
  dialog.addEventListener("close", () => {
    image.removeAttribute("src");
    current?.focus();
  });
}
