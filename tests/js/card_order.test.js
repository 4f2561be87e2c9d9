/** The order of the tray's cards, as CON-1 has it: static/js/console/tray/card_order.js. */

import assert from "node:assert/strict";
import { test } from "node:test";
import { orderPlaces } from "../../static/js/console/tray/card_order.js";

const place = (id, given) => ({ id, state: "active", mark: "", unread: 0, waitsSince: null, takenAt: 100, ...given });

test("by need: overdue, due, those who wait or are unread by age, then the newest first", () => {
  const places = [
    place("old", { takenAt: 10 }),
    place("new", { takenAt: 20 }),
    place("unread", { unread: 1, takenAt: 30 }),
    place("waits", { waitsSince: 15, takenAt: 5 }),
    place("due", { mark: "due", waitsSince: 12 }),
    place("late", { mark: "overdue", waitsSince: 40 }),
    place("later", { mark: "overdue", waitsSince: 30, takenAt: 1 }),
    place("over", { state: "wrap_up", waitsSince: 1, takenAt: 50 }),
  ];
  assert.deepEqual(orderPlaces(places, "need"), ["later", "late", "due", "waits", "unread", "over", "new", "old"]);
});

test("by wait: the longest first, then those for whom nobody waits, as they were taken", () => {
  const places = [place("b"), place("a"), place("long", { waitsSince: 1 }), place("short", { waitsSince: 9 })];
  assert.deepEqual(orderPlaces(places, "waiting"), ["long", "short", "a", "b"]);
});

test("by when they were taken, from either end; those of one moment by their ids", () => {
  const places = [place("b"), place("a"), place("first", { takenAt: 1 })];
  assert.deepEqual(orderPlaces(places, "oldest"), ["first", "a", "b"]);
  assert.deepEqual(orderPlaces(places, "latest"), ["b", "a", "first"]);
});
