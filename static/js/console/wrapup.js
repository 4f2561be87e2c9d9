/** Wrap-up: Close is there to be pressed once every required set has a code (WRP-2). The server checks too. */

import { behaviour } from "./behaviours.js";

behaviour("#wrap-up", (form) => {
  if (!(form instanceof HTMLFormElement)) return;
  const close = /** @type {HTMLButtonElement} */ (form.querySelector("button[type=submit]"));
  const why = /** @type {HTMLElement} */ (form.querySelector("#wrap-up-why"));
  const refresh = () => {
    const complete = form.checkValidity();
    close.disabled = !complete;
    why.textContent = complete ? "" : (why.dataset.missing ?? "");
  };
  form.addEventListener("input", refresh);
  form.addEventListener("change", refresh);
  form.addEventListener("htmx:afterRequest", () => setTimeout(refresh));
  refresh();
});
