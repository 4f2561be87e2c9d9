/** Panes whose width can be dragged, or changed with the arrow keys, and which remember it; a double click forgets it. */

import { registerBehaviour } from "./behaviours.js";

const LEAST = 240;
const MOST = 440;
const STEP = 16;

registerBehaviour(".gutter", (gutter) => {
  const name = gutter.dataset.resizes ?? "";
  const pane = () => /** @type {HTMLElement} */ (document.getElementById(name));
  const grows = () => (name === "tray" ? 1 : -1) * (document.documentElement.dir === "rtl" ? -1 : 1);
  const set = (/** @type {number} */ width) => {
    const fitting = Math.round(Math.min(MOST, Math.max(LEAST, width)));
    document.documentElement.style.setProperty(`--${name}-width`, `${fitting}px`);
    remember(name, fitting);
    tell();
  };
  const tell = () => gutter.setAttribute("aria-valuenow", String(Math.round(pane().offsetWidth)));
  gutter.setAttribute("aria-valuemin", String(LEAST));
  gutter.setAttribute("aria-valuemax", String(MOST));
  tell();

  gutter.addEventListener("pointerdown", (event) => {
    const start = { x: event.clientX, width: pane().offsetWidth };
    gutter.setPointerCapture(event.pointerId);
    gutter.toggleAttribute("data-dragging", true);
    const move = (/** @type {PointerEvent} */ now) => set(start.width + (now.clientX - start.x) * grows());
    gutter.addEventListener("pointermove", move);
    gutter.addEventListener(
      "lostpointercapture",
      () => {
        gutter.removeEventListener("pointermove", move);
        gutter.toggleAttribute("data-dragging", false);
      },
      { once: true },
    );
  });
  gutter.addEventListener("keydown", (event) => {
    const direction = { ArrowRight: 1, ArrowLeft: -1 }[event.key];
    if (!direction) return;
    event.preventDefault();
    set(pane().offsetWidth + direction * STEP * grows());
  });
  gutter.addEventListener("dblclick", () => {
    document.documentElement.style.removeProperty(`--${name}-width`);
    remember(name, null);
    tell();
  });
});

/**
 * @param {string} name
 * @param {number | null} width
 */
function remember(name, width) {
  try {
    if (width === null) localStorage.removeItem(`parley.width.${name}`);
    else localStorage.setItem(`parley.width.${name}`, String(width));
  } catch {
    // Storage is blocked: the width lasts as long as the page.
  }
}
