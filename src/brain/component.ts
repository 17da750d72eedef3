// A reference architecture that runs: a component for each circuit, joined as the circuits are. A connection takes one tick,
// so that cycles are allowed and no component sees what another computes in the same tick.
import { InputError, plain } from "../core/index.js";
import type { Bra } from "./model.js";

/** What a circuit sends: a number for each of its lines. */
export type Signal = Float64Array;
/** Signals by circuit. */
export type Signals = Readonly<Record<string, Signal>>;

/** What runs in place of a circuit. It must not keep anything between calls except its state. */
export interface Component<State = unknown> {
  /** The circuit, by its id. */
  readonly circuit: string;
  /** How many lines it takes from each sender. */
  readonly inPorts: Readonly<Record<string, number>>;
  /** How many lines it sends. */
  readonly outDim: number;
  /** Its state before the first tick. */
  readonly initial: State;
  /** What it sends and its next state, from what its senders sent one tick ago. It changes neither argument. */
  fire(inputs: Signals, state: State): { readonly out: Signal; readonly state: State };
  /** The weights of what it takes, by sender: their signs are checked (K21), and traces show them. */
  weights?(state: State): Readonly<Record<string, ArrayLike<number>>>;
}

/** Everything that runs, and the world around it. */
export interface Executable {
  /** What it must agree with. */
  readonly bra: Bra;
  /** How many lines each external input has. */
  readonly inputs: Readonly<Record<string, number>>;
  /** The components, new ones at each call: two runs share nothing. */
  // biome-ignore lint/suspicious/noExplicitAny: each component knows the type of its own state.
  build(): readonly Component<any>[];
  /** What the external inputs send at this tick, where everything else sent `before` one tick ago. */
  world(tick: number, before: Signals): Signals;
}

/** Everything after a tick. */
export interface Moment {
  /** The number of the tick, from 0 on. */
  readonly tick: number;
  /** What every circuit sent. */
  readonly signals: Signals;
  /** Weights by receiver and sender, of components that show them. */
  readonly weights: Readonly<Record<string, Readonly<Record<string, ArrayLike<number>>>>>;
}

/** Options of `run`. */
export interface RunOptions {
  /** How many ticks. */
  readonly ticks: number;
  /** The order of the components in a tick, as positions; that of `build` by default. No result depends on it. */
  readonly order?: readonly number[];
  /** Called after each tick. */
  readonly onTick?: (moment: Moment) => void;
}

/**
 * Runs the components tick by tick; everything that they send is 0 before the first.
 *
 * @returns the last moment; undefined for no ticks.
 * @throws InputError where a component or the world sends more or fewer lines than it says.
 */
export function run(executable: Executable, { ticks, order, onTick }: RunOptions): Moment | undefined {
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

/** The signal, if it has as many lines as are said. */
function sized(id: string, lines: number, signal: Signal | undefined): Signal {
  if (signal?.length === lines) return signal;
  throw new InputError(
    `[brain] ${plain(id)} sends ${signal?.length ?? "no"} lines, but ${lines} are declared. Make both the same.`,
  );
}
