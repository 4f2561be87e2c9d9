/**
 * The search of the admin pages: opened by its button or Ctrl/⌘ K; what it finds, htmx brings from the server.
 *
 * The cursor stays in the field: arrows choose among what was found, Enter opens it, with Ctrl/⌘ in a tab of its own.
 */

/**
 * Let the search open, and be used by the keyboard alone.
 *
 * @param {HTMLDialogElement} dialog
 * @param {HTMLInputElement} field
 * @param {HTMLElement} results
 */
function start(dialog, field, results) {
  const hits = () => /** @type {HTMLElement[]} */ ([...results.querySelectorAll("[role=option]")]);
  const chosen = () => hits().findIndex((hit) => hit.ariaSelected === "true");

  /** @param {number} place */
  function choose(place) {
    for (const [index, hit] of hits().entries()) {
      hit.ariaSelected = String(index === place);
    }
    const hit = hits()[place];
    field.setAttribute("aria-expanded", String(hit !== undefined));
    field.setAttribute("aria-activedescendant", hit?.id ?? "");
    hit?.scrollIntoView({ block: "nearest" });
  }

  function open() {
    if (!dialog.open) {
      dialog.showModal();
    }
    field.select();
  }

  /** @param {number} step */
  function move(step) {
    const count = hits().length;
    if (count) {
      choose((chosen() + step + count) % count);
    }
  }

  /** @param {boolean} apart */
  function follow(apart) {
    const link = hits()[chosen()];
    if (!(link instanceof HTMLAnchorElement)) {
      return;
    }
    if (apart) {
      window.open(link.href, "_blank", "noopener");
    } else {
      link.click();
    }
  }

  document.addEventListener("click", (event) => {
    if (event.target instanceof Element && event.target.closest("[data-search-open]")) {
      open();
    }
  });
  document.addEventListener("keydown", (event) => {
    const writing = event.target instanceof HTMLElement && event.target.isContentEditable;
    if (event.key.toLowerCase() === "k" && (event.ctrlKey || event.metaKey) && !event.altKey && !writing) {
      event.preventDefault();
      open();
    }
  });
  field.addEventListener("keydown", (event) => {
    if (event.key === "ArrowDown" || event.key === "ArrowUp") {
      event.preventDefault();
      move(event.key === "ArrowDown" ? 1 : -1);
    } else if (event.key === "Enter") {
      event.preventDefault();
      follow(event.ctrlKey || event.metaKey);
    }
  });
  results.addEventListener("htmx:afterSwap", () => choose(0));
  results.addEventListener("pointermove", (event) => {
    const hit = event.target instanceof Element ? event.target.closest("[role=option]") : null;
    if (hit instanceof HTMLElement && hit.ariaSelected !== "true") {
      choose(hits().indexOf(hit));
    }
  });
  // A hit may be on this very page; a click beside the dialog lands on its backdrop.
  dialog.addEventListener("click", (event) => {
    if (event.target === dialog || (event.target instanceof Element && event.target.closest("[role=option]"))) {
      dialog.close();
    }
  });
}

const [dialog, field, results] = ["search", "search-field", "search-results"].map((id) => document.getElementById(id));
if (dialog instanceof HTMLDialogElement && field instanceof HTMLInputElement && results) {
  start(dialog, field, results);
}
