/**
 * Put on a customer's site by `<script src="https://HOST/widget.js" data-channel="KEY" async></script>` (CHAT-1): a round
 * launcher, and the chat in a frame of its own, which is fetched when somebody wants to chat. It needs nothing of the page and leaves nothing in it but one element; no
 * inline script, no inline style, no HTML strings, so it runs under a strict policy that allows HOST in `script-src` and
 * `frame-src`.
 *
 * The page and the frame talk by messages, each accepted only from the very window and origin it must come from. What a
 * page can do with the chat is `window.Parley`: docs/widget-api.md.
 */
(() => {
  const before = /** @type {any} */ (window).Parley;
  if (before?.version) return;

  const script =
    document.currentScript instanceof HTMLScriptElement
      ? document.currentScript
      : document.querySelector("script[data-channel][src*='/widget.js']");
  if (!(script instanceof HTMLScriptElement)) return;
  const channel = script.dataset.channel ?? "";
  const language = script.dataset.language ?? "";
  const home = new URL(script.src).origin;

  const STYLE = `
    :host { all: initial; }
    button {
      all: unset; box-sizing: border-box; position: fixed; bottom: 20px; right: 20px; z-index: 2147483000;
      min-width: 56px; height: 56px; border-radius: 28px; cursor: pointer; display: flex; align-items: center; gap: 10px;
      justify-content: center; font: 600 15px/1.2 system-ui, sans-serif; direction: var(--parley-dir);
      color: var(--parley-ink); background: var(--parley-colour); box-shadow: 0 4px 16px rgb(0 0 0 / 24%);
      transition: transform 150ms ease, box-shadow 150ms ease; -webkit-tap-highlight-color: transparent;
    }
    button:hover { box-shadow: 0 6px 22px rgb(0 0 0 / 32%); transform: translateY(-1px); }
    button:focus-visible { outline: 3px solid #fff; outline-offset: 0; box-shadow: 0 0 0 6px #10141a; }
    button[hidden], .words:empty, [aria-expanded="true"] .words { display: none; }
    .words { max-width: 200px; overflow: hidden; white-space: nowrap; text-overflow: ellipsis; }
    button:has(.words:not(:empty)):not([aria-expanded="true"]) { padding: 0 22px 0 18px; padding-inline: 18px 22px; }
    svg { width: 26px; height: 26px; flex: none; fill: none; stroke: currentColor; stroke-width: 1.8; stroke-linecap: round; stroke-linejoin: round; }
    .cross { display: none; }
    [aria-expanded="true"] .cross { display: block; }
    [aria-expanded="true"] .bubble { display: none; }
    .badge {
      position: absolute; top: -4px; right: -4px; box-sizing: border-box; min-width: 22px;
      height: 22px; padding: 0 6px; border-radius: 11px; border: 2px solid #fff; background: #c0242d; color: #fff;
      font: 600 12px/18px system-ui, sans-serif; text-align: center; font-variant-numeric: tabular-nums;
    }
    .badge[hidden] { display: none; }
    iframe {
      position: fixed; bottom: 88px; right: 20px; z-index: 2147483000; width: 384px;
      height: min(640px, calc(100vh - 108px)); border: 0; border-radius: 14px; color-scheme: light dark; visibility: hidden;
      opacity: 0; transform: translateY(8px); transition: opacity 150ms ease, transform 150ms ease, visibility 0s 150ms;
      box-shadow: 0 12px 48px rgb(0 0 0 / 28%), 0 0 0 1px rgb(0 0 0 / 6%); background: Canvas;
    }
    iframe.open { visibility: visible; opacity: 1; transform: none; transition-delay: 0s; }
    :host([data-side="left"]) :is(button, iframe) { right: auto; left: 20px; }
    @media (max-width: 520px), (max-height: 460px) {
      :host iframe, :host([data-side="left"]) iframe { inset: 0; width: 100%; height: 100%; border-radius: 0; box-shadow: none; }
      iframe.open.ready ~ button { display: none; }
    }
    @media (prefers-reduced-motion: reduce) { button, iframe { transition: none; } button:hover { transform: none; } }
    @media print { button, iframe { display: none; } }
  `;
  const PHONE = matchMedia("(max-width: 520px), (max-height: 460px)");
  const EVENTS = [
    "ready",
    "open",
    "close",
    "unread",
    "message",
    "conversation.started",
    "conversation.ended",
    "identity",
  ];
  const NAME = /^\p{L}[\p{L}\p{N}_ .-]{0,39}$/u;
  const ATTRIBUTES = 20;
  const TOKEN = /^[\w-]+\.[\w-]+\.[\w-]+$/;
  const MOVED_MS = 3000;
  const PAGES = 20;

  /** @type {Map<string, Set<(detail: any) => void>>} */
  const listeners = new Map();
  /** How the card is to be opened, as soon as the launcher is seen. @type {{focus: boolean} | null} */
  let wanted = null;
  /** Whether the launcher is seen, and whether the frame hears us. */
  let shown = false;
  let ready = false;
  let isOpen = false;
  let unread = 0;
  /** What was called, for a frame that has not heard it yet. */
  let token = "";
  let forgets = false;
  let at = "";
  /** @type {Record<string, any>} */
  let attributes = {};
  /** @type {Record<string, string>} */
  let words = {};
  /** What ends with the widget. */
  let life = new AbortController();

  const root = document.createElement("parley-chat");
  const shadow = root.attachShadow({ mode: "open" });
  const frame = document.createElement("iframe");
  const launcher = document.createElement("button");
  const text = document.createElement("span");
  const badge = document.createElement("span");

  build();
  start();

  /** The elements, launcher unseen until the server says how it looks: a widget that may not be shown here shows nothing. */
  function build() {
    const sheet = new CSSStyleSheet();
    sheet.replaceSync(STYLE);
    shadow.adoptedStyleSheets = [sheet];
    frame.allow = "clipboard-write";
    launcher.type = "button";
    launcher.hidden = true;
    launcher.append(
      icon(
        "bubble",
        "M5 4.5h14A1.5 1.5 0 0 1 20.5 6v9.5A1.5 1.5 0 0 1 19 17h-7l-4.5 3.5V17H5a1.5 1.5 0 0 1-1.5-1.500V6A1.5 1.5 0 0 1 5 4.500Z M8 9h8 M8 12.500h5",
      ),
      icon("cross", "M6 9.500l6 6 6-6"),
      text,
      badge,
    );
    text.className = "words";
    badge.className = "badge";
    badge.hidden = true;
    shadow.append(launcher);
    launcher.addEventListener("click", toggle);
    // Whoever points at it will click in a moment.
    launcher.addEventListener("pointerenter", fetchFrame);
  }

  /** Show the widget; again after it was shut down. */
  function start() {
    if (root.isConnected) return;
    life = new AbortController();
    const { signal } = life;
    launcher.setAttribute("aria-expanded", "false");
    addEventListener("message", hear, { signal });
    addEventListener("keydown", escaped, { signal });
    visualViewport?.addEventListener("resize", fit, { signal });
    visualViewport?.addEventListener("scroll", fit, { signal });
    PHONE.addEventListener("change", fit, { signal });
    document.addEventListener("visibilitychange", moved, { signal });
    watch(signal);
    if (document.body) document.body.append(root);
    else addEventListener("DOMContentLoaded", () => document.body.append(root), { signal });
    // A module, since a site's policy lets us fetch nothing else; who may not have it may not show the widget.
    import(address("launcher/")).then(({ default: looks }) => signal.aborted || appear(looks)).catch(() => {});
    if (isLive()) fetchFrame();
  }

  /** @param {string} name */
  function address(name) {
    return `${home}/widget/${name}?${new URLSearchParams(language ? { channel, language } : { channel })}`;
  }

  /** The chat itself: fetched once it is wanted, or at once where a conversation goes on. */
  function fetchFrame() {
    if (frame.parentNode) return;
    frame.src = `${address("frame/")}#${encodeURIComponent(location.origin)}`;
    launcher.before(frame);
  }

  /** Take the widget off the page. What the customer has said stays on the server, and `start` brings it back. */
  function shutdown() {
    close();
    life.abort();
    root.remove();
    frame.remove();
    frame.classList.remove("ready");
    launcher.hidden = true;
    ready = shown = false;
    token = "";
    attributes = {};
    count(0);
  }

  /**
   * Pages that change their address without being loaded anew.
   *
   * @param {AbortSignal} signal
   */
  function watch(signal) {
    const { navigation } = /** @type {any} */ (window);
    if (navigation?.addEventListener) {
      navigation.addEventListener("navigatesuccess", moved, { signal });
      return;
    }
    const timer = setInterval(moved, MOVED_MS);
    signal.addEventListener("abort", () => clearInterval(timer));
  }

  function moved() {
    if (location.href !== at || document.visibilityState === "visible") tellPage();
    if (isLive()) fetchFrame();
  }

  function tellPage() {
    at = location.href;
    const page = { url: bare(at), title: document.title, referrer: bare(document.referrer) };
    tell("page", { page, pages: seePage(page) });
  }

  /**
   * The pages of the site that this browser was on, the newest of them, oldest first.
   *
   * @param {{url: string, title: string}} page where it is now
   */
  function seePage({ url, title }) {
    const pages = readPages();
    if (!url || pages.at(-1)?.url === url) return pages;
    pages.push({ url: url.slice(0, 500), title: title.slice(0, 120), at: new Date().toISOString() });
    keep("pages", JSON.stringify(pages.slice(-PAGES)));
    return pages.slice(-PAGES);
  }

  /** @returns {{url: string, title: string, at: string}[]} */
  function readPages() {
    try {
      const pages = JSON.parse(localStorage.getItem(place("pages")) ?? "[]");
      return Array.isArray(pages) ? pages : [];
    } catch {
      return [];
    }
  }

  /** Whether a conversation of this browser goes on, as far as is known: without storage it may. */
  function isLive() {
    try {
      return localStorage.getItem(place("live")) !== null;
    } catch {
      return true;
    }
  }

  /**
   * What is kept at the site: its own pages, and that a conversation goes on; all else is kept by the frame.
   *
   * @param {"live" | "pages"} name
   * @param {string | null} value null forgets it
   */
  function keep(name, value) {
    try {
      if (value === null) localStorage.removeItem(place(name));
      else localStorage.setItem(place(name), value);
    } catch {
      // Storage is blocked or full.
    }
  }

  /**
   * Where it is kept: not as the frame calls its own, which may be of the same origin.
   *
   * @param {string} name
   */
  function place(name) {
    return `parley-site.${channel}.${name}`;
  }

  /**
   * An address without what it may carry in secret.
   *
   * @param {string} address
   */
  function bare(address) {
    try {
      const { origin, pathname } = new URL(address);
      return origin === "null" ? "" : origin + pathname;
    } catch {
      return "";
    }
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

  /** @param {KeyboardEvent} event */
  function escaped(event) {
    if (event.key === "Escape" && isOpen && !event.defaultPrevented && shadow.activeElement) close();
  }

  /** @param {MessageEvent} event */
  function hear(event) {
    if (event.source !== frame.contentWindow || event.origin !== home) return;
    const { parley, ...detail } = event.data ?? {};
    if (parley === "ready") started(detail);
    else if (parley === "live") keep("live", detail.live === true ? "1" : null);
    else if (parley === "close") close();
    else if (parley === "unread") count(detail.count);
    else if (parley === "event") emit(detail.name, detail.detail);
  }

  /**
   * The server has said how the launcher looks here.
   *
   * @param {any} looks
   */
  function appear(looks) {
    shown = true;
    words = looks.words;
    root.style.setProperty("--parley-colour", looks.colour);
    root.style.setProperty("--parley-ink", looks.ink);
    root.style.setProperty("--parley-dir", looks.dir);
    root.dataset.side = looks.side;
    text.textContent = looks.launcher;
    frame.title = looks.title;
    launcher.hidden = false;
    label();
    tellPage();
    if (wanted) show(wanted);
    emit("ready", {});
  }

  /**
   * The frame is there, and hears what was said before.
   *
   * @param {any} detail
   */
  function started(detail) {
    ready = true;
    frame.classList.add("ready");
    keep("live", detail.live === true ? "1" : null);
    if (forgets) forget();
    tellPage();
    if (Object.keys(attributes).length) tell("attributes", { attributes });
    if (token) tell("identify", { token });
    if (isOpen) enter();
    else if (!wanted && detail.wasOpen && !PHONE.matches) show({ focus: false });
  }

  /** @param {{focus: boolean}} options */
  function show(options) {
    wanted = options;
    fetchFrame();
    if (!shown || isOpen) return;
    isOpen = true;
    dress();
    enter();
    emit("open", {});
  }

  /** Open the chat in the frame, as soon as it is there. */
  function enter() {
    const focus = wanted?.focus === true;
    tell("open", { focus });
    if (ready && focus) frame.focus();
  }

  function open() {
    show({ focus: true });
  }

  function close() {
    wanted = null;
    if (!isOpen) return;
    isOpen = false;
    const hadFocus = shadow.activeElement === frame;
    dress();
    tell("close", {});
    if (hadFocus) launcher.focus();
    emit("close", {});
  }

  function toggle() {
    if (isOpen || wanted) close();
    else open();
  }

  function dress() {
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
    frame.style.height = full && view ? `${view.height}px` : "";
    frame.style.top = full && view ? `${view.offsetTop}px` : "";
    frame.style.bottom = full && view ? "auto" : "";
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
    const said = isOpen ? words.close : unread ? words.unread?.replace("{count}", String(unread)) : words.open;
    // Whoever speaks to their machine says what they see.
    const seen = isOpen ? "" : (text.textContent ?? "");
    launcher.setAttribute("aria-label", [seen, said].filter(Boolean).join(": "));
    launcher.title = said ?? "";
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
    for (const listener of [...(listeners.get(name) ?? [])]) {
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
    check(EVENTS.includes(name), `on: there is no event "${name}"`);
    check(typeof listener === "function", "on: the listener is no function");
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

  /** @param {{token?: unknown}} who a token that the company's server has signed (CHAT-12) */
  function identify(who) {
    const given = who?.token;
    const fits = typeof given === "string" && given.length <= 4096 && TOKEN.test(given);
    check(fits, "identify: expected {token} with a JSON Web Token");
    token = String(given);
    tell("identify", { token });
  }

  /** The customer has signed out of the site: nothing of theirs stays in this browser. */
  function forget() {
    // One that had to wait for the frame leaves what the page has said since: that is of whoever came next.
    if (!ready || !forgets) {
      token = "";
      attributes = {};
    }
    forgets = !ready;
    keep("pages", null);
    keep("live", null);
    fetchFrame();
    tell("forget", {});
  }

  /** @param {Record<string, unknown>} given texts, numbers and switches by name; null takes one away */
  function setAttributes(given) {
    check(typeof given === "object" && given !== null && !Array.isArray(given), "setAttributes: expected an object");
    const entries = Object.entries(given);
    for (const [name, value] of entries) {
      check(NAME.test(name), `setAttributes: "${name}" is no name`);
      check(isValue(value), `setAttributes: the value of "${name}" is no text up to 200 characters, number or switch`);
    }
    const merged = { ...attributes, ...Object.fromEntries(entries) };
    check(Object.keys(merged).length <= ATTRIBUTES, `setAttributes: ${ATTRIBUTES} at most`);
    attributes = merged;
    tell("attributes", { attributes: Object.fromEntries(entries) });
  }

  /** @param {unknown} value */
  function isValue(value) {
    if (typeof value === "string") return value.length <= 200;
    return value === null || typeof value === "boolean" || Number.isFinite(value);
  }

  /**
   * @param {boolean} good
   * @param {string} message
   */
  function check(good, message) {
    if (!good) throw new TypeError(`Parley.${message}`);
  }

  /** @type {Record<string, (...args: any[]) => void>} */
  const calls = { open, close, toggle, on, off, identify, forget, setAttributes, shutdown, start };

  /**
   * A call that the page wrote down before the script was there: `["open"]`, `["identify", {token}]`.
   *
   * @param {unknown} call
   */
  function run(call) {
    try {
      const [name, ...rest] = Array.isArray(call) ? call : [];
      check(Object.hasOwn(calls, name), `queue: there is no call "${name}"`);
      calls[name](...rest);
    } catch (error) {
      reportError(error);
    }
  }

  const api = Object.freeze({
    version: 1,
    ...calls,
    queue: Object.freeze({ push: (/** @type {unknown[]} */ ...all) => all.forEach(run) }),
  });
  Object.defineProperty(window, "Parley", { value: api, configurable: false, writable: false });
  if (Array.isArray(before?.queue)) before.queue.forEach(run);
  dispatchEvent(new CustomEvent("parley:ready"));
})();
