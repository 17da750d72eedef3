// Real-time recurrent learning (Williams and Zipser 1989) in selective state spaces: each synapse keeps how far it has moved the
// states it acts on, so that its credit is known at once, without a way back through time. In general that takes as many numbers
// as there are synapses times units. Here the recurrence is diagonal, so a synapse acts on the states of its own channel only, and
// the rule is local and exact. "Bio-Inspired Mamba" (Qin 2024, arXiv 2409.11263) puts this together with STDP; of the paper the
// abstract is known, so what is here is inspired by it.
import { checkEachMade, checkOptions, scope, type Tensor } from "../../core/index.js";
import { decayRates, type SelectiveCell, type SelectiveParams } from "../../nn/index.js";
import { add, broadcastTo, exp, matmul, mul, reshape, sigmoid, sum, transpose, zeros } from "../../ops/index.js";
import { decayOuter } from "./decay-outer.js";

/** What a layer carries from step to step: n sequences, D channels, N states a channel. Its size does not depend on time. */
export interface SelectiveTraces {
  /** The states: (n, D, N). */
  readonly h: Tensor;
  /** Their derivative by `aLog`: (n, D, N). */
  readonly aLog: Tensor;
  /** By `stepBias`: (n, D, N). */
  readonly stepBias: Tensor;
  /** By the product of `stepDown` and `stepUp`, from which both follow: (n, D, N, D), the inputs last. */
  readonly step: Tensor;
  /** By `b`: (n, N, D, D), the inputs last. */
  readonly b: Tensor;
}

/** What a tick gives. */
export interface RtrlTick {
  /** What is carried to the next step, by layer. */
  readonly state: readonly SelectiveTraces[];
  /** The output of the last layer: (n, D). */
  readonly y: Tensor;
  /** The credit of this step, by layer: the derivative of its loss by each parameter, added up over the sequences. */
  readonly credit: readonly SelectiveParams[];
  /** The derivative of the loss of this step by its input, (n, D), as far as it does not go through earlier steps. */
  readonly feedback: Tensor;
}

/** Learning in real time. Made by `selectiveRtrl`. */
export interface SelectiveRtrl {
  /** What is carried before the first step, for `count` sequences: zeros. */
  rest(count: number): readonly SelectiveTraces[];
  /**
   * One step with inputs u (n, D).
   *
   * @param slopeOf the derivative of this step's loss by the output (n, D); zeros where nothing is asked for.
   */
  tick(
    params: readonly SelectiveParams[],
    state: readonly SelectiveTraces[],
    u: Tensor,
    slopeOf: (y: Tensor) => Tensor,
  ): RtrlTick;
}

/** Options of `selectiveRtrl`. */
export interface SelectiveRtrlOptions {
  /** Whether only the states remember earlier steps; false by default. For comparison: it cannot learn delays. */
  readonly truncated?: boolean;
}

/** What a layer does with its input, kept for its credit. */
interface Forward {
  readonly u: Tensor;
  readonly y: Tensor;
  readonly traces: SelectiveTraces;
  /** Δ (n, D), B and C (n, N), as in the cell. */
  readonly delta: Tensor;
  readonly b: Tensor;
  readonly c: Tensor;
  /** The derivative of h by z in this step: (n, D, N). */
  readonly slope: Tensor;
}

/**
 * Real-time recurrent learning for selective state spaces, one after the other, each fed by the outputs of the one before.
 *
 * For one layer it is exact: with parameters that stay the same over a sequence, the credits of all steps add up to the
 * gradient of the sum of all losses, as backpropagation through time gives it. With D channels and N states it carries
 * D N (3 + 2 D) numbers a sequence, however long that is, and the credit of a step does not depend on later ones. If parameters
 * move within a sequence, traces are those of parameters that have moved since, and the credit is near the gradient.
 *
 * **Several layers.** In time each layer does this; from layer to layer errors go back in the same step only (as in Zucchet et al.
 * 2023). What a lower layer did to the upper one's states in earlier steps is left out, so only the last layer is exact.
 *
 * ```ts
 * const cell = selectiveCell(8, { states: 4 });
 * const rtrl = selectiveRtrl([cell]);
 * let state = rtrl.rest(1);
 * for (const { u, target } of stream) {
 *   const tick = rtrl.tick([params], state, u, (y) => y.sub(target));
 *   state = tick.state;
 *   params = optimizer.step(params, tick.credit[0], optimizer.init(params)).params;
 * }
 * ```
 *
 * @param cells the layers, the first one first.
 * @throws RangeError for no cell at all, and cells of different numbers of channels.
 */
export function selectiveRtrl(cells: readonly SelectiveCell[], given: SelectiveRtrlOptions = {}): SelectiveRtrl {
  checkOptions("selectiveRtrl", given, ["truncated"]);
  const { truncated = false } = given;
  const op = "selectiveRtrl";
  if (!Array.isArray(cells) || cells.length === 0) {
    throw new RangeError(`[${op}] there is no cell. Give a list: [selectiveCell(8)].`);
  }
  checkEachMade(op, "the list of cells", cells, ["channels", "terms"], "Make them with selectiveCell().");
  const widths = cells.map(({ channels }: SelectiveCell) => channels);
  if (widths.some((width) => width !== widths[0])) {
    throw new RangeError(`[${op}] cells of ${widths.join(", ")} channels in a row. Give all of them the same number.`);
  }
  const check = (what: string, list: readonly unknown[]): void => {
    if (list.length === cells.length) return;
    throw new RangeError(`[${op}] ${what} of ${list.length} layers for ${cells.length} cells. Give one for each cell.`);
  };
  return {
    rest: (count) => cells.map((cell) => restOf(cell, count)),
    tick: (params, state, u, slopeOf) =>
      scope(() => {
        check("parameters", params);
        check("the state", state);
        const layers: Forward[] = [];
        for (const [i, cell] of cells.entries()) {
          layers.push(forward(cell, params[i], state[i], i === 0 ? u : layers[i - 1].y, truncated));
        }
        const y = layers[layers.length - 1].y;
        let feedback = slopeOf(y);
        const credit: SelectiveParams[] = [];
        for (let i = cells.length - 1; i >= 0; i--) {
          const found = assigned(params[i], layers[i], feedback);
          credit.unshift(found.credit);
          feedback = found.feedback;
        }
        return { state: layers.map(({ traces }) => traces), y, credit, feedback };
      }),
  };
}

function restOf(cell: SelectiveCell, count: number): SelectiveTraces {
  const { channels, states } = cell;
  const h = cell.state(count);
  const empty = (...shape: number[]): Tensor => zeros([count, ...shape], { dtype: h.dtype });
  return {
    h,
    aLog: empty(channels, states),
    stepBias: empty(channels, states),
    step: empty(channels, states, channels),
    b: empty(states, channels, channels),
  };
}

/** The states and all traces one step later. */
function forward(
  cell: SelectiveCell,
  params: SelectiveParams,
  before: SelectiveTraces,
  u: Tensor,
  truncated: boolean,
): Forward {
  const { z, delta, b, c } = cell.terms(params, u);
  const [count, channels] = u.shape;
  const states = b.shape[1];
  const column = (x: Tensor): Tensor => reshape(x, [count, channels, 1]);
  const row = (x: Tensor): Tensor => reshape(x, [count, 1, states]);
  const rates = decayRates(params);
  const decay = exp(mul(column(delta), rates));
  const [kept, written] = [mul(decay, before.h), mul(column(u), row(b))];
  const h = add(kept, mul(column(delta), written));
  const slope = mul(add(mul(rates, kept), written), column(sigmoid(z)));
  /** A trace one step later: what was there decays as the states do, and this step's part is added. */
  const next = (trace: Tensor, now: Tensor): Tensor => (truncated ? now : add(mul(decay, trace), now));
  /** The same for what a synapse from each input adds: the product of `now`, one number a state, and the input. */
  const nextOf = (trace: Tensor, by: Tensor, now: Tensor): Tensor => {
    const [decays, parts] = [reshape(by, [count, -1]), reshape(now, [count, -1])];
    if (truncated) return reshape(mul(reshape(parts, [count, -1, 1]), reshape(u, [count, 1, channels])), trace.shape);
    return reshape(decayOuter(reshape(trace, [count, -1, channels]), decays, parts, u), trace.shape);
  };
  const traces = {
    h,
    aLog: next(before.aLog, mul(mul(kept, rates), column(delta))),
    stepBias: next(before.stepBias, slope),
    step: nextOf(before.step, decay, slope),
    // What this step adds is the same for all states; the traces are not, since states decay differently.
    b: nextOf(
      before.b,
      transpose(decay, [0, 2, 1]),
      broadcastTo(reshape(mul(delta, u), [count, 1, channels]), [count, states, channels]),
    ),
  };
  const y = add(sum(mul(h, row(c)), 2), mul(u, params.d));
  return { u, y, traces, delta, b, c, slope };
}

/** The credit of a layer for the derivative of the loss by its output, and the derivative by its input in this step. */
function assigned(
  params: SelectiveParams,
  { u, traces, delta, b, c, slope }: Forward,
  dy: Tensor,
): { credit: SelectiveParams; feedback: Tensor } {
  const [count, channels] = u.shape;
  const states = b.shape[1];
  const dh = mul(reshape(dy, [count, channels, 1]), reshape(c, [count, 1, states]));
  const dc = sum(mul(reshape(dy, [count, channels, 1]), traces.h), 1);
  // By the product of stepDown and stepUp: [input, channel].
  const across = matmul(reshape(dh, [count, channels, 1, states]), traces.step);
  const dStep = transpose(reshape(sum(across, 0), [channels, channels]), [1, 0]);
  // By b: [input, state].
  const upon = matmul(reshape(transpose(dh, [0, 2, 1]), [count, states, 1, channels]), traces.b);
  const dB = transpose(reshape(sum(upon, 0), [states, channels]), [1, 0]);
  const credit = {
    aLog: sum(mul(dh, traces.aLog), 0),
    stepDown: matmul(dStep, params.stepUp, { b: true }),
    stepUp: matmul(params.stepDown, dStep, { a: true }),
    stepBias: sum(mul(dh, traces.stepBias), [0, 2]),
    b: dB,
    c: matmul(u, dc, { a: true }),
    d: sum(mul(dy, u), 0),
  };
  // The ways of this step from the input to the loss: as it is, by reading, by writing, and by the length of the step.
  const write = sum(mul(dh, reshape(b, [count, 1, states])), 2);
  const byWriting = sum(mul(dh, reshape(mul(delta, u), [count, channels, 1])), 1);
  const byStep = matmul(sum(mul(dh, slope), 2), params.stepUp, { b: true });
  const feedback = [
    mul(dy, params.d),
    matmul(dc, params.c, { b: true }),
    mul(write, delta),
    matmul(byWriting, params.b, { b: true }),
    matmul(byStep, params.stepDown, { b: true }),
  ].reduce((total, part) => add(total, part));
  return { credit, feedback };
}
