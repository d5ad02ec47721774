// Compute what standard input asks for, with the module that the argument names.
import { readFileSync } from "node:fs";
import { pathToFileURL } from "node:url";

const js = await import(pathToFileURL(process.argv[2]));
const floats = (values) => Float64Array.from(values);
const lists = (arrays) => arrays.map((array) => [...array]);
const activation = (name) => js.ACTIVATIONS[name] ?? js.leakyRelu(0.1);

/** One pass there and back, then the losses of a training run. */
function train({ sizes, params, act: name, x, labels, order, lr, optimizer }) {
  const act = activation(name);
  const layers = params.map(([W, b], i) => (
    { fanIn: sizes[i], fanOut: sizes[i + 1], W: floats(W), b: floats(b) }));
  const pick = (rows) => [
    floats(rows.flatMap((row) => x.slice(row * sizes[0], (row + 1) * sizes[0]))),
    rows.map((row) => labels[row])];
  const [inputs, right] = pick(order[0]);
  const trace = js.forward(layers, inputs, act);
  const { dout } = js.softmaxCrossEntropy(trace.z.at(-1), right);
  const { h, z, dz, dW, db } = js.backward(trace, act, dout);
  const passes = Object.fromEntries(
    Object.entries({ h, z, dz, dW, db }).map(([key, value]) => [key, lists(value)]));
  const step = js.trainer(layers, act, { lr, optimizer });
  const losses = order.map((rows) => step(...pick(rows)));
  const part = js.accuracy(layers, act, floats(x), labels);
  return { ...passes, losses, accuracy: [part], W: lists(layers.map(({ W }) => W)) };
}

/** Weights of one start, all of one seed. */
function draw({ start, value, fanIn, fanOut, seed }) {
  const made = value === undefined ? js.STARTS[start] : js[start](value);
  return [...made(fanIn, fanOut, new js.Generator(seed))];
}

const ASKED = {
  train, draw,
  forecast: ({ act, weightVar, depth }) => js.forecast(activation(act), weightVar, depth),
  correlations: ({ act, weightVar, q, c }) =>
    js.correlations(activation(act), weightVar, q, c),
  spirals: ({ n, classes, turns, noise, seed }) => {
    const { x, labels } = js.spirals(new js.Generator(seed), n, classes, turns, noise);
    return { x: [...x], labels };
  },
  accuracy: ({ out, labels }) => {
    const W = Float64Array.from({ length: 9 }, (_, i) => (i % 4 ? 0 : 1));
    const same = [{ fanIn: 3, fanOut: 3, W, b: new Float64Array(3) }];
    return js.accuracy(same, js.ACTIVATIONS.linear, floats(out), labels);
  },
  batches: ({ n, batch, count }) => {
    const drawn = js.batches(n, batch, new js.Generator(0));
    return Array.from({ length: count }, () => drawn.next().value);
  },
  haar: ({ gaussian, m, n }) => [...js.haar(gaussian, m, n)],
  permutations: ({ seed, n, count }) => {
    const rng = new js.Generator(seed);
    return Array.from({ length: count }, () => rng.permutation(n));
  },
};
const cases = JSON.parse(readFileSync(0, "utf8"));
const told = cases.map(({ ask, ...about }) => ASKED[ask](about));
process.stdout.write(JSON.stringify(told));
