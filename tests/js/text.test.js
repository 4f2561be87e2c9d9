import assert from "node:assert/strict";
import { test } from "node:test";
import { Outbox } from "../../static/js/shared/outbox.js";
import { wellFormed } from "../../static/js/shared/text.js";

test("half characters are replaced, whole ones stay", () => {
  for (const text of ["", "plain", "👍️ fine", "a\uD83D", "\uDC4Da", "\uDC4D\uD83D", "\uD83D👍\uDC4D"]) {
    assert.equal(wellFormed(text), text.toWellFormed());
  }
});

test("a message goes as it will be stored, and so does the next one", async () => {
  const sent = [];
  const send = async (entry) => {
    sent.push(entry.body);
    return { type: "ack" };
  };
  const outbox = new Outbox({ send, onState: () => {} });
  outbox.up();
  assert.equal(outbox.add("ana", "half \uD83D", 0).body, "half \uFFFD");
  outbox.add("ana", "whole 👍", 1);
  await new Promise((resolve) => setTimeout(resolve));
  assert.deepEqual(sent, ["half \uFFFD", "whole 👍"]);
});
