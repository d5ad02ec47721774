// Tell what the experiments are and how each of them ends.
import { EXPERIMENTS, prepare, race } from "../../../initlib/widgets/experiments.js";

const told = Object.entries(EXPERIMENTS).map(([key, experiment]) => {
  const { question, shared, sides, ends } = experiment;
  const hows = sides.map((side) => ({ ...shared, ...side, start: side.start.name }));
  const first = () => prepare(experiment, 1, 5).step();
  return [key, {
    question, ends, sides: hows, runs: race(experiment), same: first() === first() }];
});
process.stdout.write(JSON.stringify(Object.fromEntries(told)));
