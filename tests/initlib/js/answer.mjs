// Read tables and figures from standard input, say what JavaScript makes of them.
import { readFileSync } from "node:fs";

import { thaw } from "../../../book/assets/live/runtime.js";
import { cellNumber, fill, unpack, where } from "../../../initlib/widgets/live.js";

const stored = JSON.parse(readFileSync(0, "utf8"));
const state = thaw(stored);
const summaries = (state._cells ?? []).map((selected) => {
  const numbers = state._numbers.split("\n")[cellNumber(state._controls, selected)];
  return where(state._controls, selected) + fill(state._sentence, numbers.split("\t"));
});
const tables = (state.tables ?? []).map((table) =>
  Array.from(unpack(table, []).values, String));
process.stdout.write(JSON.stringify({ summaries, tables }));
