// Recurrent cells: a step of a network that keeps a state from input to input, and the run over a whole sequence. A cell
// consists of functions of plain trees, so `loop`, `scan` and every transform work with it.

import { checkTensors, scan } from "../autodiff/index.js";
import {
  checkMade,
  checkOptions,
  checkShape,
  type FloatName,
  type Key,
  quote,
  showShape,
  type Tensor,
  type TreeOf,
} from "../core/index.js";
import {
  add,
  concat,
  matmul,
  moveAxis,
  mul,
  type OfType,
  ones,
  relu,
  sigmoid,
  split,
  sub,
  tanh,
  zeros,
} from "../ops/index.js";
import { initialise } from "./initialisers.js";
import { checkCount, type LayerParams } from "./layer.js";

/** The state of a simple recurrent cell and of a gated one. */
export interface HiddenState {
  /** The activities of the units, shape (n, units). */
  readonly h: Tensor;
}

/** The state of a long short-term memory; both parts have shape (n, units). */
export interface MemoryState extends HiddenState {
  /** The contents of the memory cells. */
  readonly c: Tensor;
}

/** A recurrent cell: parameters and state are plain trees. Made by `rnnCell`, `gruCell` or `lstmCell`. */
export interface Cell<S extends HiddenState> {
  /** How many units it has. */
  readonly units: number;
  /** The first parameters, for inputs (n, inputs). */
  init(key: Key, inputs: number): LayerParams;
  /** The first state for a batch of `count` examples: zeros. */
  state(count: number): S;
  /** The state after one more input x (n, inputs); its `h` is the output of the cell. */
  step(params: LayerParams, state: S, x: Tensor): S;
}

/**
 * Weights of `gates` gates side by side: "xavierUniform" from the inputs, and "orthogonal" among the units for each
 * gate.
 */
function weights(
  key: Key,
  [inputs, units, gates]: readonly [number, number, number],
  options: OfType,
): { input: Tensor; hidden: Tensor } {
  checkCount("cell", "`inputs`", inputs);
  const fans = { fanIn: inputs, fanOut: units };
  const perGate = Array.from({ length: gates }, (_, gate) => {
    const [first, second] = key.fold(gate).split();
    return {
      input: initialise("xavierUniform", first, [inputs, units], fans, options),
      hidden: initialise("orthogonal", second, [units, units], fans, options),
    };
  });
  return {
    input: concat(
      perGate.map(({ input }) => input),
      1,
    ),
    hidden: concat(
      perGate.map(({ hidden }) => hidden),
      1,
    ),
  };
}

/** Options of all recurrent cells. */
export interface CellOptions {
  /** The type of parameters and states; "float32" by default. Inputs must have the same type. */
  readonly dtype?: FloatName;
}

/** Options of `rnnCell`. */
export interface RnnOptions extends CellOptions {
  /** The activation function of the units: "tanh" (the default) or "relu". */
  readonly activation?: "tanh" | "relu";
}

const activations = { tanh, relu };

/**
 * A simple recurrent cell (Elman 1990): h' = tanh(x `input` + h `hidden` + `bias`), with `input` (n_in, units), `hidden`
 * (units, units) and `bias` (units), which begins at 0. PyTorch has two biases, whose sum is this one.
 *
 * @example
 * const cell = rnnCell(16);
 * unroll(cell, cell.init(Key.of(0), 8), ones([2, 5, 8])).outputs; // (2, 5, 16)
 */
export function rnnCell(units: number, given: RnnOptions = {}): Cell<HiddenState> {
  checkCount("rnnCell", "`units`", units);
  checkOptions("rnnCell", given, ["activation", "dtype"]);
  const { activation = "tanh", ...options } = given;
  if (!Object.hasOwn(activations, activation)) {
    throw new RangeError(`[rnnCell] \`activation\` is ${quote(activation)}. Use "tanh" or "relu".`);
  }
  return {
    units,
    init: (key, inputs) => ({ ...weights(key, [inputs, units, 1], options), bias: zeros([units], options) }),
    state: (count) => ({ h: zeros([count, units], options) }),
    step: ({ input, hidden, bias }, { h }, x) => ({
      h: activations[activation](add(add(matmul(x, input), matmul(h, hidden)), bias)),
    }),
  };
}

/**
 * A gated recurrent unit (Cho et al. 2014), in the form of cuDNN and PyTorch, where the reset gate acts on the product
 * with the hidden weights: r and z are sigmoids, n = tanh(x W + b + r (h U + c)), h' = (1 - z) n + z h. `input` (n_in, 3
 * units) and `hidden` (units, 3 units) have the gates r, z, n side by side, as has `bias`; `candidateBias` (units) is c.
 * Both biases begin at 0.
 *
 * @example
 * const cell = gruCell(16);
 * unroll(cell, cell.init(Key.of(0), 8), ones([2, 5, 8])).outputs; // (2, 5, 16)
 */
export function gruCell(units: number, options: CellOptions = {}): Cell<HiddenState> {
  checkCount("gruCell", "`units`", units);
  checkOptions("gruCell", options, ["dtype"]);
  return {
    units,
    init: (key, inputs) => ({
      ...weights(key, [inputs, units, 3], options),
      bias: zeros([3 * units], options),
      candidateBias: zeros([units], options),
    }),
    state: (count) => ({ h: zeros([count, units], options) }),
    step: ({ input, hidden, bias, candidateBias }, { h }, x) => {
      const from = split(add(matmul(x, input), bias), 3, 1);
      const among = split(matmul(h, hidden), 3, 1);
      const [reset, update] = [0, 1].map((gate) => sigmoid(add(from[gate], among[gate])));
      const candidate = tanh(add(from[2], mul(reset, add(among[2], candidateBias))));
      return { h: add(candidate, mul(update, sub(h, candidate))) };
    },
  };
}

/**
 * A long short-term memory (Hochreiter and Schmidhuber 1997, with the forget gate of Gers, Schmidhuber and Cummins 2000):
 * i, f and o are sigmoids, g = tanh, c' = f c + i g, h' = o tanh(c'). `input` (n_in, 4 units), `hidden` (units, 4 units)
 * and `bias` (4 units) have the gates i, f, g, o side by side. The bias begins at 0, except for the forget gate, where it
 * begins at 1 so that the memory lasts at first (Jozefowicz, Zaremba and Sutskever 2015).
 *
 * @example
 * const cell = lstmCell(16);
 * unroll(cell, cell.init(Key.of(0), 8), ones([2, 5, 8])).outputs; // (2, 5, 16)
 */
export function lstmCell(units: number, options: CellOptions = {}): Cell<MemoryState> {
  checkCount("lstmCell", "`units`", units);
  checkOptions("lstmCell", options, ["dtype"]);
  return {
    units,
    init: (key, inputs) => ({
      ...weights(key, [inputs, units, 4], options),
      bias: concat([zeros([units], options), ones([units], options), zeros([2 * units], options)], 0),
    }),
    state: (count) => ({ h: zeros([count, units], options), c: zeros([count, units], options) }),
    step: ({ input, hidden, bias }, { h, c }, x) => {
      const [i, f, g, o] = split(add(add(matmul(x, input), matmul(h, hidden)), bias), 4, 1);
      const next = add(mul(sigmoid(f), c), mul(sigmoid(i), tanh(g)));
      return { h: mul(sigmoid(o), tanh(next)), c: next };
    },
  };
}

/**
 * Runs a cell over sequences x (n, steps, inputs), from `state` (by default its first one), and gives its outputs
 * (n, steps, units) and the last state. It uses a checkpointed `scan`, so that long sequences fit into memory.
 *
 * @throws RangeError unless x has three axes and at least one step.
 * @example
 * const cell = gruCell(16);
 * const { outputs, state } = unroll(cell, cell.init(Key.of(0), 8), ones([2, 5, 8])); // (2, 5, 16)
 * state.h; // (2, 16)
 */
export function unroll<S extends HiddenState & TreeOf<S>>(
  cell: Cell<S>,
  params: LayerParams,
  x: Tensor,
  state?: S,
): { outputs: Tensor; state: S } {
  checkMade("unroll", "the cell", cell, ["state", "step"], "Make one with gruCell() or its like.");
  checkTensors("unroll", [x]);
  if (x.rank !== 3) {
    throw new RangeError(`[unroll] the sequences have shape ${showShape(x.shape)}. Give [n, steps, inputs].`);
  }
  checkShape("unroll", x.shape);
  const steps = moveAxis(x, 1, 0);
  const first: S = state ?? cell.state(x.shape[0]);
  const [last, outputs] = scan(x.shape[1], first, (before: S, step) => {
    const after = cell.step(params, before, steps.row(step));
    return [after, after.h] as const;
  });
  return { outputs: moveAxis(outputs, 0, 1), state: last };
}
