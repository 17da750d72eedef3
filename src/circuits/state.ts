// The numbers and the state of a circuit that is simulated, and the interface of a time step.
import type { Branch, Parts, Placed } from "./circuit.js";
import { evaluated } from "./product.js";

/** The numbers of a circuit with given parameters. */
export interface Numbers {
  readonly nodes: number;
  readonly critical: Float64Array;
  readonly bias: Float64Array;
  readonly branches: readonly Branch[];
  readonly inductance: Float64Array;
  readonly resistance: Float64Array;
  readonly resistors: readonly Branch[];
  readonly ohms: Float64Array;
}

/** All state of a circuit. */
export interface State {
  readonly phase: Float64Array;
  readonly voltage: Float64Array;
  readonly current: Float64Array;
}

const vector = (
  size: number,
  placed: readonly Placed[],
  parameters: Readonly<Record<string, number>>,
): Float64Array => {
  const numbers = new Float64Array(size);
  for (const { at, product } of placed) numbers[at] += evaluated(product, parameters);
  return numbers;
};

/** The numbers of a circuit with these parameters. */
export function numbersOf(nodes: number, parts: Parts, parameters: Readonly<Record<string, number>>): Numbers {
  const { branches, resistors } = parts;
  return {
    ...{ nodes, branches, resistors },
    critical: vector(nodes, parts.critical, parameters),
    bias: vector(nodes, parts.bias, parameters),
    inductance: vector(branches.length, parts.inductance, parameters),
    resistance: vector(branches.length, parts.resistance, parameters),
    ohms: vector(resistors.length, parts.ohms, parameters),
  };
}

/** Advances the state by the step of this number. */
export type Advance = (step: number) => void;
/** The currents into the nodes from outside at a time. */
export type Drive = (time: number, into: Float64Array) => void;
