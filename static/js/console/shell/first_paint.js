/**
 * Runs before the first paint: theme and pane widths that this browser remembers, so that nothing jumps later. And a form
 * that is submitted before htmx has got hold of it waits until then: else it would go as a whole page.
 */

(() => {
  const root = document.documentElement;
  try {
    const theme = localStorage.getItem("parley.theme");
    if (theme) root.dataset.theme = theme;
    for (const pane of ["tray", "panel"]) {
      const width = Number(localStorage.getItem(`parley.width.${pane}`));
      if (width) root.style.setProperty(`--${pane}-width`, `${width}px`);
    }
  } catch {
    // Storage is blocked: the defaults serve.
  }
})();

(() => {
  /** @type {{form: HTMLFormElement, by: HTMLElement | null} | undefined} */
  let held;
  const ready = new AbortController();

  const hold = (/** @type {SubmitEvent} */ event) => {
    const form = event.target;
    if (!(form instanceof HTMLFormElement) || !form.matches("[hx-post], [hx-get]")) return;
    event.preventDefault();
    event.stopImmediatePropagation();
    held = { form, by: event.submitter };
  };
  const release = () => {
    ready.abort();
    if (!held?.form.isConnected) return;
    // A click, where there was one: by it htmx knows which button it was.
    if (held.by) held.by.click();
    else held.form.requestSubmit();
  };

  addEventListener("submit", hold, { capture: true, signal: ready.signal });
  // What htmx says once it has the whole page; and if it never comes, forms go without it.
  for (const type of ["htmx:load", "load"]) addEventListener(type, release, { signal: ready.signal });
})();
