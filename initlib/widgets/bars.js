// LiveBars: groups of bars side by side, redrawn for each position of the controls.
import { cut, scale, shape, stand, text, unpack, upright, words } from "./shared.js";

/** Left edge and width of bar `i` of `count` in group `place`, groups `share` apart. */
export function stall(place, i, count, share) {
  const width = Math.min(44, (0.8 * share) / count);
  return { x: (place + 0.5) * share + (i - count / 2) * width, width };
}

function drawBars(model, selected, numbers, width) {
  const height = model.get("height");
  const { groups, axis, base, series, slot } = model.get("_bars");
  const lines = Math.max(...groups.map((name) => name.split(" ").length));
  const box = { left: 66, top: 22, right: width - 8, bottom: height - 12 - 15 * lines };
  const up = scale(axis, box.bottom, box.top);
  const share = (box.right - box.left) / groups.length;
  const floor = up(base);
  const bars = [];
  const written = [];
  series.forEach(({ table }, i) => {
    unpack(table, selected).values.forEach((value, place) => {
      if (Number.isNaN(value)) return;
      const bar = stall(place, i, series.length, share);
      const x = box.left + bar.x;
      const end = up(value);
      bars.push(shape("rect", {
        class: `live-bar s${i}`, x, y: Math.min(end, floor),
        width: bar.width - 1, height: Math.abs(end - floor) }));
      const above = Math.max(box.top, Math.min(end, floor)) - 5;
      const below = Math.min(box.bottom - 4, end + 14);
      if (bar.width > 30) written.push(text(numbers[slot + i * groups.length + place], {
        x: x + bar.width / 2, y: end > floor ? below : above, "text-anchor": "middle" }));
    });
  });
  const ground = shape("path", {
    class: "live-line live-guide", d: `M${box.left} ${floor}H${box.right}` });
  const names = words(groups, box.left, box.right, box.bottom);
  return {
    height,
    children: [upright(box, axis), cut(box, [...bars, ground]), ...written, ...names],
  };
}

function render(context) {
  const series = context.model.get("_bars").series.map(({ name }, i) => (
    { name, look: "bar", series: i }));
  return stand(context, drawBars, series);
}

export default { render };
