// Answer what standard input asks about races: [{ ask, ... }], by name.
import { readFileSync } from "node:fs";

import * as experiments from "../../../initlib/widgets/experiments.js";
import * as settings from "../../../initlib/widgets/settings.js";
import { ACTIVATIONS, Generator } from "../../../initlib/widgets/training.js";

const told = (how, data) => experiments.foresee(how, experiments.dataOf(data));

const ASKED = {
  run: ({ race }) => experiments.run(race),
  first: ({ race }) => [0, 0].map(() => experiments.prepare(race, 1).step()),
  foresee({ race, side }) {
    const how = race.sides[side];
    const found = told(how, race);
    const c = found && [...experiments.correlate(how, found)];
    const first = experiments.secondMoment(experiments.dataOf(race).x);
    return { ...found, c, first, ...settings.expectation(how, found, c) };
  },
  variance({ start, fanIn, fanOut, seed }) {
    const weights = experiments.startOf(start)(fanIn, fanOut, new Generator(seed));
    const drawn = experiments.secondMoment(weights);
    return [experiments.weightVariance(start, fanIn, fanOut), drawn];
  },
  digits: ({ bytes }) => experiments.unpackDigits(Uint8Array.from(bytes)),
  standardize: ({ x, columns, rows }) => [...experiments.standardize(x, columns, rows)],
  python: ({ race }) => settings.toPython(race),
  address: ({ race }) => settings.toAddress(race),
  read: ({ address, usual }) => settings.fromAddress(address, usual),
  allows: ({ key, values }) => values.map((value) => settings.allows(key, value)),
  locked: ({ race, differ }) => settings.locked(race, differ),
  changed: ({ race, key, value, side }) => settings.changed(race, key, value, side),
  verdict: ({ race, right, hopes, guess, last }) => settings.verdict(
    race, right.map((part) => [part, NaN]), hopes.map((hope) => ({ hope })), guess, last),
  names: ({ race }) => race.sides.map((_, side) => settings.sideName(race, side)),
  choices: () => ({
    activation: Object.keys(ACTIVATIONS),
    start: settings.CHOICES.start.values,
    shown: settings.CHOICES.activation.values,
  }),
  menus: () => Object.fromEntries(
    Object.entries({ ...settings.CHOICES, ...settings.SHARED })
      .filter(([, { values }]) => values)
      .map(([key, { values }]) => [key, values])),
  rate({ race, steps }) {
    const one = experiments.prepare(race, 0);
    for (let i = 0; i < 30; i += 1) one.step();
    const before = process.cpuUsage();
    for (let i = 0; i < steps; i += 1) one.step();
    const { user, system } = process.cpuUsage(before);
    return (1e6 * steps) / (user + system);
  },
  look({ race, steps }) {
    const one = experiments.prepare(race, 0);
    for (let i = 0; i < steps; i += 1) one.step();
    const { activations, gradients, units, dead, saturated } =
      experiments.look(one, experiments.inputsOf(one));
    const lists = (arrays) => arrays.map((array) => [...array]);
    return {
      dead, saturated, activations: lists(activations), gradients: lists(gradients),
      units: units && [...units] };
  },
};

const answers = JSON.parse(readFileSync(0, "utf8")).map(({ ask, ...about }) => ASKED[ask](about));
process.stdout.write(JSON.stringify(answers));
