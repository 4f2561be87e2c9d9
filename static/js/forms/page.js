/** A form on a page of its own, or in the preview of an administrator, who sends nothing. */

import { Fill } from "../shared/fill.js";

for (const form of document.querySelectorAll("form[data-fill]")) {
  if (!(form instanceof HTMLFormElement)) continue;
  // The page says what became of it, as it does to whoever opens the link again.
  new Fill(form, { onDone: () => location.reload() });
}
