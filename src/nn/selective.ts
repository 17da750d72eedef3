// Selective state spaces: memories that decay and are written to as the input itself decides (Gu and Dao 2023, "Mamba:
// linear-time sequence modeling with selective state spaces", arXiv 2312.00752).
import { checkTensors, scan } from "../autodiff/index.js";
import {
  checkKind,
  checkMade,
  checkOptions,
  type FloatName,
  type Key,
  type Shape,
  scope,
  showShape,
  type Tensor,
} from "../core/index.js";
import {
  add,
  arange,
  broadcastTo,
  exp,
  expm1,
  log,
  matmul,
  moveAxis,
  mul,
  neg,
  ones,
  random,
  reshape,
  softplus,
  sum,
  zeros,
} from "../ops/index.js";
import { checkCount } from "./layer.js";

/** The parameters of a selective state space of D channels, N states a channel, and rank r. */
export interface SelectiveParams {
  /** (D, N): the state decays by exp(-Δ exp(`aLog`)). */
  readonly aLog: Tensor;
  /** (D, r): the first half of what makes Δ of the input. */
  readonly stepDown: Tensor;
  /** (r, D): the second half. */
  readonly stepUp: Tensor;
  /** (D): Δ = softplus(u `stepDown` `stepUp` + `stepBias`). */
  readonly stepBias: Tensor;
  /** (D, N): B = u `b`, which channels write by. */
  readonly b: Tensor;
  /** (D, N): C = u `c`, which they read by. */
  readonly c: Tensor;
  /** (D): what of the input goes on as it is. */
  readonly d: Tensor;
  /** More by name, so that these are a tree of tensors like any other layer's. */
  readonly [name: string]: Tensor;
}

/** What inputs u (m, D) make of the parameters. */
export interface SelectiveTerms {
  /** What Δ is the softplus of: (m, D). */
  readonly z: Tensor;
  /** Δ, how long the input lasts for each channel: (m, D). */
  readonly delta: Tensor;
  /** What channels write by: (m, N). */
  readonly b: Tensor;
  /** What they read by: (m, N). */
  readonly c: Tensor;
}

/** What a step gives. */
export interface SelectiveStep {
  /** The state after it: (n, D, N). */
  readonly h: Tensor;
  /** The output: (n, D). */
  readonly y: Tensor;
}

/** A selective state space as a cell, one input after the other. Made by `selectiveCell`. */
export interface SelectiveCell {
  /** D. */
  readonly channels: number;
  /** N. */
  readonly states: number;
  /** r. */
  readonly rank: number;
  /** The first parameters. */
  init(key: Key): SelectiveParams;
  /** The first state for a batch of `count` sequences: zeros (count, D, N). */
  state(count: number): Tensor;
  /** What inputs (m, D) make of the parameters. */
  terms(params: SelectiveParams, u: Tensor): SelectiveTerms;
  /** The state after one more input u (n, D), and the output: h' = exp(Δ A) h + Δ u B, y = h' C + d u. */
  step(params: SelectiveParams, h: Tensor, u: Tensor): SelectiveStep;
}

/** What a selective cell may be told. */
export interface SelectiveOptions {
  /** N, the states of a channel; 16 by default. */
  readonly states?: number;
  /** r, the rank of what makes Δ of the input; by default a sixteenth of the channels, and 1 at least. */
  readonly rank?: number;
  /** The type of parameters and states; "float32" by default. Inputs are to be of the same. */
  readonly dtype?: FloatName;
}

/** The shortest of the first Δ, and the logarithm of how many times as long the longest is: 100. */
const [SHORTEST, RANGE] = [1e-3, 4.605170185988092];

/**
 * A selective state space of so many channels. With A = -exp(`aLog`), always below 0, and Δ, B and C made of the input,
 * channel d keeps h[d, :] = exp(Δ[d] A[d, :]) h[d, :] + Δ[d] u[d] B, and gives y[d] = h[d, :] · C + `d`[d] u[d]. So the input
 * decides what is forgotten, written and read. None of this has a bias: a channel whose input is always 1 lets the cell write and
 * read whatever else the input is.
 *
 * `aLog` begins as the logarithms of 1 to N in each row, `d` as ones, `stepBias` so that Δ lies between 0.001 and 0.1 on a
 * logarithmic scale, and the other weights uniformly within ±1 / √(inputs), as in the authors' code.
 *
 * @throws RangeError for counts that are no whole numbers from 1 up.
 * @example
 * const cell = selectiveCell(8, { states: 4 });
 * selectiveScan(cell, cell.init(Key.of(0)), ones([2, 5, 8])).outputs; // (2, 5, 8)
 */
export function selectiveCell(channels: number, given: SelectiveOptions = {}): SelectiveCell {
  const op = "selectiveCell";
  checkOptions(op, given, ["states", "rank", "dtype"]);
  const { states = 16, rank, dtype = "float32" } = given;
  checkCount(op, "`channels`", channels);
  checkCount(op, "`states`", states);
  const lower = rank ?? Math.ceil(channels / 16);
  checkCount(op, "`rank`", lower);
  const options = { dtype };

  const terms = (params: SelectiveParams, u: Tensor): SelectiveTerms =>
    scope(() => {
      if (u.rank !== 2 || u.shape[1] !== channels) {
        throw new RangeError(`[${op}] inputs of shape ${showShape(u.shape)}. Give [n, ${channels}].`);
      }
      const z = add(matmul(matmul(u, params.stepDown), params.stepUp), params.stepBias);
      return { z, delta: softplus(z), b: matmul(u, params.b), c: matmul(u, params.c) };
    });

  return {
    ...{ channels, states, rank: lower },
    init: (key) =>
      scope(() => {
        const uniform = (from: Key, shape: Shape): Tensor => {
          const high = 1 / Math.sqrt(shape[0]);
          return random.uniform(from, [...shape], { low: -high, high, ...options });
        };
        const [down, up, bias, b, c] = key.split(5);
        const one = log(arange(1, states + 1, 1, dtype));
        return {
          aLog: broadcastTo(reshape(one, [1, states]), [channels, states]).add(0),
          stepDown: uniform(down, [channels, lower]),
          stepUp: uniform(up, [lower, channels]),
          stepBias: softplusInverse(
            exp(random.uniform(bias, [channels], { low: 0, high: RANGE, ...options })).mul(SHORTEST),
          ),
          b: uniform(b, [channels, states]),
          c: uniform(c, [channels, states]),
          d: ones([channels], options),
        };
      }),
    state: (count) => zeros([count, channels, states], options),
    terms,
    step: (params, h, u) =>
      scope(() => {
        const { delta, b, c } = terms(params, u);
        return stepped(params, h, u, { delta, b, c });
      }),
  };
}

/** log(exp(x) - 1), for x above 0. */
const softplusInverse = (x: Tensor): Tensor => add(x, log(neg(expm1(neg(x)))));

/**
 * A as it is used, (D, N): -exp(aLog).
 *
 * @example
 * const cell = selectiveCell(2, { states: 4 });
 * decayRates(cell.init(Key.of(0))); // [[-1, -2, -3, -4], [-1, -2, -3, -4]]
 */
export function decayRates(params: SelectiveParams): Tensor {
  checkKind("decayRates", "what it is given", params, "an object");
  return neg(exp(params.aLog));
}

function stepped(
  params: SelectiveParams,
  h: Tensor,
  u: Tensor,
  { delta, b, c }: Omit<SelectiveTerms, "z">,
): SelectiveStep {
  const [count, channels] = u.shape;
  const states = b.shape[1];
  const column = (x: Tensor): Tensor => reshape(x, [count, channels, 1]);
  const row = (x: Tensor): Tensor => reshape(x, [count, 1, states]);
  const next = add(mul(exp(mul(column(delta), decayRates(params))), h), mul(column(mul(delta, u)), row(b)));
  return { h: next, y: add(sum(mul(next, row(c)), 2), mul(u, params.d)) };
}

/**
 * A selective cell run over sequences u (n, steps, D), from `state` (zeros by default): the outputs (n, steps, D) and the last
 * state. What inputs make of the parameters is computed for all steps at once, and a checkpointed `scan` does the rest, so that
 * long sequences fit. It is `step` for one input after the other.
 *
 * @throws RangeError unless u has three axes and at least one step.
 * @example
 * const cell = selectiveCell(8, { states: 4 });
 * const { outputs, state } = selectiveScan(cell, cell.init(Key.of(0)), ones([2, 5, 8])); // (2, 5, 8)
 * state; // (2, 8, 4)
 */
export function selectiveScan(
  cell: SelectiveCell,
  params: SelectiveParams,
  u: Tensor,
  state?: Tensor,
): { outputs: Tensor; state: Tensor } {
  checkMade("selectiveScan", "the cell", cell, ["channels", "terms"], "Make one with selectiveCell().");
  checkTensors("selectiveScan", [u]);
  if (u.rank !== 3 || u.shape[2] !== cell.channels || u.shape[1] === 0) {
    throw new RangeError(
      `[selectiveScan] sequences of shape ${showShape(u.shape)}. Give [n, steps, ${cell.channels}], with a step or more.`,
    );
  }
  return scope(() => {
    const [count, steps, channels] = u.shape;
    const flat = reshape(moveAxis(u, 1, 0), [steps * count, channels]);
    const { delta, b, c } = cell.terms(params, flat);
    const byStep = (x: Tensor): Tensor => reshape(x, [steps, count, x.shape[1]]);
    const [inputs, deltas, writes, reads] = [flat, delta, b, c].map(byStep);
    const [last, outputs] = scan(steps, state ?? cell.state(count), (h: Tensor, t) => {
      const step = stepped(params, h, inputs.row(t), { delta: deltas.row(t), b: writes.row(t), c: reads.row(t) });
      return [step.h, step.y] as const;
    });
    return { outputs: moveAxis(outputs, 0, 1), state: last };
  });
}
