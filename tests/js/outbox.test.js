/** What static/js/shared/outbox.js promises of what was written: in order, each once, never lost in silence (CHAT-4, CHAT-5). */

import assert from "node:assert/strict";
import { beforeEach, test } from "node:test";
import { Outbox } from "../../static/js/shared/outbox.js";
import { load, pass, turn } from "./browser.js";

const ANA = "ana";
const BO = "bo";
let page;
let sends;
let states;

beforeEach(() => {
  page = load();
  [sends, states] = [[], []];
});

/** An outbox whose server answers when the test says so. */
function outboxOf(options = {}) {
  return new Outbox({
    send: ({ client_id, body, conversation }) =>
      new Promise((resolve, reject) => {
        const store = () => resolve({ message: { body } });
        sends.push({ client_id, body, conversation, store, refuse: (error) => reject(error) });
      }),
    onState: ({ body }, state, why, ack) => states.push([body, state, ...(why ? [why] : []), ...(ack ? ["ack"] : [])]),
    ...options,
  });
}

const write = (outbox, ...bodies) => bodies.map((body) => outbox.add(ANA, body, 0));
const sent = () => sends.map(({ body }) => body);
const of = (body) => states.filter(([text]) => text === body).map(([, state, ...rest]) => [state, ...rest].join(" "));

async function store() {
  sends.at(-1).store();
  await turn();
}

async function refuse(error) {
  sends.at(-1).refuse(error);
  await turn();
}

test("what is written to one conversation goes one after another, in the order written", async () => {
  const outbox = outboxOf();
  outbox.up();
  write(outbox, "1", "2", "3");
  assert.deepEqual(sent(), ["1"]);
  await store();
  assert.deepEqual(sent(), ["1", "2"]);
  await store();
  await store();
  assert.deepEqual(
    [sent(), of("2")],
    [
      ["1", "2", "3"],
      ["sending", "stored ack"],
    ],
  );
  assert.equal(outbox.has(ANA), false);
});

test("two conversations don't wait for each other", () => {
  const outbox = outboxOf();
  outbox.up();
  outbox.add(ANA, "1", 0);
  outbox.add(BO, "2", 0);
  assert.deepEqual(sent(), ["1", "2"]);
});

test("before the first connection it waits as Sending, and goes by itself", async () => {
  const outbox = outboxOf();
  write(outbox, "1", "2");
  assert.deepEqual([sent(), of("1"), outbox.isSending(ANA)], [[], ["sending"], true]);
  outbox.up();
  await store();
  assert.deepEqual(sent(), ["1", "2"]);
});

test("when the line drops all that is not stored is Not Delivered, and nothing goes until it is sent again", async () => {
  const outbox = outboxOf();
  outbox.up();
  write(outbox, "1", "2");
  outbox.down();
  await refuse({ code: "closed" });
  assert.deepEqual([of("1"), of("2"), outbox.isSending(ANA)], [["sending", "failed"], ["sending", "failed"], false]);
  outbox.up();
  await turn();
  assert.deepEqual(sent(), ["1"]);
});

test("Resend sends in the order written, under the same client ids, and each once", async () => {
  const outbox = outboxOf();
  outbox.up();
  const ids = write(outbox, "1", "2").map(({ client_id }) => client_id);
  outbox.down();
  await refuse({ code: "closed" });
  outbox.up();
  outbox.resend(ANA);
  outbox.resend(ANA);
  await store();
  await store();
  assert.deepEqual(sent(), ["1", "1", "2"]);
  assert.deepEqual(
    sends.map(({ client_id }) => client_id),
    [ids[0], ids[0], ids[1]],
  );
  outbox.resend(ANA);
  assert.equal(sends.length, 3);
});

test("what is sent again while its first answer is still due does not go beside it", async () => {
  const outbox = outboxOf();
  outbox.up();
  write(outbox, "1");
  outbox.down();
  outbox.up();
  outbox.resend(ANA);
  assert.deepEqual(sent(), ["1"]);
  await refuse({ code: "closed" });
  assert.deepEqual(sent(), ["1", "1"]);
});

test("without a line Resend does nothing", () => {
  const outbox = outboxOf();
  write(outbox, "1");
  outbox.down();
  outbox.resend(ANA);
  assert.deepEqual([sent(), of("1")], [[], ["sending", "failed"]]);
});

test("what is met in a message or a sync is stored, whatever becomes of its ack", async () => {
  const outbox = outboxOf();
  outbox.up();
  const [{ client_id: id }] = write(outbox, "1", "2");
  outbox.settle(id);
  outbox.settle(id);
  assert.deepEqual(of("1"), ["sending", "stored"]);
  await refuse({ code: "closed" });
  assert.deepEqual(
    [of("1"), sent()],
    [
      ["sending", "stored"],
      ["1", "2"],
    ],
  );
});

test("what is met after the line dropped is not sent again", async () => {
  const outbox = outboxOf();
  outbox.up();
  const [{ client_id: id }] = write(outbox, "1");
  outbox.down();
  await refuse({ code: "closed" });
  outbox.settle(id);
  outbox.up();
  outbox.resend(ANA);
  assert.deepEqual([sent(), of("1")], [["1"], ["sending", "failed", "stored"]]);
});

test("a server that is busy is asked again by itself after the time it says, before what was written later", async () => {
  const outbox = outboxOf();
  outbox.up();
  write(outbox, "1", "2");
  await refuse({ code: "busy", retry_after: 2 });
  await pass(1999);
  assert.deepEqual(sent(), ["1"]);
  await pass(1);
  assert.deepEqual([sent(), of("1")], [["1", "1"], ["sending"]]);
});

test("nobody looks at Sending for long: what may go in a minute is Not Delivered, and can be sent again", async () => {
  const outbox = outboxOf();
  outbox.up();
  write(outbox, "1");
  await refuse({ code: "slow_down", message: "Later.", retry_after: 60 });
  assert.deepEqual(of("1"), ["sending", "failed Later."]);
  assert.equal(outbox.resendable(ANA).length, 1);
});

test("what the server refuses for good says why, and sending it again is not offered", async () => {
  const outbox = outboxOf();
  outbox.up();
  write(outbox, "1", "2");
  await refuse({ code: "message_too_long", message: "Too long." });
  assert.deepEqual([of("1"), outbox.resendable(ANA), sent()], [["sending", "failed Too long."], [], ["1", "2"]]);
  outbox.down();
  outbox.up();
  outbox.resend(ANA);
  assert.deepEqual(of("1"), ["sending", "failed Too long."]);
});

test("a fault of the server's, or of the line, is not the message's: it can be sent again", async () => {
  for (const code of ["closed", "internal"]) {
    const outbox = outboxOf();
    outbox.up();
    write(outbox, code);
    await refuse({ code, message: "Something went wrong." });
    assert.deepEqual([of(code), outbox.resendable(ANA).length], [["sending", "failed"], 1]);
  }
});

test("what was not delivered survives a reload as Not Delivered, where the site wants that", () => {
  const keeping = { keep: true, storageKey: "unsent" };
  const [entry] = write(outboxOf(keeping), "1");
  states.length = 0;
  const reloaded = outboxOf(keeping);
  reloaded.restore();
  reloaded.restore();
  assert.deepEqual(of("1"), ["sending", "failed"]);
  reloaded.up();
  reloaded.resend(ANA);
  assert.equal(sends.at(-1).client_id, entry.client_id);
});

test("what is stored, or whose conversation is over, is kept no longer", async () => {
  const keeping = { keep: true, storageKey: "unsent" };
  const outbox = outboxOf(keeping);
  outbox.up();
  write(outbox, "1");
  outbox.add(BO, "2", 0);
  outbox.ended(BO);
  sends[0].store();
  await turn();
  assert.equal(page.storage.getItem("unsent"), null);
});

test("where nothing is to be kept nothing is, and what an earlier page kept is forgotten", () => {
  write(outboxOf({ keep: true, storageKey: "unsent" }), "1");
  states.length = 0;
  outboxOf({ keep: false, storageKey: "unsent" }).restore();
  assert.deepEqual([states, page.storage.getItem("unsent")], [[], null]);
});

test("storage that is blocked, or holds something else, costs nothing but what it would have kept", () => {
  for (const text of ["{", "7", "null", '[null, 7, {"body": "x"}]']) {
    page.storage.setItem("unsent", text);
    outboxOf({ keep: true, storageKey: "unsent" }).restore();
  }
  assert.deepEqual(states, []);
  const blocked = () => {
    throw new Error("blocked");
  };
  globalThis.localStorage = { getItem: blocked, setItem: blocked, removeItem: blocked };
  const outbox = outboxOf({ keep: true, storageKey: "unsent" });
  outbox.restore();
  outbox.up();
  write(outbox, "1");
  assert.deepEqual(sent(), ["1"]);
});

test("once a conversation is over what was not delivered stays so", async () => {
  const outbox = outboxOf();
  outbox.up();
  write(outbox, "1", "2");
  outbox.ended(ANA);
  await refuse({ code: "conversation_ended" });
  outbox.resend(ANA);
  assert.deepEqual([sent(), of("2"), outbox.resendable(ANA)], [["1"], ["sending", "failed"], []]);
});

test("what is written to one that is over already, and fails, is not offered to be sent again", async () => {
  const outbox = outboxOf();
  outbox.up();
  outbox.ended(ANA);
  write(outbox, "1");
  await refuse({ code: "closed" });
  assert.deepEqual([of("1"), outbox.resendable(ANA)], [["sending", "failed"], []]);
});

test("what was written before its conversation had an id goes to the one that it has now", async () => {
  const outbox = outboxOf();
  outbox.up();
  outbox.add("new", "1", 0);
  outbox.add("new", "2", 0);
  outbox.rename("new", ANA);
  await store();
  assert.deepEqual(
    sends.map(({ body, conversation }) => [body, conversation]),
    [
      ["1", "new"],
      ["2", ANA],
    ],
  );
});

test("what was written to conversations that are gone is dropped, and said to be", () => {
  const outbox = outboxOf();
  outbox.add(ANA, "1", 0);
  outbox.add(BO, "2", 0);
  outbox.retain([BO]);
  assert.deepEqual([of("1"), of("2")], [["sending", "dropped"], ["sending"]]);
});

test("a list that was emptied hears once more how each entry stands", () => {
  const outbox = outboxOf();
  write(outbox, "1");
  outbox.down();
  write(outbox, "2");
  states.length = 0;
  outbox.replay(ANA);
  assert.deepEqual(states, [
    ["1", "sending"],
    ["1", "failed"],
    ["2", "sending"],
  ]);
});

test("half a character is sent as what stands for it", () => {
  const outbox = outboxOf();
  outbox.up();
  write(outbox, "a\ud83d");
  assert.deepEqual(sent(), ["a\ufffd"]);
});
