// LiveHistograms: one row a layer, one column a quantity, each row its own scale.
import { linearTicks, scale, shape, stand, text, tickLabel, unpack } from "./shared.js";

/** The outline of one histogram standing on `floor`, its peak `height` tall. */
export function outline(edges, heights, across, floor, height) {
  const peak = Math.max(...heights);
  if (!(peak > 0)) return "";
  let path = `M${across(edges[0]).toFixed(1)} ${floor}`;
  for (let i = 0; i < heights.length; i += 1) {
    const top = (floor - (height * heights[i]) / peak).toFixed(1);
    path += `V${top}H${across(edges[i + 1]).toFixed(1)}`;
  }
  return `${path}V${floor}z`;
}

/** Where the panels stand: side by side when there is room, else stacked. */
export function arrange(count, rows, width) {
  const row = width < 560 ? 24 : 30;
  const high = 26 + rows * row + 46;
  const columns = width >= 300 * count ? count : 1;
  const wide = width / columns;
  const panels = Array.from({ length: count }, (_, i) => {
    const left = (i % columns) * wide + 30;
    const top = Math.floor(i / columns) * high + 26;
    return { left, right: left + wide - 30 - 66, top, bottom: top + rows * row };
  });
  return { row, panels, height: Math.ceil(count / columns) * high };
}

function drawPanel(panel, series, selected, numbers, box, row, names) {
  const { values } = unpack(panel.heights, selected);
  const { edges } = panel;
  const bins = edges.length - 1;
  const ends = { low: edges[0], high: edges[bins] };
  const across = scale(ends, box.left, box.right);
  const frame = shape("g", { class: "live-axes" });
  for (const tick of linearTicks(ends.low, ends.high, (box.right - box.left) / 60)) {
    const at = across(tick);
    frame.append(
      shape("path", { d: `M${at} ${box.top}V${box.bottom}` }),
      text(tickLabel(tick), { x: at, y: box.bottom + 16, "text-anchor": "middle" }));
  }
  frame.append(
    text(panel.name, {
      x: (box.left + box.right) / 2, y: box.bottom + 35, "text-anchor": "middle" }),
    text(panel.number, { x: box.right + 8, y: box.top - 10 }));
  const bars = names.map((name, i) => {
    const floor = box.top + (i + 1) * row;
    frame.append(
      shape("path", { d: `M${box.left} ${floor}H${box.right}` }),
      text(name, { x: box.left - 7, y: floor - 3, "text-anchor": "end" }),
      text(numbers[panel.slot + i], { x: box.right + 8, y: floor - 3 }));
    const heights = values.subarray(i * bins, (i + 1) * bins);
    return shape("path", {
      class: `live-bars s${series}`, d: outline(edges, heights, across, floor, row - 4) });
  });
  return [frame, ...bars];
}

function drawHistograms(model, selected, numbers, width) {
  const panels = model.get("_panels");
  const { names, label } = model.get("_rows");
  const plan = arrange(panels.length, names.length, width);
  const children = panels.flatMap((panel, series) => {
    const box = plan.panels[series];
    const head = text(label, { x: box.left - 28, y: box.top - 10 });
    return [
      ...drawPanel(panel, series, selected, numbers, box, plan.row, names), head];
  });
  return { height: plan.height, children };
}

function render(context) {
  return stand(context, drawHistograms);
}

export default { render };
