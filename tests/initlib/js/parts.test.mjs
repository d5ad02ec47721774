import assert from "node:assert/strict";
import { test } from "node:test";

import {
  cellNumber, fill, linearTicks, logTicks, marker, plain, runs, scale, tickLabel,
  unpack, where,
} from "../../../initlib/widgets/live.js";

const controls = [
  { name: "activation", labels: ["tanh", "ReLU"] },
  { name: "scale σ_w", labels: ["0.5", "1", "1.5"] },
];

test("a packed table gives zeros, gaps and both ends back exactly", () => {
  const steps = Uint8Array.from([0, 1, 254, 1]); // codes 0, 1 and 254, 255
  const table = {
    shape: [1, 2, 2], bytes: 1, low: -2, high: 6, log: false,
    data: new DataView(steps.buffer),
  };
  assert.deepEqual([...unpack(table, [0, 0]).values], [0, -2]);
  assert.deepEqual([...unpack(table, [3, 1]).values], [6, NaN]);
  assert.deepEqual(unpack(table, [0, 1]).shape, [2]);
});

test("of codes in two bytes the high ones come first", () => {
  const steps = Uint8Array.from([1, 255, 0, 255]); // 256, then one less
  const table = {
    shape: [2], bytes: 2, low: 0, high: 65533, log: false, data: new DataView(steps.buffer),
  };
  assert.deepEqual([...unpack(table, []).values], [255, 254]);
});

test("the selected cell counts the last control fastest", () => {
  assert.equal(cellNumber(controls, [0, 2]), 2);
  assert.equal(cellNumber(controls, [1, 0]), 3);
  assert.equal(cellNumber([], []), 0);
});

test("sentences are filled and say where the controls stand", () => {
  assert.equal(fill("from {0} to {10}.", [..."abcdefghijk"]), "from a to k.");
  assert.equal(where(controls, [1, 2]), "activation ReLU, scale σw 1.5: ");
  assert.equal(where([], []), "");
});

test("labels keep their words and mark sub- and superscripts", () => {
  assert.deepEqual(runs("he_normal"), [["he_normal", ""]]);
  assert.deepEqual(runs("σ_w of q^*"), [
    ["σ", ""], ["w", "_"], [" of q", ""], ["*", "^"]]);
  assert.deepEqual(runs("σ_w²"), [["σ", ""], ["w", "_"], ["²", ""]]);
  assert.equal(plain("q_{l+1} at x^2"), "ql+1 at x²");
});

test("an axis of logarithms within a decade has round numbers down to its end", () => {
  assert.deepEqual(logTicks(0.3, 2.5, 3), [0.5, 1, 2]);
  assert.deepEqual(logTicks(2, 3, 3), linearTicks(2, 3, 3));
});

test("linear ticks are round, inside, and about as many as asked", () => {
  assert.deepEqual(linearTicks(0, 1, 5), [0, 0.2, 0.4, 0.6000000000000001, 0.8, 1]);
  assert.deepEqual(linearTicks(1, 10, 8), [1, 2, 3, 4, 5, 6, 7, 8, 9, 10]);
  for (const [low, high] of [[-3, 7.7], [1e-9, 2e-9], [-1e6, 5], [0.02, 0.021]]) {
    const ticks = linearTicks(low, high, 6);
    assert.ok(ticks.length >= 3 && ticks.length <= 9, `${ticks}`);
    assert.ok(ticks.every((tick) => tick >= low - 1e-9 && tick <= high + 1e-9));
  }
});

test("logarithmic ticks are powers of ten, thinned on a wide axis", () => {
  assert.deepEqual(logTicks(0.5, 2000, 6), [1, 10, 100, 1000]);
  const ticks = logTicks(1e-20, 1e20, 6);
  assert.ok(ticks.length <= 7 && ticks.every((t) => Number.isInteger(Math.log10(t))));
  assert.ok(logTicks(2, 5, 4).length >= 3);
});

test("tick labels are short", () => {
  const labels = [0, 0.6000000000000001, -2.5, 1e-8, 2e5, -1e4].map(tickLabel);
  assert.deepEqual(labels, ["0", "0.6", "−2.5", "10^{−8}", "2·10^{5}", "−10^{4}"]);
});

test("an axis of logarithms has one notation", () => {
  const labels = (low, high) => logTicks(low, high, 9).map((t) => tickLabel(t, { low, high, log: true }));
  assert.deepEqual(labels(0.01, 100), ["0.01", "0.1", "1", "10", "100"]);
  assert.deepEqual(labels(1e-4, 10), ["10^{−4}", "10^{−3}", "10^{−2}", "10^{−1}", "1", "10^{1}"]);
  assert.deepEqual(labels(1, 1e4), ["1", "10^{1}", "10^{2}", "10^{3}", "10^{4}"]);
  assert.equal(tickLabel(0.5, { low: 0, high: 1e5 }), "0.5");
});

test("a scale meets both ends, and stops beyond them instead of at infinity", () => {
  const across = scale({ low: 0, high: 2 }, 10, 110);
  assert.deepEqual([0, 1, 2].map(across), [10, 60, 110]);
  const up = scale({ low: 1e-4, high: 1, log: true }, 100, 0);
  assert.equal(up(1e-2), 50);
  assert.equal(up(0), 300);
});

test("six curves carry six marks", () => {
  assert.equal(new Set([0, 1, 2, 3, 4, 5].map((kind) => marker(kind, 9, 9))).size, 6);
});
