// LiveMap: a map of numbers, and the curves behind the cell that one points at.
import { drawCurves } from "./curves.js";
import { drawBar, drawCells, foot, widest } from "./heatmap.js";
import { shape, stand, unpack } from "./shared.js";

/** Row and column under a point, or null outside of the cells. */
export function cellAt({ left, top, right, bottom }, rows, columns, x, y) {
  const row = Math.floor(((y - top) / (bottom - top)) * rows);
  const column = Math.floor(((x - left) / (right - left)) * columns);
  const inside = row >= 0 && row < rows && column >= 0 && column < columns;
  return inside ? [row, column] : null;
}

function drawMap(model, [row, column], numbers, width) {
  const map = model.get("_map");
  const height = model.get("height");
  const { rows, columns, texts, high } = map;
  const bar = width > 480; // else the cells need the room for their numbers
  const box = {
    left: widest(rows) + 34, right: width - (bar ? 72 : 4),
    top: 26, bottom: high - foot(columns) };
  const tall = (box.bottom - box.top) / rows.length;
  const broad = (box.right - box.left) / columns.length;
  const below = { left: 66, top: high + 8, right: width - 14, bottom: height - 48 };
  const frame = shape("rect", {
    class: "live-chosen", x: box.left + column * broad, y: box.top + row * tall,
    width: broad, height: tall });
  const { values } = unpack(model.get("_table"), []);
  return {
    height,
    children: [
      drawCells(map, values, texts.flat(), box), frame,
      ...(bar ? [drawBar(box, map)] : []),
      ...drawCurves(model, [row, column], below)],
    find: (x, y) => cellAt(box, rows.length, columns.length, x, y),
  };
}

function render(context) {
  return stand(context, drawMap, context.model.get("_curves"));
}

export default { render };
