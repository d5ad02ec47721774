import assert from "node:assert/strict";
import { test } from "node:test";

import { createModel, thaw } from "../../../book/assets/live/runtime.js";

test("binary parts return to their places, and the stored state stays as it was", () => {
  const stored = {
    state: { _curves: [{ y: { shape: [2] } }] },
    buffers: [{ path: ["_curves", 0, "y", "data"], data: btoa("\x01\xff") }],
  };
  const { data } = thaw(stored)._curves[0].y;
  assert.deepEqual([data.getUint8(0), data.getUint8(1)], [1, 255]);
  assert.ok(!("data" in stored.state._curves[0].y));
  assert.deepEqual(thaw({ state: { height: 3 } }), { height: 3 });
});

test("a model tells those who listen to a trait, until they stop", () => {
  const model = createModel({ selected: [0], alt: "" });
  const heard = [];
  const listen = () => heard.push(model.get("selected"));
  model.on("change:selected", listen);
  model.set("selected", [1]);
  model.set("alt", "other");
  model.save_changes();
  model.off("change:selected", listen);
  model.set("selected", [2]);
  assert.deepEqual(heard, [[1]]);
});
