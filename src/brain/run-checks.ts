// Checks of components that stand for circuits: K20 to K24.
import { checkMade } from "../core/index.js";
import type { Finding } from "./checks.js";
import { checkExecutable, type Executable, type Moment, run, type Signals } from "./component.js";

/**
 * Something that must be observed when the architecture runs. If it is not, the architecture is rejected as a
 * hypothesis.
 */
export interface Prediction {
  /** The prediction, as a sentence. */
  readonly statement: string;
  /** The world in which it is tested; by default that of the executable. */
  world?(tick: number, before: Signals): Signals;
  /** Whether the trace shows it. */
  holds(trace: readonly Moment[]): boolean;
}

/** Options of `checkRun`. */
export interface RunCheckOptions {
  /** How many ticks it runs. */
  readonly ticks: number;
  /** What must be observed; nothing by default. */
  readonly predictions?: readonly Prediction[];
}

/** One check of an executable. */
interface RunCheck {
  readonly code: string;
  /** The rule that it checks, as a sentence. */
  readonly demands: string;
  /** Whether it runs the components. */
  readonly runs: boolean;
  find(executable: Executable, options: RunCheckOptions): string[];
}

/** Everything that happens in a run, tick by tick. */
function traceOf(executable: Executable, ticks: number, order?: readonly number[]): Moment[] {
  const trace: Moment[] = [];
  run(executable, { ticks, onTick: (moment) => trace.push(moment), ...(order && { order }) });
  return trace;
}

/** Whether two runs sent the same bits. */
function sameSignals(one: readonly Moment[], other: readonly Moment[]): boolean {
  return one.every(({ signals }, tick) =>
    Object.entries(signals).every(([id, signal]) => signal.every((x, i) => Object.is(x, other[tick].signals[id][i]))),
  );
}

/** The checks K20 to K24. */
export const runChecks: readonly RunCheck[] = [
  {
    code: "K20",
    demands: "Components stand for circuits and ports for connections, and every connection carries data.",
    runs: false,
    find(executable) {
      const { bra, inputs } = executable;
      const components = executable.build();
      const known = new Set(bra.circuits.map(({ id }) => id));
      const run = [...components.map(({ circuit }) => circuit), ...Object.keys(inputs)];
      const edges = new Set(bra.connections.map(({ sender, receiver }) => JSON.stringify([sender, receiver])));
      const ports = components.flatMap(({ circuit, inPorts }) => Object.keys(inPorts).map((from) => [from, circuit]));
      const carried = new Set(ports.map((port) => JSON.stringify(port)));
      return [
        ...run.filter((id, i) => run.indexOf(id) < i).map((id) => `${id} runs twice; remove one of its components.`),
        ...run
          .filter((id) => !known.has(id))
          .map((id) => `${id} runs but is not a circuit; add the circuit or remove the component.`),
        ...ports
          .filter((port) => !edges.has(JSON.stringify(port)))
          .map(([from, to]) => `${to} listens to ${from}, which is not connected to it; remove the port.`),
        ...bra.connections
          .filter(({ sender, receiver }) => !carried.has(JSON.stringify([sender, receiver])) || !run.includes(sender))
          .map(({ sender, receiver }) => `${sender} -> ${receiver} carries nothing; give both ends a component.`),
      ];
    },
  },
  {
    code: "K21",
    demands:
      "Weights on signals of excitatory circuits are not negative, and those on signals of inhibitory ones not positive.",
    runs: true,
    find(executable, { ticks }) {
      const wrong = new Set<string>();
      const signs = new Map(executable.bra.circuits.map(({ id, mod }) => [id, mod]));
      for (const { weights } of traceOf(executable, ticks)) {
        for (const [receiver, bySender] of Object.entries(weights)) {
          for (const [sender, values] of Object.entries(bySender)) {
            const mod = signs.get(sender);
            const breaks = (w: number) => (mod === "Excitatory" && w < 0) || (mod === "Inhibitory" && w > 0);
            if (Array.from(values).some(breaks))
              wrong.add(`${sender}, ${mod}, has weights of the wrong sign on ${receiver}`);
          }
        }
      }
      return [...wrong].map((fact) => `${fact}; clip them at 0.`);
    },
  },
  {
    code: "K22",
    demands: "The order of components within a tick changes nothing.",
    runs: true,
    find(executable, { ticks }) {
      const order = executable.build().map((_, i) => i);
      const usual = traceOf(executable, ticks);
      const orders = [[...order].reverse(), [...order.slice(1), ...order.slice(0, 1)]];
      return orders.every((other) => sameSignals(usual, traceOf(executable, ticks, other)))
        ? []
        : [
            "signals depend on the order of the components; let components share nothing except the signals that they send.",
          ];
    },
  },
  {
    code: "K23",
    demands: "A port has as many lines as its sender sends.",
    runs: false,
    find(executable) {
      const components = executable.build();
      const lines = new Map([
        ...components.map(({ circuit, outDim }) => [circuit, outDim] as const),
        ...Object.entries(executable.inputs),
      ]);
      return components.flatMap(({ circuit, inPorts }) =>
        Object.entries(inPorts)
          .filter(([sender, taken]) => lines.has(sender) && lines.get(sender) !== taken)
          .map(
            ([sender, taken]) =>
              `${circuit} takes ${taken} lines from ${sender}, which sends ${lines.get(sender)}; match them.`,
          ),
      );
    },
  },
  {
    code: "K24",
    demands: "All predictions hold.",
    runs: true,
    find: (executable, { ticks, predictions = [] }) =>
      predictions
        .filter(({ world, holds }) => !holds(traceOf(world ? { ...executable, world } : executable, ticks)))
        .map(({ statement }) => `rejected, because it was not observed that ${statement}; change the components.`),
  },
];

/**
 * The findings of all checks of an executable; empty if there are none. If components do not fit together (K20, K23), they
 * are not run, and the other checks are left out.
 *
 * @throws InputError if a component or the world sends more or fewer lines than declared.
 * @example checkRun(reflex({ key: Key.of(0) }), { ticks: 20 }) // []
 */
export function checkRun(executable: Executable, options: RunCheckOptions): Finding[] {
  checkExecutable("checkRun", executable);
  checkMade("checkRun", "the last argument", options, ["ticks"], "Give { ticks }.");
  const found = (runs: boolean): Finding[] =>
    runChecks
      .filter((check) => check.runs === runs)
      .flatMap(({ code, find }) => find(executable, options).map((message) => ({ code, message })));
  const unfit = found(false);
  return unfit.length > 0 ? unfit : found(true);
}
