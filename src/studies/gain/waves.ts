// A pulse into the middle of a grid: how far it spreads, how fast, and whether it keeps the laws of the grid.
import { Key, type Tensor } from "../../core/index.js";
import { matmul, mul, random, reshape, roll, sub, tensor } from "../../ops/index.js";
import type { Context } from "../../runs/index.js";
import { type CellGrid, cellGrid, type GridOptions, runNeurons } from "../../spiking/index.js";
import { inParts } from "../pause.js";

/** Cells along an edge of the grid, steps of 0.5 ms, and how many of them the pulse of 30 lasts. */
export const [SIDE, STEPS, PULSE] = [21, 120, 10] as const;
const [UNITS, MIDDLE] = [SIDE * SIDE, (SIDE * SIDE - 1) / 2];
/** The weights that are tried, and that whose wave is drawn. */
export const WEIGHTS = [0, 2, 5, 8, 15, 40] as const;
export const DRAWN = 8;
/** Cells to the right of the middle whose first spikes are looked at. */
export const DISTANCES = [0, 2, 4, 6, 8, 10] as const;

/** What one wave does. */
export interface Wave {
  readonly neighbourhood: "moore" | "vonNeumann";
  readonly weight: number;
  /** How many of 441 cells spike within 60 ms. */
  readonly fired: number;
  /** The steps of the first spikes at some distances from the middle; null for none. */
  readonly axis: readonly (number | null)[];
}

/** The row of waves. */
export interface WavesRow {
  readonly waves: readonly Wave[];
  /** Cells that spike before a spike could have reached them, of all waves. */
  readonly early: number;
  /** Cells whose first spike differs from that of a mirrored or turned cell, of all waves. */
  readonly uneven: number;
  /** Spikes on a torus that differ when the input is moved and the output moved back. */
  readonly moved: number;
  /** The largest difference of what the stencil and the matrix of all synapses add to a current, in float32. */
  readonly dense: number;
  /** The step of each cell's first spike in the wave that is drawn. */
  readonly first: readonly (number | null)[];
  /** The steps at which the cells from the middle to the right edge spike. */
  readonly raster: readonly (readonly number[])[];
}

/** The spikes (steps, units) of a grid after the pulse. */
function spikesOf(grid: CellGrid): ArrayLike<number> {
  const outside = new Float32Array(STEPS * UNITS);
  for (let t = 0; t < PULSE; t++) outside[t * UNITS + MIDDLE] = 30;
  const { spikes } = runNeurons(grid, grid.init(), tensor(outside, { shape: [1, STEPS, UNITS] }));
  return Float32Array.from(spikes.data());
}

const trainOf = (spikes: ArrayLike<number>, unit: number): number[] =>
  Array.from({ length: STEPS }, (_, t) => t).filter((t) => spikes[t * UNITS + unit] === 1);

/** Cells that spike too early, and cells whose first spike is not that of their images. */
function broken(first: readonly (number | null)[], moore: boolean): { early: number; uneven: number } {
  let [early, uneven] = [0, 0];
  const at = (r: number, c: number): number | null => first[r * SIDE + c];
  const centre = (SIDE - 1) / 2;
  for (let r = 0; r < SIDE; r++) {
    for (let c = 0; c < SIDE; c++) {
      const [down, right] = [Math.abs(r - centre), Math.abs(c - centre)];
      const own = at(r, c);
      if (own !== null && own < (moore ? Math.max(down, right) : down + right)) early++;
      const images = [at(c, r), at(SIDE - 1 - r, c), at(r, SIDE - 1 - c)];
      if (images.some((each) => each !== own)) uneven++;
    }
  }
  return { early, uneven };
}

/** Spikes that move otherwise than their input on a torus. */
function moved(): number {
  const [rows, columns, steps] = [9, 11, 60];
  const grid = cellGrid(rows, columns, { boundary: "torus", weight: 9.7 });
  const outside = mul(random.bernoulli(Key.of(3), 0.1, [1, steps, rows, columns]), 40);
  const run = (current: Tensor): Tensor => {
    const { spikes } = runNeurons(grid, grid.init(), reshape(current, [1, steps, rows * columns]));
    return reshape(spikes, [1, steps, rows, columns]);
  };
  const shift = (x: Tensor): Tensor => roll(roll(x, 4, 2), 7, 3);
  return Array.from(sub(run(shift(outside)), shift(run(outside))).data()).filter((each) => each !== 0).length;
}

function dense(): number {
  let largest = 0;
  for (const neighbourhood of ["moore", "vonNeumann"] as const) {
    for (const boundary of ["zero", "torus"] as const) {
      const key = Key.of(5);
      const signs = Array.from({ length: 99 }, (_, i) => (key.uniform(i) < 0.2 ? -1 : 1));
      const options: GridOptions = { neighbourhood, boundary, synapses: "each", signs };
      const grid = cellGrid(9, 11, options);
      const params = { weight: random.uniform(key, [grid.neighbours.length, 99]) };
      const spikes = random.bernoulli(key.fold(1), 0.3, [8, 99]);
      const off = sub(grid.couple(params, spikes), matmul(spikes, grid.dense(params))).data();
      largest = Math.max(largest, ...Array.from(off, Math.abs));
    }
  }
  return largest;
}

/** Computes all of it. */
export async function wavesRow(context: Context): Promise<WavesRow> {
  const part = inParts(context, 2 * WEIGHTS.length + 2);
  const waves: Wave[] = [];
  let [early, uneven] = [0, 0];
  let [drawn, raster]: [(number | null)[], number[][]] = [[], []];
  for (const neighbourhood of ["moore", "vonNeumann"] as const) {
    for (const weight of WEIGHTS) {
      await part(() => {
        const spikes = spikesOf(cellGrid(SIDE, SIDE, { neighbourhood, weight }));
        const first = Array.from({ length: UNITS }, (_, unit) => trainOf(spikes, unit)[0] ?? null);
        const off = broken(first, neighbourhood === "moore");
        early += off.early;
        uneven += off.uneven;
        const fired = first.filter((step) => step !== null).length;
        waves.push({ neighbourhood, weight, fired, axis: DISTANCES.map((right) => first[MIDDLE + right]) });
        if (neighbourhood !== "moore" || weight !== DRAWN) return;
        drawn = first;
        raster = Array.from({ length: (SIDE + 1) / 2 }, (_, right) => trainOf(spikes, MIDDLE + right));
      });
    }
  }
  const others = { moved: await part(moved), dense: await part(dense) };
  return { waves, early, uneven, ...others, first: drawn, raster };
}
