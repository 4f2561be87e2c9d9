/**
 * What of the tray is shown (CON-1): the filter stands in the tray as the server made it, the search in its field. Every request
 * of this page says both, so that whatever brings the tray again brings the same part of it.
 */

import { announceText } from "../shell/announce.js";
import { registerBehaviour } from "../shell/behaviours.js";
import { cardLinks, markOpenCard, markTrayStale } from "./tray.js";

const HEADER = "Parley-Tray";

const field = () => {
  const found = document.getElementById("tray-search");
  return found instanceof HTMLInputElement ? found : undefined;
};

function view() {
  const said = new URLSearchParams(document.getElementById("tray")?.dataset.view);
  if (said.get("show") === "all") said.delete("show");
  const q = field()?.value.trim() ?? "";
  if (q) said.set("q", q);
  else said.delete("q");
  return said.toString();
}

document.addEventListener("htmx:configRequest", (event) => {
  if (event instanceof CustomEvent) event.detail.headers[HEADER] = view();
});

document.addEventListener("htmx:beforeSwap", (event) => {
  if (!(event instanceof CustomEvent && event.target instanceof Element && event.target.id === "tray")) return;
  // Asked for before something else was chosen: what comes now is not wanted any more.
  if (event.detail.requestConfig?.headers[HEADER] === view()) return;
  event.detail.shouldSwap = false;
  markTrayStale();
});

document.addEventListener("htmx:afterSwap", (event) => {
  if (!(event.target instanceof Element && event.target.id === "tray")) return;
  markOpenCard();
  if (document.activeElement === field() && field()?.value) {
    announceText(document.getElementById("tray-view")?.dataset.found ?? "");
  }
});

registerBehaviour("#tray-find", (form) => {
  form.addEventListener("input", markTrayStale);
  form.addEventListener("submit", (event) => {
    event.preventDefault();
    cardLinks()[0]?.click();
  });
  form.addEventListener("keydown", (event) => {
    const input = field();
    if (event.key === "ArrowDown") {
      event.preventDefault();
      cardLinks()[0]?.focus();
    } else if (event.key === "Escape" && input?.value) {
      event.preventDefault();
      clear();
    }
  });
});

function clear() {
  const input = field();
  if (!input) return;
  input.value = "";
  markTrayStale();
}

// Before htmx hears of the click: what is asked for from now on is already of the new view.
document.addEventListener(
  "click",
  (event) => {
    const link = event.target instanceof Element ? event.target.closest("[data-tray-show]") : null;
    const tray = document.getElementById("tray");
    if (!(link instanceof HTMLElement) || !tray) return;
    tray.dataset.view = new URLSearchParams({ show: link.dataset.trayShow ?? "" }).toString();
    if (!link.hasAttribute("data-clears-tray")) return;
    const input = field();
    if (input) input.value = "";
    input?.focus();
  },
  { capture: true },
);

registerBehaviour(".tray-view > details", (menu) => {
  if (!(menu instanceof HTMLDetailsElement)) return;
  const close = () => {
    menu.open = false;
    menu.querySelector("summary")?.focus();
  };
  menu.addEventListener("submit", close);
  menu.addEventListener("click", (event) => {
    if (event.target instanceof Element && event.target.closest("a.menu-item")) close();
  });
});
