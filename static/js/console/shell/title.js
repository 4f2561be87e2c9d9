/** The tab's title counts what waits for the agent: offers, and conversations with something unread. */

/** Bring the title up to date with the page. */
export function updateTitle() {
  // The server counts: a filter may hide some of them.
  const unread = Number(document.getElementById("tray")?.dataset.unreadCards ?? 0);
  const count = document.querySelectorAll(".offer").length + unread;
  const open = document.getElementById("workspace")?.dataset.title;
  const words = [open, document.body.dataset.brand].filter(Boolean).join(" · ");
  const text = count ? `(${count}) ${words}` : words;
  if (document.title !== text) document.title = text;
}
