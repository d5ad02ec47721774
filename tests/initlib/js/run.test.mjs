import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { test } from "node:test";

// Browsers get the file as a module; its name says nothing of that to Node.
const file = new URL("../../../book/assets/run/page.js", import.meta.url);
const source = readFileSync(file, "utf8");
const { gist, newLine, settle } = await import(
  `data:text/javascript,${encodeURIComponent(source)}`);

test("a progress bar leaves its last state, and finished lines stay", () => {
  assert.equal(settle("fit: 1\rfit: 22\rfit: 3"), "fit: 3");
  assert.equal(settle("one\nfit: 1\rfit: 2\ntwo"), "one\nfit: 2\ntwo");
  assert.equal(settle(settle("fit: 1\r") + "done\n"), "done\n");
  assert.equal(settle("one\r\ntwo\n"), "one\r\ntwo\n");
});

test("a new line keeps the indentation and goes deeper after a colon", () => {
  assert.equal(newLine("x = 1"), "\n");
  assert.equal(newLine("for i in x:\n    print(i)"), "\n    ");
  assert.equal(newLine("    def f(x): "), "\n        ");
  assert.equal(newLine(""), "\n");
});

test("the gist of a traceback is its last line", () => {
  assert.equal(gist("Traceback\n  File\nValueError: no\n"), "ValueError: no");
});
