// The cover of the book, alive: a deep network whose activations one sees layer by
// layer, a slider for the size of its weights, and a button that trains it.  The build
// joins it with what it imports; a worker does all computing.

import { scale, shape, text } from "./live.js";
import { shownLayers } from "./experiments.js";
import { drawDecisions } from "./race.js";
import { percent } from "./settings.js";

const PACE = 200; // steps a second
const FRAMES = 10; // for those who avoid motion one of so many states is drawn
const BOX = { left: 34, top: 8, right: 232, bottom: 262 };
const RIDGE = 1.6; // height of a ridge, in steps from layer to layer

// Pictures

/** Counts in bins of twice the width. */
export const coarser = (counts) =>
  Array.from({ length: counts.length / 2 }, (_, i) => counts[2 * i] + counts[2 * i + 1]);

/** The outline of a ridge on `floor`, from the middles of its bins. */
export function ridge(counts, floor, height) {
  const across = scale({ low: 0, high: counts.length }, BOX.left, BOX.right);
  const up = scale({ low: 0, high: Math.max(...counts) || 1 }, floor, floor - height);
  const points = Array.from(counts, (count, i) =>
    `${across(i + 0.5).toFixed(1)} ${up(count).toFixed(1)}`);
  return `M${BOX.left} ${floor}L${points.join("L")}L${BOX.right} ${floor}z`;
}

/** One ridge for each of the shown layers, the first on top. */
function drawRidges(histograms, layers) {
  const step = (BOX.bottom - BOX.top) / (histograms.length + RIDGE - 1);
  const rows = histograms.flatMap((counts, i) => {
    const floor = BOX.top + (i + RIDGE) * step;
    return [
      shape("path", { class: "ridges-ridge", d: ridge(coarser(counts), floor, RIDGE * step) }),
      text(String(layers[i]), { x: BOX.left - 8, y: floor, "text-anchor": "end" })];
  });
  const across = scale({ low: -1, high: 1 }, BOX.left, BOX.right);
  const ticks = [-1, 0, 1].map((tick) => text(String(tick).replace("-", "−"), {
    x: across(tick), y: BOX.bottom + 16, "text-anchor": "middle" }));
  const middle = (BOX.top + BOX.bottom) / 2;
  return [
    ...rows, ...ticks,
    text("activation", { x: across(0), y: BOX.bottom + 33, "text-anchor": "middle" }),
    text("layer", {
      transform: `translate(11 ${middle}) rotate(-90)`, "text-anchor": "middle" })];
}

// Words

/** The part of a histogram over [-1, 1] that lies in its bins from one to another. */
const part = (counts, from, to) =>
  counts.slice(from, to).reduce((sum, count) => sum + count, 0)
  / counts.reduce((sum, count) => sum + count, 0);

/** What the last layer sends out, for those who do not see it. */
export function spread(counts) {
  const [tenth, middle] = [counts.length / 20, counts.length / 2];
  const zero = percent(part(counts, middle - tenth, middle + tenth));
  const ends = percent(part(counts, 0, tenth) + part(counts, -tenth));
  return `in the last layer ${zero} lie within 0.1 of 0, and ${ends} of a limit`;
}

/** What came of the training. */
export function outcome(sigma, right) {
  const told = `${percent(right)} of the points are right`;
  if (right >= 0.65) return `${told}: it has learned. Now try 0.5, and 4.`;
  if (right >= 0.45) return `${told}: it learns slowly.`;
  const why = sigma < 1 ? "the signal fades from layer to layer"
    : "most units are at one of their limits";
  return `${told}, and a guess has a third: ${why}. Now try 1.4.`;
}

// The figure

/** Start what computes; it asks nothing of the network. */
function startWorker(script) {
  const blob = new Blob([script], { type: "text/javascript" });
  return new Worker(URL.createObjectURL(blob), { type: "module" });
}

/** What the figure shows and knows of one network after the other. */
class Ridges {
  constructor(figure, script, race) {
    Object.assign(this, { figure, race, number: 0, asked: 0, playing: false, frames: 0 });
    for (const name of ["layers", "map", "size", "value", "train", "step", "told"])
      this[name] = figure.querySelector(`.ridges-${name}`);
    this.context = this.map.getContext("2d");
    this.worker = startWorker(script);
    this.worker.onmessage = ({ data }) => this.receive(data);
    this.worker.onerror = () => {
      figure.classList.remove("alive");
      figure.classList.add("still");
    };
    this.worker.postMessage({ kind: "speed", steps: PACE });
    this.size.addEventListener("input", () => this.set());
    this.train.addEventListener("click", () => this.toggle());
    this.set();
  }

  get sigma() { return Number(this.size.value); }

  /** Begin with another network; the last one only, if many are asked for at once. */
  set() {
    this.number += 1;
    Object.assign(this, { playing: false, done: false, at: 0, right: null, decisions: null });
    this.told.textContent = "";
    this.tell();
    if (!this.asked) this.send();
  }

  send() {
    this.asked = this.number;
    const sides = this.race.sides.map((side) => ({ ...side, start: `sigma:${this.sigma}` }));
    const settings = { ...this.race, sides };
    this.worker.postMessage({ kind: "set", number: this.number, settings, packed: null });
  }

  /** Train, pause, or once it is trained begin anew and train. */
  toggle() {
    if (this.done) this.set();
    this.playing = !this.playing;
    if (!this.asked) this.worker.postMessage({ kind: this.playing ? "play" : "pause" });
    this.tell();
  }

  receive({ kind, race, ...seen }) {
    if (kind !== "seen") return;
    if (race === this.asked) {
      this.asked = 0;
      if (race !== this.number) this.send();
      else if (this.playing) this.worker.postMessage({ kind: "play" });
    }
    if (race === this.number) this.see(seen);
  }

  /** Keep what a message tells, and draw it with the next frame. */
  see({ step, done, right, look, decisions, points }) {
    Object.assign(this, { at: step, done, points: points ?? this.points });
    if (done) this.playing = false;
    this.right = right?.[0][0] ?? this.right;
    this.look = look?.[0] ?? this.look;
    this.decisions = decisions?.[0] ?? this.decisions;
    const calm = matchMedia("(prefers-reduced-motion: reduce)").matches;
    this.frames += 1;
    const skipped = calm && this.playing && this.frames % FRAMES;
    requestAnimationFrame(() => {
      if (!skipped) this.draw();
      this.worker.postMessage({ kind: "drawn" });
    });
  }

  draw() {
    const layers = shownLayers(this.race.sides[0].depth - 1).map((i) => i + 1);
    const { activations } = this.look;
    this.layers.replaceChildren(...drawRidges(activations, layers));
    this.layers.setAttribute("aria-label", `Activations of layers ${layers.join(", ")} after ${
      this.at} steps: ${spread(activations.at(-1))}.`);
    if (this.decisions) this.drawMap();
    if (this.done) this.told.textContent = outcome(this.sigma, this.right);
    this.tell();
    this.figure.classList.add("alive");
  }

  drawMap() {
    drawDecisions({ element: this.map, context: this.context }, this.decisions, this.points);
    this.map.setAttribute("aria-label",
      `Three spirals of points, and which the network takes each place for: ${
        percent(this.right)} of the points are right.`);
  }

  tell() {
    this.value.textContent = this.sigma.toFixed(1);
    this.train.textContent = this.playing ? "Pause" : "Train";
    this.step.textContent = this.right === null ? "" : `step ${this.at} of ${
      this.race.steps}, ${percent(this.right)} right`;
  }
}
