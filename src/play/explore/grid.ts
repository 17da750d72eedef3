// A spark in the middle of a sheet of Izhikevich's cells, which excite their neighbours: does a wave come of it, and of what
// shape? The cells are those of the study of cells on a grid.
import { advance, type Tensor, treeLeaves } from "../../core/index.js";
import { tensor, zeros } from "../../ops/index.js";
import { cellGrid } from "../../spiking/index.js";
import type { Settings } from "./controls.js";
import type { Run } from "./run.js";

/** Cells along an edge, steps that the spark lasts, and its current. */
const [SIDE, SPARK, CURRENT] = [41, 10, 30] as const;

/** What is seen of the grid. */
export interface GridFrame {
  readonly side: number;
  /** The potential of each cell in millivolts, row by row. */
  readonly potentials: Float32Array;
  /** Which cells have just spiked: 1 or 0. */
  readonly spikes: Float32Array;
  /** How many spiked in each step so far. */
  readonly counts: Float32Array;
  /** How many cells have spiked at all. */
  readonly reached: number;
  /** Milliseconds since the start. */
  readonly time: number;
}

const numbers = (x: Tensor): Float32Array => x.data() as Float32Array;

/** Begins it. */
export function beginGrid({ weight, fading, neighbours, edges }: Settings<"grid">): Run<GridFrame> {
  const options = { weight, tauSynapse: fading, neighbourhood: neighbours, boundary: edges };
  const grid = cellGrid(SIDE, SIDE, options);
  const params = grid.init();
  const spark = new Float32Array(grid.units);
  spark[(grid.units - 1) / 2] = CURRENT;
  const [lit, dark] = [tensor(spark, { shape: [1, grid.units] }), zeros([1, grid.units])];
  const first = grid.state(params, 1);
  const ever = new Uint8Array(grid.units);
  const counts: number[] = [];
  let state = first;
  return {
    step() {
      const outside = counts.length < SPARK ? lit : dark;
      state = advance(state, (now) => grid.step(params, now, outside));
      const spikes = numbers(state.h);
      counts.push(spikes.reduce((sum, each) => sum + each, 0));
      for (const [cell, spike] of spikes.entries()) if (spike === 1) ever[cell] = 1;
    },
    frame: () => ({
      ...{ side: SIDE, potentials: numbers(state.v), spikes: numbers(state.h), counts: Float32Array.from(counts) },
      reached: ever.reduce((sum, each) => sum + each, 0),
      time: counts.length * grid.dt,
    }),
    state: () => treeLeaves(state).map(numbers),
    end() {
      for (const each of treeLeaves([state, first, params, lit, dark])) each.dispose();
    },
  };
}
