// The elements that a netlist may have. A kind is its letter: the first of the element's name, as in SPICE.
import type { Product } from "./product.js";

/** How an element is written after its name: its nodes, and its values with defaults for those that may be left out. */
export interface Kind {
  /** What it is, for messages. */
  readonly about: string;
  /** How many nodes it names. */
  readonly nodes: number;
  /** Its values in order; undefined for those that must be given. */
  readonly values: Readonly<Record<string, number | undefined>>;
  /** Whether these values must be above 0. */
  readonly positive: readonly string[];
}

/** All kinds by letter. Currents in mA, inductances in pH, resistances in ohms, times in ps. */
export const kinds = {
  B: { about: "a junction from a node to ground", nodes: 1, values: { ic: undefined }, positive: ["ic"] },
  L: { about: "an inductor", nodes: 2, values: { l: undefined, r: 0 }, positive: ["l"] },
  T: { about: "a transformer", nodes: 2, values: { l: undefined, r: 0, ratio: -1 }, positive: ["l"] },
  R: { about: "a resistor", nodes: 2, values: { r: undefined }, positive: ["r"] },
  I: { about: "a constant current into a node", nodes: 1, values: { value: undefined }, positive: [] },
  P: {
    about: "a current into a node in bell-shaped pulses",
    nodes: 1,
    values: { amplitude: 0.12, sigma: 3 },
    positive: ["sigma"],
  },
} as const satisfies Readonly<Record<string, Kind>>;

/** The letter of a kind. */
export type Letter = keyof typeof kinds;

/** An element of a circuit whose subcircuits have been put in place. */
export interface Element {
  /** Its name; in a subcircuit with the name of the instance before it, as in X1.L2. */
  readonly name: string;
  /** Its kind. */
  readonly kind: Letter;
  /** The names of its nodes; "0" is ground. */
  readonly nodes: readonly string[];
  /** Its values by name. */
  readonly values: Readonly<Record<string, Product>>;
}
