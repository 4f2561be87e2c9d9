/** Tells screen readers what happens away from where they are. */

/**
 * @param {string} text
 * @param {{now?: boolean}} [how] `now` interrupts what is being read
 */
export function announceText(text, { now = false } = {}) {
  const region = document.getElementById(now ? "announce-now" : "announce-politely");
  if (!region) return;
  region.textContent = "";
  // The same words again are news only when they were away for a moment.
  setTimeout(() => {
    region.textContent = text;
  }, 50);
}
