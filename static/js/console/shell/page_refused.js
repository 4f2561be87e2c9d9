/** The server wants this page no longer: signed out, taken over, out of date. Says why and how to go on. */

import { behaviour, part } from "./behaviours.js";
import { on, open } from "./connection.js";
import { openDialog } from "./dialogs.js";

/** @type {Record<number, string>} */
const REASONS = { 4401: "signedOut", 4409: "takenOver" };

on("state", ({ state, code }) => {
  const dialog = document.getElementById("refused-dialog");
  if (state !== "refused" || !dialog) return;
  for (const name of ["title", "text"]) {
    const element = part(dialog, name);
    element.textContent = element.dataset[REASONS[code ?? 0] ?? "other"] ?? "";
  }
  const go = part(dialog, "go");
  if (go instanceof HTMLAnchorElement) go.href = location.pathname;
  openDialog(dialog.id);
});

on("elsewhere", () => openDialog("elsewhere-dialog"));

behaviour("#elsewhere-dialog", (dialog) => {
  if (!(dialog instanceof HTMLDialogElement)) return;
  part(dialog, "here").addEventListener("click", () => {
    dialog.close();
    open({ takeOver: true });
  });
});
