/** The agent's queues (RTE-12): fetched again when a sync says that they changed; open or closed as it was left. */

import { readSetting, writeSetting } from "../settings/device_settings.js";
import { registerBehaviour } from "../shell/behaviours.js";
import { onEvent } from "../shell/connection.js";
import { BACKGROUND, fetchPart } from "../shell/htmx.js";

onEvent("queues", ({ digest }) => {
  const list = document.getElementById("queues");
  if (!list || list.dataset.digest === digest || document.visibilityState !== "visible") return;
  fetchPart(list.dataset.address ?? "", { target: "#queues", swap: "morph", headers: BACKGROUND }).catch(() => {
    // The next sync finds it out of date still.
  });
});

registerBehaviour("#queues > details", (details) => {
  if (!(details instanceof HTMLDetailsElement)) return;
  details.open = readSetting("queuesOpen");
  details.addEventListener("toggle", () => writeSetting("queuesOpen", details.open));
});
