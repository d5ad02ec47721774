// The settings of a race in words: menus, addresses, lines of Python, what theory expects
// of each side and what came of it.  Nothing here computes or draws a network.

// What may be chosen

const ACTIVATION_NAMES = {
  relu: "ReLU", tanh: "tanh", sigmoid: "sigmoid", gelu: "GELU", silu: "SiLU", elu: "ELU",
  selu: "SELU", softsign: "softsign", softplus: "softplus", sin: "sin", linear: "none",
};
const START_NAMES = {
  zeros: "all zero", "constant:0.3": "all 0.3", "specked:0.3": "all 0.3, with a speck of noise",
  "normal:0.01": "small (std 0.01)", "normal:2": "large (std 2)", lecun_normal: "LeCun",
  xavier_normal: "Xavier", he_normal: "He", orthogonal: "orthogonal",
  torch_linear: "torch’s default", "sigma:1": "σ_w by a slider",
};
const OPTIMIZER_NAMES = { sgd: "SGD", adam: "Adam" };
const DATA_NAMES = { spirals: "three spirals", digits: "handwritten digits" };
const named = (names) => (value) => names[value];
const numbers = (...values) => ({ values, tell: String });

/** What each side may choose: the values, and how one is told. */
export const CHOICES = {
  start: { name: "start", values: Object.keys(START_NAMES), tell: startName },
  activation: {
    name: "activation", values: Object.keys(ACTIVATION_NAMES), tell: named(ACTIVATION_NAMES) },
  depth: { name: "layers", least: 1, most: 30 },
  width: { name: "units a layer", ...numbers(4, 8, 16, 32, 64, 128) },
  lr: {
    name: "learning rate",
    ...numbers(1e-4, 3e-4, 0.001, 0.003, 0.005, 0.01, 0.03, 0.05, 0.1, 0.3, 0.5, 1, 3) },
  optimizer: { name: "optimizer", values: ["sgd", "adam"], tell: named(OPTIMIZER_NAMES) },
};

/** What both sides share. */
export const SHARED = {
  data: { name: "data", values: ["spirals", "digits"], tell: named(DATA_NAMES) },
  batch: { name: "batch", ...numbers(16, 32, 64) },
  steps: { name: "steps", ...numbers(200, 500, 1000, 1500, 2000, 5000) },
  seed: { name: "seed", least: 0, most: 9999 },
};

export const SIGMA = { least: 0, most: 4, step: 0.05 };

/** What a start is called. */
export function startName(start) {
  const [name, number] = start.split(":");
  if (name === "sigma") return `σ_w = ${number}`;
  return START_NAMES[start] ?? `${name} ${number}`;
}

const LARGEST = { width: 256, batch: 256, steps: 20000 };
const isNumber = ({ tell, least }) => tell === String || least !== undefined;

/** Whether a setting may have this value. */
export function allows(key, value) {
  if (key === "start") {
    const [name, number] = String(value).split(":");
    const known = Object.keys(START_NAMES).some((start) => start.split(":")[0] === name);
    const numbered = ["constant", "specked", "normal", "sigma"].includes(name);
    if (!known || (number !== undefined) !== numbered) return false;
    return !numbered || (number !== "" && Math.abs(Number(number)) <= 100);
  }
  const choice = CHOICES[key] ?? SHARED[key];
  if (!isNumber(choice)) return choice.values.includes(value);
  if (key === "lr") return value > 0 && value <= 100;
  const { least = 1, most = LARGEST[key] } = choice;
  return Number.isInteger(value) && value >= least && value <= most;
}

/** Which values a setting may have, in words. */
function allowed(key) {
  if (key === "lr") return "a number above 0, at most 100";
  const { values, least = 1, most = LARGEST[key] } = CHOICES[key] ?? SHARED[key];
  return most ? `a whole number from ${least} to ${most}` : `one of ${values.join(", ")}`;
}

// Both sides, and the one choice in which they differ

/** In which settings the sides of a race differ. */
export const differences = ({ sides: [left, right] }) =>
  right ? Object.keys(CHOICES).filter((key) => left[key] !== right[key]) : [];

/** The race with another value: of one side, or of all that share the setting. */
export function changed(race, key, value, side) {
  if (key in SHARED) return { ...race, [key]: value };
  const alone = race.differ === "all" || race.differ === key;
  const sides = race.sides.map((one, i) =>
    alone && i !== side ? one : { ...one, [key]: value });
  return { ...race, sides };
}

/** The race whose sides may differ in one setting alone, as its left side is set. */
export function locked(race, differ) {
  if (differ === "all") return { ...race, differ };
  const [left] = race.sides;
  const sides = race.sides.map((one) => ({ ...left, [differ]: one[differ] }));
  return { ...race, differ, sides };
}

// Addresses

const PART = /^[a-z]+=/;

/** What follows # in the address of a race. */
export function toAddress(race) {
  const parts = Object.keys(SHARED).map((key) => `${key}=${race[key]}`);
  for (const key of Object.keys(CHOICES)) {
    const values = race.sides.map((side) => side[key]);
    parts.push(`${key}=${[...new Set(values)].length === 1 ? values[0] : values.join()}`);
  }
  return [...parts, `differ=${race.differ}`].join("&");
}

/**
 * The race that an address tells, and what is wrong with it; null if it tells of none.
 * What is missing or wrong is as in another race.
 */
export function fromAddress(address, usual) {
  if (!PART.test(address)) return null;
  const race = { ...usual, sides: usual.sides.map((side) => ({ ...side })) };
  const faults = [];
  const take = (key, text, place) => {
    const value = isNumber(CHOICES[key] ?? SHARED[key]) ? Number(text) : text;
    if (text !== "" && allows(key, value)) place[key] = value;
    else faults.push(`${key} must be ${allowed(key)}, not “${text}”`);
  };
  for (const [key, text] of new URLSearchParams(address)) {
    if (key in SHARED) take(key, text, race);
    else if (key in CHOICES) {
      const values = text.split(",");
      race.sides.forEach((side, i) => take(key, values[i] ?? values[0], side));
    } else if (key !== "differ") faults.push(`there is no setting “${key}”`);
    else if (text === "all" || text in CHOICES) race.differ = text;
    else faults.push(`differ must be one of ${Object.keys(CHOICES).join(", ")}, all, not “${text}”`);
  }
  const apart = differences(race);
  if (apart.some((key) => key !== race.differ)) race.differ = "all";
  return { race, faults: [...new Set(faults)] };
}

// The same in Python

const number = (value) => String(value).replace(/^(\d)e/, "$1.0e");

/** A start as an expression of Python, and the names that it needs of initlib. */
function startInPython(start) {
  const [name, value] = start.split(":");
  return {
    constant: [`partial(constant, value=${value})`, "constant"],
    normal: [`partial(normal, std=${value})`, "normal"],
    sigma: [`partial(variance_scaling, scale=${value}**2)`, "variance_scaling"],
    specked: [`lambda shape, rng: rng.normal(${value}, 0.01, shape)`, null],
  }[name] ?? [name, name];
}

const DATA_IN_PYTHON = {
  spirals: ["x, labels = spirals(rng, n=100)", "sizes = [2, *[width] * (depth - 1), 3]"],
  digits: [
    "data = digits(rng)\nx, labels = data.x_train[:500], data.y_train[:500]",
    "sizes = [64, *[width] * (depth - 1), 10]"],
};

/** Lines that run a race with initlib. */
export function toPython(race) {
  const starts = race.sides.map(({ start }) => startInPython(start));
  const activations = race.sides.map(({ activation }) => activation);
  const names = new Set([
    "accuracy", "fit", "init_mlp", "softmax_cross_entropy", race.data, ...activations,
    ...starts.map(([, name]) => name).filter(Boolean)]);
  const sides = race.sides.map(({ activation, depth, width, lr, optimizer }, i) =>
    `    (${starts[i][0]}, ${activation}, ${depth}, ${width}, ${number(lr)}, "${optimizer}"),`);
  const partial = starts.some(([text]) => text.startsWith("partial"));
  const [data, sizes] = DATA_IN_PYTHON[race.data];
  return `${partial ? "from functools import partial\n\n" : ""}import numpy as np
from initlib import (
    ${[...names].sort().join(",\n    ")},
)

rng = np.random.default_rng(${race.seed})
${data}
sides = [  # start, activation, layers, units a layer, learning rate, optimizer
${sides.join("\n")}
]
for start, act, depth, width, lr, optimizer in sides:
    ${sizes}
    run = fit(
        init_mlp(sizes, start, rng), act, softmax_cross_entropy, x, labels,
        lr=lr, steps=${race.steps}, batch=${race.batch}, rng=rng, optimizer=optimizer,
    )
    print(f"{accuracy(run.params, act, x, labels):.0%} right")`;
}

// What theory expects

const FADED = 1e-2; // part of its size below which a signal or gradient is all but gone
const ALIKE = 0.99; // correlation from which on two inputs are all but one
const NOT_ZERO_AT_ZERO = ["sigmoid", "softplus"];

/** A factor as readers say it. */
export function factor(value) {
  if (value >= 100 || value < 0.01) {
    const power = Math.round(Math.log10(value));
    return `10${[...String(power)].map((d) => "⁻⁰¹²³⁴⁵⁶⁷⁸⁹"["-0123456789".indexOf(d)]).join("")}`;
  }
  return String(Number(value.toPrecision(2)));
}

/** Root mean squares of signal and gradient, as parts of where each of them sets out. */
export function rootMeanSquares({ q, chi }) {
  const gradient = Array(q.length).fill(1);
  for (let i = q.length - 2; i >= 0; i -= 1) gradient[i] = gradient[i + 1] * chi[i];
  return { signal: q.map(Math.sqrt), gradient: gradient.map(Math.sqrt) };
}

/** "keeps", "fades" or "grows": what happens to a size from one end to the other. */
function course(part) {
  if (part < 1 / 3) return `falls to ${factor(part)} of its size`;
  return part > 3 ? `grows ${factor(part)} times as large` : "keeps its size";
}

/**
 * What theory expects of a side: { hope, why }, hope being "no", "yes", or "?" where
 * theory says nothing.  `told` is its forecast, `c` its correlations, perhaps unknown.
 */
export function expectation({ start, activation, depth }, told, c) {
  const [name] = start.split(":");
  if (depth === 1) return {
    hope: "?", why: "One layer has no hidden units: any start will do, but only straight lines can part the classes." };
  if (name === "zeros" && !NOT_ZERO_AT_ZERO.includes(activation)) return {
    hope: "no", why: "All hidden units send 0, no gradient reaches a weight, and only the last biases learn." };
  if (name === "zeros" || name === "constant") return {
    hope: "no", why: "The units of each layer are copies, get equal gradients and stay copies: it learns as much as with one unit a layer." };
  if (!told) return {
    hope: "?", why: "Mean-field theory is about independent weights around zero and does not speak of this start; the copies differ a little, and differences between copies can grow." };
  const { signal, gradient } = rootMeanSquares(told);
  const [forth, back] = [signal.at(-1) / signal[0], gradient[0]];
  if (depth === 2) return {
    hope: "yes", why: "One hidden layer is too shallow for signal or gradient to fade." };
  const course_ = `From the first hidden layer to the last the signal ${course(forth)}, and on its way back the gradient ${course(back)}.`;
  const why = c?.at(-1) > ALIKE ? `${course_} Two inputs at right angles come out nearly alike.` : course_;
  if (forth < FADED || back < FADED) return { hope: "no", why };
  if (activation === "linear") return {
    hope: "?", why: `${why} Without an activation all layers are as one, and only straight lines can part the classes.` };
  if (back > 1 / FADED) return { hope: "?", why };
  return { hope: "yes", why };
}

const HOPES = {
  no: "Theory expects that it does not learn.",
  yes: "Theory expects that it can learn, if the learning rate suits.",
  "?": "Theory does not say whether it learns.",
};

/** The sentences that stand under the forecast of a side. */
export const spelled = ({ hope, why }) => `${why} ${HOPES[hope]}`;

// What came of it

const LEARNED = 0.65; // right answers from which on a network counts as having learned

/** Whether a network has learned, by the fraction that it gets right. */
export const learned = ([seen, unseen]) => (Number.isNaN(unseen) ? seen : unseen) >= LEARNED;

export const GUESSES = { left: "left", right: "right", both: "both", neither: "neither" };

/** Which sides have learned. */
export function winner(right) {
  const [left, other] = right.map(learned);
  if (left && other) return "both";
  if (left || other) return left ? "left" : "right";
  return "neither";
}

/** A fraction as readers say it. */
export const percent = (part) => `${Math.round(100 * part)} %`;
const answers = ([seen, unseen]) => Number.isNaN(unseen)
  ? percent(seen) : `${percent(unseen)} of new images and ${percent(seen)} of those it saw`;

const LEAP = 0.15; // right answers by which a last step may miss what came before

/** What a side came to, beside what was expected of it and what it has `last`. */
function judged(place, right, { hope }, last) {
  const did = learned(right);
  const usual = Number.isNaN(right[1]) ? right[0] : right[1];
  const leap = Math.abs(last - usual) > LEAP ? ` (${percent(last)} after the very last step)` : "";
  const found = `${place} gets ${answers(right)} right towards the end${leap}: it has ${did ? "" : "not "}learned`;
  if (right[0] === 0) return `${place} has burst: its outputs are no longer numbers. Its steps were too large.`;
  if (hope === "?") return `${found}, which theory left open.`;
  if (did === (hope === "yes")) return `${found}, as theory expects.`;
  return did ? `${found}, although theory expected that it would not.`
    : `${found}, though theory sees nothing wrong with its start. Look elsewhere: at the learning rate, the number of steps, or the network.`;
}

/** The sentences at the end of a race; `last` holds what each side gets right at the end. */
export function verdict(race, right, expectations, guess, last = []) {
  const places = race.sides.length === 1 ? ["The network"] : ["Left", "Right"];
  const told = places.map((place, i) => judged(place, right[i], expectations[i], last[i]));
  if (!guess) return told.join(" ");
  const came = winner(right);
  return `${told.join(" ")} You guessed “${GUESSES[guess]}”: ${came === guess ? "correct" : `it was “${came}”`}.`;
}

const COUNTED = { depth: "layer", width: "unit a layer" };

/** One side in a few words: that in which it differs. */
export function sideName(race, side) {
  const one = race.sides[side];
  const apart = differences(race);
  const keys = race.differ !== "all" ? [race.differ] : apart.length ? apart : ["start"];
  const told = keys.map((key) => {
    const { name, tell = String } = CHOICES[key];
    if (key === "lr") return `${name} ${one.lr}`;
    return key in COUNTED ? `${one[key]} ${one[key] === 1 ? COUNTED[key] : name}` : tell(one[key]);
  });
  return told.join(", ");
}
