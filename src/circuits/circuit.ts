// A circuit of junctions, inductors and resistors, and what must be true of it before it can be simulated.
import { InputError, kindOf, listed, quote } from "../core/index.js";
import { type Element, type Kind, kinds, type Letter } from "./elements.js";
import { evaluated, type Product } from "./product.js";

/** A circuit as `parseNetlist` gives it. */
export interface Circuit {
  /** The names of its nodes without ground, in the order in which they are first named. */
  readonly nodes: readonly string[];
  /** The elements, subcircuits put in place. */
  readonly elements: readonly Element[];
  /** The parameters with their values. */
  readonly parameters: Readonly<Record<string, number>>;
}

/** Elements that carry current without loss, unless they have a resistance. */
const inductive = (kind: Letter): boolean => "l" in kinds[kind].values;

/** The circuit of these elements, after all checks. */
export function circuitOf(elements: readonly Element[], parameters: Readonly<Record<string, number>>): Circuit {
  const nodes = [...new Set(elements.flatMap((element) => element.nodes))].filter((node) => node !== "0");
  if (nodes.length === 0) throw new InputError("[parseNetlist] the netlist has no node. Write at least one junction.");
  const names = new Set<string>();
  for (const element of elements) {
    if (names.has(element.name)) throw fault(`there are two elements ${quote(element.name)}. Give one another name.`);
    names.add(element.name);
    for (const name of Object.values(element.values).flatMap((value) => value.names)) {
      if (Object.hasOwn(parameters, name)) continue;
      throw fault(
        `${quote(element.name)} uses ${quote(name)}, which is no parameter. Add a line .param ${quote(name)}=1.`,
      );
    }
    if (element.nodes.length === 2 && element.nodes[0] === element.nodes[1]) {
      throw fault(`both ends of ${quote(element.name)} are at node ${quote(element.nodes[0])}. Connect two nodes.`);
    }
  }
  const circuit = { nodes, elements, parameters };
  checkValues("parseNetlist", circuit, parameters);
  checkNodes(circuit);
  checkLoops(circuit);
  return circuit;
}

const fault = (what: string): InputError => new InputError(`[parseNetlist] ${what}`);

/** Every node has a junction: without, nothing holds its voltage. */
function checkNodes({ nodes, elements }: Circuit): void {
  const held = new Set(elements.flatMap(({ kind, nodes: [node] }) => (kind === "B" ? [node] : [])));
  const floating = nodes.find((node) => !held.has(node));
  if (floating === undefined) return;
  throw fault(
    `node ${quote(floating)} floats: it has no junction, and so no capacitance to ground. Add a junction (B), or connect its elements in series as one.`,
  );
}

/** In a loop of inductors alone a current would circulate for ever, and which one is not determined. */
function checkLoops({ elements, parameters }: Circuit): void {
  const above = new Map<string, string>();
  const root = (node: string): string => {
    let at = node;
    for (let next = above.get(at); next !== undefined; next = above.get(at)) at = next;
    return at;
  };
  for (const { name, kind, nodes, values } of elements) {
    if (!inductive(kind) || evaluated(values.r, parameters) !== 0) continue;
    const [a, b] = nodes.map(root);
    if (a === b) {
      throw fault(
        `${quote(name)} closes a loop of inductors without resistance, in which a current would circulate for ever. Give one of them a resistance, such as r=1.`,
      );
    }
    above.set(a, b);
  }
}

/** Throws unless all values are finite, and above 0 where they must be. */
export function checkValues(op: string, { elements }: Circuit, parameters: Readonly<Record<string, number>>): void {
  for (const { name, kind, values } of elements) {
    const { positive, about }: Kind = kinds[kind];
    for (const [key, product] of Object.entries(values)) {
      const value = evaluated(product, parameters);
      const wrong = !Number.isFinite(value) || (positive.includes(key) ? value <= 0 : key === "r" && value < 0);
      if (!wrong) continue;
      const wanted = positive.includes(key) ? "above 0" : key === "r" ? "at least 0" : "finite";
      throw new InputError(`[${op}] ${quote(name)} (${about}) has ${key} = ${quote(value)}: it must be ${wanted}.`);
    }
  }
}

/** The parameters of a circuit, some of them changed. */
export function changed<V>(
  op: string,
  { parameters }: Circuit,
  changes: Readonly<Record<string, V>>,
): Record<string, number | V> {
  if (typeof changes !== "object" || changes === null) {
    throw new TypeError(`[${op}] the parameters are ${kindOf(changes)}. Give an object such as { bias: 0.7 }.`);
  }
  const odd = Object.keys(changes).find((name) => !Object.hasOwn(parameters, name));
  if (odd !== undefined) {
    const names = Object.keys(parameters);
    const known =
      names.length > 0 ? `It has ${listed(names)}.` : "It has none: a line such as .param bias=0.7 makes one.";
    throw new RangeError(`[${op}] ${quote(odd)} is no parameter of the netlist. ${known}`);
  }
  return { ...parameters, ...changes };
}

/** A product that is added at a place of a vector. */
export interface Placed {
  /** The place in the vector. */
  readonly at: number;
  /** What is added there. */
  readonly product: Product;
}

/** A branch with an inductance: a current of its own flows from one node to another. */
export interface Branch {
  /** The index of the node that it comes from; -1 for ground. */
  readonly from: number;
  /** The index of the node that it goes to; -1 for ground. */
  readonly to: number;
  /** 1, or that of a transformer. */
  readonly ratio: number;
}

/** A source of pulses. */
export interface Input {
  /** The element's name. */
  readonly name: string;
  /** The index of its node. */
  readonly node: number;
  /** The height of a pulse, in mA. */
  readonly amplitude: number;
  /** Its standard deviation, in ps. */
  readonly sigma: number;
}

/** A circuit as the vectors that its equations are made of. */
export interface Parts {
  /** Critical currents by node. */
  readonly critical: readonly Placed[];
  /** Constant currents by node. */
  readonly bias: readonly Placed[];
  /** Branches with inductance, and their values by branch. */
  readonly branches: readonly Branch[];
  readonly inductance: readonly Placed[];
  readonly resistance: readonly Placed[];
  /** Resistors, and their values by resistor. */
  readonly resistors: readonly Branch[];
  readonly ohms: readonly Placed[];
  /** Sources of pulses. */
  readonly inputs: readonly Input[];
}

/** The vectors of a circuit. */
export function partsOf({ nodes, elements, parameters }: Circuit): Parts {
  const index = new Map(nodes.map((node, i) => [node, i]));
  const at = (node: string): number => index.get(node) ?? -1;
  const of = (...letters: Letter[]): Element[] => elements.filter(({ kind }) => letters.includes(kind));
  const byNode = (list: readonly Element[], key: string): Placed[] =>
    list.flatMap(({ nodes: [node], values }) => (node === "0" ? [] : [{ at: at(node), product: values[key] }]));
  const ends = ({ nodes: [from, to], values: { ratio } }: Element): Branch => ({
    ...{ from: at(from), to: at(to), ratio: ratio ? evaluated(ratio, parameters) : 1 },
  });
  const inOrder = (list: readonly Element[], key: string): Placed[] =>
    list.map(({ values }, i) => ({ at: i, product: values[key] }));
  const [inductors, resistors] = [of("L", "T"), of("R")];
  return {
    critical: byNode(of("B"), "ic"),
    bias: byNode(of("I"), "value"),
    branches: inductors.map(ends),
    inductance: inOrder(inductors, "l"),
    resistance: inOrder(inductors, "r"),
    resistors: resistors.map(ends),
    ohms: inOrder(resistors, "r"),
    inputs: of("P").map(({ name, nodes: [node], values }) => ({
      ...{ name, node: at(node) },
      ...{ amplitude: evaluated(values.amplitude, parameters), sigma: evaluated(values.sigma, parameters) },
    })),
  };
}

/** Flux quantum over 2 pi, in mA pH, which is mV ps. */
export const FLUX_OVER_TURN = 0.32910597;
/** A flux quantum, in mV ps. */
export const FLUX_QUANTUM = 2.06783385;
/** Capacitance of a junction by its critical current, in pF / mA. */
export const CAPACITANCE = 0.7;
/** Conductance of a junction's shunt by its critical current, in 1 / (ohm mA), such that it is critically damped. */
export const CONDUCTANCE = Math.sqrt(CAPACITANCE / FLUX_OVER_TURN);
