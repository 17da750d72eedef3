// The sample cerebellum at work: it adapts the gain of the vestibulo-ocular reflex, the eye's movement against that of the
// head. Rates are linear or rectified; only the synapses from granule to Purkinje cells learn, where climbing fibres report
// the slip of the picture on the retina (Ito 1982; long-term depression).
import { InputError, type Key, quote } from "../core/index.js";
import { cerebellum } from "./cerebellum.js";
import type { Component, Executable, Signal, Signals } from "./component.js";

/** Ticks of one movement of the head to and fro. */
export const CYCLE = 40;
/** cos and sin of a fortieth of a turn. */
const [COS, SIN] = [0.9876883405951378, 0.15643446504023087];

/** The sine over a cycle, by turning a pointer step by step. */
const sine = ((): readonly number[] => {
  const table: number[] = [];
  for (let i = 0, x = 1, y = 0; i < CYCLE; i++) {
    table.push(y);
    [x, y] = [x * COS - y * SIN, x * SIN + y * COS];
  }
  return table;
})();
const sineAt = (tick: number): number => sine[((tick % CYCLE) + CYCLE) % CYCLE];

/** Mossy fibres, each an eighth of a cycle behind the one before. */
const MOSSY = ["MF_VN", "MF_PN", "MF_PH", "MF_PMT", "MF_VIII"] as const;
/** What climbing fibres and vestibular neurons send when there is nothing to report. */
const TONIC = 1;
/** What vestibular neurons would send without Purkinje cells, which can only take off it. */
const VESTIBULAR = 2;

/**
 * Ticks from a signal of granule cells to the report of what it did: to Purkinje cells, to vestibular neurons, to the eye.
 * Synapses are changed by what they carried then. With the signal of now, the fourth harmonic would be learned with the wrong
 * sign.
 */
const REPORT = 3;

/** What Purkinje cells keep: their weights, and what they heard last, newest first. */
interface Purkinje {
  readonly weights: Float64Array;
  readonly heard: readonly Signal[];
}

/** How the reflex is set. */
export interface ReflexOptions {
  /** Its weights follow from it. */
  readonly key: Key;
  /** The gain to adapt to: how fast the eye must move against the head. 1 by default. */
  readonly target?: number;
  /** Granule cells; 50 by default. */
  readonly granule?: number;
  /** How fast synapses learn, above or equal to 0; 0.005 by default. Below 0 they are strengthened instead, as hypotheses to reject. */
  readonly learningRate?: number;
  /** Whether climbing fibres report the slip; true by default. */
  readonly reports?: boolean;
}

const one = (x: number): Signal => Float64Array.of(x);
const sum = (values: ArrayLike<number>): number => Array.prototype.reduce.call(values, (a, b) => a + b, 0) as number;
const meanOf = (values: ArrayLike<number>): number => sum(values) / values.length;

/** A component with fixed weights that sends one line. */
const relay = (circuit: string, inPorts: Record<string, number>, weight: number, fire: (inputs: Signals) => number) =>
  ({
    ...{ circuit, inPorts, outDim: 1, initial: undefined },
    fire: (inputs, state) => ({ out: one(fire(inputs)), state }),
    weights: () => Object.fromEntries(Object.keys(inPorts).map((sender) => [sender, [weight]])),
  }) satisfies Component<undefined>;

/**
 * The sample with components that run.
 *
 * @throws InputError for a number of granule cells that is no whole number from 1 to 10,000.
 */
export function reflex({
  key,
  target = 1,
  granule = 50,
  learningRate = 0.005,
  reports = true,
}: ReflexOptions): Executable {
  if (!Number.isInteger(granule) || granule < 1 || granule > 10_000) {
    throw new InputError(`[reflex] \`granule\` is ${quote(granule)}. Give a whole number from 1 to 10,000.`);
  }
  const mossyLines = Object.fromEntries(MOSSY.map((id) => [id, 1]));
  const [mixKey, offsetKey] = key.split();
  // A granule cell listens most to one mossy fibre, and cells to different ones.
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

/** How the eye should move: against the head. */
const wanted = (tick: number, target: number): number => -target * sineAt(tick);

/**
 * How far the eye's movement over one cycle is off: the root of the mean square of the slip, as a share of the movement that
 * is wanted.
 *
 * @param eye what VN_output sent at each tick of a cycle that begins at a multiple of `CYCLE`.
 * @param target the gain that it should have.
 */
export function gainError(eye: readonly number[], target = 1): number {
  const off = eye.map((sent, tick) => sent - TONIC - wanted(tick + 1, target));
  const squares = (values: readonly number[]): number => values.reduce((total, x) => total + x * x, 0);
  return Math.sqrt(squares(off) / squares(sine.map((x) => target * x)));
}
