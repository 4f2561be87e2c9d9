/**
 * The widget's frame: dresses itself in the tenant's colour, introduces itself to the page around it, and connects when the
 * customer opens it, or at once when a conversation is going on.
 */

import { Chat } from "./chat.js";
import { byId } from "./dom.js";
import { Host } from "./host.js";
import { Store } from "./store.js";

const { channel = "", colour = "", ink = "", keep } = document.body.dataset;
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
  const live = store.get("live") !== null;
  host.ready({ live, wasOpen: live && store.get("open") !== null });
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

/** @param {boolean} isAnother whether it is another page than the one before */
function page(isAnother) {
  if (isAnother) chat.moved();
  if (store.get("live") !== null) connect();
}

function connect() {
  if (connected) return;
  connected = true;
  chat.start();
}
