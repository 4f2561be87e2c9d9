/** Light or dark: the system's choice until the person makes one of their own. */

import { registerBehaviour } from "./behaviours.js";

const KEY = "parley.theme";
const root = document.documentElement;

registerBehaviour("[data-toggles-theme]", (button) => {
  button.addEventListener("click", () => {
    const system = matchMedia("(prefers-color-scheme: dark)").matches ? "dark" : "light";
    choose((root.dataset.theme ?? system) === "dark" ? "light" : "dark");
  });
});

registerBehaviour("[data-chooses-theme]", (choice) => {
  for (const radio of choice.querySelectorAll("input")) {
    radio.checked = radio.value === (root.dataset.theme ?? "system");
    radio.addEventListener("change", () => choose(radio.value));
  }
});

/** @param {string} theme */
function choose(theme) {
  if (theme === "system") delete root.dataset.theme;
  else root.dataset.theme = theme;
  try {
    if (theme === "system") localStorage.removeItem(KEY);
    else localStorage.setItem(KEY, theme);
  } catch {
    // Storage is blocked: the choice lasts as long as the page.
  }
}
