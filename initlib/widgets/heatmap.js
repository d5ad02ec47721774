// LiveHeatmap: numbers as colours in rows and columns, with a colour bar.
import { linearTicks, scale, shape, stand, text, tickLabel, unpack } from "./shared.js";

/** The colour at `part` (0 to 1) of a row of colours [r, g, b] at equal distances. */
export function blend(stops, part) {
  const place = Math.min(Math.max(part, 0), 1) * (stops.length - 1);
  const before = Math.min(Math.floor(place), stops.length - 2);
  const rest = place - before;
  return stops[before].map((level, i) =>
    Math.round(level + rest * (stops[before + 1][i] - level)));
}

/** Black or white, whichever is easier to read on a colour. */
export function ink([red, green, blue]) {
  return 0.299 * red + 0.587 * green + 0.114 * blue > 140 ? "#000" : "#fff";
}

/** Which of n labels to write so that each has `room` of `length` pixels. */
export function spaced(n, length, room) {
  const stride = Math.max(1, Math.ceil((n * room) / length));
  return Array.from({ length: Math.ceil(n / stride) }, (_, i) => i * stride);
}

/** Pixels that a text takes, about. */
const wide = (label) => 7.5 * label.length;

function names(group, box, rows, columns, label) {
  const tall = (box.bottom - box.top) / rows.length;
  const broad = (box.right - box.left) / columns.length;
  for (const i of spaced(rows.length, box.bottom - box.top, 16))
    group.append(text(rows[i], {
      x: box.left - 7, y: box.top + (i + 0.5) * tall + 4, "text-anchor": "end" }));
  const room = Math.max(...columns.map(wide)) + 10;
  for (const i of spaced(columns.length, box.right - box.left, room))
    group.append(text(columns[i], {
      x: box.left + (i + 0.5) * broad, y: box.bottom + 17, "text-anchor": "middle" }));
  const middle = (box.top + box.bottom) / 2;
  group.append(
    text(label.x, {
      x: (box.left + box.right) / 2, y: box.bottom + 38, "text-anchor": "middle" }),
    text(label.y, {
      transform: `translate(14 ${middle}) rotate(-90)`, "text-anchor": "middle" }));
}

function bar(group, box, { low, high, stops, label }) {
  const left = box.right + 16;
  const up = scale({ low, high }, box.bottom, box.top);
  const slices = 64;
  const tall = (box.bottom - box.top) / slices;
  for (let i = 0; i < slices; i += 1)
    group.append(shape("rect", {
      x: left, y: box.bottom - (i + 1) * tall, width: 12, height: tall + 0.5,
      fill: `rgb(${blend(stops, i / (slices - 1))})` }));
  for (const tick of linearTicks(low, high, 4))
    group.append(text(tickLabel(tick), { x: left + 17, y: up(tick) + 4 }));
  group.append(text(label, { x: left + 12, y: box.top - 9, "text-anchor": "middle" }));
}

function draw(model, selected, numbers, width) {
  const { rows, columns, label, colour, slot } = model.get("_map");
  const height = model.get("height");
  const left = Math.max(...rows.map(wide)) + 34;
  const box = { left, top: 26, right: width - 72, bottom: height - 48 };
  const tall = (box.bottom - box.top) / rows.length;
  const broad = (box.right - box.left) / columns.length;
  const { values } = unpack(model.get("_table"), selected);
  const group = shape("g", { class: "live-map" });
  const written = slot !== null && broad > 34 && tall > 15;
  values.forEach((value, i) => {
    if (Number.isNaN(value)) return;
    const x = box.left + (i % columns.length) * broad;
    const y = box.top + Math.floor(i / columns.length) * tall;
    const paint = blend(colour.stops, (value - colour.low) / (colour.high - colour.low));
    group.append(shape("rect", {
      x, y, width: broad + 0.3, height: tall + 0.3, fill: `rgb(${paint})` }));
    if (!written) return;
    const number = text(numbers[slot + i], {
      x: x + broad / 2, y: y + tall / 2 + 4, "text-anchor": "middle" });
    number.style.fill = ink(paint);
    group.append(number);
  });
  names(group, box, rows, columns, label);
  bar(group, box, { ...colour, label: label.colour });
  return { height, children: [group] };
}

function render(context) {
  return stand(context, draw);
}

export default { render };
