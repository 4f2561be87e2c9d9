/** The mood in the summary of the open conversation follows what the customer writes (CON-3): each tray brings it. */

document.addEventListener("htmx:afterSwap", () => {
  const brought = document.getElementById("open-mood");
  const shown = document.getElementById("summary-mood");
  if (!brought || !shown || brought.dataset.conversation !== shown.dataset.conversation) return;
  if (words(brought) === words(shown)) return;
  shown.replaceChildren(...brought.cloneNode(true).childNodes);
});

/** @param {HTMLElement} element */
function words(element) {
  return element.textContent?.replaceAll(/\s+/g, " ").trim();
}
