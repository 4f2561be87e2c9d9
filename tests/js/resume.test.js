/** Socket, sync, outbox and list together, as a page has them: frames are lost, lines break, and nothing is missing or twice. */

import assert from "node:assert/strict";
import { beforeEach, mock, test } from "node:test";
import { MessageList } from "../../static/js/shared/messages.js";
import { Outbox } from "../../static/js/shared/outbox.js";
import { Connection } from "../../static/js/shared/socket.js";
import { Sync } from "../../static/js/shared/sync.js";
import { load, pass, ScriptedSocket, turn } from "./browser.js";
import { DocumentFragment, HTMLElement, HTMLTimeElement } from "./elements.js";

const ANA = "ana";

/** What the server has stored: it stores each client id once, and answers `sync` and `send` over the newest socket. */
class Server {
  lines = [];
  /** Frames that it has answered. */
  #seen = new Set();

  store(clientId, body) {
    const known = this.lines.find((line) => line.client_id === clientId);
    if (known) return known;
    const number = this.lines.length + 1;
    const at = new Date().toISOString();
    const message = { number, client_id: clientId, side: "customer", kind: "text", author: null, body, at };
    this.lines.push(message);
    return message;
  }

  push(message) {
    ScriptedSocket.last.say({ type: "message", conversation: ANA, message });
  }

  async welcome() {
    ScriptedSocket.last.open();
    ScriptedSocket.last.answer("hello", { server_time: new Date().toISOString() });
    await turn();
  }

  /** Answer what has come; acks of `send` get lost where they are to. */
  async work({ losesAcks = false } = {}) {
    for (const frame of ScriptedSocket.last.sent.filter(({ id }) => !this.#seen.has(id))) {
      this.#seen.add(frame.id);
      const { id, type } = frame;
      if (type === "sync") {
        const messages = this.lines.filter(({ number }) => number > frame.conversations[ANA]);
        ScriptedSocket.last.say({ type: "ack", id, messages });
      }
      if (type === "send") {
        const message = this.store(frame.client_id, frame.body);
        if (!losesAcks) ScriptedSocket.last.say({ type: "ack", id, message });
      }
    }
    await turn();
  }
}

let server;
let list;
let outbox;
let connection;

beforeEach(async () => {
  load();
  Object.assign(globalThis, { HTMLElement, HTMLTimeElement });
  mock.restoreAll();
  mock.method(Math, "random", () => 0.5);
  server = new Server();
  const element = () => new HTMLElement({}, [new HTMLElement({ part: "body" }), new HTMLElement({ part: "state" })]);
  const template = Object.assign(new HTMLElement(), { content: new DocumentFragment({}, [element()]) });
  list = new MessageList({ list: new HTMLElement(), template, side: "customer", onGap: () => sync.now() });
  const met = (messages) => {
    for (const { client_id: id } of messages) outbox.settle(id);
    list.add(messages);
  };
  connection = new Connection("/ws/widget/", {
    hello: () => ({}),
    onWelcome: () => {},
    onFrame: ({ message }) => met([message]),
    onState: (state) => {
      if (state === "open") outbox.up();
      else if (state === "closed") outbox.down();
      if (state === "open") sync.open();
      else sync.close();
    },
  });
  const sync = new Sync(connection, {
    ask: (timeout) => connection.request({ type: "sync", conversations: { [ANA]: list.last } }, timeout),
    apply: ({ messages }) => met(messages),
  });
  outbox = new Outbox({
    send: (entry) => connection.request({ type: "send", client_id: entry.client_id, body: entry.body }),
    onState: (entry, state, _why, ack) => {
      if (state === "sending") list.pending(entry);
      else if (state === "failed") list.fail(entry.client_id);
      if (ack) list.add(ack.message);
    },
  });
  connection.start();
  await server.welcome();
  await server.work();
});

const shown = () => list.list.children.map((item) => item.children[0].textContent);
const write = (body) => outbox.add(ANA, body, connection.now());

test("a frame that is lost is fetched by its number, as soon as the next one comes", async () => {
  const [one, lost, three] = ["1", "2", "3"].map((body) => server.store(body, body));
  server.push(one);
  server.push(three);
  assert.deepEqual(shown(), ["1", "3"]);
  await server.work();
  assert.deepEqual([shown(), list.last], [["1", "2", "3"], 3]);
  server.push(lost);
  assert.deepEqual(shown(), ["1", "2", "3"]);
});

test("a frame that is lost with nothing after it is there five seconds later", async () => {
  server.store("1", "1");
  await pass(5000);
  await server.work();
  assert.deepEqual(shown(), ["1"]);
});

test("what came while the line was down is there when it is back, from the number that is held", async () => {
  server.push(server.store("1", "1"));
  ScriptedSocket.last.end();
  server.store("2", "2");
  await pass(500);
  await server.welcome();
  assert.deepEqual(ScriptedSocket.last.asked("sync").conversations, { [ANA]: 1 });
  await server.work();
  assert.deepEqual([shown(), list.last], [["1", "2"], 2]);
});

test("what was stored though its ack was lost is met when the line is back, and not sent twice", async () => {
  write("hello");
  await server.work({ losesAcks: true });
  ScriptedSocket.last.end();
  await turn();
  assert.equal(outbox.resendable(ANA).length, 1);
  await pass(500);
  await server.welcome();
  await server.work();
  assert.deepEqual([outbox.has(ANA), shown(), server.lines.length], [false, ["hello"], 1]);
});

test("whoever presses Resend before that stores nothing twice, and sees it once", async () => {
  write("hello");
  await server.work({ losesAcks: true });
  ScriptedSocket.last.end();
  await pass(500);
  await server.welcome();
  outbox.resend(ANA);
  await server.work();
  assert.deepEqual([outbox.has(ANA), shown(), server.lines.length], [false, ["hello"], 1]);
});

test("what was written in a row arrives in a row, though each line breaks once under it", async () => {
  for (const body of ["1", "2", "3"]) write(body);
  for (let stored = 0; stored < 3; stored += 1) {
    ScriptedSocket.last.end();
    await pass(2000);
    await server.welcome();
    outbox.resend(ANA);
    await server.work();
  }
  await server.work();
  await server.work();
  assert.deepEqual(
    [shown(), server.lines.map(({ body }) => body)],
    [
      ["1", "2", "3"],
      ["1", "2", "3"],
    ],
  );
});
