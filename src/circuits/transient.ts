// The course of a circuit in plain numbers, without a tape: what margins and truth tables need, thousands of times.
//
// Units: mA, pH, ps, mV, ohm, pF. At each node i with phase p and voltage v, and in each branch with current j,
//   p' = v 2 pi / flux quantum,   C v' = bias + input - ic sin p - v / R - (what flows into branches),   L j' = v_a - v_b - r j.
import { checkMade, checkOptions, quote } from "../core/index.js";
import { type Circuit, changed, checkValues, partsOf } from "./circuit.js";
import { implicitStep } from "./implicit-step.js";
import { Recording } from "./recording.js";
import { rungeKutta } from "./runge-kutta.js";
import { inputAt, type Pulses, risen, stepsOf, timesOf } from "./sources.js";
import { numbersOf, type State } from "./state.js";

/** How a simulation runs. */
export interface TransientOptions {
  /** How long, in ps. */
  readonly duration: number;
  /** The length of a step, in ps; 0.05 by default, 0.2 for the implicit step. */
  readonly dt?: number;
  /** When sources send their pulses (the middle of each). Sources that are not named send none. */
  readonly pulses?: Pulses;
  /** Parameters of the netlist with other values. */
  readonly parameters?: Readonly<Record<string, number>>;
  /** How long constant currents take to rise from 0, in ps; 20 by default. */
  readonly ramp?: number;
  /** "rk4" (the default), or "implicit": the midpoint rule, stable for any step. */
  readonly method?: "rk4" | "implicit";
}

/** How often pulses are faster than a step can follow: a step of this many ps is the longest that rk4 takes. */
const LONGEST_EXPLICIT = 0.4;

/**
 * The course of a circuit, from rest. Constant currents rise in the first `ramp` ps, so pulses should come after it.
 *
 * ```ts
 * const line = parseNetlist("X1 in a jtl\nX2 a out jtl\nB0 in 0.1\nP0 in");
 * transient(line, { duration: 100, pulses: { P0: [50] } }).pulses("out"); // one moment
 * ```
 *
 * @throws RangeError for times that are not usable, and where the course does not stay finite; InputError for values that an
 *   element cannot have.
 */
export function transient(circuit: Circuit, options: TransientOptions): Recording {
  checkMade("transient", "the circuit", circuit, ["elements", "nodes", "parameters"], "Make one with parseNetlist().");
  checkOptions("transient", options, ["duration", "dt", "pulses", "parameters", "ramp", "method"]);
  const { duration, method = "rk4", pulses = {}, ramp = 20 } = options;
  if (!Object.hasOwn(methods, method)) {
    throw new RangeError(`[transient] method is ${quote(method)}: give ${Object.keys(methods).join(" or ")}.`);
  }
  const { dt = methods[method].dt } = options;
  const parameters = changed<number>("transient", circuit, options.parameters ?? {});
  checkValues("transient", circuit, parameters);
  const parts = partsOf({ ...circuit, parameters });
  const nodes = circuit.nodes.length;
  const count = stepsOf("transient", duration, dt, ramp, 2 * nodes);
  if (method === "rk4" && dt > LONGEST_EXPLICIT) {
    throw new RangeError(
      `[transient] dt is ${quote(dt)} ps: rk4 is not stable beyond ${LONGEST_EXPLICIT}. Take 0.05, or method "implicit".`,
    );
  }
  const times = timesOf("transient", parts.inputs, pulses);
  const numbers = numbersOf(nodes, parts, parameters);
  const state: State = {
    phase: new Float64Array(nodes),
    voltage: new Float64Array(nodes),
    current: new Float64Array(parts.branches.length),
  };
  /** The currents into the nodes from outside at a time. */
  const drive = (time: number, into: Float64Array): void => {
    const share = risen(time, ramp);
    for (let i = 0; i < nodes; i++) into[i] = numbers.bias[i] * share;
    parts.inputs.forEach((input, i) => {
      if (input.node >= 0) into[input.node] += inputAt(input, times[i], time);
    });
  };
  const recording = new Recording(circuit.nodes, dt, count);
  const advance = methods[method].make(numbers, state, dt, drive);
  for (let step = 0; step < count; step++) {
    advance(step);
    recording.keep(step + 1, state);
  }
  const odd = state.phase.findIndex((phase) => !Number.isFinite(phase));
  if (odd >= 0) {
    throw new RangeError(
      `[transient] the phase of ${quote(circuit.nodes[odd])} does not stay finite. Take a shorter dt.`,
    );
  }
  return recording;
}

/** The methods, each with the step that it takes by default. */
const methods = {
  rk4: { dt: 0.05, make: rungeKutta },
  implicit: { dt: 0.2, make: implicitStep },
} as const;
