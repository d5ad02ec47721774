// LiveHeatmap: numbers as colours in rows and columns, with a colour bar.
import {
  linearTicks, scale, shape, stand, text, tickLabel, unpack, words,
} from "./shared.js";

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

/** Pixels that the longest of some texts takes, about. */
export const widest = (labels) => Math.max(...labels.map(wide));

/** Pixels that names of columns need below the cells, with the label under them. */
export function foot(columns) {
  return 33 + 15 * Math.max(...columns.map((name) => name.split(" ").length));
}

function drawNames(box, { rows, columns, label }) {
  const { left, top, right, bottom } = box;
  const tall = (bottom - top) / rows.length;
  const broad = (right - left) / columns.length;
  const group = shape("g");
  for (const i of spaced(rows.length, bottom - top, 16))
    group.append(text(rows[i], {
      x: left - 7, y: top + (i + 0.5) * tall + 4, "text-anchor": "end" }));
  if (columns.some((name) => name.includes(" ")))
    group.append(...words(columns, left, right, bottom));
  else for (const i of spaced(columns.length, right - left, widest(columns) + 10))
    group.append(text(columns[i], {
      x: left + (i + 0.5) * broad, y: bottom + 17, "text-anchor": "middle" }));
  const turn = `translate(14 ${(top + bottom) / 2}) rotate(-90)`;
  group.append(
    text(label.x, {
      x: (left + right) / 2, y: bottom + foot(columns) - 10,
      "text-anchor": "middle" }),
    text(label.y, { transform: turn, "text-anchor": "middle" }));
  return group;
}

/** What the colours mean, to the right of a box. */
export function drawBar(box, { colour: { low, high, stops }, label }) {
  const left = box.right + 16;
  const up = scale({ low, high }, box.bottom, box.top);
  const slices = 64;
  const tall = (box.bottom - box.top) / slices;
  const group = shape("g");
  for (let i = 0; i < slices; i += 1)
    group.append(shape("rect", {
      x: left, y: box.bottom - (i + 1) * tall, width: 12, height: tall + 0.5,
      fill: `rgb(${blend(stops, i / (slices - 1))})` }));
  for (const tick of linearTicks(low, high, (box.bottom - box.top) / 60))
    group.append(text(tickLabel(tick), { x: left + 17, y: up(tick) + 4 }));
  group.append(text(label.colour, {
    x: left + 56, y: box.top - 9, "text-anchor": "end" }));
  return group;
}

/** Coloured cells in a box, with their names, and their texts where there is room. */
export function drawCells(map, values, texts, box) {
  const { rows, columns, colour } = map;
  const tall = (box.bottom - box.top) / rows.length;
  const broad = (box.right - box.left) / columns.length;
  const group = shape("g", { class: "live-map" });
  const room = texts && broad > 34 && tall > 15;
  values.forEach((value, i) => {
    const x = box.left + (i % columns.length) * broad;
    const y = box.top + Math.floor(i / columns.length) * tall;
    const part = (value - colour.low) / (colour.high - colour.low);
    const paint = Number.isNaN(value) ? null : blend(colour.stops, part);
    if (paint) group.append(shape("rect", {
      x, y, width: broad + 0.3, height: tall + 0.3, fill: `rgb(${paint})` }));
    if (!room) return;
    const written = text(paint ? texts[i] : "–", {
      x: x + broad / 2, y: y + tall / 2 + 4, "text-anchor": "middle" });
    if (paint) written.style.fill = ink(paint);
    group.append(written);
  });
  group.append(drawNames(box, map));
  return group;
}

function drawHeatmap(model, selected, numbers, width) {
  const map = model.get("_map");
  const height = model.get("height");
  const left = widest(map.rows) + 34;
  const box = { left, top: 26, right: width - 72, bottom: height - foot(map.columns) };
  const { values } = unpack(model.get("_table"), selected);
  const texts = map.slot === null ? null : numbers.slice(map.slot);
  return { height, children: [drawCells(map, values, texts, box), drawBar(box, map)] };
}

function render(context) {
  return stand(context, drawHeatmap);
}

export default { render };
