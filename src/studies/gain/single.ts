// Single cells of the published types: how often they spike by a constant current, and how their membranes look.

import { loop } from "../../autodiff/index.js";
import { compile } from "../../compile/index.js";
import { advance, scope, type Tensor } from "../../core/index.js";
import { add, full, tensor } from "../../ops/index.js";
import type { Context } from "../../runs/index.js";
import { type CellType, cellTypes, type IzhikevichState, izhikevich } from "../../spiking/index.js";
import { pause } from "../pause.js";

/** The types that are looked at, from the rarest to the most frequent spikes, with the counts of another program. */
export const TYPES = [
  ["regularSpiking", 23, 23],
  ["intrinsicallyBursting", 34, 34],
  ["lowThresholdSpiking", 77, 75],
  ["chattering", 87, 86],
  ["fastSpiking", 131, 125],
] as const satisfies readonly (readonly [CellType, simultaneous: number, sequential: number])[];

/** Steps of 0.1 ms, how many make a second, and how many are looked at in a membrane. */
const [DT, SECOND, SHOWN] = [0.1, 10_000, 2000];
/** The current of the counts, and all currents. */
const COUNTED = 10;
export const CURRENTS = [0, 2, 3, 3.5, 3.7, 3.8, 4, 5, 6, 8, COUNTED, 12, 14, 16, 18, 20] as const;

/** The row of single cells. */
export interface SingleRow {
  /** Spikes in a second at a current of 10, by type, with both orders of a step. */
  readonly counts: { readonly simultaneous: readonly number[]; readonly sequential: readonly number[] };
  /** Spikes in a second for all currents, by type. */
  readonly curves: readonly (readonly number[])[];
  /** Membranes in the first 200 ms at a current of 10, the largest of each ms in mV, up to the peak of 30. */
  readonly membranes: readonly (readonly number[])[];
}

const of = (name: "a" | "b" | "c" | "d"): number[] => TYPES.map(([type]) => cellTypes[type][name]);
const cells = (method: "simultaneous" | "sequential") =>
  izhikevich(TYPES.length, { a: of("a"), b: of("b"), c: of("c"), d: of("d"), dt: DT, method });

/** Spikes in a second, for each current by type. */
async function counts(
  method: "simultaneous" | "sequential",
  currents: readonly number[],
  report: (done: number) => Promise<void>,
): Promise<number[][]> {
  const neuron = cells(method);
  const chunk = 500;
  interface Carry {
    readonly state: IzhikevichState;
    readonly total: Tensor;
  }
  const run = compile((carry: Carry, current: Tensor) =>
    loop(chunk, carry, ({ state, total }: Carry): Carry => {
      const next = neuron.step({}, state, current);
      return { state: next, total: add(total, next.h) };
    }),
  );
  try {
    const given = tensor(currents.map((each) => TYPES.map(() => each)));
    let carry: Carry = { state: neuron.state({}, currents.length), total: full([currents.length, TYPES.length], 0) };
    for (let done = 0; done < SECOND; done += chunk) {
      carry = advance(carry, (before) => run(before, given));
      await report(done / SECOND);
    }
    return carry.total.toArray() as number[][];
  } finally {
    run.dispose();
  }
}

function membranes(): number[][] {
  return scope(() => {
    const neuron = cells("simultaneous");
    const current = tensor([TYPES.map(() => COUNTED)]);
    const largest = TYPES.map(() => [] as number[]);
    let state = neuron.state({}, 1);
    for (let step = 0; step < SHOWN; step++) {
      state = advance(state, (before) => neuron.step({}, before, current));
      const [v, ms] = [state.v.data(), Math.floor(step * DT + 1e-9)];
      largest.forEach((membrane, i) => {
        membrane[ms] = Math.max(membrane[ms] ?? -Infinity, Math.min(30, Math.round(v[i] * 10) / 10));
      });
    }
    return largest;
  });
}

/** Computes all of it. */
export async function singleRow(context: Context): Promise<SingleRow> {
  const found = await counts("simultaneous", CURRENTS, (done) => pause(context, 0.5 * done));
  const [sequential] = await counts("sequential", [COUNTED], (done) => pause(context, 0.5 + 0.4 * done));
  return {
    counts: { simultaneous: found[CURRENTS.indexOf(COUNTED)], sequential },
    curves: TYPES.map((_, type) => found.map((row) => row[type])),
    membranes: membranes(),
  };
}
