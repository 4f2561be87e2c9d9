/** The example of docs/widget-api.md: calls before the script is there are written into a queue. */

const site = /** @type {any} */ (window);
site.Parley = site.Parley ?? { queue: [] };

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
const log = /** @type {HTMLElement} */ (document.getElementById("log"));

for (const name of EVENTS) site.Parley.queue.push(["on", name, (/** @type {any} */ detail) => note(name, detail)]);

/**
 * @param {string} name
 * @param {unknown} detail
 */
function note(name, detail) {
  const line = document.createElement("li");
  const code = document.createElement("code");
  code.textContent = `${name} ${JSON.stringify(detail)}`;
  line.append(code);
  log.prepend(line);
}

for (const button of document.querySelectorAll("button[data-call]")) {
  button.addEventListener("click", () => {
    site.Parley.queue.push([/** @type {HTMLElement} */ (button).dataset.call]);
  });
}

const people = /** @type {HTMLFormElement} */ (document.getElementById("people"));
people.addEventListener("submit", async (event) => {
  event.preventDefault();
  const form = new FormData(people, event.submitter);
  const answer = await fetch(people.action, { method: "POST", body: form });
  const { token } = await answer.json();
  site.Parley.queue.push(["identify", { token }]);
  site.Parley.queue.push(["open"]);
});

const attributes = /** @type {HTMLFormElement} */ (document.getElementById("attributes"));
attributes.addEventListener("submit", (event) => {
  event.preventDefault();
  site.Parley.queue.push(["setAttributes", { plan: String(new FormData(attributes).get("plan") ?? "") }]);
});
