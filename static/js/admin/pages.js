/**
 * Of every admin page: a link that names a field leads into it, and what has been refused is where one begins.
 */

import "./new_row.js";

(() => {
  /** Put the cursor into the field that the page's address names, as results of the search do. */
  function focusNamed() {
    const named = document.getElementById(decodeURIComponent(location.hash.slice(1)));
    if (named instanceof HTMLElement && named.matches("input, select, textarea")) {
      // What does not apply now is hidden: then the part of the page that it belongs to is shown.
      const shown = named.checkVisibility() ? named : named.closest("section");
      shown?.scrollIntoView({ block: shown === named ? "center" : "start" });
      named.focus({ preventScroll: true });
    }
  }

  addEventListener("hashchange", focusNamed);
  // Alpine shows and hides fields first.
  addEventListener("load", () => setTimeout(focusNamed));
})();
