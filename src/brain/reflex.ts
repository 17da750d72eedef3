// The sample cerebellum with components that run: it adapts the gain of the vestibulo-ocular reflex, by which the eye moves
// against the head. Rates are linear or rectified. Only the synapses from granule cells to Purkinje cells learn, when
// climbing fibres report that the image slips on the retina (Ito 1982; long-term depression).
import { checkKey, checkKind, checkOptions, InputError, type Key, quote } from "../core/index.js";
import { cerebellum } from "./cerebellum.js";
import type { Component, Executable, Signal, Signals } from "./component.js";

/** The number of ticks in which the head moves to and fro once. */
export const CYCLE = 40;
/** The cosine and sine of a fortieth of a full rotation. */
const [COS, SIN] = [0.9876883405951378, 0.15643446504023087];

/** The sine at each tick of a cycle, found by rotating a vector step by step. */
const sine = ((): readonly number[] => {
  const table: number[] = [];
  for (let i = 0, x = 1, y = 0; i < CYCLE; i++) {
    table.push(y);
    [x, y] = [x * COS - y * SIN, x * SIN + y * COS];
  }
  return table;
})();
const sineAt = (tick: number): number => sine[((tick % CYCLE) + CYCLE) % CYCLE];

/** The mossy fibres, each of which is shifted by a fifth of a cycle from the one before. */
const MOSSY = ["MF_VN", "MF_PN", "MF_PH", "MF_PMT", "MF_VIII"] as const;
/** The signal of climbing fibres and vestibular neurons when there is nothing to report. */
const TONIC = 1;
/** The signal of vestibular neurons without Purkinje cells, which can only lower it. */
const VESTIBULAR = 2;

/**
 * The number of ticks from a signal of granule cells to the report of its effect, through Purkinje cells, vestibular neurons
 * and the eye. Synapses are changed according to the signal that they carried that long ago. With the present signal, the
 * fourth harmonic would be learned with the wrong sign.
 */
const REPORT = 3;

/** The state of Purkinje cells: their weights, and the last signals of granule cells, newest first. */
interface Purkinje {
  readonly weights: Float64Array;
  readonly heard: readonly Signal[];
}

/** Options of `reflex`. */
export interface ReflexOptions {
  /** The key from which the fixed weights are drawn. */
  readonly key: Key;
  /** The gain to adapt to, which is the speed of the eye divided by that of the head; 1 by default. */
  readonly target?: number;
  /** The number of granule cells, from 1 to 10,000; 50 by default. */
  readonly granule?: number;
  /**
   * How fast synapses learn; 0.005 by default. Below 0 synapses are strengthened instead of weakened, for hypotheses to
   * reject.
   */
  readonly learningRate?: number;
  /** Whether climbing fibres report the slip; true by default. */
  readonly reports?: boolean;
}

const one = (x: number): Signal => Float64Array.of(x);
const sum = (values: ArrayLike<number>): number => Array.prototype.reduce.call(values, (a, b) => a + b, 0) as number;
const meanOf = (values: ArrayLike<number>): number => sum(values) / values.length;

/** A component with fixed weights and one output line. */
const relay = (circuit: string, inPorts: Record<string, number>, weight: number, fire: (inputs: Signals) => number) =>
  ({
    ...{ circuit, inPorts, outDim: 1, initial: undefined },
    fire: (inputs, state) => ({ out: one(fire(inputs)), state }),
    weights: () => Object.fromEntries(Object.keys(inPorts).map((sender) => [sender, [weight]])),
  }) satisfies Component<undefined>;

/**
 * The sample cerebellum with a component for each circuit.
 *
 * @throws InputError for a number of granule cells that is not a whole number from 1 to 10,000.
 * @example
 * const executable = reflex({ key: Key.of(0), granule: 20 });
 * executable.build().map(({ circuit }) => circuit); // ["GrC", "GoC", "BC", "SC", "PC", "VN_output"]
 */
export function reflex(options: ReflexOptions): Executable {
  checkOptions("reflex", options, ["key", "target", "granule", "learningRate", "reports"]);
  const { key, target = 1, granule = 50, learningRate = 0.005, reports = true } = options;
  checkKey("reflex", key, "`key`");
  if (!Number.isInteger(granule) || granule < 1 || granule > 10_000) {
    throw new InputError(`[reflex] \`granule\` is ${quote(granule)}. Give a whole number from 1 to 10,000.`);
  }
  const mossyLines = Object.fromEntries(MOSSY.map((id) => [id, 1]));
  const [mixKey, offsetKey] = key.split();
  // Each granule cell gets most of its input from one mossy fibre, which differs from cell to cell.
  const mix = MOSSY.map((_, m) =>
    Float64Array.from(
      { length: granule },
      (_, i) => mixKey.uniform(i * MOSSY.length + m) * (i % MOSSY.length === m ? 2 : 0.4),
    ),
  );
  const offset = Float64Array.from({ length: granule }, (_, i) => offsetKey.uniform(i));
  const fromGolgi = new Float64Array(granule).fill(-0.5);

  const granuleCells: Component<undefined> = {
    ...{ circuit: "GrC", inPorts: { ...mossyLines, GoC: 1 }, outDim: granule, initial: undefined },
    fire: (inputs, state) => ({
      out: Float64Array.from(offset, (threshold, i) => {
        const driven = MOSSY.reduce((total, id, m) => total + mix[m][i] * inputs[id][0], 0);
        return Math.max(0, driven + fromGolgi[i] * inputs.GoC[0] - threshold);
      }),
      state,
    }),
    weights: () => ({ ...Object.fromEntries(MOSSY.map((id, m) => [id, mix[m]])), GoC: fromGolgi }),
  };
  const purkinjeCells: Component<Purkinje> = {
    ...{ circuit: "PC", inPorts: { GrC: granule, BC: 1, SC: 1, CF_IO: 1 }, outDim: 1 },
    initial: {
      weights: new Float64Array(granule).fill(4 / granule),
      heard: Array.from({ length: REPORT }, () => new Float64Array(granule)),
    },
    fire({ GrC, BC, SC, CF_IO }, { weights, heard }) {
      const driven = weights.reduce((total, weight, i) => total + weight * GrC[i], 0);
      const step = learningRate * (CF_IO[0] - TONIC);
      const cause = heard[REPORT - 1];
      const learned = step === 0 ? weights : weights.map((w, i) => Math.max(0, w - step * cause[i]));
      const state = { weights: learned, heard: [GrC, ...heard.slice(0, -1)] };
      return { out: one(driven - 0.2 * (BC[0] + SC[0])), state };
    },
    weights: ({ weights }) => ({ GrC: weights, BC: [-0.2], SC: [-0.2] }),
  };
  const basket = (circuit: string) => relay(circuit, { GrC: granule }, 1 / granule, ({ GrC }) => meanOf(GrC));
  return {
    bra: cerebellum,
    inputs: { ...mossyLines, CF_IO: 1 },
    build: () => [
      granuleCells,
      relay("GoC", { ...mossyLines, GrC: granule }, 1 / 6, (inputs) => meanOf(Object.values(inputs).map(meanOf))),
      basket("BC"),
      basket("SC"),
      purkinjeCells,
      relay("VN_output", { PC: 1 }, -1, ({ PC }) => VESTIBULAR - PC[0]),
    ],
    world(tick, { VN_output }) {
      const slip = wanted(tick, target) - (VN_output[0] - TONIC);
      return {
        ...Object.fromEntries(MOSSY.map((id, m) => [id, one(0.5 + 0.5 * sineAt(tick + 8 * m))])),
        CF_IO: one(TONIC + (reports ? slip : 0)),
      };
    },
  };
}

/** The wanted movement of the eye, against the head. */
const wanted = (tick: number, target: number): number => -target * sineAt(tick);

/**
 * The error of the eye's movement over one cycle: the root mean square of the slip, divided by that of the wanted movement.
 *
 * @param eye the signal of VN_output at each tick of a cycle that begins at a multiple of `CYCLE`.
 * @param target the wanted gain; 1 by default.
 * @example
 * const eye: number[] = [];
 * const onTick = ({ signals }: Moment) => eye.push(signals.VN_output[0]);
 * run(reflex({ key: Key.of(0) }), { ticks: 200 * CYCLE, onTick });
 * [gainError(eye.slice(0, CYCLE)), gainError(eye.slice(-CYCLE))]; // [1.079, 0.04053]
 */
export function gainError(eye: readonly number[], target = 1): number {
  checkKind("gainError", "the first argument", eye, "a list of numbers");
  const off = Array.from(eye, (sent, tick) => sent - TONIC - wanted(tick + 1, target));
  const squares = (values: readonly number[]): number => values.reduce((total, x) => total + x * x, 0);
  return Math.sqrt(squares(off) / squares(sine.map((x) => target * x)));
}
