import assert from "node:assert/strict";
import { test } from "node:test";

import {
  arrange, blend, cellAt, foot, ink, linePath, marked, outline, spaced, stall,
} from "../../../initlib/widgets/live.js";

const same = (value) => value;

test("a line is interrupted where a value is missing", () => {
  assert.equal(
    linePath([0, 1, 2, 3], [5, NaN, 6, 7], same, same), "M0.0 5.0M2.0 6.0L3.0 7.0");
  assert.equal(linePath([NaN, 1], [5, 6], same, same), "M1.0 6.0");
});

test("few points are all marked, many are thinned and staggered", () => {
  assert.deepEqual(marked(4, 16, 1), [0, 1, 2, 3]);
  for (const series of [0, 1, 2, 3]) {
    const places = marked(100, 16, series);
    assert.ok(places.length <= 16 && places.every((place) => place < 100));
  }
  assert.notDeepEqual(marked(100, 16, 0), marked(100, 16, 1));
});

test("a histogram stands on its floor and its peak is full", () => {
  assert.equal(outline([0, 1, 2], [2, 1], same, 30, 20), "M0.0 30V10.0H1.0V20.0H2.0V30z");
  assert.equal(outline([0, 1], [0], same, 30, 20), "");
});

test("panels stand side by side, and stacked on a phone", () => {
  const wide = arrange(2, 10, 900);
  assert.equal(wide.panels[0].top, wide.panels[1].top);
  const narrow = arrange(2, 10, 340);
  assert.ok(narrow.panels[1].top > narrow.panels[0].bottom);
  assert.ok(narrow.panels.every(({ left, right }) => right - left > 200));
  assert.ok(narrow.panels[1].bottom < narrow.height);
});

test("colours meet their ends and blend between", () => {
  const stops = [[0, 0, 0], [100, 200, 50], [255, 255, 255]];
  assert.deepEqual([0, 0.5, 1].map((part) => blend(stops, part)), stops);
  assert.deepEqual(blend(stops, 0.25), [50, 100, 25]);
  assert.deepEqual(blend(stops, -3), stops[0]);
  assert.deepEqual(blend(stops, 7), stops[2]);
});

test("numbers are dark on light colours and light on dark ones", () => {
  assert.equal(ink([255, 230, 80]), "#000");
  assert.equal(ink([0, 30, 80]), "#fff");
  assert.equal(ink([124, 123, 120]), "#000"); // 5.0 against 4.2
  assert.equal(ink([110, 110, 110]), "#fff"); // 5.1 against 4.1
});

test("labels keep the room they need", () => {
  assert.deepEqual(spaced(5, 500, 40), [0, 1, 2, 3, 4]);
  assert.deepEqual(spaced(10, 100, 24), [0, 3, 6, 9]);
});

test("bars of a group stand side by side in its middle, and groups apart", () => {
  const [one, two] = [0, 1].map((i) => stall(3, i, 2, 60));
  assert.equal(one.x + one.width, two.x);
  assert.equal((one.x + two.x + two.width) / 2, 3.5 * 60);
  assert.ok(stall(4, 0, 2, 60).x - two.x > two.width);
  assert.ok(stall(0, 0, 1, 900).width < 60);
});

test("the pointer finds the cell under it, and none outside", () => {
  const box = { left: 100, top: 20, right: 400, bottom: 60 };
  const at = (x, y) => cellAt(box, 4, 6, x, y);
  assert.deepEqual(at(101, 21), [0, 0]);
  assert.deepEqual(at(399, 59), [3, 5]);
  assert.deepEqual(at(260, 35), [1, 3]);
  for (const [x, y] of [[99, 30], [401, 30], [200, 19], [200, 61]])
    assert.equal(at(x, y), null);
});

test("names of columns take a line a word, and their label one more", () => {
  assert.ok(foot(["tanh 20", "linear"]) - foot(["tanh", "linear"]) >= 13);
});
