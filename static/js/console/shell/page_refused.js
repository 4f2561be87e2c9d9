/** The server wants this page no longer: signed out, taken over, out of date. Says why and how to go on. */

import { partOf, registerBehaviour } from "./behaviours.js";
import { connectConsole, onEvent } from "./connection.js";
import { openDialog } from "./dialogs.js";

/** @type {Record<number, string>} */
const REASONS = { 4401: "signedOut", 4409: "takenOver" };

onEvent("state", ({ state, code }) => {
  const dialog = document.getElementById("refused-dialog");
  if (state !== "refused" || !dialog) return;
  for (const name of ["title", "text"]) {
    const element = partOf(dialog, name);
    element.textContent = element.dataset[REASONS[code ?? 0] ?? "other"] ?? "";
  }
  const go = partOf(dialog, "go");
  if (go instanceof HTMLAnchorElement) go.href = location.pathname;
  openDialog(dialog.id);
});

onEvent("elsewhere", () => openDialog("elsewhere-dialog"));

registerBehaviour("#elsewhere-dialog", (dialog) => {
  if (!(dialog instanceof HTMLDialogElement)) return;
  partOf(dialog, "here").addEventListener("click", () => {
    dialog.close();
    connectConsole({ takeOver: true });
  });
});
