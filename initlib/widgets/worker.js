// The part of a race that computes: it runs in a worker, so that the page never stalls.
// It is told { kind, ... } and answers the same way; `race` numbers the settings, so that
// answers about older ones can be told apart.

import {
  FEW, correlate, decisions, foresee, inputsOf, isLate, look, median, prepare,
} from "./experiments.js";

const SLICE = 12; // milliseconds of work between two looks at what was asked meanwhile
const FRAME = 1000 / 30; // milliseconds from one picture to the next
const AHEAD = 2; // states that may wait to be drawn
const DETAIL = 30; // places in each direction of a map of decisions
// What part of the time each measurement may take while the networks train.
const SHARES = { right: 0.04, look: 0.06, decisions: 0.06 };
const ALL = Object.keys(SHARES);
const QUICK = ["look"]; // what a first picture shows

/** Says when a measurement may be taken again, so that it takes its share of the time. */
class Turns {
  constructor() { this.next = {}; }

  take(name, measure) {
    const start = performance.now();
    if (start < (this.next[name] ?? 0)) return undefined;
    const measured = measure();
    const end = performance.now();
    this.next[name] = end + (end - start) / SHARES[name];
    return measured;
  }
}

/** Both networks of a race and what was told about them. */
class Race {
  constructor(number, settings, packed, probes) {
    this.number = number;
    this.settings = settings;
    this.sides = settings.sides.map((_, side) => prepare(settings, side, packed));
    this.inputs = this.sides.map((side) => inputsOf(side, probes));
    this.ends = [];
    this.step = 0;
    this.losses = settings.sides.map(() => []);
    this.late = settings.sides.map(() => []);
    this.turns = new Turns();
  }

  get done() { return this.step >= this.settings.steps; }

  advance() {
    this.sides.forEach((side, i) => this.losses[i].push(side.step()));
    this.step += 1;
    if (isLate(this.step, this.settings.steps))
      this.sides.forEach((side, i) => this.late[i].push([side.accuracy(), side.unseen()]));
  }

  /** What each side gets right at last, of seen and of new inputs. */
  get result() {
    return this.late.map((counts) =>
      [0, 1].map((which) => median(counts.map((count) => count[which]))));
  }

  /** What can be seen now, of some names, when it has its turn or at once. */
  see(names, atOnce) {
    if (atOnce) this.turns = new Turns();
    const { turns } = this;
    const each = (name, measure) => names.includes(name)
      ? turns.take(name, () => this.sides.map(measure)) : undefined;
    const seen = {
      right: each("right", (side) => [side.accuracy(), side.unseen()]),
      look: each("look", (side, i) => look(side, this.inputs[i], this.ends[i])),
      decisions: this.settings.data === "spirals"
        ? each("decisions", (side) => decisions(side, DETAIL)) : undefined,
    };
    seen.look?.forEach(({ ends }, i) => { this.ends[i] = ends; });
    const { losses, step, number } = this;
    this.losses = losses.map(() => []);
    const { x, labels, classes } = this.sides[0].data;
    const points = step === 0 && classes === 3 ? { x, labels } : undefined;
    const result = this.done ? this.result : null;
    return {
      kind: "seen", race: number, step, losses, done: this.done, result, points, ...seen };
  }
}

const CHEAP = 100_000; // weights of both networks that a page may draw by itself

/**
 * What can be seen of a race before a worker has started: its networks, untrained, by
 * a few inputs, and what theory expects.  Large networks are left to the worker.
 */
export function* glimpse(number, settings, packed) {
  const weights = ({ depth, width }) => depth * width ** 2;
  if (settings.sides.reduce((sum, side) => sum + weights(side), 0) > CHEAP) return;
  const race = new Race(number, settings, packed, FEW);
  yield race.see(QUICK, true);
  yield expected(race);
}

/** Serve one page: returns what takes its messages, and answers by `post`. */
export function serve(post) {
  const turns = new MessageChannel();
  let [race, playing, since, pace] = [null, false, null, Infinity];
  let [waiting, shown] = [0, 0]; // states that are not drawn yet, and when one was sent
  const show = (atOnce, names = ALL) => {
    post(race.see(names, atOnce));
    waiting += 1;
    shown = performance.now();
  };
  const allowed = () => pace === Infinity
    ? Infinity : since.step + ((performance.now() - since.time) * pace) / 1000;
  const work = () => {
    if (!playing) return;
    const end = performance.now() + SLICE;
    while (!race.done && race.step < allowed() && performance.now() < end) race.advance();
    if (race.done) playing = false;
    const mayShow = waiting < AHEAD && performance.now() - shown >= FRAME;
    if (race.done || mayShow) show(race.done);
    if (playing) turns.port2.postMessage(null); // sooner than setTimeout would
  };
  turns.port1.onmessage = work;
  const begin = () => {
    since = { step: race.step, time: performance.now() };
    if (!playing && !race.done) {
      playing = true;
      work();
    }
  };
  const asked = {
    set({ number, settings, packed }) {
      playing = false;
      race = new Race(number, settings, packed);
      show(true, QUICK);
      setTimeout(() => {
        if (race.number !== number) return;
        show(true, ALL);
        foretell(race, () => race.number === number, post);
      });
    },
    play: begin,
    pause() {
      playing = false;
      show(true);
    },
    step() {
      playing = false;
      if (!race.done) race.advance();
      show(true);
    },
    speed({ steps }) {
      pace = steps;
      since = { step: race?.step ?? 0, time: performance.now() };
    },
    drawn() { waiting = 0; },
  };
  return (message) => asked[message.kind](message);
}

/** What theory expects of each side. */
const expected = ({ number, sides }) => ({
  kind: "forecast", race: number, sides: sides.map(({ how, data }) => foresee(how, data)) });

/** Tell what theory expects; correlations are slow, and follow one a turn. */
function foretell(race, wanted, post) {
  const forecast = expected(race);
  if (!wanted()) return;
  post(forecast);
  const { number, sides } = race;
  const told = forecast.sides;
  const left = told.map((one, i) => ({ c: [], turns: one && correlate(sides[i].how, one) }));
  const turn = () => {
    if (!wanted()) return;
    const open = left.filter(({ turns }) => turns);
    for (const one of open) {
      const { value, done } = one.turns.next();
      if (done) one.turns = null;
      else one.c.push(value);
    }
    if (open.length) setTimeout(turn);
    else post({ kind: "correlations", race: number, sides: left.map(({ c }) => c) });
  };
  turn();
}

if (typeof WorkerGlobalScope !== "undefined") {
  const answer = serve((message) => postMessage(message));
  onmessage = ({ data }) => answer(data);
}
