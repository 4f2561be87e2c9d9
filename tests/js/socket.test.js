/** The delivery guarantees of static/js/shared/socket.js (apps/realtime/PROTOCOL.md): the test is the server. */

import assert from "node:assert/strict";
import { beforeEach, mock, test } from "node:test";
import { Connection } from "../../static/js/shared/socket.js";
import { load, pass, ScriptedSocket, turn } from "./browser.js";

let page;
let told;
let states;
let welcomes;

beforeEach(() => {
  page = load();
  [told, states, welcomes] = [[], [], []];
  mock.restoreAll();
  mock.method(Math, "random", () => 0.5);
});

function connect(options = {}) {
  const connection = new Connection("/ws/console/", {
    hello: () => ({ console: "c" }),
    onWelcome: (frame) => welcomes.push({ frame, states: states.map(({ state }) => state) }),
    onFrame: (frame) => told.push(frame),
    onState: (state, detail) => states.push({ state, ...detail }),
    ...options,
  });
  connection.start();
  return connection;
}

async function connected(options) {
  const connection = connect(options);
  await welcome();
  return connection;
}

async function welcome(fields = { server_time: new Date().toISOString() }) {
  ScriptedSocket.last.open();
  ScriptedSocket.last.answer("hello", fields);
  await turn();
}

/** The code that a request ends with; `ack` where it ends with one, `none` while it waits. */
function outcome(request) {
  const seen = { code: "none" };
  request.then(
    () => Object.assign(seen, { code: "ack" }),
    (error) => Object.assign(seen, { code: error.code }),
  );
  return seen;
}

const count = () => ScriptedSocket.all.length;
const now = () => states.at(-1).state;

test("the first frame is a hello, and the welcome is on the page before it is told that the line is up", async () => {
  await connected();
  assert.equal(ScriptedSocket.last.url, "ws://acme.localhost/ws/console/");
  const [hello] = ScriptedSocket.last.sent;
  assert.deepEqual({ ...hello, id: "" }, { type: "hello", v: 1, console: "c", id: "" });
  assert.deepEqual(
    welcomes.map((each) => each.states),
    [["connecting"]],
  );
  assert.equal(now(), "open");
});

test("an answer goes to the request whose id it has, whatever the order", async () => {
  const connection = await connected();
  const [one, two] = ["a", "b"].map((body) => connection.request({ type: "send", body }));
  const [first, second] = ScriptedSocket.last.sent.slice(-2);
  assert.notEqual(first.id, second.id);
  ScriptedSocket.last.say({ type: "ack", id: second.id, message: "two" });
  ScriptedSocket.last.say({ type: "ack", id: "somebody's", message: "none" });
  ScriptedSocket.last.say({ type: "ack", id: first.id, message: "one" });
  assert.deepEqual([(await one).message, (await two).message], ["one", "two"]);
  assert.deepEqual(told, []);
});

test("an error rejects its request with code, sentence and when to try again", async () => {
  const connection = await connected();
  const request = connection.request({ type: "send", body: "a" });
  ScriptedSocket.last.refuse("send", { code: "busy", message: "Wait.", retry_after: 3, limit: 7 });
  await assert.rejects(request, { name: "SocketError", code: "busy", message: "Wait.", retry_after: 3 });
  await assert.rejects(request, ({ detail }) => detail.limit === 7);
  assert.equal(now(), "open");
});

test("what the server tells before it has said welcome is no news for this page", async () => {
  connect();
  ScriptedSocket.last.open();
  ScriptedSocket.last.say({ type: "message", number: 1 });
  ScriptedSocket.last.answer("hello");
  await turn();
  ScriptedSocket.last.say({ type: "message", number: 2 });
  assert.deepEqual(told, [{ type: "message", number: 2 }]);
});

test("eight seconds without an answer are a dead socket: all that waits fails as closed, and a new one is opened", async () => {
  const connection = await connected();
  const dead = ScriptedSocket.last;
  const [one, two] = ["a", "b"].map((body) => outcome(connection.request({ type: "send", body })));
  await pass(7999);
  assert.deepEqual([one.code, dead.closedWith], ["none", null]);
  await pass(1);
  assert.deepEqual([one.code, two.code, dead.closedWith, now()], ["closed", "closed", 4000, "closed"]);
  await pass(500);
  assert.equal(count(), 2);
});

test("an answer in time ends the wait for it", async () => {
  const connection = await connected();
  connection.request({ type: "send", body: "a" });
  ScriptedSocket.last.answer("send");
  await pass(60_000);
  assert.deepEqual([count(), now()], [1, "open"]);
});

test("a socket that does not open within eight seconds is given up, and so is one whose hello nobody answers", async () => {
  connect();
  await pass(8000);
  assert.deepEqual([count(), now()], [1, "closed"]);
  await pass(500);
  ScriptedSocket.last.open();
  await pass(8000);
  assert.deepEqual([count(), now()], [2, "closed"]);
});

test("what a socket that was given up still says changes nothing", async () => {
  const connection = await connected();
  const old = ScriptedSocket.last;
  connection.drop();
  await pass(500);
  await welcome();
  old.say({ type: "message", number: 1 });
  old.end(4401);
  assert.deepEqual([told, now(), count()], [[], "open", 2]);
});

test("it comes back after half a second, doubling to fifteen, and says when", async () => {
  connect();
  const waits = [];
  for (let attempt = 0; attempt < 8; attempt += 1) {
    ScriptedSocket.last.end();
    waits.push(states.at(-1).retryAt - Date.now());
    const before = count();
    await pass(waits.at(-1) - 1);
    assert.equal(count(), before);
    await pass(1);
    assert.equal(count(), before + 1);
  }
  assert.deepEqual(waits, [500, 1000, 2000, 4000, 8000, 15_000, 15_000, 15_000]);
});

test("not all pages come back in the same moment: each wait is off by up to three tenths", async () => {
  for (const [random, wait] of [
    [0, 350],
    [0.5, 500],
    [1, 650],
  ]) {
    Math.random.mock.mockImplementation(() => random);
    connect();
    ScriptedSocket.last.end();
    assert.equal(Math.round(states.at(-1).retryAt - Date.now()), wait);
  }
});

test("a line that held for ten seconds begins the waits anew, one that breaks at once does not", async () => {
  await connected();
  const wait = () => states.at(-1).retryAt - Date.now();
  for (const expected of [500, 1000]) {
    ScriptedSocket.last.end();
    assert.equal(wait(), expected);
    await pass(expected);
    await welcome();
  }
  await pass(10_001);
  ScriptedSocket.last.end();
  assert.equal(wait(), 500);
});

for (const code of [4400, 4401, 4403, 4409, 4410]) {
  test(`after ${code} coming back would not help: it is refused and stays so`, async () => {
    await connected();
    ScriptedSocket.last.end(code);
    assert.deepEqual(states.at(-1), { state: "refused", retryAt: null, code });
    page.page.dispatchEvent(new Event("online"));
    await pass(60_000);
    assert.equal(count(), 1);
  });
}

for (const code of [1000, 1001, 1006, 1011, 1012, 1013, 4408]) {
  test(`after ${code} it comes back`, async () => {
    await connected();
    ScriptedSocket.last.end(code);
    await pass(500);
    await welcome();
    assert.deepEqual([count(), now()], [2, "open"]);
  });
}

test("a frame of 64 KiB goes, one byte more does not, and the line holds", async () => {
  const connection = await connected();
  const size = new TextEncoder().encode(JSON.stringify({ type: "send", body: "", id: "x".repeat(36) })).length;
  const fits = "x".repeat(64 * 1024 - size);
  connection.request({ type: "send", body: fits }).catch(() => {});
  assert.equal(ScriptedSocket.last.texts.at(-1).length, 64 * 1024);
  const sent = ScriptedSocket.last.sent.length;
  await assert.rejects(connection.request({ type: "send", body: `${fits}x` }), { code: "too_large" });
  // It is bytes that count: of these each takes three.
  await assert.rejects(connection.request({ type: "send", body: "€".repeat(22_000) }), { code: "too_large" });
  assert.deepEqual([ScriptedSocket.last.sent.length, now()], [sent, "open"]);
});

test("half a character never leaves: the server would refuse the frame", async () => {
  const connection = await connected();
  connection.tell({ type: "typing", name: "a\ud83d" });
  assert.equal(ScriptedSocket.last.asked("typing").name, "a\ufffd");
});

test("without a line a request fails at once, and what needs no answer is lost", async () => {
  const connection = connect();
  await assert.rejects(connection.request({ type: "send", body: "a" }), { code: "closed" });
  connection.tell({ type: "typing", on: true });
  await welcome();
  assert.deepEqual(
    ScriptedSocket.last.sent.map(({ type }) => type),
    ["hello"],
  );
});

test("a network that is there again, or a page that is looked at, does not wait for the next attempt", async () => {
  for (const wake of [
    () => page.page.dispatchEvent(new Event("online")),
    () => page.page.dispatchEvent(new Event("pageshow")),
    () => page.document.dispatchEvent(new Event("visibilitychange")),
  ]) {
    const connection = await connected();
    ScriptedSocket.last.end();
    const before = count();
    wake();
    assert.equal(count(), before + 1);
    await pass(500);
    assert.equal(count(), before + 1, "the attempt that was due is not made beside it");
    connection.stop();
  }
});

test("a page that is hidden, or has no network, does not wake", async () => {
  await connected();
  ScriptedSocket.last.end();
  page.document.visibilityState = "hidden";
  page.page.dispatchEvent(new Event("online"));
  page.document.visibilityState = "visible";
  navigator.onLine = false;
  page.page.dispatchEvent(new Event("pageshow"));
  assert.equal(count(), 1);
});

test("a page that wakes while the line seems up is told so, to try whether it is", async () => {
  let woken = 0;
  await connected({
    onWake: () => {
      woken += 1;
    },
  });
  page.page.dispatchEvent(new Event("offline"));
  page.document.dispatchEvent(new Event("visibilitychange"));
  assert.deepEqual([woken, count()], [2, 1]);
});

test("a hello that is refused is said again at once where another one may be welcome", async () => {
  const errors = [];
  connect({ onHelloError: (error) => errors.push(error.code) });
  ScriptedSocket.last.open();
  ScriptedSocket.last.refuse("hello", { code: "token_refused" });
  await turn();
  ScriptedSocket.last.answer("hello");
  await turn();
  assert.deepEqual([errors, ScriptedSocket.last.sent.length, count(), now()], [["token_refused"], 2, 1, "open"]);
});

test("a hello that is put off is said again on a new socket, no sooner than the server asks", async () => {
  connect();
  ScriptedSocket.last.open();
  ScriptedSocket.last.refuse("hello", { code: "slow_down", retry_after: 7 });
  await turn();
  assert.deepEqual([ScriptedSocket.last.closedWith, states.at(-1).retryAt - Date.now()], [4000, 7000]);
  await pass(7000);
  assert.equal(count(), 2);
});

test("the time is the server's: half-way between hello and welcome, and of each ack that tells it", async () => {
  const connection = connect();
  ScriptedSocket.last.open();
  await pass(1000);
  ScriptedSocket.last.answer("hello", { server_time: "2026-03-02T12:00:00Z" });
  await turn();
  assert.equal(connection.now(), Date.parse("2026-03-02T12:00:00.500Z"));
  connection.request({ type: "sync" });
  ScriptedSocket.last.answer("sync", { server_time: "2026-03-02T13:00:00Z" });
  assert.equal(connection.now(), Date.parse("2026-03-02T13:00:00Z"));
});

test("renewed, it says hello on a new socket at once; stopped, it stays away", async () => {
  const connection = await connected();
  const waiting = outcome(connection.request({ type: "send", body: "a" }));
  connection.renew();
  await welcome();
  assert.deepEqual([waiting.code, count(), now()], ["closed", 2, "open"]);
  connection.stop();
  page.page.dispatchEvent(new Event("online"));
  await pass(60_000);
  assert.deepEqual([ScriptedSocket.last.closedWith, count(), now()], [1000, 2, "closed"]);
});
