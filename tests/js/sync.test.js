/** When static/js/shared/sync.js asks what was missed, so that nothing stays hidden for longer. */

import assert from "node:assert/strict";
import { beforeEach, test } from "node:test";
import { Sync } from "../../static/js/shared/sync.js";
import { load, pass, turn } from "./browser.js";

let asked;
let connection;

beforeEach(() => {
  load();
  asked = [];
  connection = { state: "open" };
});

/** A sync whose server answers at once, unless `held`. */
function syncing({ apply = () => false, idle, held = false, asks = true } = {}) {
  const ask = (timeout) => {
    if (!asks) return null;
    return new Promise((resolve, reject) => {
      asked.push({ at: Date.now(), timeout, resolve, reject });
      if (!held) resolve({ number: asked.length });
    });
  };
  return new Sync(connection, { ask, apply, idle });
}

/** When it asked, in seconds after the first time. */
const seconds = () => asked.map(({ at }) => (at - asked[0].at) / 1000);

async function passSeconds(count) {
  await turn();
  for (let second = 0; second < count; second += 1) await pass(1000);
}

test("it asks at every connect, each 5 s for a minute, and each 20 s then", async () => {
  syncing().open();
  await passSeconds(105);
  assert.deepEqual(seconds(), [0, 5, 10, 15, 20, 25, 30, 35, 40, 45, 50, 55, 60, 80, 100]);
});

test("a page may want it more often while nothing happens", async () => {
  syncing({ idle: () => 10_000 }).open();
  await passSeconds(80);
  assert.deepEqual(seconds().slice(-2), [70, 80]);
});

test("when something happens after a quiet time it is not twenty seconds until it asks", async () => {
  const sync = syncing();
  sync.open();
  await passSeconds(81);
  sync.touch();
  await passSeconds(5);
  assert.deepEqual(seconds().slice(-2), [80, 86]);
});

test("of several gaps while an answer is on its way one question comes of it", async () => {
  const sync = syncing({ held: true });
  sync.now();
  sync.now();
  sync.now();
  assert.equal(asked.length, 1);
  asked[0].resolve({});
  await turn();
  assert.equal(asked.length, 2);
  asked[1].resolve({});
  await turn();
  assert.equal(asked.length, 2);
});

test("an answer that is not the whole asks for the rest at once", async () => {
  const applied = [];
  syncing({ apply: (ack) => applied.push(ack.number) < 3 }).now();
  await turn();
  assert.deepEqual(
    [applied, seconds()],
    [
      [1, 2, 3],
      [0, 0, 0],
    ],
  );
});

test("a question that is refused, or whose line broke, is asked again in its time", async () => {
  const sync = syncing({ held: true });
  sync.open();
  asked[0].reject(new Error("busy"));
  await turn();
  await passSeconds(5);
  assert.deepEqual(seconds(), [0, 5]);
});

test("while the line is down nothing is asked, and when it is back it asks at once", async () => {
  const sync = syncing();
  sync.open();
  await turn();
  connection.state = "closed";
  sync.close();
  sync.now();
  sync.touch();
  await passSeconds(60);
  assert.equal(asked.length, 1);
  connection.state = "open";
  sync.open();
  assert.equal(asked.length, 2);
});

test("who has nothing to ask for asks nothing, and is asked again whether there is something", async () => {
  const options = { asks: false };
  let asks = 0;
  const sync = syncing(options);
  const { ask } = sync;
  sync.ask = (timeout) => {
    asks += 1;
    return ask(timeout);
  };
  sync.open();
  await turn();
  await passSeconds(5);
  assert.deepEqual([asks, asked.length], [2, 0]);
});

test("a page that wakes waits three seconds for an answer, not as long as others: its line may be dead", async () => {
  syncing().wake();
  assert.equal(asked[0].timeout, 3000);
});
