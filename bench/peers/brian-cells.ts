// Cells in Brian2 and in `synaptape/spiking`, in float64: Izhikevich's types at a constant current, leaky cells with currents
// that change, and first spikes of a wave on a grid. Prints how many steps spikes are apart at the most, and how many are in the
// same step before the first that is not: a spike overshoots so far that a difference in the last digit moves later ones.
// Brian2 adds up the terms of a slope in another order than the published program, which ours is to the bit. So fast spiking
// cells are also computed in plain numbers in Brian2's order, as its generated code has it.
// npx tsx bench/peers/brian-cells.ts; needs Debian's python3-brian.
import "../../src/float64/index.js";
import { spawnSync } from "node:child_process";
import { join } from "node:path";
import { Key, random, scope, tensor } from "../../src/index.js";
import { cellGrid, cellTypes, izhikevich, lif, type Neuron, runNeurons } from "../../src/spiking/index.js";

type Trains = readonly (readonly number[])[];

/** The steps at which each of Brian's cells spikes. */
function brian(input: object): Trains {
  const script = join(import.meta.dirname, "brian_cells.py");
  const asked = { input: JSON.stringify(input), encoding: "utf8", maxBuffer: 1 << 28 } as const;
  const { stdout, stderr, status } = spawnSync("/usr/bin/python3", [script], asked);
  if (status !== 0) throw new Error(`[brian] ${stderr}`);
  return JSON.parse(stdout.trim().split("\n").at(-1) as string);
}

/** The steps at which each of our cells spikes, for currents by step and cell. */
function ours(neuron: Neuron<never>, params: object, currents: readonly (readonly number[])[]): Trains {
  return scope(() => {
    const [steps, units] = [currents.length, currents[0].length];
    const given = tensor(currents.flat(), { shape: [1, steps, units], dtype: "float64" });
    const data = runNeurons(neuron, params as never, given).spikes.data();
    const trains = Array.from({ length: units }, (_, unit) =>
      Array.from({ length: steps }, (_, t) => t).filter((t) => data[t * units + unit] === 1),
    );
    return { trains };
  }).trains;
}

function compare(name: string, own: Trains, theirs: Trains): void {
  const counts = own.filter((train, i) => train.length !== theirs[i].length).length;
  const apart = own.flatMap((train, i) => train.map((t, k) => Math.abs(t - (theirs[i][k] ?? Infinity))));
  const same = own.map((train, i) => {
    const first = train.findIndex((t, k) => t !== theirs[i][k]);
    return first < 0 ? train.length : first;
  });
  const found = { "cells with another count": counts, "steps apart": Math.max(0, ...apart) };
  const spikes = apart.length;
  console.log(JSON.stringify({ name, cells: own.length, spikes, ...found, "same before": Math.min(...same) }));
}

/** The spikes of one of Izhikevich's cells at a current of 10 by Euler's method, with the additions in Brian2's order. */
function inTheirOrder({ a, b, c, d }: Record<"a" | "b" | "c" | "d", number>, steps: number, dt: number): number[] {
  let [v, u] = [-65, b * -65];
  return Array.from({ length: steps }, (_, t) => t).filter(() => {
    const slope = 140 + (10 + 0.04 * (v * v) + 5 * v) - u;
    [v, u] = [dt * slope + v, dt * (a * (b * v - u)) + u];
    if (!(v > 30)) return false;
    v = c;
    u += d;
    return true;
  });
}

const types = Object.values(cellTypes).slice(0, 5);
const of = (name: "a" | "b" | "c" | "d"): number[] => types.map((each) => each[name]);
const five = { a: of("a"), b: of("b"), c: of("c"), d: of("d") };
const constant = types.map(() => 10);
const names = Object.keys(cellTypes).slice(0, 5);
const [own, theirs] = [
  ours(
    izhikevich(5, { ...five, dt: 0.1, method: "simultaneous" }) as never,
    {},
    Array.from({ length: 10_000 }, () => constant),
  ),
  brian({ kind: "izhikevich", dt: 0.1, steps: 10_000, current: constant, ...five }),
];
names.forEach((name, i) => {
  compare(`${name}, 1 s in steps of 0.1 ms`, [own[i]], [theirs[i]]);
});
compare(
  "fastSpiking, in their order",
  [inTheirOrder(cellTypes.fastSpiking, 10_000, 0.1)],
  [theirs[names.indexOf("fastSpiking")]],
);

const [units, steps] = [100, 1000];
const currents = random
  .normal(Key.of(3), [steps, units], { mean: 0.1, std: 0.3, dtype: "float64" })
  .toArray() as number[][];
const tau = Array.from({ length: units }, (_, i) => 5 + i / 4);
compare(
  "leaky cells, 1000 steps",
  ours(lif(units, { tau }) as never, {}, currents),
  brian({ kind: "lif", dt: 1, steps, currents, tau }),
);

for (const [neighbourhood, weight] of [
  ["moore", 8],
  ["moore", 15],
  ["vonNeumann", 8],
] as const) {
  const [side, wave, pulse] = [21, 120, 10];
  const grid = cellGrid(side, side, { neighbourhood, weight });
  const dense = grid.dense({ weight: tensor(1) }).toArray() as number[][];
  const pairs = dense.flatMap((row, i) => row.flatMap((w, j) => (w > 0 ? [[i, j]] : [])));
  const middle = (grid.units - 1) / 2;
  const outside = Array.from({ length: wave }, (_, t) =>
    Array.from({ length: grid.units }, (_, unit) => (t < pulse && unit === middle ? 30 : 0)),
  );
  const { a, b, c, d } = cellTypes.regularSpiking;
  const first = (trains: Trains): Trains => trains.map((train) => train.slice(0, 1));
  compare(
    `first spikes on a grid, ${neighbourhood}, weight ${weight}`,
    first(ours(grid as never, { weight: tensor(weight, { dtype: "float64" }) }, outside)),
    first(brian({ kind: "grid", dt: 0.5, steps: wave, units: grid.units, pulse, weight, pairs, a, b, c, d })),
  );
}
