/**
 * Of the page of hours: a day whose line names others gets a button that writes its hours into them.
 */

(() => {
  /**
   * @param {HTMLInputElement} from
   * @returns {HTMLInputElement[]}
   */
  function targets(from) {
    const names = (from.dataset.copyTo ?? "").split(" ");
    const found = names.map((name) => from.form?.elements.namedItem(name));
    return found.filter((each) => each instanceof HTMLInputElement);
  }

  /** @param {HTMLInputElement} from */
  function addButton(from) {
    const button = document.createElement("button");
    button.type = "button";
    button.className = "parley-copy";
    button.textContent = from.dataset.copyLabel ?? "";
    button.addEventListener("click", () => {
      for (const input of targets(from)) {
        input.value = from.value;
        input.dispatchEvent(new Event("input", { bubbles: true }));
        input.dispatchEvent(new Event("change", { bubbles: true }));
      }
    });
    from.after(button);
  }

  addEventListener("DOMContentLoaded", () => {
    for (const input of document.querySelectorAll("input[data-copy-to]")) {
      if (input instanceof HTMLInputElement && targets(input).length > 0) {
        addButton(input);
      }
    }
  });
})();
