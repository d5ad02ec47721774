// What a race of two networks is: settings in, networks that step and can be looked at.
// A race is { data, seed, steps, batch, sides }; each side says how its network starts
// and is trained.  A start is a name, perhaps with a number: "he_normal", "normal:2".

import {
  ACTIVATIONS, Generator, STARTS, accuracy, batches, constant, correlations, forecast,
  forward, initMlp, normal, sendBack, softmaxCrossEntropy, specked, spirals, trainer,
} from "./training.js";

const SPECK = 0.01; // how far copies with a speck of noise differ

const WITH_NUMBER = {
  constant,
  normal,
  specked: (value) => specked(value, SPECK),
  sigma: (sigma) => (fanIn, fanOut, rng) =>
    normal(sigma / Math.sqrt(fanIn))(fanIn, fanOut, rng),
};

/** The function that draws the weights of a start. */
export function startOf(told) {
  const [name, number] = told.split(":");
  return number === undefined ? STARTS[name] : WITH_NUMBER[name](Number(number));
}

/** The variance of each weight of a layer; NaN where they are no independent draws. */
export function weightVariance(told, fanIn, fanOut) {
  const [name, number] = told.split(":");
  const value = Number(number);
  return {
    zeros: 0,
    normal: value ** 2,
    sigma: value ** 2 / fanIn,
    lecun_normal: 1 / fanIn,
    xavier_normal: 2 / (fanIn + fanOut),
    he_normal: 2 / fanIn,
    orthogonal: 1 / Math.max(fanIn, fanOut),
    torch_linear: 1 / (3 * fanIn),
  }[name] ?? NaN;
}

// Data

const PIXELS = 64;
const SEEN = 500; // of the packed digits, the first; the others are new

/** Two numbers of four bits from each byte, the high one first. */
export function nibbles(bytes) {
  return Array.from({ length: 2 * bytes.length }, (_, i) =>
    i % 2 ? bytes[i >> 1] & 15 : bytes[i >> 1] >> 4);
}

/** Shift and scale each column to mean 0 and variance 1 over the first rows. */
export function standardize(x, columns, rows) {
  const done = Float64Array.from(x);
  for (let j = 0; j < columns; j += 1) {
    let [sum, square] = [0, 0];
    for (let i = 0; i < rows; i += 1) sum += x[i * columns + j];
    for (let i = 0; i < rows; i += 1) square += (x[i * columns + j] - sum / rows) ** 2;
    const std = Math.sqrt(square / rows);
    for (let at = j; at < x.length; at += columns)
      done[at] = std > 0 ? (x[at] - sum / rows) / std : 0;
  }
  return done;
}

/** Images, 64 pixels each, and their labels, from bytes that pack all of both. */
export function unpackDigits(bytes) {
  const numbers = nibbles(bytes);
  const count = numbers.length / (PIXELS + 1);
  return { pixels: numbers.slice(0, count * PIXELS), labels: numbers.slice(count * PIXELS) };
}

function digits(bytes) {
  const { pixels, labels } = unpackDigits(bytes);
  const x = standardize(pixels, PIXELS, SEEN);
  return {
    features: PIXELS, classes: 10,
    x: x.slice(0, SEEN * PIXELS), labels: labels.slice(0, SEEN),
    unseen: { x: x.slice(SEEN * PIXELS), labels: labels.slice(SEEN) },
  };
}

/** What both networks of a race learn: spirals of its seed, or the packed digits. */
export function dataOf({ data, seed }, packed) {
  if (data === "digits") return digits(packed);
  return { features: 2, classes: 3, ...spirals(new Generator(seed), 100), unseen: null };
}

/** Some rows of inputs. */
export function pick(x, features, rows) {
  const picked = new Float64Array(rows.length * features);
  rows.forEach((row, i) =>
    picked.set(x.subarray(row * features, (row + 1) * features), i * features));
  return picked;
}

// Networks

/** Units of each layer, inputs and outputs included. */
export const sizesOf = (how, { features, classes }) =>
  [features, ...Array(how.depth - 1).fill(how.width), classes];

/** One side of a race, ready to step: data and batches depend on the seed alone. */
export function prepare(race, side, packed) {
  const how = { ...race.sides[side], batch: race.batch, steps: race.steps };
  const data = dataOf(race, packed);
  const { x, labels, features, unseen } = data;
  const params = initMlp(
    sizesOf(how, data), startOf(how.start), new Generator(race.seed + 2 ** 32));
  const act = ACTIVATIONS[how.activation];
  const order = batches(labels.length, how.batch, new Generator(race.seed + 2 ** 33));
  const descend = trainer(params, act, how);
  const right = (from) => accuracy(params, act, from.x, from.labels);
  return {
    how, data, params, act,
    step: () => {
      const rows = order.next().value;
      return descend(pick(x, features, rows), rows.map((row) => labels[row]));
    },
    accuracy: () => right(data),
    unseen: () => (unseen ? right(unseen) : NaN),
  };
}

/**
 * Whether right answers are counted after this step.  Of deep networks they jump from
 * step to step, so that a race ends with the median of some counts in its last fifth.
 */
export const isLate = (step, steps) =>
  steps - step < steps / 5 && (steps - step) % Math.ceil(steps / 40) === 0;

/** The number in the middle of some, of an even number the lower one. */
export const median = (numbers) =>
  [...numbers].sort((a, b) => a - b)[Math.floor((numbers.length - 1) / 2)];

/** Run both sides to the end: the loss of each batch, and the fraction right at last. */
export function run(race, packed) {
  return race.sides.map((_, side) => {
    const one = prepare(race, side, packed);
    const late = [];
    const losses = Array.from({ length: race.steps }, (_none, at) => {
      const loss = one.step();
      if (isLate(at + 1, race.steps)) late.push(one.accuracy());
      return loss;
    });
    return { losses, accuracy: median(late) };
  });
}

// Looking at a network

const PROBES = 64; // inputs that measurements are taken of
export const FEW = 16; // of a first look
const ROWS = 6; // layers that are shown
const BINS = 40;
const SMALLEST = [-12, 1]; // ends of the axis of log10 |gradient|
const COLOURED = 12; // inputs whose hidden units are shown as colours

/** At most ROWS of n hidden layers, from the first to the last. */
export function shownLayers(n) {
  const count = Math.min(n, ROWS);
  return Array.from({ length: count }, (_, i) =>
    count === 1 ? 0 : Math.round((i * (n - 1)) / (count - 1)));
}

/** Rows of the data, evenly spread over the classes. */
function probes({ x, labels, features }, count) {
  const order = new Generator(1).permutation(labels.length).slice(0, count);
  return { x: pick(x, features, order), labels: order.map((row) => labels[row]) };
}

/** How many values fall into each bin between low and high; those beyond, at its ends. */
export function histogram(values, low, high) {
  const counts = new Float64Array(BINS);
  for (const value of values) {
    const bin = Math.floor(((value - low) / (high - low)) * BINS);
    if (!Number.isNaN(bin)) counts[Math.min(Math.max(bin, 0), BINS - 1)] += 1;
  }
  return counts;
}

const BOUNDS = { sigmoid: [0, 1], tanh: [-1, 1], softsign: [-1, 1], sin: [-1, 1] };
const FLAT = 0.01; // distance from a bound at which a unit counts as saturated

/** Ends of the axis of activations: what the activation can give, or has given. */
function endsOf(name, h) {
  if (BOUNDS[name]) return BOUNDS[name];
  const sizes = [...h].map(Math.abs).sort((a, b) => a - b);
  const most = 1.5 * sizes[Math.floor(0.98 * (sizes.length - 1))] || 1;
  return [name === "relu" || name === "softplus" ? 0 : -most, most];
}

/** The fraction of values within FLAT of a bound of the activation. */
function saturated(name, h) {
  const bounds = BOUNDS[name];
  if (!bounds || name === "sin") return NaN;
  return h.filter((v) => bounds.some((b) => Math.abs(v - b) < FLAT)).length / h.length;
}

/** The fraction of units that are 0 or below for every input. */
function dead(h, width) {
  const alive = new Set();
  h.forEach((value, at) => { if (!(value <= 0)) alive.add(at % width); });
  return 1 - alive.size / width;
}

/**
 * What one side's network looks like now: activations and gradients of the shown
 * layers as histograms, and hidden units as colours.
 */
export function look(one, inputs, ends) {
  const { params, act, how } = one;
  const trace = forward(params, inputs.x, act);
  const { dout } = softmaxCrossEntropy(trace.z.at(-1), inputs.labels);
  const { h } = trace;
  const dz = sendBack(trace, act, dout);
  const layers = shownLayers(params.length - 1);
  const [low, high] = ends ?? endsOf(how.activation, h[1] ?? [1]);
  const hidden = h.slice(1);
  const all = (measure) => hidden.length
    ? hidden.reduce((sum, layer) => sum + measure(layer), 0) / hidden.length : NaN;
  return {
    ends: [low, high],
    activations: layers.map((i) => histogram(
      how.activation === "relu" ? h[i + 1].filter((v) => v > 0) : h[i + 1], low, high)),
    gradients: layers.map((i) => histogram(
      dz[i].map((d) => (d === 0 ? NaN : Math.log10(Math.abs(d)))), ...SMALLEST)),
    saturated: all((layer) => saturated(how.activation, layer)),
    dead: how.activation === "relu" ? all((layer) => dead(layer, how.width)) : NaN,
    units: hidden.length
      ? Float32Array.from(hidden.at(-1).subarray(0, COLOURED * how.width)) : null,
  };
}

const REACH = 1.25; // the map of decisions ends here, on each side

/** The most likely class in each of side x side places, and how sure the network is. */
export function decisions({ params, act }, side) {
  const places = new Float64Array(2 * side * side);
  for (let i = 0; i < side * side; i += 1) {
    places[2 * i] = REACH * ((2 * ((i % side) + 0.5)) / side - 1);
    places[2 * i + 1] = REACH * (1 - (2 * (Math.floor(i / side) + 0.5)) / side);
  }
  const out = forward(params, places, act).z.at(-1);
  const classes = new Uint8Array(side * side);
  const sure = new Float32Array(side * side);
  for (let i = 0; i < side * side; i += 1) {
    const line = out.subarray(3 * i, 3 * i + 3);
    const top = Math.max(...line);
    classes[i] = Math.max(line.indexOf(top), 0);
    sure[i] = 1 / line.reduce((sum, value) => sum + Math.exp(value - top), 0);
  }
  return { side, classes, sure };
}

/** Where to look at the networks of a race from. */
export const inputsOf = (one, count = PROBES) => probes(one.data, count);

// What theory says beforehand

/** The mean square of the inputs. */
export const secondMoment = (x) => x.reduce((sum, v) => sum + v * v, 0) / x.length;

/**
 * Signal q and gradient, as root mean squares, of each hidden layer of an infinitely
 * wide network with these weights; the gradient as a part of the last hidden layer's.
 */
export function foresee(how, data) {
  const act = ACTIVATIONS[how.activation];
  const [first, ...rest] = sizesOf(how, data);
  const hidden = rest.slice(0, -1);
  const inner = weightVariance(how.start, how.width, how.width) * how.width;
  const outer = weightVariance(how.start, first, how.width) * first;
  if (!hidden.length || Number.isNaN(inner)) return null;
  const from = outer * secondMoment(data.x);
  if (inner === 0) return { q: hidden.map(() => 0), chi: hidden.map(() => 0), inner };
  return { ...forecast(act, inner, hidden.length, from / inner), inner };
}

/** The correlation of two inputs at right angles, layer by layer: slow, so one a turn. */
export function* correlate(how, { q, inner }) {
  const act = ACTIVATIONS[how.activation];
  let c = q[0] > 0 ? 0 : NaN;
  yield c;
  for (let i = 1; i < q.length; i += 1) {
    [, c] = correlations(act, inner, [q[i - 1], q[i]], c);
    yield c;
  }
}
