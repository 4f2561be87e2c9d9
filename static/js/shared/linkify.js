/**
 * Text with its addresses made clickable, as DOM nodes: what was written can never become markup.
 */

// Bidirectional controls end an address: with them a link could show another address than the one it leads to.
const ADDRESS = /https?:\/\/[^\s<>"'\u061c\u200e\u200f\u202a-\u202e\u2066-\u2069]+/giu;
const TRAILING = /[.,;:!?)\]}\u2026\u3002\uff0c]+$/u;

/**
 * Fill an element with text; addresses of the web become links.
 *
 * @param {HTMLElement} element
 * @param {string} text
 */
export function fillText(element, text) {
  const nodes = [];
  let end = 0;
  for (const match of text.matchAll(ADDRESS)) {
    const address = trimmed(match[0]);
    const link = linkTo(address);
    if (!link) continue;
    nodes.push(text.slice(end, match.index), link);
    end = match.index + address.length;
  }
  element.replaceChildren(...nodes, text.slice(end));
}

/**
 * The address without the punctuation of the sentence around it; a bracket that it opened itself stays.
 *
 * @param {string} address
 * @returns {string}
 */
function trimmed(address) {
  const short = address.replace(TRAILING, "");
  const opened = short.split("(").length - short.split(")").length;
  return opened > 0 && address[short.length] === ")" ? `${short})` : short;
}

/**
 * @param {string} address
 * @returns {HTMLAnchorElement | null}
 */
function linkTo(address) {
  let url;
  try {
    url = new URL(address);
  } catch {
    return null;
  }
  if (url.protocol !== "http:" && url.protocol !== "https:") return null;
  const link = document.createElement("a");
  link.href = url.href;
  link.target = "_blank";
  link.rel = "noopener noreferrer nofollow";
  link.dir = "ltr";
  link.textContent = address;
  // The host as it really is, letters that look alike included.
  if (url.href !== address && url.href !== `${address}/`) link.title = url.href;
  return link;
}
