/** The rules of static/js/console/shell/response_order.js: whatever comes in whichever order, the newest wish and the newest news win. */

import assert from "node:assert/strict";
import { test } from "node:test";
import { Order } from "../../static/js/console/shell/response_order.js";

const open = () => ({ about: null, opens: true, reads: true });
const act = (about) => ({ about, opens: false, reads: false });
const read = (about) => ({ about, opens: false, reads: true });
const ana = (version) => ({ open: "ana", version });
const bo = (version) => ({ open: "bo", version });
const nothing = { open: "", version: 0 };

test("of two wishes to open something the newer one wins, whichever is answered first", () => {
  for (const answers of ["older first", "newer first"]) {
    const order = new Order();
    const first = order.ask(open());
    const second = order.ask(open());
    const early = answers === "older first" ? order.places(first, nothing, ana(1)) : undefined;
    assert.equal(order.places(second, nothing, bo(1)), true);
    order.end(second);
    assert.equal(early ?? order.places(first, bo(1), ana(1)), false);
    assert.equal(order.isOpening, false);
  }
});

test("what was asked for in a pane is nothing for another one", () => {
  const order = new Order();
  const snooze = order.ask(act("ana"));
  const opening = order.ask(open());
  assert.equal(order.places(snooze, ana(1), ana(2)), false, "something else was asked for");
  assert.equal(order.places(opening, ana(1), bo(1)), true);
  order.end(opening);
  assert.equal(order.places(snooze, bo(1), ana(2)), false);
  assert.equal(order.belongs(snooze, bo(1)), false);
  assert.equal(order.belongs(order.ask({ ...act(null) }), bo(1)), true);
});

test("of one conversation the higher version wins, whoever was asked first", () => {
  const order = new Order();
  const wake = order.ask(act("ana"));
  const again = order.ask(read("ana"));
  assert.equal(order.places(again, ana(1), ana(3)), true);
  assert.equal(order.places(wake, ana(3), ana(2)), false);
});

test("at the same version an act's answer counts, and an old reading does not", () => {
  const order = new Order();
  const [reading, wrapUp, again] = [order.ask(read("ana")), order.ask(act("ana")), order.ask(read("ana"))];
  assert.equal(order.places(again, ana(3), ana(3)), true);
  assert.equal(order.places(reading, ana(3), ana(3)), false);
  assert.equal(order.isOvertaken(wrapUp), true);
  assert.equal(order.places(wrapUp, ana(3), ana(3)), true);
});

test("a conversation that has gone has no version, and its pane goes", () => {
  const order = new Order();
  assert.equal(order.places(order.ask(read("ana")), ana(3), ana(0)), true);
});

test("an act that leads away from its conversation does so though its pane was fetched again meanwhile", () => {
  const order = new Order();
  const close = order.ask(act("ana"));
  const again = order.ask(read("ana"));
  assert.equal(order.places(again, ana(3), ana(4)), true);
  assert.equal(order.places(close, ana(4), nothing), true);
});

test("a wish that fails is over, unless it was given up for another one", () => {
  const order = new Order();
  const first = order.ask(open());
  const second = order.ask(open());
  assert.equal(order.end(first), false);
  assert.equal(order.isOpening, true);
  assert.equal(order.end(second), true);
  assert.equal(order.isOpening, false);
  assert.equal(order.places(order.ask(act("ana")), ana(1), ana(1)), true);
});

test("a pane that was asked for before a part of it was changed does not undo the change", () => {
  const order = new Order();
  const [reading, note] = [order.ask(read("ana")), order.ask(act("ana"))];
  order.changes(note);
  assert.equal(order.isOvertaken(reading), true);
  assert.equal(order.places(reading, ana(3), ana(3)), false);
  const again = order.ask(read("ana"));
  assert.equal(order.isOvertaken(again), false);
  assert.equal(order.places(again, ana(3), ana(3)), true);
});
