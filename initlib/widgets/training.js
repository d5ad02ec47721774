// initlib in JavaScript, as far as a network that trains in a page needs it.
// The names, shapes and formulas are initlib's, and a test holds every number to it.
// Matrices are Float64Arrays, row by row; a layer is { fanIn, fanOut, W, b }.

// Activations: f(z), and the slope df(z, h) where h = f(z)

const logistic = (z) => 1 / (1 + Math.exp(-z));
const density = (z) => Math.exp((-z * z) / 2) / Math.sqrt(2 * Math.PI);

/** The error function, by a series of positive terms; beyond 6 it is 1 to rounding. */
export function erf(x) {
  if (!(Math.abs(x) < 6)) return Math.sign(x);
  let [term, sum] = [x, x];
  for (let n = 1; Math.abs(term) > 1e-17 * Math.abs(sum); n += 1) {
    term *= (2 * x * x) / (2 * n + 1);
    sum += term;
  }
  return (2 / Math.sqrt(Math.PI)) * Math.exp(-x * x) * sum;
}

const normalCdf = (z) => (1 + erf(z / Math.SQRT2)) / 2;

/** scale z for z > 0 and scale alpha (exp(z) - 1) otherwise. */
function exponentialLinear(alpha, scale) {
  return {
    f: (z) => scale * (z > 0 ? z : alpha * Math.expm1(z)),
    df: (z) => scale * (z > 0 ? 1 : alpha * Math.exp(z)),
  };
}

/** z for z > 0 and slope z otherwise. */
export function leakyRelu(slope) {
  return { f: (z) => (z > 0 ? z : slope * z), df: (z) => (z > 0 ? 1 : slope) };
}

export const ACTIVATIONS = {
  linear: { f: (z) => z, df: () => 1 },
  sigmoid: { f: logistic, df: (z, h) => h * (1 - h) },
  tanh: { f: Math.tanh, df: (z, h) => 1 - h * h },
  relu: { f: (z) => Math.max(z, 0), df: (z) => (z > 0 ? 1 : 0) },
  gelu: { f: (z) => z * normalCdf(z), df: (z) => normalCdf(z) + z * density(z) },
  silu: {
    f: (z) => z * logistic(z),
    df: (z) => logistic(z) * (1 + z * (1 - logistic(z))),
  },
  elu: exponentialLinear(1, 1),
  selu: exponentialLinear(1.6732632423543772, 1.0507009873554805),
  softsign: { f: (z) => z / (1 + Math.abs(z)), df: (z) => 1 / (1 + Math.abs(z)) ** 2 },
  softplus: {
    f: (z) => Math.max(z, 0) + Math.log1p(Math.exp(-Math.abs(z))),
    df: logistic,
  },
  sin: { f: Math.sin, df: Math.cos },
};

// Random numbers

/** Random numbers of one seed: Chris Doty-Humphrey's sfc32, 53 bits a number. */
export class Generator {
  constructor(seed) {
    this.a = seed | 0;
    this.b = (seed / 2 ** 32) | 0;
    this.c = 0x9e3779b9 | 0;
    this.count = 1;
    for (let i = 0; i < 20; i += 1) this.bits();
  }

  bits() {
    const { b, c } = this;
    const out = (this.a + b + this.count) | 0;
    this.count = (this.count + 1) | 0;
    this.a = b ^ (b >>> 9);
    this.b = (c + (c << 3)) | 0;
    this.c = (((c << 21) | (c >>> 11)) + out) | 0;
    return out >>> 0;
  }

  /** A number from 0 up to 1. */
  uniform() {
    return ((this.bits() >>> 5) * 2 ** 26 + (this.bits() >>> 6)) / 2 ** 53;
  }

  /** A number from N(0, 1), by the polar method of Marsaglia. */
  normal() {
    for (;;) {
      const u = 2 * this.uniform() - 1;
      const v = 2 * this.uniform() - 1;
      const square = u * u + v * v;
      if (square > 0 && square < 1)
        return u * Math.sqrt((-2 * Math.log(square)) / square);
    }
  }

  /** The numbers 0 to n - 1 in random order. */
  permutation(n) {
    const order = Array.from({ length: n }, (_, i) => i);
    for (let i = n - 1; i > 0; i -= 1) {
      const j = Math.floor(this.uniform() * (i + 1));
      [order[i], order[j]] = [order[j], order[i]];
    }
    return order;
  }
}

// Starts: (fanIn, fanOut, rng) -> W

function filled(size, draw) {
  const numbers = new Float64Array(size);
  for (let i = 0; i < size; i += 1) numbers[i] = draw(i);
  return numbers;
}

export const constant = (value) => (fanIn, fanOut) => filled(fanIn * fanOut, () => value);
export const normal = (std) => (fanIn, fanOut, rng) =>
  filled(fanIn * fanOut, () => std * rng.normal());
export const uniform = (limit) => (fanIn, fanOut, rng) =>
  filled(fanIn * fanOut, () => limit * (2 * rng.uniform() - 1));
/** Copies of one weight, each with a speck of noise. */
export const specked = (value, std) => (fanIn, fanOut, rng) =>
  filled(fanIn * fanOut, () => value + std * rng.normal());

/** Weights of variance scale / fan. */
function varianceScaling(scale, mode, distribution) {
  return (fanIn, fanOut, rng) => {
    const fan = { fan_in: fanIn, fan_avg: (fanIn + fanOut) / 2 }[mode];
    const std = Math.sqrt(scale / fan);
    const start = distribution === "normal" ? normal(std) : uniform(Math.sqrt(3) * std);
    return start(fanIn, fanOut, rng);
  };
}

/**
 * Orthonormal columns (m x n, m >= n): the product of the reflections whose vectors are
 * the columns of a Gaussian matrix below its diagonal, with the signs of R's diagonal.
 */
export function haar(gaussian, m, n) {
  const q = filled(m * n, (i) => (i % n === Math.floor(i / n) ? 1 : 0));
  for (let k = n - 1; k >= 0; k -= 1) {
    const v = filled(m - k, (i) => gaussian[(k + i) * n + k]);
    const r = -Math.sign(v[0]) * Math.hypot(...v);
    v[0] -= r;
    const square = v.reduce((sum, x) => sum + x * x, 0);
    for (let j = k; j < n; j += 1) {
      let along = 0;
      for (let i = 0; i < v.length; i += 1) along += v[i] * q[(k + i) * n + j];
      for (let i = 0; i < v.length; i += 1)
        q[(k + i) * n + j] -= (2 * along * v[i]) / square;
    }
  }
  for (let k = 0; k < n; k += 1)
    if (gaussian[k * n + k] > 0) for (let i = 0; i < m; i += 1) q[i * n + k] *= -1;
  return q;
}

/** Orthonormal rows or columns, uniform among all, times the gain. */
export function orthogonal(gain = 1) {
  return (fanIn, fanOut, rng) => {
    const [m, n] = [Math.max(fanIn, fanOut), Math.min(fanIn, fanOut)];
    const q = haar(filled(m * n, () => rng.normal()), m, n);
    const W = fanIn >= fanOut ? q : transpose(q, m, n);
    return W.map((weight) => gain * weight);
  };
}

export const STARTS = {
  zeros: constant(0),
  lecun_normal: varianceScaling(1, "fan_in", "normal"),
  lecun_uniform: varianceScaling(1, "fan_in", "uniform"),
  xavier_normal: varianceScaling(1, "fan_avg", "normal"),
  xavier_uniform: varianceScaling(1, "fan_avg", "uniform"),
  he_normal: varianceScaling(2, "fan_in", "normal"),
  he_uniform: varianceScaling(2, "fan_in", "uniform"),
  torch_linear: varianceScaling(1 / 3, "fan_in", "uniform"),
  orthogonal: orthogonal(),
};

/** Draw a network with layers of the given sizes; biases are 0. */
export function initMlp(sizes, start, rng) {
  return sizes.slice(1).map((fanOut, i) => ({
    fanIn: sizes[i], fanOut, W: start(sizes[i], fanOut, rng), b: new Float64Array(fanOut),
  }));
}

// Data and its order

/** Points on interleaved spirals (classes * n, 2), one spiral a class, and labels. */
export function spirals(rng, n = 300, classes = 3, turns = 0.75, noise = 0.05) {
  const labels = Array.from({ length: classes * n }, (_, i) => Math.floor(i / n));
  const x = labels.flatMap((label, i) => {
    const t = n > 1 ? (i % n) / (n - 1) : 0;
    const angle = 2 * Math.PI * (label / classes + turns * t);
    return [t * Math.cos(angle), t * Math.sin(angle)].map((at) => at + noise * rng.normal());
  });
  return { x: Float64Array.from(x), labels };
}

/** Mini-batches of row numbers for ever, each epoch in a fresh order; rests are dropped. */
export function* batches(n, batch, rng) {
  for (;;) {
    const order = rng.permutation(n);
    for (let start = 0; start + batch <= n; start += batch)
      yield order.slice(start, start + batch);
  }
}

// Products of matrices

function transpose(matrix, rows, columns) {
  const turned = new Float64Array(matrix.length);
  for (let i = 0; i < rows; i += 1)
    for (let j = 0; j < columns; j += 1) turned[j * rows + i] = matrix[i * columns + j];
  return turned;
}

/**
 * Add a @ b to out (rows x columns); b has `inner` rows.  Two rows of a and four of b
 * at a time, so that each number is fetched less often.
 */
function addProduct(out, a, b, rows, inner, columns) {
  const even = rows - (rows % 2);
  const whole = inner - (inner % 4);
  for (let i = 0; i < even; i += 2)
    for (let k = 0; k < whole; k += 4)
      addBlock(out, a, b, i * columns, i * inner + k, k * columns, inner, columns);
  for (let i = 0; i < rows; i += 1)
    for (let k = i < even ? whole : 0; k < inner; k += 1) {
      const part = a[i * inner + k];
      for (let j = 0; j < columns; j += 1) out[i * columns + j] += part * b[k * columns + j];
    }
  return out;
}

/** Two rows of the product get four numbers of theirs times four rows of b. */
function addBlock(out, a, b, to, at, row0, inner, columns) {
  const a0 = a[at];
  const a1 = a[at + 1];
  const a2 = a[at + 2];
  const a3 = a[at + 3];
  const c0 = a[at + inner];
  const c1 = a[at + inner + 1];
  const c2 = a[at + inner + 2];
  const c3 = a[at + inner + 3];
  const row1 = row0 + columns;
  const row2 = row1 + columns;
  const row3 = row2 + columns;
  const below = to + columns;
  for (let j = 0; j < columns; j += 1) {
    const b0 = b[row0 + j];
    const b1 = b[row1 + j];
    const b2 = b[row2 + j];
    const b3 = b[row3 + j];
    out[to + j] += a0 * b0 + a1 * b1 + a2 * b2 + a3 * b3;
    out[below + j] += c0 * b0 + c1 * b1 + c2 * b2 + c3 * b3;
  }
}

// Forward, backward

/** f of each number. */
function applied(f, z) {
  const h = new Float64Array(z.length);
  for (let at = 0; at < z.length; at += 1) h[at] = f(z[at]);
  return h;
}

/** Run a network on inputs (batch x n0): h[i] enters layer i, z[i] leaves it. */
export function forward(params, x, act) {
  const batch = x.length / params[0].fanIn;
  const trace = { params, batch, h: [x], z: [] };
  params.forEach(({ fanIn, fanOut, W, b }, i) => {
    if (i) trace.h.push(applied(act.f, trace.z[i - 1]));
    const z = new Float64Array(batch * fanOut);
    for (let row = 0; row < batch; row += 1) z.set(b, row * fanOut);
    trace.z.push(addProduct(z, trace.h[i], W, batch, fanIn, fanOut));
  });
  return trace;
}

/** The gradient of the loss in what leaves each layer. */
export function sendBack({ params, batch, h, z }, act, dout) {
  const dz = Array(params.length);
  dz[params.length - 1] = dout;
  for (let i = params.length - 1; i > 0; i -= 1) {
    const { fanIn, fanOut, W } = params[i];
    const dh = addProduct(
      new Float64Array(batch * fanIn), dz[i], transpose(W, fanIn, fanOut), batch, fanOut, fanIn);
    for (let at = 0; at < dh.length; at += 1) dh[at] *= act.df(z[i - 1][at], h[i][at]);
    dz[i - 1] = dh;
  }
  return dz;
}

/** Send the gradient of the loss back: dz, dW and db of each layer. */
export function backward(trace, act, dout) {
  const { params, batch, h } = trace;
  const dz = sendBack(trace, act, dout);
  const dW = params.map(({ fanIn, fanOut, W }, i) => addProduct(
    new Float64Array(W.length), transpose(h[i], batch, fanIn), dz[i], fanIn, batch, fanOut));
  const db = params.map(({ fanOut }, i) => {
    const sum = new Float64Array(fanOut);
    for (let at = 0; at < dz[i].length; at += 1) sum[at % fanOut] += dz[i][at];
    return sum;
  });
  return { ...trace, dz, dW, db };
}

/** The mean of -log softmax(out)[label] over the batch, and its gradient. */
export function softmaxCrossEntropy(out, labels) {
  const classes = out.length / labels.length;
  const dout = new Float64Array(out.length);
  let loss = 0;
  labels.forEach((label, row) => {
    const line = out.subarray(row * classes, (row + 1) * classes);
    const top = Math.max(...line);
    const total = line.reduce((sum, value) => sum + Math.exp(value - top), 0);
    loss += (Math.log(total) - (line[label] - top)) / labels.length;
    line.forEach((value, j) => {
      const part = Math.exp(value - top) / total - (j === label ? 1 : 0);
      dout[row * classes + j] = part / labels.length;
    });
  });
  return { loss, dout };
}

const TIE = 1e-12; // part of the largest output by which rounding may part equal ones

/** The fraction of inputs whose largest output, of equal ones the first, is the label's. */
export function accuracy(params, act, x, labels) {
  const out = forward(params, x, act).z.at(-1);
  const classes = out.length / labels.length;
  const right = labels.filter((label, row) => {
    const line = out.subarray(row * classes, (row + 1) * classes);
    const top = Math.max(...line); // NaN if any is
    const ties = (o) => o === top || Math.abs(o - top) <= TIE * Math.abs(top);
    return line.findIndex(ties) === label;
  });
  return right.length / labels.length;
}

// Training

const plainDescent = () => (gradients) => gradients;

/** Kingma & Ba (2014), with their default constants. */
function adam(arrays, beta1 = 0.9, beta2 = 0.999, eps = 1e-8) {
  const means = arrays.map((array) => new Float64Array(array.length));
  const squares = arrays.map((array) => new Float64Array(array.length));
  return (gradients, t) => gradients.map((gradient, k) => {
    const [m, v] = [means[k], squares[k]];
    const [part1, part2] = [1 - beta1 ** t, 1 - beta2 ** t];
    for (let i = 0; i < gradient.length; i += 1) {
      const g = gradient[i];
      m[i] += (1 - beta1) * (g - m[i]);
      v[i] += (1 - beta2) * (g * g - v[i]);
      gradient[i] = m[i] / part1 / (Math.sqrt(v[i] / part2) + eps);
    }
    return gradient;
  });
}

const OPTIMIZERS = { sgd: plainDescent, adam };

/** Train params in place: each call takes one step on a batch and returns its loss. */
export function trainer(params, act, { lr, optimizer }) {
  const arrays = params.flatMap(({ W, b }) => [W, b]);
  const directions = OPTIMIZERS[optimizer](arrays);
  let t = 0;
  return (x, labels) => {
    const trace = forward(params, x, act);
    const { loss, dout } = softmaxCrossEntropy(trace.z.at(-1), labels);
    const { dW, db } = backward(trace, act, dout);
    t += 1;
    directions(dW.flatMap((d, i) => [d, db[i]]), t).forEach((direction, k) => {
      for (let i = 0; i < direction.length; i += 1) arrays[k][i] -= lr * direction[i];
    });
    return loss;
  };
}

// Mean field: what the same network does when it is infinitely wide

const LIMIT = 12; // standard deviations

/** Nodes and weights of Gauss-Legendre quadrature from -1 to 1, by Newton's method. */
function legendre(count) {
  return Array.from({ length: count }, (_, i) => {
    let x = Math.cos((Math.PI * (i + 0.75)) / (count + 0.5));
    let slope = 0;
    for (let turn = 0; turn < 8; turn += 1) {
      let [before, here] = [1, x];
      for (let n = 2; n <= count; n += 1)
        [before, here] = [here, ((2 * n - 1) * x * here - (n - 1) * before) / n];
      slope = (count * (x * here - before)) / (x * x - 1);
      x -= here / slope;
    }
    return [x, 2 / ((1 - x * x) * slope * slope)];
  });
}

const halved = (top, count) => Array.from({ length: count }, (_, i) => top * 0.5 ** (i + 1));

/** Nodes and weights of quadrature on the panels between edges, in whatever order. */
function panels(edges, count) {
  const sorted = [...new Set(edges)].sort((a, b) => a - b);
  const rule = legendre(count);
  return sorted.slice(1).flatMap((end, i) => {
    const [half, middle] = [(end - sorted[i]) / 2, (end + sorted[i]) / 2];
    return rule.map(([x, weight]) => [middle + half * x, half * weight]);
  });
}

/** Panels from 0 to LIMIT that shrink toward 0, where an activation may bend. */
function halfLine(halvings, even, count) {
  const edges = Array.from({ length: even + 1 }, (_, i) => (LIMIT * i) / even);
  return panels([...edges, ...halved(LIMIT, halvings)], count);
}

const HALF_LINE = halfLine(40, 48, 20).map(([z, weight]) => [z, weight * density(z)]);
const RADII = halfLine(8, 12, 10).map(([r, weight]) =>
  [r, (weight * r * Math.exp((-r * r) / 2)) / (2 * Math.PI)]);
const SMALL = [0, 0.5, ...halved(0.5, 12)];
const ANGLES = panels([...SMALL, ...SMALL.map((edge) => 1 - edge)], 8);

/** E[f(z)] for z ~ N(0, q). */
export function gaussianMean(f, q) {
  const std = Math.sqrt(q);
  let sum = 0;
  for (let i = 0; i < HALF_LINE.length; i += 1) {
    const at = std * HALF_LINE[i][0];
    sum += HALF_LINE[i][1] * (f(at) + f(-at));
  }
  return sum;
}

/**
 * E[f(u) f(v)] for u, v ~ N(0, q) of correlation c: in polar coordinates a bend of f
 * at 0 lies on four rays, and between them everything is smooth.
 */
function pairMean(f, q, c) {
  const between = Math.acos(c);
  const rays = [-Math.PI / 2, Math.PI / 2, between - Math.PI / 2, between + Math.PI / 2]
    .sort((a, b) => a - b);
  const radii = RADII.map(([r, weight]) => [Math.sqrt(q) * r, weight]);
  return rays.reduce((total, start, i) => {
    const width = (rays[i + 1] ?? rays[0] + 2 * Math.PI) - start;
    return total + ANGLES.reduce((sum, [part, weight]) => {
      const angle = start + width * part;
      const [u, v] = [Math.cos(angle), Math.cos(angle - between)];
      return sum + width * weight * radii.reduce(
        (along, [r, heavy]) => along + heavy * f(r * u) * f(r * v), 0);
    }, 0);
  }, 0);
}

/**
 * Second moment q of the pre-activations, layer by layer, and the factor chi of the
 * gradient's second moment on its way back, without biases.
 */
export function forecast(act, weightVar, depth, first = 1) {
  const q = [weightVar * first];
  while (q.length < depth) q.push(weightVar * gaussianMean((z) => act.f(z) ** 2, q.at(-1)));
  const chi = q.map((here) =>
    weightVar * gaussianMean((z) => act.df(z, act.f(z)) ** 2, here));
  return { q, chi };
}

/**
 * Correlation of two inputs in the pre-activations of each layer, given their second
 * moments q and the cosine c of the inputs; NaN where q is 0.  Its double integral
 * takes a hundred times as long as a forecast: ask for it in a worker.
 */
export function correlations(act, weightVar, q, c) {
  const told = [q[0] ? c : NaN];
  for (const [i, behind] of q.slice(1).entries()) {
    const next = (weightVar * pairMean(act.f, q[i], told[i])) / behind;
    if (behind === 0) told.push(NaN);
    else told.push(q[i] === 0 ? 1 : Math.min(Math.max(next, -1), 1));
  }
  return told;
}
