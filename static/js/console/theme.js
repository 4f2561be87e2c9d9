/** Light or dark: the system's choice until the person makes one of their own. */

import { behaviour } from "./behaviours.js";

behaviour("[data-toggles-theme]", (button) => {
  button.addEventListener("click", () => {
    const root = document.documentElement;
    const system = matchMedia("(prefers-color-scheme: dark)").matches ? "dark" : "light";
    const theme = (root.dataset.theme ?? system) === "dark" ? "light" : "dark";
    root.dataset.theme = theme;
    try {
      localStorage.setItem("parley.theme", theme);
    } catch {
      // Storage is blocked: the choice lasts as long as the page.
    }
  });
});
