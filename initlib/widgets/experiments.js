// Seven races of two networks, each with the question that it answers.
// `ends` holds, for each side, between which fractions of right answers it ends.

import {
  ACTIVATIONS, Generator, STARTS, accuracy, batches, constant, initMlp, normal, specked,
  spirals, trainer,
} from "./training.js";

const start = (name, build = STARTS[name]) => ({ name, build });
const STUCK = [0, 0.6];
const LEARNS = [0.65, 1];
const xavier = start("xavier_normal");
const he = start("he_normal");
const zeros = start("zeros");

/** How both sides are trained unless an experiment says otherwise. */
const USUAL = { depth: 3, width: 16, lr: 0.3, steps: 1000, batch: 32, optimizer: "sgd" };

export const EXPERIMENTS = {
  "thirty-relu-layers": {
    question: "Thirty ReLU layers: does Xavier or He learn?",
    shared: { ...USUAL, activation: "relu", depth: 30, width: 32, lr: 0.005 },
    sides: [{ start: xavier }, { start: he }],
    ends: [[0, 0.4], LEARNS],
  },
  "twenty-tanh-layers": {
    question: "Twenty tanh layers: does Xavier or He learn?",
    shared: { ...USUAL, activation: "tanh", depth: 20, lr: 0.05 },
    sides: [{ start: xavier }, { start: he }],
    ends: [LEARNS, LEARNS],
  },
  "all-zero-tanh": {
    question: "All weights zero, tanh: what can still learn?",
    shared: { ...USUAL, activation: "tanh" },
    sides: [{ start: zeros }, { start: xavier }],
    ends: [[0, 0.4], LEARNS],
  },
  "all-zero-sigmoid": {
    question: "All weights zero, sigmoid: are the units idle, or alike?",
    shared: { ...USUAL, activation: "sigmoid", lr: 1, steps: 2000 },
    sides: [{ start: zeros }, { start: xavier }],
    ends: [STUCK, LEARNS],
  },
  "copies-and-a-speck": {
    question: "Copies of one unit: does a speck of noise set them free?",
    shared: { ...USUAL, activation: "tanh", lr: 0.5, steps: 1500 },
    sides: [
      { start: start("constant", constant(0.3)) },
      { start: start("specked", specked(0.3, 0.01)) },
    ],
    ends: [STUCK, LEARNS],
  },
  "large-and-saturated": {
    question: "Large weights, saturated units: does the gradient vanish?",
    shared: { ...USUAL, activation: "tanh", depth: 5, lr: 0.03 },
    sides: [{ start: start("normal", normal(2)) }, { start: xavier }],
    ends: [LEARNS, [0.4, 1]],
  },
  "nothing-wrong": {
    question: "Nothing is wrong with this start, and yet it does not learn: why?",
    shared: { ...USUAL, activation: "tanh" },
    sides: [{ start: xavier, lr: 3e-4 }, { start: xavier }],
    ends: [STUCK, LEARNS],
  },
};

/** One side of a race, ready to step: data and batches depend on the seed alone. */
export function prepare(experiment, side, seed) {
  const how = { ...experiment.shared, ...experiment.sides[side] };
  const { x, labels } = spirals(new Generator(seed), 100);
  const sizes = [2, ...Array(how.depth - 1).fill(how.width), 3];
  const params = initMlp(sizes, how.start.build, new Generator(seed + 2 ** 32));
  const act = ACTIVATIONS[how.activation];
  const order = batches(labels.length, how.batch, new Generator(seed + 2 ** 33));
  const descend = trainer(params, act, how);
  const step = () => {
    const rows = order.next().value;
    const inputs = Float64Array.from(rows.flatMap((row) => [x[2 * row], x[2 * row + 1]]));
    return descend(inputs, rows.map((row) => labels[row]));
  };
  return { how, params, step, accuracy: () => accuracy(params, act, x, labels) };
}

/** Run both sides to the end: the loss of each batch, and the fraction right at last. */
export function race(experiment, seed = 0) {
  return experiment.sides.map((_, side) => {
    const run = prepare(experiment, side, seed);
    const losses = Array.from({ length: run.how.steps }, run.step);
    return { losses, accuracy: run.accuracy() };
  });
}
