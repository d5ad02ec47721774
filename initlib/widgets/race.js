// The body of LiveTraining: two networks race, after theory has said what it expects.
// `bundle.py` puts what it imports in front of it, and a worker does all computing.

import {
  boxOf, clipped, drawAxes, linePath, linearTicks, marked, marker, node, outline, scale,
  shape, text, tickLabel, watchWidth,
} from "./live.js";
import {
  CHOICES, GUESSES, SHARED, SIGMA, allows, changed, expectation, fromAddress, locked,
  percent, rootMeanSquares, sideName, spelled, startName, toAddress, toPython, verdict,
} from "./settings.js";
import { unpackDigits } from "./experiments.js";

const PLACES = ["Left", "Right"];
const quiet = () => matchMedia("(prefers-reduced-motion: reduce)").matches;

// The worker

/**
 * Start what computes, and return how to ask it, how to end it, and the module that it
 * runs.  Where no worker may be had, the page computes by itself.
 */
function startComputing(script, answer) {
  const blob = new Blob([script], { type: "text/javascript" });
  const address = URL.createObjectURL(blob);
  const loaded = import(address);
  loaded.catch(() => {}); // who needs it is told
  const asked = [];
  let [ask, answered] = [(message) => asked.push(message), false];
  const inPage = async () => {
    if (answered) return;
    const { serve } = await loaded;
    const served = serve(answer);
    ask = (message) => setTimeout(served, 0, message);
    asked.forEach(ask);
  };
  let worker = null;
  try {
    worker = new Worker(address, { type: "module" });
    worker.onmessage = ({ data }) => { answered = true; answer(data); };
    worker.onerror = inPage;
    ask = (message) => {
      if (!answered) asked.push(message);
      worker.postMessage(message);
    };
  } catch {
    inPage();
  }
  return {
    ask: (message) => ask(message),
    loaded,
    end: () => { worker?.terminate(); URL.revokeObjectURL(address); },
  };
}

// Controls

/** Keep a control from JupyterLab's shortcuts, and give it a name that is read aloud. */
function labelled(label, input, ...more) {
  input.setAttribute("data-lm-suppress-shortcuts", "true");
  const name = label ? [node("span", {}, label)] : [];
  return node("label", { className: "race-control" }, ...name, input, ...more);
}

/** A menu of values; one that is not in it is added. */
function menu(label, values, tell, change) {
  const input = node("select");
  const add = (value) => input.append(node("option", { value, textContent: tell(value) }));
  values.forEach(add);
  input.addEventListener("change", () =>
    change(values.find((value) => String(value) === input.value) ?? input.value));
  const show = (value) => {
    if (!values.includes(value)) { values.push(value); add(value); }
    input.value = value;
  };
  return { element: labelled(label, input), show };
}

/** A slider with its number beside it. */
function slider(label, { least, most, step = 1 }, change) {
  const input = node("input", { type: "range", min: least, max: most, step });
  const output = node("output", { ariaLive: "off" });
  input.addEventListener("input", () => change(Number(input.value)));
  const show = (value) => { input.value = value; output.textContent = value; };
  return { element: labelled(label, input, output), show };
}

/** A field for a whole number. */
function field(label, { least, most }, change) {
  const input = node("input", { type: "number", min: least, max: most });
  input.addEventListener("change", () => {
    if (allows("seed", Number(input.value)) && input.value !== "") change(Number(input.value));
  });
  return { element: labelled(label, input), show: (value) => { input.value = value; } };
}

/** The menu of starts, and the slider of the one that has a number of its own. */
function startControl(label, change) {
  const isSigma = (start) => start.startsWith("sigma:");
  const known = menu(label, [...CHOICES.start.values], (start) =>
    start === "sigma:1" ? "σ_w by a slider" : startName(start), change);
  const sigma = slider("σ_w", SIGMA, (value) => change(`sigma:${value}`));
  return {
    element: node("div", { className: "race-start" }, known.element, sigma.element),
    show: (start) => {
      known.show(isSigma(start) ? "sigma:1" : start);
      sigma.element.hidden = !isSigma(start);
      if (isSigma(start)) sigma.show(Number(start.split(":")[1]));
    },
  };
}

/** The control of one setting. */
function control(key, label, change) {
  const choice = CHOICES[key] ?? SHARED[key];
  if (key === "start") return startControl(label, change);
  if (key === "seed") return field(label, choice, change);
  if (choice.least !== undefined) return slider(label, choice, change);
  return menu(label, [...choice.values], choice.tell, change);
}

/** A control of each setting: two where the sides differ, one where they agree. */
function settingControls(race, keys, change) {
  const shown = [];
  const build = (key, side) => {
    const choice = CHOICES[key] ?? SHARED[key];
    const label = side === undefined ? choice.name : `${PLACES[side].toLowerCase()} ${choice.name}`;
    const made = control(key, label, (value) => change(key, value, side));
    shown.push((now) =>
      made.show(key in SHARED ? now[key] : now.sides[side ?? 0][key]));
    return made.element;
  };
  const apart = (key) => race.sides.length > 1 && (race.differ === "all" || race.differ === key);
  const mine = keys.filter((key) => key in CHOICES && apart(key));
  const columns = mine.length ? race.sides.map((_, side) =>
    node("div", { className: `race-column race-${side}` }, ...mine.map((key) => build(key, side)))) : [];
  const common = keys.filter((key) => !mine.includes(key)).map((key) => build(key));
  return {
    elements: [
      node("div", { className: "race-columns" }, ...columns),
      node("div", { className: "race-common" }, ...common)],
    show: (now) => shown.forEach((one) => one(now)),
  };
}

const ANY = { all: "anything" };

/** All settings, under the choice of what the two sides may differ in. */
function settingsPart(keys, change, lock) {
  const place = node("div");
  const names = (key) => ANY[key] ?? CHOICES[key].name;
  const differ = menu(
    "The two differ in", [...Object.keys(CHOICES), "all"], names, lock);
  const element = node("details", { className: "race-settings" },
    node("summary", { textContent: "Settings" }), differ.element, place);
  let [made, built] = [null, null];
  return {
    element,
    show: (race) => {
      if (built !== race.differ) {
        made = settingControls(race, keys, change);
        place.replaceChildren(...made.elements);
        built = race.differ;
      }
      differ.element.hidden = race.sides.length === 1;
      differ.show(race.differ);
      made.show(race);
    },
  };
}

let groups = 0;

/** What the reader expects, before anything runs. */
function guessPart(guess) {
  groups += 1;
  const inputs = Object.entries(GUESSES).map(([value, label]) => {
    const input = node("input", { type: "radio", name: `race-${groups}`, value });
    input.addEventListener("change", () => guess(value));
    return labelled("", input, label);
  });
  const element = node("fieldset", { className: "race-guess" },
    node("legend", { textContent: "Which one will learn? Guess first:" }), ...inputs);
  const clear = () => element.querySelectorAll("input").forEach((input) => { input.checked = false; });
  return { element, clear };
}

/** The menu of experiments, with the question of the one that is chosen. */
function experimentsPart(experiments, home, choose) {
  const question = node("p", { className: "race-question" });
  const names = (key) => experiments[key]?.name ?? "my own";
  const picked = menu("Experiment", Object.keys(experiments), names, choose);
  const show = (key) => {
    picked.show(key);
    const { question: asked, chapter } = experiments[key] ?? {};
    if (!asked) { question.textContent = "Your own experiment: which of the two will learn?"; return; }
    const link = home
      ? node("a", { href: `${home}chapters/${chapter[0]}`, textContent: chapter[1] })
      : chapter[1];
    question.replaceChildren(
      node("strong", { textContent: asked }), " Afterwards see ", link,
      chapter[1].endsWith("?") ? "" : ".");
  };
  return { element: node("div", {}, picked.element, question), show };
}

const SPEEDS = {
  10: "10 steps a second", 100: "100 steps a second", 300: "300 steps a second",
  Infinity: "as fast as it goes" };
const USUAL_SPEED = "300";

/** Train or pause, one step, back to the start; and how fast, beside the settings if any. */
function buttonsPart(act, settings) {
  const button = (name, textContent) => {
    const element = node("button", { type: "button", textContent });
    element.addEventListener("click", act[name]);
    return element;
  };
  const [train, step, reset] = [
    button("train", "Train"), button("step", "Step"), button("reset", "Reset")];
  train.className = "race-train";
  const speed = menu("Speed", Object.keys(SPEEDS), (key) => SPEEDS[key], (key) => act.speed(Number(key)));
  speed.show(USUAL_SPEED);
  const counter = node("output", { className: "race-counter", ariaLive: "off" });
  const show = ({ playing, done, step: at, steps }) => {
    train.textContent = playing ? "Pause" : "Train";
    step.disabled = done;
    counter.textContent = `step ${at} of ${steps}`;
  };
  const element = node("div", { className: "race-buttons" }, train, step, reset, counter);
  (settings ?? element).append(speed.element);
  return { element, show };
}

// Pictures

const CLASS_COUNTS = { spirals: 3, digits: 10 };

/** A drawing that is redrawn when its width or its content changes. */
function drawing(height, label) {
  const element = shape("svg", { role: "img", class: "race-picture", "aria-label": label });
  let [width, draw] = [0, null];
  const redraw = () => {
    width ||= Math.round(holder.clientWidth); // the watcher may tell after a first frame
    if (!width) return;
    element.setAttribute("viewBox", `0 0 ${width} ${height(width)}`);
    if (draw) element.replaceChildren(...draw(width));
  };
  const holder = node("div", {}, element);
  const watcher = watchWidth(holder, (next) => { width = next; redraw(); });
  return {
    element: holder,
    show: (next, told) => {
      draw = next;
      if (told) element.setAttribute("aria-label", told);
      redraw();
    },
    redraw,
    end: () => watcher.disconnect(),
  };
}

/** Lines over one abscissa in a box of their own; `lines` holds a list for each side. */
function chart(box, x, y, lines, xs, marks) {
  const [across, up] = [scale(x, box.left, box.right), scale(y, box.bottom, box.top)];
  const shapes = lines.flatMap((ys, side) => {
    if (!ys?.length) return [];
    const at = xs ?? Array.from(ys, (_, i) => i);
    const drawn = (i) => Number.isFinite(ys[i]) && (ys[i] > 0 || !y.log);
    const spots = marks ? marked(ys.length, 8, side).filter(drawn)
      .map((i) => marker(side, across(at[i]), up(ys[i]))) : [];
    const shown = y.log ? Array.from(ys, (v) => (v > 0 ? v : NaN)) : ys;
    return [
      shape("path", { class: `live-line s${side}`, d: linePath(at, shown, across, up) }),
      shape("path", { class: `live-mark s${side}`, d: spots.join("") })];
  });
  return [drawAxes(box, x, y), clipped({ ...box, left: box.left - 6, right: box.right + 6 }, shapes)];
}

/** Ends of an axis of logarithms: what is there, and at least a factor of ten. */
function logEnds(lists) {
  const values = lists.flat().filter((value) => value > 0 && Number.isFinite(value));
  if (!values.length) return { low: 0.1, high: 1, log: true };
  let [low, high] = [Math.min(...values), Math.max(...values)];
  const room = Math.max(0, Math.sqrt(10 / (high / low)));
  if (high / low < 10) [low, high] = [low / room, high * room];
  const more = (high / low) ** 0.06;
  return { low: Math.max(low / more, 1e-30), high: Math.min(high * more, 1e30), log: true };
}

const PANEL = { width: 165, height: 158 };
const panelColumns = (width) => Math.min(3, Math.max(1, Math.floor(width / PANEL.width)));
const panelsHeight = (width) => Math.ceil(3 / panelColumns(width)) * PANEL.height;

/** Signal, gradient and correlation of both sides by layer, as theory has them. */
function drawForecast(told, correlations) {
  const sizes = told.map((one) => (one ? rootMeanSquares(one) : { signal: [], gradient: [] }));
  const pick = (key) => sizes.map((one) => one[key]);
  const count = Math.max(2, ...sizes.map(({ signal }) => signal.length));
  const panels = [
    ["signal (RMS)", pick("signal"), logEnds(pick("signal"))],
    ["gradient (RMS)", pick("gradient"), logEnds(pick("gradient"))],
    ["correlation", correlations, { low: -0.05, high: 1.05, log: false }]];
  return (width) => panels.flatMap(([label, lines, ends], i) => {
    const columns = panelColumns(width);
    const wide = width / columns;
    const left = (i % columns) * wide;
    const top = Math.floor(i / columns) * PANEL.height + 6;
    const x = { low: 1, high: count, label: "hidden layer", log: false, whole: true };
    const y = { ...ends, label };
    const box = boxOf({ x, y }, { top, bottom: top + PANEL.height - 52, width: wide });
    const xs = Array.from({ length: count }, (_, at) => at + 1);
    const silent = sizes.some(({ signal }) => signal.length) ? [] : [text(
      "theory is silent", { x: (box.left + box.right) / 2, y: (box.top + box.bottom) / 2,
        "text-anchor": "middle", "font-size": 11 })];
    const inner = [...chart(box, x, y, lines, xs, true), ...silent];
    return shape("g", { transform: `translate(${left} 0)` }, ...inner);
  });
}

/** About `most` means of neighbours in a long list. */
export function thinned(values, most) {
  const size = Math.max(1, Math.ceil(values.length / most));
  const means = [];
  for (let start = 0; start < values.length; start += size) {
    const part = values.slice(start, start + size);
    means.push(part.reduce((sum, value) => sum + value, 0) / part.length);
  }
  return { size, means };
}

/** A dotted line across a box where one is who guesses, named on its worse side. */
function guessing({ left, right, top, bottom }, y, value, label) {
  const at = scale(y, bottom, top)(value);
  const below = y.label !== "loss" && at + 16 < bottom;
  return [
    shape("path", { class: "race-guessing", d: `M${left} ${at}H${right}` }),
    text(label, {
      x: right - 2, y: below ? at + 12 : at - 4, "text-anchor": "end", "font-size": 11 })];
}

/** Loss and right answers of both sides, step by step, beside those of guessing. */
function drawCurves({ steps, data }, losses, rights) {
  const classes = CLASS_COUNTS[data];
  const chance = Math.log(classes);
  const top = Math.min(4 * chance, Math.max(1.3 * chance, ...losses.map((list) => list[0] ?? 0)));
  const x = { low: 0, high: steps, label: "step", log: false, few: true };
  const y = { low: 0, high: top, label: "loss", log: false };
  const right = { low: 0, high: 1, label: "right answers", log: false };
  return (width) => {
    const half = width / 2;
    const box = (at) => boxOf({ x, y: at }, { top: 8, bottom: 108, width: half });
    const [first, second] = [box(y), box(right)];
    const lossLines = losses.map((list) => thinned(list, half / 2));
    const lines = lossLines.map(({ means }) => means);
    const at = lossLines[0].means.map((_, i) => i * lossLines[0].size);
    const seen = rights.map((list) => list.map(([, value]) => value));
    const steps_ = rights[0].map(([step]) => step);
    return [
      shape("g", {},
        ...guessing(first, y, chance, `guessing: ln ${classes}`),
        ...chart(first, x, y, lines, at, false)),
      shape("g", { transform: `translate(${half} 0)` },
        ...guessing(second, right, 1 / classes, `guessing: 1/${classes}`),
        ...chart(second, x, right, seen, steps_, true))];
  };
}

const ROW = 24; // pixels of a layer's histogram
const SMALLEST = [-12, 1]; // ends of the axis of log10 |gradient|, as the worker has them

/** One panel of histograms, a layer a row: at the start as an outline, and now. */
function histograms(label, ends, layers, first, now, side, left, width) {
  const box = { left: left + 24, right: left + width - 10, top: 4, bottom: 4 + ROW * layers.length };
  const across = scale({ low: ends[0], high: ends[1] }, box.left, box.right);
  const bins = first[0]?.length ?? 1;
  const edges = Array.from({ length: bins + 1 }, (_, i) => ends[0] + ((ends[1] - ends[0]) * i) / bins);
  const ticks = linearTicks(ends[0], ends[1], 3).map((tick) => text(tickLabel(tick), {
    x: across(tick), y: box.bottom + 14, "text-anchor": "middle", "font-size": 11 }));
  const rows = layers.flatMap((layer, i) => {
    const floor = box.top + (i + 1) * ROW;
    const path = (heights) => outline(edges, heights, across, floor, ROW - 4);
    return [
      shape("path", { class: "race-floor", d: `M${box.left} ${floor}H${box.right}` }),
      shape("path", { class: `race-now s${side}`, d: path(now[i]) }),
      shape("path", { class: "race-first", d: path(first[i]) }),
      ...(Math.max(...now[i]) > 0 ? [] : [text("none", {
        x: (box.left + box.right) / 2, y: floor - 4, "text-anchor": "middle", "font-size": 11 })]),
      text(String(layer + 1), { x: box.left - 6, y: floor - 3, "text-anchor": "end", "font-size": 11 })];
  });
  const name = text(label, {
    x: (box.left + box.right) / 2, y: box.bottom + 30, "text-anchor": "middle", "font-size": 12 });
  return [...rows, ...ticks, name];
}

// Canvases

const IMAGE = 8; // pixels of a digit in each direction
const CLASSES = ["#0072b2", "#d55e00", "#009e73"];
const NONE = "#888888"; // where there is no number
const rgb = (hex) => [1, 3, 5].map((at) => parseInt(hex.slice(at, at + 2), 16));
const PAPER = [255, 255, 255];

/** A square canvas with as many pixels as the screen has. */
function square(className, label) {
  const element = node("canvas", { className, width: 320, height: 320 });
  element.setAttribute("role", "img");
  element.setAttribute("aria-label", label);
  return { element, context: element.getContext("2d") };
}

const toScreen = (value, size, sign) => (size * (1 + (sign * value) / 1.25)) / 2;

/** Draw the data as small marks, another for each class. */
function drawPoints(context, size, { x, labels }) {
  labels.forEach((label, row) => {
    const [left, top] = [toScreen(x[2 * row], size, 1), toScreen(x[2 * row + 1], size, -1)];
    context.fillStyle = CLASSES[label];
    context.strokeStyle = "#fff";
    context.lineWidth = 1;
    context.beginPath();
    if (label === 0) context.arc(left, top, 3.6, 0, 2 * Math.PI);
    if (label === 1) context.rect(left - 3.3, top - 3.3, 6.6, 6.6);
    if (label === 2) context.lineTo(left, top - 4.6);
    if (label === 2) context.lineTo(left + 4.4, top + 3.4);
    if (label === 2) context.lineTo(left - 4.4, top + 3.4);
    context.closePath();
    context.fill();
    context.stroke();
  });
}

/** Draw the data alone. */
function drawPaper({ element: { width, height }, context }, points) {
  context.fillStyle = `rgb(${PAPER})`;
  context.fillRect(0, 0, width, height);
  drawPoints(context, width, points);
}

/** Draw the first image of each digit, one beside the other. */
function drawDigits({ element, context }, bytes) {
  const { pixels, labels } = unpackDigits(bytes);
  const size = element.height / IMAGE;
  context.fillStyle = `rgb(${PAPER})`;
  context.fillRect(0, 0, element.width, element.height);
  for (let digit = 0; digit < 10; digit += 1) {
    const from = labels.indexOf(digit) * IMAGE ** 2;
    for (let at = 0; at < IMAGE ** 2; at += 1) {
      context.fillStyle = `rgb(0 0 0 / ${pixels[from + at] / 15})`;
      context.fillRect(
        (digit * (IMAGE + 1) + (at % IMAGE)) * size, Math.floor(at / IMAGE) * size, size, size);
    }
  }
}

/** Draw which class the network takes each place for, and how sure it is. */
export function drawDecisions({ element, context }, { side, classes, sure }, points) {
  const image = new ImageData(side, side);
  classes.forEach((label, i) => {
    const part = 0.12 + 0.5 * Math.max(0, (sure[i] - 1 / 3) * 1.5);
    const colour = rgb(Number.isNaN(part) ? NONE : CLASSES[label]);
    for (let k = 0; k < 3; k += 1)
      image.data[4 * i + k] = PAPER[k] + (part || 1) * (colour[k] - PAPER[k]);
    image.data[4 * i + 3] = 255;
  });
  const small = new OffscreenCanvas(side, side);
  small.getContext("2d").putImageData(image, 0, 0);
  context.drawImage(small, 0, 0, element.width, element.height);
  drawPoints(context, element.width, points);
}

const [NEGATIVE, MIDDLE, POSITIVE] = ["#2166ac", "#f7f7f7", "#b2182b"].map(rgb);

/** Draw what hidden units send: a column a unit, a row an input. */
function drawUnits({ element, context }, units, width) {
  const rows = units.length / width;
  const most = units.reduce((top, value) => Math.max(top, Math.abs(value)), 0) || 1;
  const [broad, tall] = [element.width / width, element.height / rows];
  units.forEach((value, at) => {
    const part = Math.min(1, Math.abs(value) / most);
    const end = value < 0 ? NEGATIVE : POSITIVE;
    const colour = MIDDLE.map((m, k) => Math.round(m + part * (end[k] - m)));
    context.fillStyle = Number.isNaN(part) ? NONE : `rgb(${colour})`;
    context.fillRect(
      Math.floor((at % width) * broad), Math.floor(at / width) * tall, Math.ceil(broad), Math.ceil(tall));
  });
}

/** What can be said of a network in numbers. */
function sideSentence([seen, unseen], about) {
  if (seen === 0) return "Its outputs are no longer numbers.";
  const told = [Number.isNaN(unseen) ? `${percent(seen)} right`
    : `${percent(unseen)} of new images right, ${percent(seen)} of those seen`];
  if (!Number.isNaN(about.dead)) told.push(`${percent(about.dead)} of units dead`);
  if (!Number.isNaN(about.saturated)) told.push(`${percent(about.saturated)} saturated`);
  return `${told.join(", ")}.`;
}

const histogramsHeight = (layers) => 4 + ROW * layers + 36;

/** One side: its map of decisions, its units, its histograms and its numbers. */
function sidePart(side, views) {
  const title = node("p", { className: `race-title race-${side}` });
  const told = node("p", { className: "race-told" });
  const canvases = {
    decisions: square("race-decisions", ""), units: square("race-units", "") };
  const captions = {
    decisions: node("p", { className: "race-caption", textContent: "what it answers where" }),
    units: node("p", { className: "race-caption" }) };
  const figures = ["decisions", "units"].filter((view) => views.includes(view)).map((view) =>
    [view, node("div", {}, canvases[view].element, captions[view])]);
  let count = 0;
  const wide = views.includes("histograms")
    ? drawing(() => histogramsHeight(count), "") : null;
  const element = node("section", { className: "race-side" }, title, told,
    node("div", { className: "race-canvases" }, ...figures.map(([, figure]) => figure)),
    ...(wide ? [wide.element] : []));
  const name = (race) => `${race.sides.length > 1 ? `${PLACES[side]}: ` : ""}${sideName(race, side)}`;
  return {
    element,
    end: () => wide?.end(),
    begin: (race) => {
      title.textContent = name(race);
      const spirals = race.data === "spirals";
      for (const [view, figure] of figures)
        figure.hidden = view === "decisions" ? !spirals : race.sides[side].depth === 1;
      const { width, depth } = race.sides[side];
      captions.units.textContent = `the last ${width} hidden units (columns), 12 inputs (rows)`;
      canvases.units.element.setAttribute("aria-label", `${name(race)}: activations of the last hidden layer.`);
      count = Math.min(6, depth - 1);
      if (wide) wide.element.hidden = count === 0;
      wide?.redraw();
    },
    show: (race, { right, start, look, decisions }, points) => {
      const { width, depth } = race.sides[side];
      if (decisions) drawDecisions(canvases.decisions, decisions[side], points);
      else if (points) drawPaper(canvases.decisions, points);
      if (look?.[side].units) drawUnits(canvases.units, look[side].units, width);
      if (right) canvases.decisions.element.setAttribute(
        "aria-label", `${name(race)}: answers over the plane, ${percent(right[side][0])} right.`);
      if (!look) return;
      if (right) told.textContent = sideSentence(right[side], look[side]);
      const layers = Array.from({ length: count }, (_, i) =>
        count === 1 ? 0 : Math.round((i * (depth - 2)) / (count - 1)));
      const [from, now] = [start[side], look[side]];
      const isRelu = race.sides[side].activation === "relu";
      wide?.show((across) => [
        ...histograms(isRelu ? "activations above 0" : "activations", from.ends, layers, from.activations, now.activations, side, 0, across / 2),
        ...histograms("log₁₀ |gradient|", SMALLEST, layers, from.gradients, now.gradients, side, across / 2, across / 2)],
      `${name(race)}: histograms of activations and gradients of ${count} hidden layers, at the start and now.`);
    },
  };
}

const SAMPLES = {
  spirals: "The data: three spirals of 100 points each. To which of them does a place belong?",
  digits: "The data: handwritten digits, 500 to learn from and 300 new ones. Which is which?",
};

/** What both networks learn: the points, or an image of each digit. */
function samplesPart(bytes) {
  const canvas = square("race-sample", "");
  const caption = node("p", { className: "race-told" });
  let shown;
  const begin = ({ data }) => {
    caption.textContent = SAMPLES[data];
    canvas.element.setAttribute("aria-label", data === "digits"
      ? "The first image of each digit from 0 to 9, 8 by 8 pixels." : "Three spirals of points.");
    const [width, height] = data === "digits" ? [10 * 72 - 8, 64] : [180, 180];
    Object.assign(canvas.element, { width, height });
    shown = null;
    if (data === "digits") drawDigits(canvas, bytes());
  };
  const show = ({ data }, points) => {
    if (data === "digits" || !points || points === shown) return;
    drawPaper(canvas, points);
    shown = points;
  };
  return { element: node("div", { className: "race-samples" }, canvas.element, caption), begin, show };
}

/** What theory expects: its curves, and a sentence for each side. */
function forecastPart() {
  const picture = drawing(panelsHeight, "What theory expects, layer by layer.");
  const sentences = PLACES.map((_, side) => node("p", { className: `race-told race-${side}` }));
  const element = node("section", { className: "race-forecast" },
    node("p", { className: "race-title", textContent: "What theory expects, before anything runs" }),
    picture.element, ...sentences);
  const show = (race, told, correlations, expectations) => {
    const spoken = expectations.map((one, side) => {
      const place = race.sides.length > 1 ? `${PLACES[side]} (${sideName(race, side)}): ` : "";
      return `${place}${spelled(one)}`;
    });
    sentences.forEach((sentence, side) => { sentence.textContent = spoken[side] ?? ""; });
    picture.show(drawForecast(told, correlations), `Signal, gradient and correlation by layer. ${spoken.join(" ")}`);
  };
  return { element, begin: picture.redraw, show, end: picture.end };
}

/** Both sides, one beside the other. */
function sidesPart(count, views) {
  const sides = Array.from({ length: count }, (_, side) => sidePart(side, views));
  return {
    element: node("div", { className: "race-sides" }, ...sides.map((side) => side.element)),
    begin: (race) => sides.forEach((side) => side.begin(race)),
    show: (...seen) => sides.forEach((side) => side.show(...seen)),
    end: () => sides.forEach((side) => side.end()),
  };
}

/** Loss and right answers, with the legend that says which line is whose. */
function curvesPart() {
  const picture = drawing(() => 150, "Loss and right answers.");
  const legend = node("ul", { className: "race-legend" });
  const key = (side) => {
    const sample = shape("svg", { width: 34, height: 14, "aria-hidden": "true" });
    sample.append(
      shape("path", { class: `live-line s${side}`, d: "M1 7H33" }),
      shape("path", { class: `live-mark s${side}`, d: marker(side, 17, 7) }));
    return sample;
  };
  const begin = (race) => legend.replaceChildren(...race.sides.map((_, side) =>
    node("li", {}, key(side), sideName(race, side))));
  const show = (race, losses, rights) => picture.show(
    drawCurves(race, losses, rights), curvesInWords(race, losses, rights));
  const element = node("div", { className: "race-curves" }, legend, picture.element);
  return { element, begin, show, end: picture.end };
}

/** What the curves show, for those who do not see them. */
function curvesInWords(race, losses, rights) {
  const told = race.sides.map((_, side) => {
    const loss = losses[side].at(-1);
    const right = rights[side].at(-1);
    return `${sideName(race, side)}: loss ${loss === undefined ? "unknown" : loss.toPrecision(3)}, ${percent(right?.[1] ?? 0)} right`;
  });
  return `Loss and right answers over ${race.steps} steps. ${told.join("; ")}.`;
}

// The whole

/** The address of the folder with the lab, if this is a page of the book; else null. */
function findBook() {
  if (location.pathname.endsWith("/lab.html")) return new URL("./", location.href).href;
  const link = document.querySelector('a[href$="lab.html"]');
  return link && new URL("./", link.href).href;
}

/** What can be done with a race beside watching it. */
function linksPart(race, home, isLab) {
  const address = () => `${home}lab.html#${toAddress(race())}`;
  const copy = node("button", { type: "button", textContent: "Copy link" });
  const said = node("span", { className: "race-copied", role: "status" });
  copy.addEventListener("click", async () => {
    try {
      await navigator.clipboard.writeText(address());
      said.textContent = "Copied.";
    } catch {
      said.textContent = address();
    }
  });
  const lines = node("code");
  const python = node("details", { className: "race-python" },
    node("summary", { textContent: "The same in Python" }), node("pre", { tabIndex: 0 }, lines));
  python.addEventListener("toggle", () => { lines.textContent = toPython(race()); });
  const door = node("a", { textContent: "Open in the lab" });
  const ways = isLab ? [copy, said] : [door];
  const element = node("div", { className: "race-links" }, ...(home ? ways : []), ...(isLab ? [python] : []));
  const show = () => {
    door.href = address();
    said.textContent = "";
    if (python.open) lines.textContent = toPython(race());
  };
  return { element, show };
}

const NARROW = 560; // pixels up to which settings are folded, as the style sheet has it
const FRAMES = 10; // with reduced motion one of so many states is drawn

/** Let a part be seen, if not all of it is. */
function bringIntoView(element) {
  const { top, bottom } = element.getBoundingClientRect();
  if (top < 0 || bottom > innerHeight)
    element.scrollIntoView({ block: "center", behavior: quiet() ? "auto" : "smooth" });
}

/** What one figure knows, and what happens when it is asked or told something. */
class Figure {
  constructor(model, el) {
    Object.assign(this, { model, number: 0, frames: 0, waiting: false, next: null });
    this.isLab = model.get("_parts").includes("experiments");
    this.home = findBook();
    this.computing = startComputing(model.get("_worker"), (message) => this.receive(message));
    this.parts = this.build();
    this.root = node("div", { className: `race race-${this.isLab ? "whole" : "small"}` },
      node("div", { className: "race-body" },
        ...Object.values(this.parts).map(({ element }) => element)));
    el.append(this.root);
    this.computing.ask({ kind: "speed", steps: Number(USUAL_SPEED) });
    this.parts.settings?.element.toggleAttribute("open", el.clientWidth > NARROW);
    this.race = model.get("settings");
  }

  /** Make the parts that this figure has, in the order in which they are read. */
  build() {
    const { model } = this;
    const change = (...how) => this.set(changed(this.race, ...how));
    const made = {
      experiments: () =>
        experimentsPart(model.get("_experiments"), this.home, (key) => this.choose(key)),
      guess: () => guessPart((value) => { this.guess = value; }),
      settings: () => settingsPart(
        model.get("_keys"), change, (differ) => this.set(locked(this.race, differ))),
      samples: () => samplesPart(() => new Uint8Array(model.get("_digits").buffer)),
      forecast: forecastPart,
      buttons: () => buttonsPart(this.actions(), parts.settings?.element),
      curves: curvesPart,
      verdict: () => ({ element: node("p", {
        className: "race-verdict", role: "status", ariaLive: "polite" }) }),
      sides: () => sidesPart(model.get("settings").sides.length, model.get("_views")),
      links: () => linksPart(() => this.race, this.home, this.isLab),
    };
    const parts = {};
    for (const name of model.get("_parts")) parts[name] = made[name]();
    return parts;
  }

  actions() {
    const ask = (kind) => (this.next ? this.later.push({ kind }) : this.computing.ask({ kind }));
    return {
      train: () => {
        if (this.done) this.set(this.race);
        this.playing = !this.playing;
        ask(this.playing ? "play" : "pause");
        this.tell();
        if (this.playing && this.isLab) bringIntoView(this.parts.curves.element);
      },
      step: () => {
        this.playing = false;
        ask("step");
      },
      reset: () => this.set(this.race),
      speed: (steps) => this.computing.ask({ kind: "speed", steps }),
    };
  }

  /** Set up another race, or the same one from its start. */
  set(race) {
    this.number += 1;
    const fresh = { step: 0, playing: false, done: false, told: null, correlations: [] };
    Object.assign(this, fresh, { race, expectations: [], seen: {} });
    this.losses = race.sides.map(() => []);
    this.rights = race.sides.map(() => []);
    this.parts.settings?.show(race);
    this.parts.samples?.begin(race);
    this.parts.forecast?.begin();
    this.parts.sides.begin(race);
    this.parts.curves.begin(race);
    this.parts.curves.show(race, this.losses, this.rights);
    this.parts.links.show();
    this.parts.experiments?.show(this.experiment() ?? "");
    this.parts.verdict.element.textContent = "";
    this.tell();
    this.send();
    this.remember();
  }

  /** The bytes of the images, if the race is about them. */
  get packed() {
    const isDigits = this.race.data === "digits";
    return isDigits ? new Uint8Array(this.model.get("_digits").buffer) : null;
  }

  /** Show the first networks before there is a worker, which takes a while to start. */
  async foreshow() {
    const { number, race, packed } = this;
    const { glimpse } = await this.computing.loaded;
    for (const message of glimpse(number, race, packed)) {
      if (number !== this.number || this.heard) return;
      if (message.kind === "seen") { this.keep(message); this.draw(); }
      else this.foresee(message);
      await new Promise((next) => setTimeout(next));
    }
  }

  /** Hand the settings over, the last ones only if many change at once. */
  send() {
    const { number, race: settings, packed } = this;
    this.next = { kind: "set", number, settings, packed };
    this.later = []; // what is asked before these settings are handed over
    if (!this.waiting) this.sendNext();
  }

  sendNext() {
    const { next } = this;
    Object.assign(this, { waiting: next !== null, next: null });
    if (next) [next, ...this.later].forEach((message) => this.computing.ask(message));
  }

  /** The experiment whose settings these are. */
  experiment() {
    const told = toAddress(this.race);
    const all = Object.entries(this.model.get("_experiments"));
    return all.find(([, { settings }]) => toAddress(settings) === told)?.[0];
  }

  choose(key) {
    const chosen = this.model.get("_experiments")[key];
    if (!chosen) return;
    this.guess = null;
    this.parts.guess?.clear();
    this.set(structuredClone(chosen.settings));
  }

  /** Keep the settings in the model, and in the lab in the address. */
  remember() {
    if (toAddress(this.model.get("settings")) !== toAddress(this.race)) {
      this.model.set("settings", this.race);
      this.model.save_changes();
    }
  }

  receive(message) {
    this.heard = true;
    if (message.kind === "forecast") this.sendNext();
    if (message.race !== this.number) return;
    if (message.kind === "seen") this.see(message);
    else this.foresee(message);
  }

  /** Show what theory expects. */
  foresee({ kind, sides }) {
    if (kind === "forecast") this.told = sides;
    else this.correlations = sides;
    const { race, told, correlations } = this;
    this.expectations = race.sides.map((side, i) =>
      expectation(side, told[i], correlations[i]));
    this.parts.forecast?.show(race, told, correlations, this.expectations);
    if (this.done && !this.parts.verdict.element.textContent) this.draw();
  }

  /** Take in a state of the networks. */
  keep({ step, done, result, losses, right, look, decisions, points }) {
    losses.forEach((list, side) => this.losses[side].push(...list));
    right?.forEach((part, side) =>
      this.rights[side].push([step, Number.isNaN(part[1]) ? part[0] : part[1]]));
    Object.assign(this, { step, done, result, points: points ?? this.points });
    const start = step === 0 ? look : undefined; // a quick step may hide its picture
    const seen = { right, start, look, decisions };
    for (const key of Object.keys(seen)) this.seen[key] = seen[key] ?? this.seen[key];
  }

  /** Draw a new state of the networks with the next frame. */
  see(message) {
    this.keep(message);
    this.frames += 1;
    const skipped = quiet() && this.playing && !this.done && this.frames % FRAMES !== 0;
    if (this.done) this.playing = false;
    if (this.asked) return;
    this.asked = requestAnimationFrame(() => {
      this.asked = 0;
      if (!skipped) this.draw();
      this.computing.ask({ kind: "drawn" });
    });
  }

  draw() {
    const { race, losses, rights, seen, points } = this;
    this.parts.curves.show(race, losses, rights);
    this.parts.samples?.show(race, points);
    this.parts.sides.show(race, seen, points);
    this.tell();
    this.root.dataset.drawn = Number(this.root.dataset.drawn ?? 0) + 1;
    if (this.done && this.expectations.length) this.parts.verdict.element.textContent =
      verdict(race, this.result, this.expectations, this.guess,
        rights.map((list) => list.at(-1)[1]));
  }

  /** Say where the race stands. */
  tell() {
    const { playing, done, step, race: { steps } } = this;
    this.parts.buttons.show({ playing, done, step, steps });
    this.root.dataset.state = done ? "done" : playing ? "training" : "waiting";
    this.root.dataset.step = step;
  }

  end() {
    this.number += 1; // what is still on its way is about an older race
    cancelAnimationFrame(this.asked);
    this.computing.end();
    for (const part of Object.values(this.parts)) part.end?.();
  }
}

/**
 * Let the address of the page choose the race, now if it tells of one and whenever it
 * changes, and the race write the address.
 */
function followAddress(figure) {
  const read = () => {
    const address = decodeURIComponent(location.hash.slice(1));
    if (figure.model.get("_experiments")[address]) figure.choose(address);
    else {
      const found = fromAddress(address, figure.race);
      if (!found) return false;
      figure.set(found.race);
      const faults = found.faults.join("; ");
      if (faults) figure.parts.verdict.element.textContent = `Of this address, ${faults}.`;
    }
    figure.root.scrollIntoView({ block: "start" });
    return true;
  };
  const write = () => {
    const name = figure.experiment() ?? toAddress(figure.race);
    if (location.hash.slice(1) !== name) history.replaceState(null, "", `#${name}`);
  };
  addEventListener("hashchange", read);
  figure.model.on("change:settings", write);
  if (!read()) figure.set(figure.race);
  return () => removeEventListener("hashchange", read);
}

function render({ model, el }) {
  const figure = new Figure(model, el);
  const listen = () => {
    const told = model.get("settings");
    if (toAddress(told) !== toAddress(figure.race)) figure.set(told);
  };
  model.on("change:settings", listen);
  const inBook = figure.isLab && location.pathname.endsWith("/lab.html");
  let stop = () => {};
  if (inBook) stop = followAddress(figure);
  else figure.set(figure.race);
  figure.foreshow().catch(() => {}); // the worker shows them in any case
  return () => {
    model.off("change:settings", listen);
    stop();
    figure.end();
  };
}

export default { render };
