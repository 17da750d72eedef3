// Spiking cells on a grid in place of layers: each gets spikes from its nearest neighbours alone.
import { checkOptions, type DType, quote, type Tensor } from "../core/index.js";
import type { LayerParams } from "../nn/index.js";
import { add, exp, eye, full, mul, pad, reshape, slice, stack, sub, tensor } from "../ops/index.js";
import { type IzhikevichOptions, type IzhikevichState, izhikevich } from "./izhikevich.js";
import { filled, type Neuron } from "./neuron.js";

/** The state of cells on a grid. */
export interface GridState extends IzhikevichState {
  /** The currents from neighbours, which fade, shape (n, units). */
  readonly current: Tensor;
}

/** Where neighbours are, [rows down, columns to the right], in the order of the weights. */
const neighbourhoods = {
  moore: [
    [-1, -1],
    [-1, 0],
    [-1, 1],
    [0, -1],
    [0, 1],
    [1, -1],
    [1, 0],
    [1, 1],
  ],
  vonNeumann: [
    [-1, 0],
    [0, -1],
    [0, 1],
    [1, 0],
  ],
} as const;

/** What lies beyond the edge: nothing, or the other side. */
const boundaries = { zero: 0, torus: "wrap" } as const;

/** Options of `cellGrid`. */
export interface GridOptions {
  /** "moore" (the default): eight neighbours; "vonNeumann": four, without those across a corner. */
  readonly neighbourhood?: keyof typeof neighbourhoods;
  /** "zero" (the default): cells at the edge have fewer neighbours; "torus": the edges meet. */
  readonly boundary?: keyof typeof boundaries;
  /** What a spike adds to the current of a neighbour at first; 0 by default. */
  readonly weight?: number;
  /** Whether one weight is "shared" by all synapses (the default), or "each" has its own. */
  readonly synapses?: "shared" | "each";
  /**
   * Dale's sign of each cell, 1 or -1, row by row: with what its spikes are multiplied at all its synapses; 1 by default.
   * Weights of at least 0 then stay those of excitatory and inhibitory cells, whatever rule changes them.
   */
  readonly signs?: readonly number[];
  /** The time constant of the currents between cells, in milliseconds: above 0; 5 by default. */
  readonly tauSynapse?: number;
  /** What cells these are; of regular spiking in steps of 0.5 ms by Euler's method by default. */
  readonly cell?: Omit<IzhikevichOptions, "learn">;
}

/** Cells on a grid: neurons for `runNeurons`, numbered row by row, whose current comes from outside in addition. */
export interface CellGrid extends Neuron<GridState> {
  /** How many rows and columns there are. */
  readonly size: readonly [rows: number, columns: number];
  /** Where neighbours are, [rows down, columns to the right], in the order of the weights. */
  readonly neighbours: readonly (readonly [number, number])[];
  /** The length of a step, in milliseconds. */
  readonly dt: number;
  /**
   * The first parameters: `weight`, of shape () if it is shared, else (neighbours, units) with the weight of each cell's
   * synapse from each neighbour.
   */
  init(): LayerParams;
  /**
   * What each cell sees at its neighbours of values (n, units): (neighbours, n, units), 0 beyond the edge of a grid without
   * a torus. Of spikes these are the senders of `stdp` with `senders` "each".
   */
  seen(values: Tensor): Tensor;
  /** What a step of spikes (n, units) adds to the currents, (n, units): signs and weights included. */
  couple(params: LayerParams, spikes: Tensor): Tensor;
  /** The same as a matrix (senders, receivers), by which spikes (n, units) can be multiplied. */
  dense(params: LayerParams): Tensor;
}

/** Throws unless it is a whole number of at least 1. */
function checkLength(name: string, value: number): void {
  if (Number.isInteger(value) && value >= 1) return;
  throw new RangeError(`[cellGrid] \`${name}\` is ${quote(value)}. Give a whole number from 1 up.`);
}

function checkChoice(name: string, value: string, among: readonly string[]): void {
  if (among.includes(value)) return;
  throw new RangeError(`[cellGrid] \`${name}\` is ${quote(value)}. Use ${among.join(" or ")}.`);
}

/**
 * Izhikevich's cells on a grid. In each step the currents between cells fade by exp(-dt / tauSynapse), and each spike of the
 * last step adds `weight` times the sender's sign to the current of all its neighbours; then the cells take a step with this
 * current and the one from outside. A spike thus travels at most one cell a step. Gradients flow through spikes by their
 * surrogate.
 *
 * ```ts
 * const grid = cellGrid(21, 21, { weight: 8 });
 * const { spikes } = runNeurons(grid, grid.init(), currents); // (1, steps, 441)
 * ```
 *
 * @throws RangeError for lengths and time constants that are not usable, names that do not exist, a list without one sign for
 * each cell, and what `izhikevich` refuses.
 */
export function cellGrid(rows: number, columns: number, options: GridOptions = {}): CellGrid {
  checkOptions("cellGrid", options, [
    ...["neighbourhood", "boundary", "weight", "synapses", "signs", "tauSynapse", "cell"],
  ]);
  const { neighbourhood = "moore", boundary = "zero", weight = 0, synapses = "shared", tauSynapse = 5 } = options;
  const { signs, cell = {} } = options;
  checkLength("rows", rows);
  checkLength("columns", columns);
  checkChoice("neighbourhood", neighbourhood, Object.keys(neighbourhoods));
  checkChoice("boundary", boundary, Object.keys(boundaries));
  checkChoice("synapses", synapses, ["shared", "each"]);
  const units = rows * columns;
  if (!Number.isFinite(weight)) {
    throw new RangeError(`[cellGrid] \`weight\` is ${quote(weight)}. Give a finite number.`);
  }
  if (!(Number.isFinite(tauSynapse) && tauSynapse > 0)) {
    throw new RangeError(`[cellGrid] \`tauSynapse\` is ${quote(tauSynapse)}. Give milliseconds above 0.`);
  }
  if (signs && !(signs.length === units && signs.every((sign) => sign === 1 || sign === -1))) {
    throw new RangeError(`[cellGrid] \`signs\` must be 1 or -1 for each of ${units} cells, row by row.`);
  }
  const { dt = 0.5, method = "simultaneous" } = cell;
  const neuron = izhikevich(units, { ...cell, dt, method });
  const neighbours = neighbourhoods[neighbourhood];

  /** Values (n, units) with a border around the grid, (n, rows + 2, columns + 2). */
  const bordered = (values: Tensor): Tensor =>
    pad(
      reshape(values, [-1, rows, columns]),
      [
        [0, 0],
        [1, 1],
        [1, 1],
      ],
      boundaries[boundary],
    );
  const shifted = (values: Tensor): Tensor[] => {
    const wide = bordered(values);
    return neighbours.map(([down, right]) =>
      reshape(slice(wide, [0, 1 + down, 1 + right], [undefined, 1 + down + rows, 1 + right + columns]), values.shape),
    );
  };
  /** Sums over neighbours. Of spikes they are whole numbers, so that their order does not matter. */
  const sums = {
    vonNeumann: (values: Tensor): Tensor => shifted(values).reduce((total, each) => add(total, each)),
    moore(values: Tensor): Tensor {
      const wide = bordered(values);
      const part = (x: Tensor, axis: 1 | 2, from: number): Tensor =>
        axis === 1
          ? slice(x, [0, from], [undefined, from + rows])
          : slice(x, [0, 0, from], [undefined, undefined, from + columns]);
      const three = (x: Tensor, axis: 1 | 2): Tensor => add(add(part(x, axis, 0), part(x, axis, 1)), part(x, axis, 2));
      return sub(reshape(three(three(wide, 1), 2), values.shape), values);
    },
  };
  const signed = (spikes: Tensor): Tensor => (signs ? mul(spikes, tensor(signs, { dtype: spikes.dtype })) : spikes);
  const couple = (params: LayerParams, spikes: Tensor): Tensor => {
    if (params.weight.rank === 0) return mul(sums[neighbourhood](signed(spikes)), params.weight);
    return shifted(signed(spikes))
      .map((each, k) => mul(each, params.weight.row(k)))
      .reduce((total, each) => add(total, each));
  };
  return {
    ...{ units, size: [rows, columns], neighbours, dt, couple },
    init: () => ({ weight: full(synapses === "shared" ? [] : [neighbours.length, units], weight) }),
    seen: (values) => stack(shifted(values), 0),
    dense: (params) => couple(params, eye(units, units, 0, { dtype: params.weight.dtype })),
    state: (_, count, dtype: DType = "float32") => ({
      ...neuron.state({}, count, dtype),
      current: filled(count, units, dtype),
    }),
    step(params, { current: before, ...state }, outside, draws) {
      const current = add(
        mul(before, exp(full([], -dt / tauSynapse, { dtype: outside.dtype }))),
        couple(params, state.h),
      );
      return { ...neuron.step({}, state, add(current, outside), draws), current };
    },
  };
}
