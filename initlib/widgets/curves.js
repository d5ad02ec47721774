// LiveCurves: lines over one abscissa, redrawn for each position of the controls.
import { axes, cut, marker, scale, shape, stand, unpack } from "./shared.js";

/** The "d" of one line; gaps where a value is missing. */
export function linePath(xs, ys, across, up) {
  let path = "";
  let pen = "M";
  for (let i = 0; i < ys.length; i += 1) {
    if (Number.isNaN(ys[i]) || Number.isNaN(xs[i])) {
      pen = "M";
      continue;
    }
    path += `${pen}${across(xs[i]).toFixed(1)} ${up(ys[i]).toFixed(1)}`;
    pen = "L";
  }
  return path;
}

/** Which of n points carry a mark: all of a few, else about `count`. */
export function marked(n, count, series) {
  if (n <= count) return Array.from({ length: n }, (_, i) => i);
  const stride = Math.ceil(n / count);
  const first = Math.floor((stride * (series % 4)) / 4);
  return Array.from(
    { length: Math.ceil((n - first) / stride) }, (_, i) => first + i * stride);
}

function drawCurve({ x, y, look, series }, selected, across, up, inside) {
  const { values: ys, shape: form } = unpack(y, selected);
  const { values: xs } = unpack(x, selected);
  const size = form.at(-1);
  const lines = [];
  const marks = [];
  for (let start = 0; start < ys.length; start += size) {
    const py = ys.subarray(start, start + size);
    const px = xs.length === ys.length ? xs.subarray(start, start + size) : xs;
    if (look !== "points") lines.push(linePath(px, py, across, up));
    if (look === "many" || look === "guide") continue;
    for (const i of marked(size, look === "points" ? size : 16, series)) {
      const [left, top] = [across(px[i]), up(py[i])];
      if (inside(left, top)) marks.push(marker(series, left, top));
    }
  }
  const kind = `s${series % 6} live-${look}`;
  return {
    line: shape("path", { class: `live-line ${kind}`, d: lines.join("") }),
    mark: shape("path", { class: `live-mark ${kind}`, d: marks.join("") }),
  };
}

/** Axes and curves of a model in a box; what leaves the box is cut off. */
export function drawCurves(model, selected, box) {
  const { x, y } = model.get("_axes");
  const across = scale(x, box.left, box.right);
  const up = scale(y, box.bottom, box.top);
  const inside = (px, py) =>
    px >= box.left - 1 && px <= box.right + 1 &&
    py >= box.top - 1 && py <= box.bottom + 1;
  const drawn = model.get("_curves").map((curve) =>
    drawCurve(curve, selected, across, up, inside));
  return [
    axes(box, x, y),
    cut(box, drawn.map(({ line }) => line)),
    ...drawn.map(({ mark }) => mark),
  ];
}

function render(context) {
  const { model } = context;
  const draw = (_, selected, numbers, width) => {
    const height = model.get("height");
    const box = { left: 66, top: 10, right: width - 14, bottom: height - 48 };
    return { height, children: drawCurves(model, selected, box) };
  };
  return stand(context, draw, model.get("_curves"));
}

export default { render };
