/**
 * The widget's frame: dresses itself in the tenant's colour, introduces itself to the page around it, and connects when the
 * customer opens it, or at once when a conversation is going on.
 */

import { Chat } from "./chat.js";
import { byId } from "./dom.js";
import { Host } from "./host.js";
import { Store } from "./store.js";

const { channel = "", colour = "", ink = "", title = "", keep, ...words } = document.body.dataset;
document.documentElement.style.setProperty("--colour", colour);
document.documentElement.style.setProperty("--on-colour", ink);

const store = new Store(channel);
/** On a phone the cursor would bring the keyboard up before the customer has read a word. */
const touch = matchMedia("(pointer: coarse)");

const host = new Host({
  onOpen: open,
  onClose: () => store.set("open", null),
  onPage: page,
  onIdentify: (token) => chat.identify(token),
  onAttributes: (attributes) => chat.setAttributes(attributes),
  onForget: () => chat.forget(),
});
const chat = new Chat({ channel, keep: keep === "true", host, store });
let connected = false;

byId("minimise", HTMLButtonElement).hidden = !host.embedded;
byId("minimise", HTMLButtonElement).addEventListener("click", () => host.close());
addEventListener("keydown", (event) => {
  if (event.key === "Escape" && !event.defaultPrevented && !document.querySelector("dialog[open]")) host.close();
});

if (host.embedded) {
  const wasOpen = store.get("open") !== null && store.get("live") !== null;
  const said = { open: words.open, close: words.close, unread: words.unread };
  const { launcher = "", side = "right" } = words;
  host.ready({ colour, ink, title, launcher, side, dir: document.documentElement.dir, words: said, wasOpen });
} else {
  connect();
  if (!touch.matches) chat.focus();
}

/** @param {boolean} focus */
function open(focus) {
  store.set("open", "1");
  connect();
  chat.opened();
  if (focus && touch.matches) byId("title", HTMLElement).focus();
  else if (focus) chat.focus();
}

function page() {
  if (store.see(host.page.url, host.page.title)) chat.moved();
  if (store.get("live") !== null) connect();
}

function connect() {
  if (connected) return;
  connected = true;
  chat.start();
}
