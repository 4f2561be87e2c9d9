/** What is known of cards that a long tray has not brought: static/js/console/tray/rest_cards.js. */

import assert from "node:assert/strict";
import { test } from "node:test";
import { formatRest, parseRest, staysBehind } from "../../static/js/console/tray/rest_cards.js";

const TOLD = "a:3:2:1:active:chat:happy:due:100.25:120.5 b:1:1:0:snoozed:email:::90.000001:";

test("what the tray tells is read, and told again as it was", () => {
  const cards = parseRest(`${TOLD} `);
  assert.deepEqual(cards.get("a"), {
    id: "a",
    last: 3,
    read: 2,
    unread: 1,
    state: "active",
    channel: "chat",
    mood: "happy",
    mark: "due",
    takenAt: 100.25,
    waitsSince: 120.5,
  });
  assert.equal(cards.get("b")?.waitsSince, null);
  assert.equal(formatRest(cards), TOLD);
  assert.equal(formatRest(parseRest("")), "");
});

test("a card stays behind unless one that is shown would come after it", () => {
  const [waits] = parseRest("w:2:1:1:active:chat:::10:50").values();
  const shown = (id, waitsSince) => ({ id, state: "active", mark: "", unread: 0, waitsSince, takenAt: 10 });
  assert.equal(staysBehind(waits, [shown("x", 20), shown("y", 49)], "need"), true);
  assert.equal(staysBehind(waits, [shown("x", 20), shown("y", 51)], "need"), false);
  assert.equal(staysBehind(waits, [shown("x", 20), shown("y", null)], "need"), false);
  assert.equal(staysBehind(waits, [], "need"), true);
});
