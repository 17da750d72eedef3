// Plasticity of pairs in Brian2 and in `stdp`, in float64: the largest relative difference of the weights after one second of
// the same Poisson trains. npx tsx bench/peers/brian.ts; needs Debian's python3-brian.
import "../../src/float64/index.js";
import { spawnSync } from "node:child_process";
import { join } from "node:path";
import { Key, loop, random, type Tensor, tensor } from "../../src/index.js";
import { type StdpState, stdp } from "../../src/spiking/index.js";

const [senders, steps, start] = [50, 1000, 0.5];
const rule = { plus: 0.01, minus: 0.012, tauPlus: 20, tauMinus: 30 };
const draw = (key: Key, units: number): Tensor => random.bernoulli(key, 0.05, [steps, units], { dtype: "float64" });
const [pre, post] = [draw(Key.of(0), senders), draw(Key.of(1), 1)];

const { init, step } = stdp({ ...rule, bound: "none" });
const first = tensor(
  Array.from({ length: senders }, () => [start]),
  { dtype: "float64" },
);
const { weights } = loop(
  steps,
  { weights: first, state: init(first) },
  (carry: { weights: Tensor; state: StdpState }, t) => step(carry.weights, carry.state, pre.row(t), post.row(t)),
);

/** The steps at which a unit spikes. */
const moments = (trains: Tensor, unit: number): number[] => {
  const [units, data] = [trains.shape[1], trains.data()];
  return Array.from({ length: steps }, (_, t) => t).filter((t) => data[t * units + unit] === 1);
};
const input = JSON.stringify({
  ...{ ...rule, start, steps: steps + 1, post: moments(post, 0) },
  pre: Array.from({ length: senders }, (_, i) => moments(pre, i)),
});
const script = join(import.meta.dirname, "brian_stdp.py");
const { stdout, stderr, status } = spawnSync("/usr/bin/python3", [script], { input, encoding: "utf8" });
if (status !== 0) throw new Error(`[brian] ${stderr}`);
const theirs: number[] = JSON.parse(stdout.trim().split("\n").at(-1) as string);
const ours = Array.from(weights.data());
const largest = Math.max(...ours.map((w, i) => Math.abs(w / theirs[i] - 1)));
const together = moments(post, 0).filter((t) => moments(pre, 0).includes(t)).length;
console.log(JSON.stringify({ senders, steps, together, spread: [Math.min(...ours), Math.max(...ours)], largest }));
