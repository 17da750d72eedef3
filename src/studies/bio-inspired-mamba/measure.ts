// What must hold of real-time recurrent learning in selective state spaces: 4 channels of 3 states, rank 2, 20 steps, float64.
import { grad } from "../../autodiff/index.js";
import { Key, leavesOf, scope, type Tensor, treeMap } from "../../core/index.js";
import { compareCredit, selectiveRtrl } from "../../credit/index.js";
import { float64 } from "../../float64/index.js";
import { decayRates, type SelectiveParams, selectiveCell, selectiveScan } from "../../nn/index.js";
import { abs, add, exp, max, min, mul, random, reshape, slice, sub, sum, tensor, zeros } from "../../ops/index.js";
import type { Cell, Context } from "../../runs/index.js";
import { stdp } from "../../spiking/index.js";
import { pause } from "../pause.js";

/** How long the sequences are. */
export interface LawsConfig {
  readonly steps: number;
}

/** The results of a seed. */
export interface LawsRow {
  /** The largest relative error of a parameter's credit, added up over a sequence, against the tape's gradient. */
  readonly exact: number;
  /** Against central differences along a direction. */
  readonly differences: number;
  /** Without the traces: the smallest relative error of a parameter that acts through the states. */
  readonly truncated: number;
  /** The largest difference of a credit from that with other inputs after its step. */
  readonly later: number;
  /** Numbers carried after one step and after all, over D N (3 + 2 D). */
  readonly carried: readonly [first: number, last: number];
  /** The whole sequence at once against one step after the other. */
  readonly scan: number;
  /** The smallest and the largest decay of a state in a step. */
  readonly decays: readonly [number, number];
  /** Two layers: the error of the upper one, and the cosine of the lower one. */
  readonly upper: number;
  readonly lower: number;
  /** The change by a pair of spikes, against the window of STDP. */
  readonly window: number;
}

const [CHANNELS, STATES, COUNT] = [4, 3, 2];
const cell = selectiveCell(CHANNELS, { states: STATES, rank: 2, ...float64 });

const normal = (key: Key, shape: readonly number[]): Tensor => random.normal(key, [...shape], float64);
/** Parameters with steps about as long as 1, so that states decay within a sequence. */
const drawn = (key: Key): SelectiveParams => ({ ...cell.init(key), stepBias: normal(key.fold(9), [CHANNELS]) });
const at = (x: Tensor, t: number): Tensor => reshape(slice(x, [undefined, t], [undefined, t + 1]), [COUNT, CHANNELS]);

/** The credit of each step for losses that weigh outputs, and how many numbers are carried after it. */
function creditsOf(
  params: readonly SelectiveParams[],
  u: Tensor,
  weights: Tensor,
  truncated = false,
): { steps: (readonly SelectiveParams[])[]; carried: number[] } {
  const rtrl = selectiveRtrl(
    params.map(() => cell),
    { truncated },
  );
  let state = rtrl.rest(COUNT);
  const [steps, carried]: [(readonly SelectiveParams[])[], number[]] = [[], []];
  for (let t = 0; t < u.shape[1]; t++) {
    const tick = rtrl.tick(params, state, at(u, t), () => at(weights, t));
    state = tick.state;
    steps.push(tick.credit);
    carried.push(leavesOf("traces", state).reduce((total, leaf) => total + leaf.tensor.size, 0));
  }
  return { steps, carried };
}

const total = (steps: readonly (readonly SelectiveParams[])[]): readonly SelectiveParams[] =>
  steps.reduce((sums, credit) => sums.map((each, i) => treeMap((a: Tensor, b: Tensor) => add(a, b), each, credit[i])));

const lossOf = (params: readonly SelectiveParams[], u: Tensor, weights: Tensor): Tensor =>
  sum(
    mul(
      params.reduce((x, each) => selectiveScan(cell, each, x).outputs, u),
      weights,
    ),
  );

/** Measures everything for one seed. */
export async function measureLaws({ config: { steps }, seed }: Cell<LawsConfig>, context: Context): Promise<LawsRow> {
  await pause(context, 0);
  const [ofParams, ofMore, ofInputs, ofWeights, ofLater, ofAlong] = Key.of(seed).split(6);
  return scope(() => {
    const [one, two] = [drawn(ofParams), drawn(ofMore)];
    const [u, weights] = [normal(ofInputs, [COUNT, steps, CHANNELS]), normal(ofWeights, [COUNT, steps, CHANNELS])];
    const gradient = grad((p: readonly SelectiveParams[]) => lossOf(p, u, weights))([one]);
    const { steps: found, carried } = creditsOf([one], u, weights);
    const [credit] = total(found);
    const [cut] = total(creditsOf([one], u, weights, true).steps);
    const stacked = grad((p: readonly SelectiveParams[]) => lossOf(p, u, weights))([one, two]);
    const split = total(creditsOf([one, two], u, weights).steps);
    const errors = (ours: SelectiveParams) => compareCredit(ours, gradient[0]).parameters;
    const perSequence = CHANNELS * STATES * (3 + 2 * CHANNELS) * COUNT;
    return {
      exact: Math.max(...errors(credit).map(({ relativeError }) => relativeError)),
      differences: differencesOf(ofAlong, one, credit, u, weights),
      truncated: Math.min(
        ...errors(cut).flatMap(({ path, relativeError }) => (["c", "d"].includes(path) ? [] : [relativeError])),
      ),
      later: laterOf(ofLater, one, found, u, weights),
      carried: [carried[0] / perSequence, carried[carried.length - 1] / perSequence] as const,
      scan: scanOf(one, u),
      decays: decaysOf(one, u),
      upper: compareCredit(split[1], stacked[1]).relativeError,
      lower: compareCredit(split[0], stacked[0]).cosine,
      window: windowOf(),
    };
  });
}

function differencesOf(key: Key, params: SelectiveParams, credit: SelectiveParams, u: Tensor, weights: Tensor): number {
  const h = 1e-5;
  const off = Object.keys(params).map((name, i) => {
    const along = normal(key.fold(i), params[name].shape);
    const loss = (by: number): number =>
      lossOf([{ ...params, [name]: add(params[name], mul(along, by)) }], u, weights).item();
    const slope = (loss(h) - loss(-h)) / (2 * h);
    return Math.abs(sum(mul(credit[name], along)).item() - slope) / Math.abs(slope);
  });
  return Math.max(...off);
}

/** Other inputs in the second half. */
function laterOf(
  key: Key,
  params: SelectiveParams,
  found: readonly (readonly SelectiveParams[])[],
  u: Tensor,
  weights: Tensor,
): number {
  const steps = found.length;
  const half = steps >> 1;
  const late = Array.from({ length: steps }, (_, t) => (t < half ? 0 : 1));
  const other = add(u, mul(normal(key, u.shape), reshape(tensor(late, float64), [1, steps, 1])));
  const { steps: others } = creditsOf([params], other, weights);
  return Math.max(...found.slice(0, half).map(([credit], t) => compareCredit(credit, others[t][0]).largestError));
}

function scanOf(params: SelectiveParams, u: Tensor): number {
  const { outputs } = selectiveScan(cell, params, u);
  let [h, worst] = [cell.state(COUNT), 0];
  for (let t = 0; t < u.shape[1]; t++) {
    const step = cell.step(params, h, at(u, t));
    h = step.h;
    worst = Math.max(worst, max(abs(sub(step.y, at(outputs, t)))).item());
  }
  return worst;
}

function decaysOf(params: SelectiveParams, u: Tensor): readonly [number, number] {
  const { delta } = cell.terms(params, reshape(u, [-1, CHANNELS]));
  const decays = exp(mul(reshape(delta, [-1, CHANNELS, 1]), decayRates(params)));
  return [min(decays).item(), max(decays).item()];
}

/** A pair of spikes from one synapse's two sides, in either order and at several distances. */
function windowOf(): number {
  const options = { plus: 0.02, minus: 0.03, tauPlus: 15, tauMinus: 25, bound: "none" } as const;
  const rule = stdp(options);
  const spike = (is: boolean): Tensor => tensor([is ? 1 : 0], float64);
  const expected = (apart: number): number => {
    const [size, tau] = apart > 0 ? [options.plus, options.tauPlus] : [-options.minus, options.tauMinus];
    return size * exp(tensor(-Math.abs(apart) / tau, float64)).item();
  };
  const off = [-20, -5, -1, 1, 5, 20].map((apart) => {
    let carry = { weights: zeros([1, 1], float64), state: rule.init(zeros([1, 1], float64)) };
    for (let t = 0; t <= 40; t++) {
      carry = rule.step(carry.weights, carry.state, spike(t === 20), spike(t === 20 + apart));
    }
    return Math.abs(carry.weights.item() - expected(apart));
  });
  return Math.max(...off);
}
