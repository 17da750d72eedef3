// A small language for superconducting circuits, after that of SPICE: a line for each element, subcircuits with parameters,
// and values that are products of numbers and parameters.
import { InputError, kindOf, quote } from "../core/index.js";
import { type Circuit, circuitOf } from "./circuit.js";
import { type Element, type Kind, kinds, type Letter } from "./elements.js";
import { library } from "./library.js";
import { constant, type Product, parseProduct, substituted } from "./product.js";

/** A line in words, and where it stands. */
interface Line {
  readonly words: readonly string[];
  readonly where: string;
}

/** A subcircuit as it is written. */
interface Subcircuit {
  readonly nodes: readonly string[];
  readonly defaults: ReadonlyMap<string, Product>;
  readonly lines: readonly Line[];
}

/** How deep subcircuits may lie in one another. */
const MOST_LEVELS = 20;
/** The most elements of a circuit: the time of a step grows with them. */
const MOST_ELEMENTS = 100_000;

const fault = (where: string, what: string): InputError => new InputError(`[parseNetlist] ${where}: ${what}`);

function linesOf(text: string, of: string): Line[] {
  return text.split("\n").flatMap((line, i) => {
    const words = line
      .replace(/[;#].*$/, "")
      .replace(/\s*([=*])\s*/g, "$1")
      .trim()
      .split(/\s+/);
    return words[0] === "" || line.trimStart().startsWith("*") ? [] : [{ words, where: `${of} ${i + 1}` }];
  });
}

/** Words of the form name=value. */
function named(words: readonly string[], where: string): Map<string, Product> {
  const values = new Map<string, Product>();
  for (const word of words) {
    const [name, value, ...rest] = word.split("=");
    if (value === undefined || rest.length > 0 || !/^[a-z_]\w*$/i.test(name)) {
      throw fault(where, `${quote(word)} is not of the form name=value.`);
    }
    values.set(name, parseProduct(value, where));
  }
  return values;
}

/** Sorts lines into subcircuits, parameters and the rest. */
class Reader {
  readonly subcircuits = new Map<string, Subcircuit>();
  readonly parameters: Record<string, number> = {};
  readonly lines: Line[] = [];

  read(all: readonly Line[]): void {
    let open: { name: string; subcircuit: Subcircuit & { lines: Line[] }; where: string } | undefined;
    for (const line of all) {
      const [first, ...rest] = line.words;
      const word = first.toLowerCase();
      if (word === ".subckt") {
        if (open) throw fault(line.where, `.subckt inside of .subckt ${quote(open.name)}. End that with .ends first.`);
        const [name, ...others] = rest;
        if (name === undefined) throw fault(line.where, "a .subckt needs a name.");
        const nodes = others.filter((each) => !each.includes("="));
        const defaults = named(others.slice(nodes.length), line.where);
        open = { name, subcircuit: { nodes, defaults, lines: [] }, where: line.where };
      } else if (word === ".ends") {
        if (!open) throw fault(line.where, ".ends without a .subckt before it.");
        this.subcircuits.set(open.name, open.subcircuit);
        open = undefined;
      } else if (open) open.subcircuit.lines.push(line);
      else if (word === ".param") this.parameter(rest, line.where);
      else if (first.startsWith(".")) {
        throw fault(line.where, `there is no ${quote(first)}. There are .param, .subckt and .ends.`);
      } else this.lines.push(line);
    }
    if (open) throw fault(open.where, `.subckt ${quote(open.name)} has no .ends.`);
  }

  private parameter(words: readonly string[], where: string): void {
    for (const [name, { factor, names }] of named(words, where)) {
      if (names.length > 0) throw fault(where, `the parameter ${quote(name)} is not a number. Give a number.`);
      Object.defineProperty(this.parameters, name, { value: factor, enumerable: true, configurable: true });
    }
  }
}

/** The context of a subcircuit: its nodes and parameters from outside, and the prefix of its names. */
interface Place {
  readonly prefix: string;
  readonly nodes: ReadonlyMap<string, string>;
  readonly values: ReadonlyMap<string, Product>;
  readonly depth: number;
}

/**
 * The circuit that a netlist describes, with a line for each element. The first letter of its name is its kind:
 *
 * ```
 * .param jtl=0.75          a parameter that can be changed, swept and learned
 * B1 a ic=0.1              a junction from node a to ground, with its capacitance and shunt
 * L1 a b l=5 r=1           an inductor; with r, a resistor in series
 * T1 a b l=4 r=1           the same with an inverting transformer; ratio=-1 by default
 * R1 a b r=2               a resistor
 * I1 a value=jtl*0.1       a constant current into a node
 * P1 a amplitude=0.12 sigma=3   a current into a node in pulses, whose times are given to the simulation
 * X1 a b jtl bias=jtl      a subcircuit with its nodes, name and parameters
 * ```
 *
 * Currents are in mA, inductances in pH, resistances in ohms and times in ps; node 0 is ground. Values may stand without
 * their names, in the order above. `.subckt name nodes parameter=default` to `.ends` defines a subcircuit; `jtl`, `splitter`,
 * `synapse`, `inhibition` and `neuron` are there already. Text after # or ; is a comment, and so is a line that starts
 * with *.
 *
 * ```ts
 * const line = parseNetlist("B0 in 0.1\nI0 in 0.07\nP in\nX1 in a jtl\nX2 a out jtl");
 * transient(line, { duration: 100, pulses: { P: [50] } }).pulses("out"); // one moment
 * ```
 *
 * @throws InputError that names the line, for elements that do not exist, values that are missing or not allowed, nodes
 *   without a junction, and loops of inductors without resistance.
 */
export function parseNetlist(text: string): Circuit {
  if (typeof text !== "string") throw new TypeError(`[parseNetlist] the netlist is ${kindOf(text)}. Give a text.`);
  const reader = new Reader();
  reader.read(linesOf(library, "library, line"));
  reader.read(linesOf(text, "line"));
  const elements: Element[] = [];
  const expand = (lines: readonly Line[], place: Place): void => {
    for (const line of lines) {
      if (/^x/i.test(line.words[0])) {
        const inner = insideOf(line, place, reader.subcircuits);
        if (inner.place.depth > MOST_LEVELS) {
          throw fault(line.where, `subcircuits lie more than ${MOST_LEVELS} deep. One of them contains itself.`);
        }
        expand(inner.lines, inner.place);
      } else elements.push(elementOf(line, place));
      if (elements.length > MOST_ELEMENTS) throw fault(line.where, `there are more than ${MOST_ELEMENTS} elements.`);
    }
  };
  expand(reader.lines, { prefix: "", nodes: new Map(), values: new Map(), depth: 0 });
  return circuitOf(elements, reader.parameters);
}

const nodeIn = ({ prefix, nodes }: Place, name: string): string =>
  name === "0" ? "0" : (nodes.get(name) ?? `${prefix}${name}`);

/** The lines of the subcircuit of an instance, and their context. */
function insideOf(
  { words: [name, ...rest], where }: Line,
  place: Place,
  subcircuits: ReadonlyMap<string, Subcircuit>,
): { lines: readonly Line[]; place: Place } {
  const plain = rest.filter((word) => !word.includes("="));
  const kind = plain[plain.length - 1] ?? "";
  const subcircuit = subcircuits.get(kind);
  if (!subcircuit) {
    throw fault(where, `there is no subcircuit ${quote(kind)}. There are ${[...subcircuits.keys()].join(", ")}.`);
  }
  const { nodes, defaults, lines } = subcircuit;
  if (plain.length - 1 !== nodes.length) {
    throw fault(
      where,
      `${quote(kind)} has ${nodes.length} nodes (${nodes.join(", ")}), and ${plain.length - 1} are given.`,
    );
  }
  const values = new Map(defaults);
  for (const [parameter, value] of named(rest.slice(plain.length), where)) {
    if (!defaults.has(parameter)) {
      throw fault(where, `${quote(kind)} has no ${quote(parameter)}. It has ${[...defaults.keys()].join(", ")}.`);
    }
    values.set(parameter, substituted(value, place.values));
  }
  const outside = new Map(nodes.map((node, i) => [node, nodeIn(place, plain[i])]));
  return { lines, place: { prefix: `${place.prefix}${name}.`, nodes: outside, values, depth: place.depth + 1 } };
}

/** The element of a line. */
function elementOf({ words: [name, ...rest], where }: Line, place: Place): Element {
  const letter = name[0].toUpperCase() as Letter;
  if (!Object.hasOwn(kinds, letter)) {
    const known = Object.entries(kinds).map(([key, { about }]) => `${key} (${about})`);
    throw fault(
      where,
      `${quote(name)} is no element. The first letter is one of ${known.join(", ")}, X (a subcircuit).`,
    );
  }
  const kind: Kind = kinds[letter];
  const nodes = rest.slice(0, kind.nodes);
  if (nodes.length < kind.nodes || nodes.some((node) => node.includes("="))) {
    throw fault(where, `${quote(name)} is ${kind.about}: give ${kind.nodes === 1 ? "its node" : "its two nodes"}.`);
  }
  const names = Object.keys(kind.values);
  const words = rest.slice(kind.nodes);
  const inOrder = words.filter((word) => !word.includes("="));
  if (inOrder.length > names.length) throw fault(where, `${quote(name)} has more values than ${names.join(", ")}.`);
  const given = named(words.slice(inOrder.length), where);
  inOrder.forEach((word, i) => {
    given.set(names[i], parseProduct(word, where));
  });
  const odd = [...given.keys()].find((key) => !names.includes(key));
  if (odd !== undefined) throw fault(where, `${quote(name)} has no ${quote(odd)}. It has ${names.join(", ")}.`);
  const values = names.map((key): [string, Product] => {
    const value = given.get(key);
    const without = kind.values[key];
    if (value) return [key, substituted(value, place.values)];
    if (without === undefined) throw fault(where, `${quote(name)} is ${kind.about} and needs ${key}=, a number.`);
    return [key, constant(without)];
  });
  return {
    ...{ name: `${place.prefix}${name}`, kind: letter, values: Object.fromEntries(values) },
    nodes: nodes.map((node) => nodeIn(place, node)),
  };
}
