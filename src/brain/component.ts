// A reference architecture that runs: a component for each circuit, connected as the circuits are. A connection takes one
// tick, so cycles are allowed, and no component sees what another computes in the same tick.
import { checkMade, InputError, plain } from "../core/index.js";
import type { Bra } from "./model.js";

/** The signal of a circuit: a number for each of its lines. */
export type Signal = Float64Array;
/** Signals by circuit. */
export type Signals = Readonly<Record<string, Signal>>;

/** A component that stands for a circuit. It must not keep anything between calls except its state. */
export interface Component<State = unknown> {
  /** The id of the circuit. */
  readonly circuit: string;
  /** The number of lines that it takes from each sender. */
  readonly inPorts: Readonly<Record<string, number>>;
  /** The number of lines that it sends. */
  readonly outDim: number;
  /** Its state before the first tick. */
  readonly initial: State;
  /** Its signal and its next state, from the signals of its senders one tick ago. It must not change its arguments. */
  fire(inputs: Signals, state: State): { readonly out: Signal; readonly state: State };
  /** Its weights on the signals of each sender, whose signs are checked (K21), and which traces contain. */
  weights?(state: State): Readonly<Record<string, ArrayLike<number>>>;
}

/** Components that can be run, and the world around them. */
export interface Executable {
  /** The reference architecture that it must agree with. */
  readonly bra: Bra;
  /** The number of lines of each external input. */
  readonly inputs: Readonly<Record<string, number>>;
  /** Makes new components at each call, so that two runs share nothing. */
  // biome-ignore lint/suspicious/noExplicitAny: each component knows the type of its own state.
  build(): readonly Component<any>[];
  /** The signals of the external inputs at this tick, given all signals of one tick ago. */
  world(tick: number, before: Signals): Signals;
}

/** Everything that is known after a tick. */
export interface Moment {
  /** The number of the tick, from 0. */
  readonly tick: number;
  /** The signal of every circuit. */
  readonly signals: Signals;
  /** The weights by receiver and sender, of components that have `weights`. */
  readonly weights: Readonly<Record<string, Readonly<Record<string, ArrayLike<number>>>>>;
}

/** Options of `run`. */
export interface RunOptions {
  /** The number of ticks. */
  readonly ticks: number;
  /**
   * The order of the components within a tick, as indices; by default that of `build`. Results should not depend on it
   * (K22).
   */
  readonly order?: readonly number[];
  /** Called after each tick. */
  readonly onTick?: (moment: Moment) => void;
}

/** Throws a TypeError for what cannot be run. */
export function checkExecutable(op: string, executable: Executable): void {
  checkMade(
    op,
    "the first argument",
    executable,
    ["bra", "inputs", "build", "world"],
    "Make one with reflex() or yourself.",
  );
}

/**
 * Runs components tick by tick. All signals are 0 before the first tick.
 *
 * @returns the last moment; undefined for no ticks.
 * @throws InputError if a component or the world sends more or fewer lines than declared.
 * @example
 * const last = run(reflex({ key: Key.of(0) }), { ticks: 10 });
 * last?.tick; // 9
 * last?.signals.VN_output; // [0.6904]
 */
export function run(executable: Executable, options: RunOptions): Moment | undefined {
  checkExecutable("run", executable);
  checkMade("run", "the last argument", options, ["ticks"], "Give { ticks }.");
  const { ticks, order, onTick } = options;
  const built = executable.build();
  const components = (order ?? built.map((_, i) => i)).map((i) => built[i]);
  const states = new Map<string, unknown>(components.map(({ circuit, initial }) => [circuit, initial]));
  let signals: Signals = Object.fromEntries([
    ...components.map(({ circuit, outDim }) => [circuit, new Float64Array(outDim)] as const),
    ...Object.entries(executable.inputs).map(([id, lines]) => [id, new Float64Array(lines)] as const),
  ]);
  let moment: Moment | undefined;
  for (let tick = 0; tick < ticks; tick++) {
    const given = executable.world(tick, signals);
    const next: Record<string, Signal> = {};
    for (const [id, lines] of Object.entries(executable.inputs)) next[id] = sized(id, lines, given[id]);
    for (const component of components) {
      const inputs = Object.fromEntries(Object.keys(component.inPorts).map((sender) => [sender, signals[sender]]));
      const { out, state } = component.fire(inputs, states.get(component.circuit));
      next[component.circuit] = sized(component.circuit, component.outDim, out);
      states.set(component.circuit, state);
    }
    signals = next;
    const shown = components.flatMap(({ circuit, weights }) =>
      weights ? [[circuit, weights(states.get(circuit))] as const] : [],
    );
    moment = { tick, signals, weights: Object.fromEntries(shown) };
    onTick?.(moment);
  }
  return moment;
}

/** The signal. Throws an InputError unless it has the declared number of lines. */
function sized(id: string, lines: number, signal: Signal | undefined): Signal {
  if (signal?.length === lines) return signal;
  throw new InputError(
    `[brain] ${plain(id)} sends ${signal?.length ?? "no"} lines, but ${lines} are declared. Make both the same.`,
  );
}
