// The body of every live figure: it draws the slice of the tables that is chosen.
// Each figure carries this whole text, and `_kind` says which picture it is.

// Tables and numbers

/** The part of a packed table that belongs to the selected grid cell. */
export function unpack(table, selected) {
  const rest = table.shape.slice(selected.length);
  const size = rest.reduce((product, length) => product * length, 1);
  const cell = selected.reduce((offset, index, axis) => {
    const length = table.shape[axis];
    return offset * length + Math.min(index, length - 1);
  }, 0);
  const values = new Float64Array(size);
  let code = 0;
  for (let i = 0; i < size; i += 1) {
    const before = i % rest.at(-1) ? code : 0;
    code = (before + step(table, cell * size + i)) % 256 ** table.bytes;
    values[i] = decode(table, code);
  }
  return { shape: rest, values };
}

/** By how much a code exceeds the one before it; its high byte comes in the first half. */
function step({ data, bytes }, position) {
  if (bytes === 1) return data.getUint8(position);
  return 256 * data.getUint8(position) + data.getUint8(data.byteLength / 2 + position);
}

/** One number: code 0 is an exact zero, the highest code a gap. */
function decode({ bytes, low, high, log }, code) {
  const top = 256 ** bytes - 1;
  if (code === 0) return 0;
  if (code === top) return NaN;
  const value = low + ((high - low) * (code - 1)) / (top - 2);
  return log ? 10 ** value : value;
}

/** Position of the selected cell in lists that run over the whole grid. */
export function cellNumber(controls, selected) {
  return controls.reduce(
    (cell, control, axis) => cell * control.labels.length + selected[axis], 0);
}

/** Put the numbers of one cell into the places {0}, {1}, ... of a sentence. */
export function fill(sentence, numbers) {
  return sentence.replace(/\{(\d+)\}/g, (_, slot) => numbers[slot]);
}

// Words

const SCRIPT = /[_^](?:\{([^}]+)\}|([\p{L}\p{N}*])(?![\p{L}\p{Nd}]))/u;

/** Split "σ_w x^{2}" into runs [text, "" | "_" | "^"]. */
export function runs(label) {
  const found = SCRIPT.exec(label);
  if (!found) return label ? [[label, ""]] : [];
  const before = label.slice(0, found.index);
  const after = label.slice(found.index + found[0].length);
  return [
    ...(before ? [[before, ""]] : []),
    [found[1] ?? found[2], found[0][0]],
    ...runs(after),
  ];
}

/** A label as it is read aloud: without the marks of sub- and superscripts. */
export function plain(label) {
  const raised = (content) => content.replace(/\d/g, (digit) => "⁰¹²³⁴⁵⁶⁷⁸⁹"[digit]);
  return runs(label)
    .map(([content, script]) => (script === "^" ? raised(content) : content))
    .join("");
}

/** Where the controls stand, in words. */
export function where(controls, selected) {
  const told = controls.map(
    ({ name, labels }, axis) => `${plain(name)} ${labels[selected[axis]]}`);
  return told.length ? `${told.join(", ")}: ` : "";
}

// Scales

/** About `count` round numbers between low and high. */
export function linearTicks(low, high, count) {
  const raw = (high - low) / count;
  const power = 10 ** Math.floor(Math.log10(raw));
  const step = [1, 2, 5, 10].find((factor) => factor * power >= 0.8 * raw) * power;
  const first = Math.ceil(low / step - 1e-9);
  const last = Math.floor(high / step + 1e-9);
  return Array.from({ length: last - first + 1 }, (_, i) => (first + i) * step);
}

/** Round numbers of a logarithmic axis that is shorter than two powers of ten. */
function withinDecade(low, high, count) {
  const power = 10 ** Math.floor(Math.log10(low));
  const round = [1, 2, 5, 10, 20, 50].map((digit) => digit * power)
    .filter((tick) => tick >= low && tick <= high);
  const even = linearTicks(low, high, count);
  return round.length > even.length ? round : even;
}

/** Powers of ten between low and high, thinned to about `count`. */
export function logTicks(low, high, count) {
  const first = Math.ceil(Math.log10(low) - 1e-9);
  const last = Math.floor(Math.log10(high) + 1e-9);
  if (last - first < 1) return withinDecade(low, high, count);
  const stride = Math.max(1, Math.ceil((last - first) / count));
  const ticks = [];
  for (let power = first; power <= last; power += 1)
    if (power % stride === 0) ticks.push(10 ** power);
  return ticks;
}

/** A tick's label, in the marks of `runs`. */
export function tickLabel(value, axis) {
  if (value === 0) return "0";
  const power = Math.floor(Math.log10(Math.abs(value)) + 1e-9);
  const far = axis?.log && (axis.low < 1e-3 || axis.high >= 1e4);
  const short = far ? !power : power >= -3 && power < 4;
  const text = short
    ? String(Number(value.toPrecision(6)))
    : `${Number((value / 10 ** power).toPrecision(3))}·10^{${power}}`;
  return text.replace(/^(-?)1·10/, "$110").replaceAll("-", "−");
}

/** Map [low, high] to [start, end]; beyond it, stop two lengths away. */
export function scale({ low, high, log }, start, end) {
  const warp = log ? Math.log10 : Number;
  const [from, to] = [warp(low), warp(high)];
  return (value) => {
    const part = (warp(value) - from) / (to - from || 1);
    return start + (end - start) * Math.min(Math.max(part, -2), 3);
  };
}

// Elements

const SVG = "http://www.w3.org/2000/svg";

/** Create one element of the picture. */
export function shape(name, attributes = {}, ...children) {
  const element = document.createElementNS(SVG, name);
  for (const [key, value] of Object.entries(attributes))
    element.setAttribute(key, value);
  element.append(...children);
  return element;
}

/** Create one element of the page. */
export function node(name, properties = {}, ...children) {
  const element = Object.assign(document.createElement(name), properties);
  element.append(...children);
  return element;
}

/** A text in the picture, with sub- and superscripts. */
export function text(label, attributes) {
  let depth = 0;
  const parts = runs(label).map(([content, script]) => {
    const level = { _: 4, "^": -5 }[script] ?? 0;
    const part = shape("tspan", { dy: level - depth }, content);
    if (script) part.setAttribute("font-size", "75%");
    depth = level;
    return part;
  });
  return shape("text", attributes, ...parts);
}

/** A label in the page, with sub- and superscripts. */
function markup(label) {
  const tags = { _: "sub", "^": "sup" };
  return runs(label).map(([content, script]) =>
    script ? node(tags[script], { textContent: content }) : content);
}

// Room

const LETTERS = 13; // pixels, as the style sheet says
let ruler;

/** Pixels that a text takes in the picture, in the font of the page. */
function wide(label) {
  if (!ruler) {
    ruler = document.createElement("canvas").getContext("2d");
    ruler.font = `${LETTERS}px ${getComputedStyle(document.body).fontFamily}`;
  }
  return runs(label).reduce((pixels, [content, script]) =>
    pixels + ruler.measureText(content).width * (script ? 0.75 : 1), 0);
}

/** Pixels that the longest of some texts takes. */
const widest = (labels) => Math.max(...labels.map(wide));

/** The size of letters at which each of some texts fits in some pixels. */
const fitting = (labels, pixels) =>
  Math.min(LETTERS, (LETTERS * pixels) / widest(labels));

/** The box of a picture with axes: numbers find room on its left and its right. */
export function boxOf({ x, y }, { top, bottom, width }) {
  const numbers = ticks(y, (bottom - top) / 45).map((tick) => tickLabel(tick, y));
  const left = Math.max(66, 30 + widest(numbers));
  const last = x ? ticks(x, (width - left - 14) / 75).at(-1) : 0;
  const right = width - Math.max(x ? 14 : 8, 1 + wide(tickLabel(last, x)) / 2);
  return { left, top, right, bottom };
}

// Axes

/** About `count` ticks of an axis. */
function ticks(axis, count) {
  const found = (axis.log ? logTicks : linearTicks)(axis.low, axis.high, Math.max(axis.few ? 2 : 3, count));
  return axis.whole ? found.filter(Number.isInteger) : found;
}

/** Grid lines, numbers and name of the vertical axis of a box. */
function upright({ left, top, right, bottom }, y) {
  const up = scale(y, bottom, top);
  const group = shape("g", { class: "live-axes" });
  for (const tick of ticks(y, (bottom - top) / 45)) {
    const at = up(tick);
    group.append(
      shape("path", { d: `M${left} ${at}H${right}` }),
      text(tickLabel(tick, y), { x: left - 7, y: at + 4, "text-anchor": "end" }));
  }
  const turn = `translate(14 ${(top + bottom) / 2}) rotate(-90)`;
  group.append(text(y.label, { transform: turn, "text-anchor": "middle" }));
  return group;
}

/** Grid lines, numbers and names of both axes of a box. */
export function drawAxes(box, x, y) {
  const { left, top, right, bottom } = box;
  const across = scale(x, left, right);
  const group = upright(box, y);
  for (const tick of ticks(x, (right - left) / 75)) {
    const at = across(tick);
    group.append(
      shape("path", { d: `M${at} ${top}V${bottom}` }),
      text(tickLabel(tick, x), { x: at, y: bottom + 17, "text-anchor": "middle" }));
  }
  group.append(text(x.label, {
    x: (left + right) / 2, y: bottom + 38, "text-anchor": "middle" }));
  return group;
}

/** Names in the middle of equal shares of an axis, one word below the other. */
export function words(names, left, right, top) {
  const share = (right - left) / names.length;
  const size = fitting(names.flatMap((name) => name.split(" ")), share - 4);
  return names.flatMap((name, i) => name.split(" ").map((word, line) => text(word, {
    x: left + (i + 0.5) * share, y: top + 17 + 15 * line,
    "text-anchor": "middle", "font-size": size })));
}

/** Shapes that end where the box ends. */
export function clipped({ left, top, right, bottom }, shapes) {
  const [width, height] = [Math.max(1, right - left), bottom - top];
  const viewBox = [left, top, width, height].join(" ");
  return shape("svg", { x: left, y: top, width, height, viewBox }, ...shapes);
}

/** Marks that tell the lines apart without colour, centred on (x, y). */
export function marker(kind, x, y) {
  const r = 4;
  return [
    `M${x - r} ${y}a${r} ${r} 0 1 0 ${2 * r} 0a${r} ${r} 0 1 0 ${-2 * r} 0z`,
    `M${x - r} ${y - r}h${2 * r}v${2 * r}h${-2 * r}z`,
    `M${x} ${y - 5}l5 9h-10z`,
    `M${x} ${y - 5.5}l5.5 5.5l-5.5 5.5l-5.5 -5.5z`,
    `M${x} ${y + 5}l5 -9h-10z`,
    `M${x - 5} ${y - 1.5}h10v3h-10z`,
  ][kind % 6];
}

// Controls, legend and summary

/** A menu: its element, and how to show a position. */
function select(control, index, change) {
  const choices = control.labels.map((label, i) =>
    node("option", { value: i, textContent: label, selected: i === index }));
  const input = node("select", {}, ...choices);
  input.addEventListener("change", () => change(Number(input.value)));
  return { input, show: (i) => { input.value = i; } };
}

/** A slider with the chosen number beside it. */
function slider(control, index, change) {
  const top = control.labels.length - 1;
  const input = node("input", { type: "range", min: 0, max: top, step: 1 });
  const output = node("output", { ariaLive: "off" });
  const show = (i) => {
    input.value = i;
    input.setAttribute("aria-valuetext", control.labels[i]);
    output.textContent = control.labels[i];
  };
  input.addEventListener("input", () => change(Number(input.value)));
  return { input, output, show };
}

/** Choose other positions of the controls. */
function choose(model, selected) {
  if (String(selected) === String(model.get("selected"))) return;
  model.set("selected", selected);
  model.save_changes();
}

/** Build one labelled native control for each axis of the grid. */
function buildControls(model, playing) {
  return model.get("_controls").map((control, axis) => {
    const build = control.slider ? slider : select;
    const at = () => model.get("selected")[axis];
    const go = (index) =>
      choose(model, model.get("selected").map((old, i) => (i === axis ? index : old)));
    const made = build(control, at(), go);
    made.input.setAttribute("data-lm-suppress-shortcuts", "true");
    const label = node("label", {},
      node("span", {}, ...markup(control.name)), made.input);
    made.element = node("div", { className: "live-control" }, label);
    if (control.slider) {
      made.input.addEventListener("input", playing.stop);
      made.element.append(made.output, playing.button(control, at, go));
    }
    return made;
  });
}

// Play

/** Milliseconds for each of some positions; one by one for those who avoid motion. */
export function pace(count, calm) {
  return calm ? 1500 : Math.min(Math.max(5000 / count, 200), 800);
}

/** What walks through the positions of one slider at a time, and then `rest`s. */
function player(rest) {
  let timer, show;
  const stop = () => {
    if (!timer) return;
    clearInterval(timer);
    timer = undefined;
    show();
    rest();
  };
  const start = (count, step, showNext) => {
    const { matches: calm } = matchMedia("(prefers-reduced-motion: reduce)");
    timer = setInterval(step, pace(count, calm));
    show = showNext;
    show();
  };
  const button = ({ name, labels }, at, go) => {
    const icon = shape("path");
    const element = node("button", { className: "live-play", type: "button" },
      shape("svg", { viewBox: "0 0 12 12", "aria-hidden": "true" }, icon));
    element.setAttribute("data-lm-suppress-shortcuts", "true");
    const last = labels.length - 1;
    const plays = () => Boolean(timer) && show === draw;
    const draw = () => {
      icon.setAttribute("d", plays() ? "M2 2h8v8h-8z" : "M3 1l8 5l-8 5z");
      element.title = element.ariaLabel = `${plays() ? "Stop" : "Play"} ${plain(name)}`;
    };
    const step = () => {
      go(Math.min(at() + 1, last));
      if (at() === last) stop();
    };
    element.addEventListener("click", () => {
      const wasPlaying = plays();
      stop();
      if (wasPlaying) return;
      start(labels.length, step, draw);
      if (at() === last) go(0);
      else step();
    });
    draw();
    return element;
  };
  return { button, stop, plays: () => Boolean(timer) };
}

/** The row that says which mark is which curve; empty when there is one. */
function buildLegend(curves) {
  if (curves.length < 2) return [];
  return curves.map(({ name, look, series }) => {
    const kind = `s${series % 6} live-${look}`;
    const key = shape("svg", { width: 34, height: 14, "aria-hidden": "true" });
    if (look !== "points" && look !== "bar")
      key.append(shape("path", { class: `live-line ${kind}`, d: "M1 7H33" }));
    if (look === "bar")
      key.append(shape("rect", {
        class: `live-bar ${kind}`, x: 9, y: 1, width: 16, height: 12 }));
    if (look === "line" || look === "points")
      key.append(shape("path", {
        class: `live-mark ${kind}`, d: marker(series, 17, 7) }));
    return node("li", {}, key, node("span", {}, ...markup(name)));
  });
}

/** Speak a sentence once the reader has stopped moving the slider. */
function announcer(element) {
  let timer;
  return (sentence) => {
    clearTimeout(timer);
    timer = setTimeout(() => { element.textContent = sentence; }, 500);
  };
}

/** Let the pointer choose: `pick(x, y)` gets its place in the picture. */
function listen(picture, pick) {
  const point = ({ clientX, clientY }) => {
    const place = new DOMPoint(clientX, clientY);
    const { x, y } = place.matrixTransform(picture.getScreenCTM().inverse());
    pick(x, y);
  };
  picture.addEventListener("click", point);
  picture.addEventListener("pointermove", (event) => {
    if (event.pointerType === "mouse") point(event);
  });
}

/** Tell the width of an element at first and when it changes. */
export function watchWidth(element, tell) {
  let width = 0;
  const watcher = new ResizeObserver(([entry]) => {
    const next = Math.round(entry.contentRect.width);
    if (next === width || next === 0) return;
    width = next;
    tell(width);
  });
  watcher.observe(element);
  return watcher;
}

/** What a model says where its controls stand: numbers, sentence and settings. */
function teller(model) {
  const lines = model.get("_numbers").split("\n");
  return () => {
    const [controls, selected] = [model.get("_controls"), model.get("selected")];
    const numbers = lines[cellNumber(controls, selected)].split("\t");
    const sentence = fill(model.get("_sentence"), numbers);
    return { numbers, sentence, settings: where(controls, selected) };
  };
}

const SHORT = 40; // letters of a sentence that stands with the controls, in one line

/** The element of a figure, its parts in the order in which they are read. */
function assemble(controls, legend, ...rest) {
  return node("div", { className: "live" },
    node("div", { className: "live-controls" }, ...controls.map((c) => c.element)),
    node("ul", { className: "live-legend" }, ...buildLegend(legend)), ...rest);
}

/**
 * Stand up one live figure: `draw(model, selected, numbers, width)` returns the
 * height and the children of the picture, and perhaps `find(x, y)`, the selection that
 * a place in it stands for; controls, summary and resizing are the same for all.
 */
function stand({ model, el }, draw, legend) {
  const picture = shape("svg", { role: "img", class: "live-picture" });
  const summary = node("p", { className: "live-summary", ariaHidden: "true" });
  const spoken = node("p", { className: "live-spoken", ariaLive: "polite" });
  const [tell, say] = [teller(model), announcer(spoken)];
  const playing = player(() => say(summary.textContent));
  const controls = buildControls(model, playing);
  let [width, find] = [0, () => null];
  listen(picture, (x, y) => choose(model, find(x, y) ?? model.get("selected")));
  const update = () => {
    const selected = model.get("selected");
    const { numbers, sentence, settings } = tell();
    controls.forEach((control, axis) => control.show(selected[axis]));
    const changed = summary.textContent && sentence !== summary.textContent;
    if (changed && !playing.plays()) say(sentence);
    summary.textContent = sentence;
    picture.setAttribute("aria-label", `${model.get("alt")} ${settings}${sentence}`);
    if (!width) return;
    const drawn = draw(model, selected, numbers, width);
    find = drawn.find ?? find;
    picture.setAttribute("viewBox", `0 0 ${width} ${drawn.height}`);
    picture.replaceChildren(...drawn.children);
  };
  const isShort = model.get("_sentence").length < SHORT;
  const shown = isShort ? [summary, picture] : [picture, summary];
  el.append(assemble(controls, legend, ...shown, spoken));
  const watcher = watchWidth(picture.parentNode, (next) => { width = next; update(); });
  model.on("change:selected", update);
  update();
  return () => {
    playing.stop();
    watcher.disconnect();
    model.off("change:selected", update);
  };
}

// LiveCurves: lines over one abscissa, redrawn for each position of the controls.

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
function drawCurves(model, selected, box) {
  const { x, y } = model.get("_axes");
  const across = scale(x, box.left, box.right);
  const up = scale(y, box.bottom, box.top);
  const inside = (px, py) =>
    px >= box.left - 1 && px <= box.right + 1 &&
    py >= box.top - 1 && py <= box.bottom + 1;
  const drawn = model.get("_curves").map((curve) =>
    drawCurve(curve, selected, across, up, inside));
  return [
    drawAxes(box, x, y),
    clipped(box, drawn.map(({ line }) => line)),
    ...drawn.map(({ mark }) => mark),
  ];
}

function drawCurvesAlone(model, selected, numbers, width) {
  const height = model.get("height");
  const box = boxOf(model.get("_axes"), { top: 10, bottom: height - 48, width });
  return { height, children: drawCurves(model, selected, box) };
}

// LiveBars: groups of bars side by side, redrawn for each position of the controls.

/** Left edge and width of bar `i` of `count` in group `place`, groups `share` apart. */
export function stall(place, i, count, share) {
  const width = Math.min(50, (0.8 * share) / count);
  return { x: (place + 0.5) * share + (i - count / 2) * width, width };
}

/** One bar from `floor` to `end`, and its number where it is free, in letters of some size. */
function drawBar(box, { x, width }, floor, end, { series, number, size }) {
  const bar = shape("rect", {
    class: `live-bar s${series}`, x, y: Math.min(end, floor),
    width: width - 1, height: Math.abs(end - floor) });
  const above = Math.max(box.top, Math.min(end, floor)) - 5;
  const below = end + 14 < box.bottom ? end + 14 : floor - 5;
  const written = text(number, {
    x: x + width / 2, y: end > floor ? below : above,
    "text-anchor": "middle", "font-size": size });
  return { bar, written: size < 8 ? [] : [written] };
}

function drawBars(model, selected, numbers, width) {
  const height = model.get("height");
  const { groups, axis, base, series, slot } = model.get("_bars");
  const lines = Math.max(...groups.map((name) => name.split(" ").length));
  const box = boxOf({ y: axis }, { top: 22, bottom: height - 12 - 15 * lines, width });
  const up = scale(axis, box.bottom, box.top);
  const share = (box.right - box.left) / groups.length;
  const floor = up(base);
  const told = numbers.slice(slot, slot + series.length * groups.length);
  const size = fitting(told, stall(0, 0, series.length, share).width - 2);
  const drawn = series.flatMap(({ table }, i) =>
    [...unpack(table, selected).values].flatMap((value, place) => {
      if (Number.isNaN(value)) return [];
      const { x, width: broad } = stall(place, i, series.length, share);
      const about = { series: i, number: told[i * groups.length + place], size };
      return drawBar(box, { x: box.left + x, width: broad }, floor, up(value), about);
    }));
  const ground = shape("path", {
    class: "live-line live-guide", d: `M${box.left} ${floor}H${box.right}` });
  return {
    height,
    children: [
      upright(box, axis), clipped(box, [...drawn.map(({ bar }) => bar), ground]),
      ...drawn.flatMap(({ written }) => written),
      ...words(groups, box.left, box.right, box.bottom)],
  };
}

function barsLegend(model) {
  return model.get("_bars").series.map(({ name }, i) => ({ name, look: "bar", series: i }));
}

// LiveHeatmap: numbers as colours in rows and columns, with a colour bar.

/** The colour at `part` (0 to 1) of a row of colours [r, g, b] at equal distances. */
export function blend(stops, part) {
  const place = Math.min(Math.max(part, 0), 1) * (stops.length - 1);
  const before = Math.min(Math.floor(place), stops.length - 2);
  const rest = place - before;
  return stops[before].map((level, i) =>
    Math.round(level + rest * (stops[before + 1][i] - level)));
}

/** Black or white, whichever is easier to read on a colour. */
export function ink(colour) {
  const [red, green, blue] = colour.map((level) => (level / 255) ** 2.2);
  return 0.2126 * red + 0.7152 * green + 0.0722 * blue > 0.18 ? "#000" : "#fff";
}

/** Which of n labels to write if each needs `room` of `length` pixels. */
export function spaced(n, length, room) {
  const stride = Math.max(1, Math.ceil((n * room) / length));
  return Array.from({ length: Math.ceil(n / stride) }, (_, i) => i * stride);
}

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

/** What the colours mean, right of a box. */
function drawColourBar(box, { colour: { low, high, stops }, label }) {
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
function drawCells(map, values, texts, box) {
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
  return { height, children: [drawCells(map, values, texts, box), drawColourBar(box, map)] };
}

// LiveHistograms: one row a layer, one column a quantity, each row its own scale.

const LONGEST = "−8.88e−88"; // of the numbers with three digits

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
export function arrange(count, rows, width, names = 30, numbers = 66) {
  const row = width < 560 ? 24 : 30;
  const high = 26 + rows * row + 46;
  const columns = width >= 300 * count ? count : 1;
  const wide = width / columns;
  const panels = Array.from({ length: count }, (_, i) => {
    const left = (i % columns) * wide + names;
    const top = Math.floor(i / columns) * high + 26;
    const right = left + wide - names - numbers;
    return { left, right, top, bottom: top + rows * row };
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
  const [before, after] = [Math.max(30, 10 + widest(names)), 10 + wide(LONGEST)];
  const plan = arrange(panels.length, names.length, width, before, after);
  const children = panels.flatMap((panel, series) => {
    const box = plan.panels[series];
    const head = text(label, { x: box.left - before + 2, y: box.top - 10 });
    return [
      ...drawPanel(panel, series, selected, numbers, box, plan.row, names), head];
  });
  return { height: plan.height, children };
}

// LiveMap: a map of numbers, and the curves behind the cell that one points at.

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
  const below = boxOf(
    model.get("_axes"), { top: high + 8, bottom: height - 48, width });
  const frame = shape("rect", {
    class: "live-chosen", x: box.left + column * broad, y: box.top + row * tall,
    width: broad, height: tall });
  const { values } = unpack(model.get("_table"), []);
  return {
    height,
    children: [
      drawCells(map, values, texts.flat(), box), frame,
      ...(bar ? [drawColourBar(box, map)] : []),
      ...drawCurves(model, [row, column], below)],
    find: (x, y) => cellAt(box, rows.length, columns.length, x, y),
  };
}

// What `_kind` may be: how it is drawn, and what its legend tells.

const KINDS = {
  curves: { draw: drawCurvesAlone, legend: (model) => model.get("_curves") },
  bars: { draw: drawBars, legend: barsLegend },
  heatmap: { draw: drawHeatmap, legend: () => [] },
  histograms: { draw: drawHistograms, legend: () => [] },
  map: { draw: drawMap, legend: (model) => model.get("_curves") },
};

function render(context) {
  const { draw, legend } = KINDS[context.model.get("_kind")];
  return stand(context, draw, legend(context.model));
}

export default { render };
