/** The agent's queues (RTE-12): fetched again when a sync says that they changed; open or closed as it was left. */

import { set, setting } from "../settings/device_settings.js";
import { behaviour } from "../shell/behaviours.js";
import { on } from "../shell/connection.js";
import { fetchPart } from "../shell/htmx.js";

on("queues", ({ digest }) => {
  const list = document.getElementById("queues");
  if (!list || list.dataset.digest === digest || document.visibilityState !== "visible") return;
  fetchPart(list.dataset.address ?? "", { target: "#queues", swap: "morph" }).catch(() => {
    // The next sync finds it out of date still.
  });
});

behaviour("#queues > details", (details) => {
  if (!(details instanceof HTMLDetailsElement)) return;
  details.open = setting("queuesOpen");
  details.addEventListener("toggle", () => set("queuesOpen", details.open));
});
