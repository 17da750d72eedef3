// Runs of the sample: how well it learns the reflex, and whether hypotheses that contradict known findings are rejected.
import {
  CYCLE,
  checkRun,
  type Executable,
  gainError,
  type Moment,
  type ReflexOptions,
  reflex,
  run,
} from "../../brain/index.js";
import { Key } from "../../core/index.js";
import { type Cell, type Context, Stopped } from "../../runs/index.js";

/** How long the reflex is learned. */
export interface ReflexConfig {
  /** Cycles of the head's movement. */
  readonly cycles: number;
}

/** The error is kept once in so many cycles. */
export const EVERY = 5;
/** Cycles in which a hypothesis must show that it learns. */
const TRIAL = 20;

/** Hypotheses that contradict a known finding. */
const rivals: Readonly<Record<string, Omit<ReflexOptions, "key">>> = {
  "no synapse learns": { learningRate: 0 },
  "synapses are strengthened where they should be weakened": { learningRate: -0.005 },
  "climbing fibres report nothing": { reports: false },
};
/** Their names, in order. */
export const RIVALS: readonly string[] = Object.keys(rivals);

/** The results of one seed. */
export interface ReflexRow {
  /** The error of each `EVERY`-th cycle from the first on, and of the last. */
  readonly errors: readonly number[];
  /** How many synapses change while climbing fibres report nothing. */
  readonly changed: number;
  /** The findings of the checks K20 to K23 when the sample runs. */
  readonly findings: readonly string[];
  /** Whether the sample is rejected, and then whether each of `RIVALS` is. */
  readonly rejected: readonly boolean[];
}

/** The error over one cycle, counted from 0. */
function errorOf(trace: readonly Moment[], cycle: number): number {
  const moments = trace.slice(cycle * CYCLE, (cycle + 1) * CYCLE);
  return gainError(moments.map(({ signals }) => signals.VN_output[0]));
}

/** Whether the error falls by half within a trial, which every hypothesis must achieve. */
function learns(executable: Executable): boolean {
  const trace: Moment[] = [];
  run(executable, { ticks: TRIAL * CYCLE, onTick: (moment) => trace.push(moment) });
  return errorOf(trace, TRIAL - 1) < errorOf(trace, 0) / 2;
}

/** Runs everything of one seed. */
export async function reflexes({ config: { cycles }, seed }: Cell<ReflexConfig>, context: Context): Promise<ReflexRow> {
  const key = Key.of(seed);
  const sample = reflex({ key });
  const errors: number[] = [];
  let eye: number[] = [];
  run(sample, {
    ticks: cycles * CYCLE,
    onTick({ tick, signals }) {
      eye.push(signals.VN_output[0]);
      if (eye.length < CYCLE) return;
      const cycle = (tick + 1) / CYCLE - 1;
      if (cycle % EVERY === 0 || cycle === cycles - 1) errors.push(gainError(eye));
      context.progress((cycle + 1) / (cycles + 4 * TRIAL));
      if (context.signal.aborted) throw new Stopped();
      eye = [];
    },
  });
  const silent = reflex({ key, reports: false });
  const weights: ArrayLike<number>[] = [];
  run(silent, { ticks: 2 * CYCLE, onTick: (moment) => weights.push(moment.weights.PC.GrC) });
  const [before, after] = [Array.from(weights[0]), weights[weights.length - 1]];
  return {
    errors,
    changed: before.filter((weight, i) => weight !== after[i]).length,
    findings: checkRun(sample, { ticks: CYCLE }).map(({ code, message }) => `${code}: ${message}`),
    rejected: [sample, ...RIVALS.map((name) => reflex({ key, ...rivals[name] }))].map((each) => !learns(each)),
  };
}
