/** What static/js/shared/messages.js promises of numbered lines: in order, each once, no gap in silence (CHAT-4, CHAT-7). */

import assert from "node:assert/strict";
import { beforeEach, test } from "node:test";
import { MessageList } from "../../static/js/shared/messages.js";
import { load } from "./browser.js";
import { DocumentFragment, HTMLElement, HTMLTimeElement } from "./elements.js";

const ANA = { id: "ana", name: "Ana" };
const AT = "2026-03-02T10:00:00Z";
let gaps;

beforeEach(() => {
  load();
  Object.assign(globalThis, { HTMLElement, HTMLTimeElement, requestAnimationFrame: (call) => call() });
  gaps = [];
});

const part = (name, children = []) => new HTMLElement({ part: name }, children);

function item(dataset = {}) {
  const time = new HTMLTimeElement({ part: "time" });
  return new HTMLElement(dataset, [
    part("stamp", [part("author"), time]),
    part("body"),
    part("removed"),
    part("state"),
  ]);
}

const WORDS = {
  sending: "Sending",
  failed: "Not Delivered",
  sent: "Sent",
  delivered: "Delivered",
  read: "Read",
  joined: "{name} joined",
  endedNobody: "Ended",
};

/** The customer's list, with items that the server rendered. */
function listOf({ rendered = [], ...options } = {}) {
  const list = new HTMLElement({}, rendered);
  const template = Object.assign(new HTMLElement(WORDS), { content: new DocumentFragment({}, [item()]) });
  return new MessageList({ list, template, side: "customer", onGap: (last) => gaps.push(last), ...options });
}

/** A line of the customer's, or another one. */
function line(number, fields = {}) {
  const body = `${number}`;
  return { number, client_id: `id-${number}`, side: "customer", kind: "text", author: null, body, at: AT, ...fields };
}

const lines = (...numbers) => numbers.map((number) => line(number));
const entry = (id, body = id) => ({ client_id: id, body, at: Date.parse(AT) });
const text = (element, name) => element.querySelector(`[data-part="${name}"]`).textContent;
const shown = (list) => list.list.children.map((element) => text(element, "body"));
const said = (list) => list.list.children.map((element) => text(element, "state"));

test("lines stand in the order of their numbers, whatever the order in which they come", () => {
  const list = listOf();
  for (const number of [2, 4, 1, 3]) list.add(line(number));
  assert.deepEqual([shown(list), list.last], [["1", "2", "3", "4"], 4]);
});

test("a line that comes again changes nothing, and counts for nothing", () => {
  const list = listOf();
  assert.equal(list.add(lines(1, 2)), 2);
  assert.equal(list.add([...lines(1, 2, 3), line(3)]), 1);
  assert.equal(list.add(line(2, { body: "forged" })), 0);
  assert.deepEqual(shown(list), ["1", "2", "3"]);
});

test("a number that is missing is asked for at once, from the last one that nothing is missing before", () => {
  const list = listOf();
  list.add(lines(1, 2));
  assert.deepEqual(gaps, []);
  list.add(line(5));
  assert.deepEqual([gaps, list.last, list.newest], [[2], 2, 5]);
});

test("a gap is told once, another one again, and what fills it ends it", () => {
  const list = listOf();
  list.add(line(1));
  list.add(line(3));
  list.add(line(3));
  assert.deepEqual(gaps, [1]);
  list.add(line(5));
  assert.deepEqual(gaps, [1, 1]);
  list.add(lines(2, 4));
  assert.deepEqual([gaps, list.last], [[1, 1], 5]);
  list.add(line(7));
  assert.deepEqual(gaps, [1, 1, 5]);
});

test("what is on its way stands below all that is stored, in the order written", () => {
  const list = listOf();
  list.pending(entry("a"));
  list.pending(entry("b"));
  list.add(lines(1, 2));
  assert.deepEqual(
    [shown(list), said(list)],
    [
      ["1", "2", "a", "b"],
      ["", "Sent", "Sending", "Sending"],
    ],
  );
  assert.equal(list.last, 2);
});

test("what was on its way and is stored is one line: its own element, now in its place", () => {
  const list = listOf();
  list.pending(entry("a"));
  list.pending(entry("b"));
  const [element] = list.list.children;
  list.add(line(1, { client_id: "b", body: "b" }));
  list.add(line(2, { client_id: "a", body: "a" }));
  assert.deepEqual(shown(list), ["b", "a"]);
  assert.equal(list.list.children[1], element);
  assert.equal(list.size, 2);
  list.pending(entry("a"));
  list.fail("a");
  list.drop("a");
  assert.deepEqual(
    [shown(list), said(list)],
    [
      ["b", "a"],
      ["", "Sent"],
    ],
  );
});

test("what did not get through says so, and why; sent again it is the same line", () => {
  const list = listOf();
  list.pending(entry("a"));
  list.fail("a", "Too long.");
  assert.deepEqual(said(list), ["Not Delivered. Too long."]);
  list.pending(entry("a"));
  assert.deepEqual([shown(list), said(list)], [["a"], ["Sending"]]);
  list.drop("a");
  assert.deepEqual([shown(list), list.size], [[], 0]);
});

test("only the newest own line says Sent or Delivered, and the newest that was read says Read", () => {
  const list = listOf();
  list.add([...lines(1, 2, 3), line(4, { side: "agent", author: ANA })]);
  assert.deepEqual(said(list), ["", "", "Sent", ""]);
  list.marks("agent", 3, 1);
  assert.deepEqual(said(list), ["Read", "", "Delivered", ""]);
  list.marks("agent", 3, 3);
  assert.deepEqual(said(list), ["", "", "Read", ""]);
});

test("marks never move back, and what was read was delivered", () => {
  const list = listOf();
  list.add(lines(1, 2));
  list.marks("agent", 0, 2);
  list.marks("agent", 1, 1);
  assert.deepEqual(said(list), ["", "Read"]);
  list.add(line(3));
  assert.deepEqual(said(list), ["", "Read", "Sent"]);
});

test("what was taken out of a line goes, and an older word of it does not bring it back", () => {
  const list = listOf();
  list.add(line(1, { body: "4111 1111 1111 1111" }));
  list.revise(line(1, { body: "•", removed: ["card"], revision: 2 }));
  list.revise(line(1, { body: "4111 •", removed: ["card"], revision: 1 }));
  list.revise(line(2, { body: "unknown", revision: 1 }));
  assert.deepEqual(shown(list), ["•"]);
});

test("what precedes is history: it stands above, and is no gap", () => {
  const list = listOf();
  list.reset(lines(5, 6));
  assert.deepEqual([list.first, list.last, gaps], [5, 6, []]);
  list.prepend(lines(3, 4));
  assert.deepEqual([shown(list), list.first, list.last, gaps], [["3", "4", "5", "6"], 3, 6, []]);
});

test("another conversation begins where its lines do, with no line or mark of the one before", () => {
  const list = listOf();
  list.add(lines(1, 2));
  list.marks("agent", 2, 2);
  list.pending(entry("a"));
  list.reset([line(1, { client_id: "x" })]);
  assert.deepEqual([shown(list), said(list), list.size, list.last], [["1"], ["Sent"], 1, 1]);
});

test("what the server rendered is held as if it had come, with its gaps", () => {
  const rendered = [4, 5, 7].map((number) => {
    const element = item({ number: `${number}`, clientId: `id-${number}`, side: "customer", kind: "text", at: AT });
    element.querySelector('[data-part="body"]').textContent = `${number}`;
    return element;
  });
  const list = listOf({ rendered });
  assert.deepEqual([list.first, list.last, list.newest, gaps], [4, 5, 7, [5]]);
  assert.equal(list.add(lines(5, 6, 7)), 1);
  assert.deepEqual([shown(list), list.last], [["4", "5", "6", "7"], 7]);
});

test("lines of the system say what happened, with and without an author", () => {
  const list = listOf();
  list.add(line(1, { side: "system", kind: "joined", author: ANA }));
  list.add(line(2, { side: "system", kind: "ended" }));
  list.add(line(3, { side: "system", kind: "notice", body: "We are closed." }));
  assert.deepEqual(shown(list), ["Ana joined", "Ended", "We are closed."]);
});

test("lines of one author and one minute stand under one stamp, whatever came between in time", () => {
  const list = listOf();
  const later = "2026-03-02T10:01:00Z";
  const fields = [{}, {}, { at: later }, { side: "agent", author: ANA, at: later }];
  list.add([3, 1, 0, 2].map((index) => line(index + 1, fields[index])));
  const stacked = list.list.children.map((element) => element.attributes.has("data-stacked"));
  assert.deepEqual(stacked, [false, true, false, false]);
});
