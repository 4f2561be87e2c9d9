/**
 * The page in which a mail's HTML stands (EML-4): a document of its own where nothing runs. It may be looked at from here: so it gets the
 * height that it needs, is dark where it has no colours of its own, and keys and clicks in it count as if they were made beside it.
 */

import { registerBehaviour } from "../shell/behaviours.js";

/** The height that each page had: when it is opened again, nothing moves. @type {Map<string, number>} */
const heights = new Map();
/** What is too wide is made smaller, but not so small that nobody could read it: then it scrolls. */
const SMALLEST = 0.6;
const dark = matchMedia("(prefers-color-scheme: dark)");
const root = document.documentElement;

registerBehaviour(".mail-frame", (element, signal) => {
  const frame = /** @type {HTMLIFrameElement} */ (element);
  const name = frame.src;
  const known = heights.get(name);
  if (known) frame.style.setProperty("height", `${known}px`);
  /** @type {ResizeObserver | undefined} */
  let watch;

  const fit = () => {
    const page = frame.contentDocument?.documentElement;
    if (!page || !frame.isConnected || !page.offsetHeight) return;
    // What a page that is too wide needs for its scroll bar.
    const bar = (frame.contentWindow?.innerHeight ?? 0) - page.clientHeight;
    const height = Math.ceil(page.getBoundingClientRect().height) + Math.max(0, bar);
    if (heights.get(name) === height && frame.style.height) return;
    heights.set(name, height);
    frame.style.setProperty("height", `${height}px`);
  };
  const narrow = () => {
    const page = frame.contentDocument?.documentElement;
    const body = frame.contentDocument?.body;
    if (!page || !body || !frame.isConnected) return;
    body.style.removeProperty("zoom");
    const [needs, has] = [Math.max(page.scrollWidth, body.scrollWidth), page.clientWidth];
    if (needs > has + 1) body.style.setProperty("zoom", String(Math.max(SMALLEST, has / needs)));
  };
  const dress = () => {
    const page = frame.contentDocument?.documentElement;
    if (!page) return;
    const isDark = (root.dataset.theme ?? (dark.matches ? "dark" : "light")) === "dark";
    const isPlain = page.hasAttribute("data-plain");
    page.toggleAttribute("data-dark", isDark && isPlain);
    frame.toggleAttribute("data-paper", isDark && !isPlain);
  };
  const loaded = () => {
    const page = frame.contentDocument;
    if (!page?.body || page.URL === "about:blank") return;
    dress();
    watch?.disconnect();
    watch = new ResizeObserver(fit);
    watch.observe(page.documentElement);
    watch.observe(page.body);
    pass(page, frame);
    narrow();
    fit();
    frame.toggleAttribute("data-loaded", true);
  };

  const themes = new MutationObserver(dress);
  themes.observe(root, { attributeFilter: ["data-theme"] });
  dark.addEventListener("change", dress, { signal });
  frame.addEventListener("load", loaded);
  const resized = () => {
    narrow();
    fit();
  };
  addEventListener("resize", resized, { signal });
  signal.addEventListener("abort", () => {
    watch?.disconnect();
    themes.disconnect();
  });
  if (frame.contentDocument?.readyState === "complete") loaded();
});

/**
 * What is done in a page counts as done at its frame: keys of the console work, menus close, and files can be dropped.
 *
 * @param {Document} page
 * @param {HTMLIFrameElement} frame
 */
function pass(page, frame) {
  page.addEventListener("keydown", (event) => {
    if (!frame.dispatchEvent(new KeyboardEvent("keydown", event))) event.preventDefault();
  });
  page.addEventListener("pointerdown", () => frame.dispatchEvent(new PointerEvent("pointerdown", { bubbles: true })));
  for (const type of ["dragenter", "dragover", "drop"]) {
    page.addEventListener(type, (event) => {
      // The page would go to a file that is dropped on it.
      event.preventDefault();
      const { dataTransfer } = /** @type {DragEvent} */ (event);
      frame.dispatchEvent(new DragEvent(type, { bubbles: true, cancelable: true, dataTransfer }));
    });
  }
}
