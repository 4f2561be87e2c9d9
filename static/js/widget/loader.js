/**
 * Put on a customer's site by `<script src="https://HOST/widget.js" data-channel="KEY" async></script>` (CHAT-1): a round
 * launcher, and the chat in a frame of its own. It needs nothing of the page and leaves nothing in it but one element; no
 * inline script, no inline style, no HTML strings, so it runs under a strict policy that allows HOST in `script-src` and
 * `frame-src`.
 *
 * The page and the frame talk by messages, each accepted only from the very window and origin it must come from.
 */
(() => {
  if ("Parley" in window) return;

  const script =
    document.currentScript instanceof HTMLScriptElement
      ? document.currentScript
      : document.querySelector("script[data-channel][src*='/widget.js']");
  if (!(script instanceof HTMLScriptElement)) return;
  const channel = script.dataset.channel ?? "";
  const home = new URL(script.src).origin;

  const STYLE = `
    :host { all: initial; }
    button {
      all: unset; box-sizing: border-box; position: fixed; inset-block-end: 20px; inset-inline-end: 20px; z-index: 2147483000;
      inline-size: 56px; block-size: 56px; border-radius: 50%; cursor: pointer; display: grid; place-items: center;
      color: var(--parley-ink); background: var(--parley-colour); box-shadow: 0 4px 16px rgb(0 0 0 / 24%);
      transition: transform 150ms ease, box-shadow 150ms ease; -webkit-tap-highlight-color: transparent;
    }
    button:hover { box-shadow: 0 6px 22px rgb(0 0 0 / 32%); transform: translateY(-1px); }
    button:focus-visible { outline: 3px solid #fff; outline-offset: 0; box-shadow: 0 0 0 6px #10141a; }
    button[hidden] { display: none; }
    svg { inline-size: 26px; block-size: 26px; fill: none; stroke: currentColor; stroke-width: 1.8; stroke-linecap: round; stroke-linejoin: round; }
    .cross { display: none; }
    [aria-expanded="true"] .cross { display: block; }
    [aria-expanded="true"] .bubble { display: none; }
    .badge {
      position: absolute; inset-block-start: -4px; inset-inline-end: -4px; box-sizing: border-box; min-inline-size: 22px;
      block-size: 22px; padding: 0 6px; border-radius: 11px; border: 2px solid #fff; background: #c0242d; color: #fff;
      font: 600 12px/18px system-ui, sans-serif; text-align: center; font-variant-numeric: tabular-nums;
    }
    .badge[hidden] { display: none; }
    iframe {
      position: fixed; inset-block-end: 88px; inset-inline-end: 20px; z-index: 2147483000; inline-size: 384px;
      block-size: min(640px, calc(100vh - 108px)); border: 0; border-radius: 14px; color-scheme: light dark; visibility: hidden;
      opacity: 0; transform: translateY(8px); transition: opacity 150ms ease, transform 150ms ease, visibility 0s 150ms;
      box-shadow: 0 12px 48px rgb(0 0 0 / 28%), 0 0 0 1px rgb(0 0 0 / 6%);
    }
    iframe.open { visibility: visible; opacity: 1; transform: none; transition-delay: 0s; }
    @media (max-width: 520px), (max-height: 460px) {
      iframe { inset: 0; inline-size: 100%; block-size: 100%; border-radius: 0; box-shadow: none; }
      iframe.open ~ button { display: none; }
    }
    @media (prefers-reduced-motion: reduce) { button, iframe { transition: none; } button:hover { transform: none; } }
    @media print { button, iframe { display: none; } }
  `;
  const PHONE = matchMedia("(max-width: 520px), (max-height: 460px)");

  /** @type {Map<string, Set<(detail: any) => void>>} */
  const listeners = new Map();
  /** Calls that came before the frame was ready. */
  let wanted = false;
  let ready = false;
  let isOpen = false;
  let unread = 0;
  /** @type {Record<string, string>} */
  let words = {};

  const root = document.createElement("parley-chat");
  const shadow = root.attachShadow({ mode: "open" });
  const frame = document.createElement("iframe");
  const launcher = document.createElement("button");
  const badge = document.createElement("span");

  build();
  addEventListener("message", hear);
  launcher.addEventListener("click", () => (isOpen ? close() : open()));
  addEventListener("keydown", (event) => {
    if (event.key === "Escape" && isOpen && !event.defaultPrevented && shadow.activeElement) close();
  });
  visualViewport?.addEventListener("resize", fit);
  visualViewport?.addEventListener("scroll", fit);
  PHONE.addEventListener("change", fit);
  document.addEventListener("visibilitychange", () => tell("page", { page: page() }));

  /** The elements, launcher unseen until the frame answers: a widget that may not be shown here shows nothing. */
  function build() {
    const sheet = new CSSStyleSheet();
    sheet.replaceSync(STYLE);
    shadow.adoptedStyleSheets = [sheet];
    frame.src = `${home}/widget/frame/?channel=${encodeURIComponent(channel)}#${encodeURIComponent(location.origin)}`;
    frame.allow = "clipboard-write";
    launcher.type = "button";
    launcher.hidden = true;
    launcher.setAttribute("aria-expanded", "false");
    launcher.append(
      icon(
        "bubble",
        "M5 4.5h14A1.5 1.5 0 0 1 20.5 6v9.5A1.5 1.5 0 0 1 19 17h-7l-4.5 3.5V17H5a1.5 1.5 0 0 1-1.5-1.500V6A1.5 1.5 0 0 1 5 4.500Z M8 9h8 M8 12.500h5",
      ),
      icon("cross", "M6 9.500l6 6 6-6"),
      badge,
    );
    badge.className = "badge";
    badge.hidden = true;
    shadow.append(frame, launcher);
    if (document.body) document.body.append(root);
    else addEventListener("DOMContentLoaded", () => document.body.append(root));
  }

  /**
   * @param {string} name
   * @param {string} path
   */
  function icon(name, path) {
    const space = "http://www.w3.org/2000/svg";
    const svg = document.createElementNS(space, "svg");
    svg.setAttribute("viewBox", "0 0 24 24");
    svg.setAttribute("class", name);
    svg.setAttribute("aria-hidden", "true");
    const shape = document.createElementNS(space, "path");
    shape.setAttribute("d", path);
    svg.append(shape);
    return svg;
  }

  /** @param {MessageEvent} event */
  function hear(event) {
    if (event.source !== frame.contentWindow || event.origin !== home) return;
    const { parley, ...detail } = event.data ?? {};
    if (parley === "ready") started(detail);
    else if (parley === "close") close();
    else if (parley === "unread") count(detail.count);
    else if (parley === "event") emit(detail.name, detail.detail);
  }

  /** @param {any} detail */
  function started(detail) {
    ready = true;
    words = detail.words ?? {};
    root.style.setProperty("--parley-colour", detail.colour);
    root.style.setProperty("--parley-ink", detail.ink);
    frame.title = detail.title;
    launcher.hidden = false;
    label();
    tell("page", { page: page() });
    if (wanted || (detail.wasOpen && !PHONE.matches)) open({ focus: wanted });
    emit("ready", {});
  }

  function page() {
    return { url: location.href, title: document.title, referrer: document.referrer };
  }

  /** @param {{focus?: boolean}} [options] */
  function open({ focus = true } = {}) {
    wanted = true;
    if (!ready || isOpen) return;
    isOpen = true;
    show();
    tell("open", { focus });
    if (focus) frame.focus();
    emit("open", {});
  }

  function close() {
    wanted = false;
    if (!isOpen) return;
    isOpen = false;
    const hadFocus = shadow.activeElement === frame;
    show();
    tell("close", {});
    if (hadFocus) launcher.focus();
    emit("close", {});
  }

  function show() {
    frame.classList.toggle("open", isOpen);
    frame.tabIndex = isOpen ? 0 : -1;
    launcher.setAttribute("aria-expanded", String(isOpen));
    label();
    fit();
  }

  /** On phones the frame covers what is visible, keyboard excluded, and the page behind it stands still. */
  function fit() {
    const full = isOpen && PHONE.matches;
    const view = visualViewport;
    document.documentElement.style.overflow = full ? "hidden" : "";
    frame.style.blockSize = full && view ? `${view.height}px` : "";
    frame.style.insetBlockStart = full && view ? `${view.offsetTop}px` : "";
    frame.style.insetBlockEnd = full && view ? "auto" : "";
  }

  /** @param {number} number */
  function count(number) {
    if (number === unread) return;
    unread = number;
    badge.textContent = number > 9 ? "9+" : String(number);
    badge.hidden = number === 0;
    label();
    emit("unread", { count: number });
  }

  function label() {
    const text = isOpen ? words.close : unread ? words.unread?.replace("{count}", String(unread)) : words.open;
    launcher.setAttribute("aria-label", text ?? "");
    launcher.title = text ?? "";
  }

  /**
   * @param {string} parley
   * @param {object} detail
   */
  function tell(parley, detail) {
    if (ready) frame.contentWindow?.postMessage({ parley, ...detail }, home);
  }

  /**
   * @param {string} name
   * @param {any} detail
   */
  function emit(name, detail) {
    for (const listener of listeners.get(name) ?? []) {
      try {
        listener(detail);
      } catch (error) {
        reportError(error);
      }
    }
  }

  /**
   * @param {string} name
   * @param {(detail: any) => void} listener
   */
  function on(name, listener) {
    if (!listeners.has(name)) listeners.set(name, new Set());
    listeners.get(name)?.add(listener);
    if (name === "ready" && ready) listener({});
  }

  /**
   * @param {string} name
   * @param {(detail: any) => void} listener
   */
  function off(name, listener) {
    listeners.get(name)?.delete(listener);
  }

  const api = Object.freeze({ open: () => open(), close, toggle: () => (isOpen ? close() : open()), on, off });
  Object.defineProperty(window, "Parley", { value: api });
  dispatchEvent(new CustomEvent("parley:ready"));
})();
