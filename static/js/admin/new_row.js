/**
 * “New …” beside a field in which rows are chosen: opens the row's own page in a dialog, and chooses the row once it is made.
 */

(() => {
  /** @typedef {{value: string, obj: string}} Made */

  /** @type {{frame: HTMLIFrameElement, dialog: HTMLDialogElement, button: HTMLElement} | null} */
  let open = null;

  /**
   * @param {string} name
   * @param {Partial<Record<string, string>>} attributes
   * @returns {HTMLElement}
   */
  function element(name, attributes) {
    const made = document.createElement(name);
    for (const [key, value] of Object.entries(attributes)) {
      made.setAttribute(key, value ?? "");
    }
    return made;
  }

  /** @param {HTMLElement} button */
  function openDialog(button) {
    const { newRow = "", title = "", close = "" } = button.dataset;
    const dialog = /** @type {HTMLDialogElement} */ (
      element("dialog", { class: "parley-new-dialog", "aria-label": title })
    );
    const head = element("header", {});
    const heading = element("h2", {});
    heading.textContent = title;
    const cross = element("button", { type: "button", "aria-label": close, class: "material-symbols-outlined" });
    cross.textContent = "close";
    cross.addEventListener("click", () => dialog.close());
    head.append(heading, cross);
    const frame = /** @type {HTMLIFrameElement} */ (element("iframe", { src: newRow, title }));
    frame.addEventListener("load", readFrame);
    dialog.append(head, frame);
    dialog.addEventListener("close", () => {
      dialog.remove();
      open = null;
      button.focus();
    });
    document.body.append(dialog);
    open = { frame, dialog, button };
    dialog.showModal();
  }

  /** What the page in the dialog is now: a row that has been made, or a form that Escape leaves. */
  function readFrame() {
    const page = open?.frame.contentDocument;
    if (!open || !page) {
      return;
    }
    const made = page.getElementById("new-row");
    if (made) {
      choose(open.button, JSON.parse(made.dataset.response ?? "{}"));
      open.dialog.close();
      return;
    }
    page.addEventListener("keydown", (event) => {
      if (event.key === "Escape" && !event.defaultPrevented) {
        open?.dialog.close();
      }
    });
    const first = page.querySelector("form input:not([type=hidden]), form select, form textarea");
    if (first instanceof HTMLElement && first.checkVisibility()) {
      first.focus();
    }
  }

  /**
   * @param {HTMLElement} button
   * @param {Made} made
   */
  function choose(button, made) {
    const field = button.closest(".parley-new-row");
    const model = field?.getAttribute("data-model");
    for (const each of document.querySelectorAll(`.parley-new-row[data-model="${model}"]`)) {
      add(each, made, each === field);
    }
    // Lines that are added later begin with what they know.
    for (const template of document.querySelectorAll("template")) {
      for (const each of template.content.querySelectorAll(`.parley-new-row[data-model="${model}"]`)) {
        add(each, made, false);
      }
    }
  }

  /**
   * @param {Element} field
   * @param {Made} made
   * @param {boolean} chosen
   */
  function add(field, made, chosen) {
    const select = field.querySelector("select");
    if (select) {
      select.add(new Option(made.obj, made.value, false, chosen));
      if (chosen) {
        select.dispatchEvent(new Event("change", { bubbles: true }));
      }
    } else {
      addBox(field, made, chosen);
    }
  }

  /**
   * @param {Element} field
   * @param {Made} made
   * @param {boolean} chosen
   */
  function addBox(field, made, chosen) {
    const sample = field.querySelector("template")?.content.firstElementChild;
    const list = field.firstElementChild;
    const line = sample?.firstElementChild?.cloneNode(true);
    if (!(line instanceof HTMLElement) || !list) {
      return;
    }
    const box = line.querySelector("input");
    const place = list.querySelectorAll("input").length;
    if (box) {
      const id = `${box.id.replace(/^new_/, "id_").replace(/_\d+$/, "")}_${place}`;
      line.querySelector("label")?.setAttribute("for", id);
      Object.assign(box, { id, value: made.value, checked: chosen });
    }
    for (const text of texts(line)) {
      text.data = text.data.replace("new-row", () => made.obj);
    }
    list.append(line);
    box?.dispatchEvent(new Event("change", { bubbles: true }));
  }

  /**
   * @param {Element} line
   * @returns {Text[]}
   */
  function texts(line) {
    const walker = document.createTreeWalker(line, NodeFilter.SHOW_TEXT);
    const found = [];
    while (walker.nextNode()) {
      found.push(/** @type {Text} */ (walker.currentNode));
    }
    return found;
  }

  document.addEventListener("click", (event) => {
    const button = event.target instanceof Element ? event.target.closest("[data-new-row]") : null;
    if (button instanceof HTMLElement) {
      openDialog(button);
    }
  });
})();
