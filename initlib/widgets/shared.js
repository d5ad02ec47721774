// What every live figure needs: tables, labels, scales, axes and controls.

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

const SCRIPT = /[_^](?:\{([^}]+)\}|([\p{L}\p{N}*])(?![\p{L}\p{N}]))/u;

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

/** About `count` round numbers between low and high. */
export function linearTicks(low, high, count) {
  const raw = (high - low) / count;
  const power = 10 ** Math.floor(Math.log10(raw));
  const step = [1, 2, 5, 10].find((factor) => factor * power >= 0.8 * raw) * power;
  const first = Math.ceil(low / step - 1e-9);
  const last = Math.floor(high / step + 1e-9);
  return Array.from({ length: last - first + 1 }, (_, i) => (first + i) * step);
}

/** Powers of ten between low and high, thinned to about `count`. */
export function logTicks(low, high, count) {
  const first = Math.ceil(Math.log10(low) - 1e-9);
  const last = Math.floor(Math.log10(high) + 1e-9);
  if (last - first < 1) return linearTicks(low, high, count);
  const stride = Math.max(1, Math.ceil((last - first) / count));
  const ticks = [];
  for (let power = first; power <= last; power += 1)
    if (power % stride === 0) ticks.push(10 ** power);
  return ticks;
}

/** A tick's label, in the marks of `runs`. */
export function tickLabel(value) {
  if (value === 0) return "0";
  const power = Math.floor(Math.log10(Math.abs(value)) + 1e-9);
  const short = power >= -3 && power < 4;
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

/** About `count` ticks of an axis. */
function ticks(axis, count) {
  return (axis.log ? logTicks : linearTicks)(axis.low, axis.high, Math.max(3, count));
}

/** Grid lines, numbers and name of the vertical axis of a box. */
export function upright({ left, top, right, bottom }, y) {
  const up = scale(y, bottom, top);
  const group = shape("g", { class: "live-axes" });
  for (const tick of ticks(y, (bottom - top) / 45)) {
    const at = up(tick);
    group.append(
      shape("path", { d: `M${left} ${at}H${right}` }),
      text(tickLabel(tick), { x: left - 7, y: at + 4, "text-anchor": "end" }));
  }
  const turn = `translate(14 ${(top + bottom) / 2}) rotate(-90)`;
  group.append(text(y.label, { transform: turn, "text-anchor": "middle" }));
  return group;
}

/** Grid lines, numbers and names of both axes of a box. */
export function axes(box, x, y) {
  const { left, top, right, bottom } = box;
  const across = scale(x, left, right);
  const group = upright(box, y);
  for (const tick of ticks(x, (right - left) / 75)) {
    const at = across(tick);
    group.append(
      shape("path", { d: `M${at} ${top}V${bottom}` }),
      text(tickLabel(tick), { x: at, y: bottom + 17, "text-anchor": "middle" }));
  }
  group.append(text(x.label, {
    x: (left + right) / 2, y: bottom + 38, "text-anchor": "middle" }));
  return group;
}

/** Names in the middle of equal shares of an axis, one word below the other. */
export function words(names, left, right, top) {
  const share = (right - left) / names.length;
  return names.flatMap((name, i) => name.split(" ").map((word, line) =>
    text(word, {
      x: left + (i + 0.5) * share, y: top + 17 + 15 * line, "text-anchor": "middle" })));
}

/** Shapes that end where the box ends. */
export function cut({ left, top, right, bottom }, shapes) {
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

function select(control, index, change) {
  const choices = control.labels.map((label, i) =>
    node("option", { value: i, textContent: label, selected: i === index }));
  const input = node("select", {}, ...choices);
  input.addEventListener("change", () => change(Number(input.value)));
  return { input, show: (i) => { input.value = i; } };
}

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

/** Build one labelled native control for each axis of the grid. */
function buildControls(model, change) {
  return model.get("_controls").map((control, axis) => {
    const build = control.slider ? slider : select;
    const made = build(control, model.get("selected")[axis], (i) => change(axis, i));
    made.input.setAttribute("data-lm-suppress-shortcuts", "true");
    const label = node("label", {},
      node("span", {}, ...markup(control.name)), made.input);
    made.element = node("div", { className: "live-control" }, label);
    if (made.output) made.element.append(made.output);
    return made;
  });
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

/** Let the pointer choose: `choose(x, y)` gets its place in the picture. */
function listen(picture, choose) {
  const point = ({ clientX, clientY }) => {
    const place = new DOMPoint(clientX, clientY);
    const { x, y } = place.matrixTransform(picture.getScreenCTM().inverse());
    choose(x, y);
  };
  picture.addEventListener("click", point);
  picture.addEventListener("pointermove", (event) => {
    if (event.pointerType === "mouse") point(event);
  });
}

/**
 * Stand up one live figure: `draw(model, selected, numbers, width)` returns the
 * height and the children of the picture, and perhaps `find(x, y)`, the selection that
 * a place in it stands for; controls, summary and resizing are the same for all.
 */
export function stand({ model, el }, draw, legend = []) {
  const move = (selected) => {
    if (String(selected) === String(model.get("selected"))) return;
    model.set("selected", selected);
    model.save_changes();
  };
  const controls = buildControls(model, (axis, index) =>
    move(model.get("selected").map((old, i) => (i === axis ? index : old))));
  const lines = model.get("_numbers").split("\n");
  const picture = shape("svg", { role: "img", class: "live-picture" });
  const summary = node("p", { className: "live-summary", ariaHidden: "true" });
  const spoken = node("p", { className: "live-spoken", ariaLive: "polite" });
  const say = announcer(spoken);
  let width = 0;
  let sentence = "";
  let find = () => null;
  listen(picture, (x, y) => move(find(x, y) ?? model.get("selected")));
  const update = () => {
    const selected = model.get("selected");
    controls.forEach((control, axis) => control.show(selected[axis]));
    const cell = cellNumber(model.get("_controls"), selected);
    const numbers = lines[cell].split("\t");
    const next = fill(model.get("_sentence"), numbers);
    if (sentence && next !== sentence) say(next);
    sentence = next;
    summary.textContent = sentence;
    const settings = where(model.get("_controls"), selected);
    picture.setAttribute("aria-label", `${model.get("alt")} ${settings}${sentence}`);
    if (!width) return;
    const drawn = draw(model, selected, numbers, width);
    find = drawn.find ?? find;
    picture.setAttribute("viewBox", `0 0 ${width} ${drawn.height}`);
    picture.replaceChildren(...drawn.children);
  };
  const root = node("div", { className: "live" },
    node("div", { className: "live-controls" }, ...controls.map((c) => c.element)),
    node("ul", { className: "live-legend" }, ...buildLegend(legend)),
    picture, summary, spoken);
  el.append(root);
  const watcher = new ResizeObserver(([entry]) => {
    const next = Math.round(entry.contentRect.width);
    if (next === width || next === 0) return;
    width = next;
    update();
  });
  watcher.observe(root);
  model.on("change:selected", update);
  update();
  return () => {
    watcher.disconnect();
    model.off("change:selected", update);
  };
}
