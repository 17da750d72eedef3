// How far each parameter may be off, and whether neurons of pulses without circuits say where the network works.
import { margin, transient, xorBehaviour, xorCircuit } from "../../circuits/index.js";
import { type Cell, type Context, Stopped, yieldToEvents } from "../../runs/index.js";
import { INPUTS, wrongWhenOff, XOR } from "./facts.js";
import { works } from "./sequence.js";

/** What a cell of margins is told. */
export interface MarginsConfig {
  /** The parameters whose margins are searched; `all` scales every bias. */
  readonly names: readonly string[];
  /** How exact margins are, as a share of the nominal value. */
  readonly tolerance: number;
  /** Biases on each side of the grid. */
  readonly points: number;
}

/** The margin of a parameter, as factors of its nominal value. */
export interface FoundMargin {
  readonly name: string;
  readonly low: number;
  readonly high: number;
  /** Whether it works at the ends of what was tried, from 0.4 to 1.8. */
  readonly open: readonly [boolean, boolean];
}

/** The row of the cell. */
export interface MarginsRow {
  readonly margins: readonly FoundMargin[];
  /** What is wrong when a parameter is a fifth off, or all biases are. */
  readonly wrong: readonly string[];
  /** Points of the grid of biases, points at which both levels agree on whether it is XOR, and those at which both say so. */
  readonly grid: { readonly points: number; readonly agree: number; readonly both: number; readonly either: number };
}

const WITHIN = [0.4, 1.8] as const;
/** The biases of the grid. */
const [LEAST, MOST] = [0.3, 1.5];

const circuit = xorCircuit;

/** Pulses of the output for one pair of inputs, and whether hidden neuron 1 fired. */
function outcome(pair: number, hidden: number, output: number): { out: number; fired: boolean } {
  const course = transient(circuit(), { duration: 110, dt: 0.1, pulses: INPUTS[pair], parameters: { hidden, output } });
  return { out: course.pulses("out").length, fired: course.pulses("g1").length > 0 };
}

/** The least bias, to a hundredth, from which on this is so. */
function from(holds: (bias: number) => boolean): number {
  let [low, high] = [0, 3];
  while (high - low > 0.01) {
    const middle = (low + high) / 2;
    if (holds(middle)) high = middle;
    else low = middle;
  }
  return high;
}

/**
 * Neurons of pulses that stand for those of the circuit: the weights in units of the threshold follow from the biases at which
 * a neuron fires for no pulse, for one, and for one of each sign.
 */
function calibrated(): (hidden: number, output: number) => boolean {
  const never = 0.3;
  const [none, one, opposed] = [0, 2, 3].map((pair) => from((bias) => outcome(pair, bias, never).fired));
  const [noneOut, oneOut] = [
    from((bias) => outcome(0, never, bias).out > 0),
    from((bias) => outcome(2, 0.82, bias).out > 0),
  ];
  const excite = 1 - one / none;
  const inhibit = excite - (1 - opposed / none);
  const out = 1 - oneOut / noneOut;
  return (hidden, output) => {
    if (hidden >= none || output >= noneOut) return false;
    const weights = [
      [excite, -inhibit],
      [-inhibit, excite],
    ];
    const bias = { hidden: hidden / none, output: output / noneOut };
    return xorBehaviour({ bias, weights, outputs: [out, out] }).join() === XOR.join();
  };
}

/** Computes the row. */
export async function marginsRow({ config }: Cell<MarginsConfig>, context: Context): Promise<MarginsRow> {
  const { names, tolerance, points } = config;
  const xor = circuit();
  const pause = async (share: number): Promise<void> => {
    context.progress(share);
    await yieldToEvents();
    if (context.signal.aborted) throw new Stopped();
  };
  const margins: FoundMargin[] = [];
  for (const name of names) {
    const nominal = xor.parameters[name];
    const within = [nominal * WITHIN[0], nominal * WITHIN[1]] as const;
    const found = margin((value) => works(xor, { [name]: value }), { nominal, within, tolerance });
    margins.push({ name, low: found.low / nominal, high: found.high / nominal, open: found.open });
    await pause((0.5 * margins.length) / names.length);
  }
  const says = calibrated();
  let [agree, both, either] = [0, 0, 0];
  for (let i = 0; i < points; i++) {
    for (let j = 0; j < points; j++) {
      const [hidden, output] = [i, j].map((k) => LEAST + ((MOST - LEAST) * k) / (points - 1));
      const ours = XOR.every((wanted, pair) => outcome(pair, hidden, output).out === wanted);
      const theirs = says(hidden, output);
      if (ours === theirs) agree++;
      if (ours && theirs) both++;
      if (ours || theirs) either++;
    }
    await pause(0.5 + (0.4 * i) / points);
  }
  return { margins, wrong: wrongWhenOff(names), grid: { points: points ** 2, agree, both, either } };
}
