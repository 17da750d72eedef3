// Tests on random connections whether the interface of the union of two sets of circuits follows from their interfaces.
import { type Connection, type Interface, interfaceOf, printInterface } from "../../brain/index.js";
import { Key } from "../../core/index.js";

/** The number of random sets of connections. */
const TRIALS = 1000;
/** The largest number of circuits in one. */
const MOST = 12;

const without = (names: readonly string[], gone: readonly string[]): string[] =>
  names.filter((name) => !gone.includes(name));

/** The interface of the union of two sets: the interfaces of both, without the circuits that the other set contains. */
function joined(parts: readonly (readonly string[])[], interfaces: readonly Interface[]): Interface {
  const side = (pick: (each: Interface) => readonly string[]): string[] =>
    [...new Set(interfaces.flatMap((each, i) => without(pick(each), parts[1 - i])))].sort();
  return { outputs: side(({ outputs }) => outputs), inputs: side(({ inputs }) => inputs) };
}

/** The results of the trials. */
export interface UnionRow {
  /** In how many of the trials the interface of the union does not follow from those of its parts. */
  readonly broken: number;
}

/** Runs all trials. */
export function unionRow(): UnionRow {
  let broken = 0;
  for (const key of Key.of(1).split(TRIALS)) {
    const [size, edges, membership] = key.split(3);
    const names = Array.from({ length: 1 + size.integer(0, MOST) }, (_, i) => `c${String(i).padStart(2, "0")}`);
    const connections = names.flatMap((sender, i) =>
      names
        .filter((_, j) => edges.integer(i * MOST + j, 4) === 0)
        .map((receiver): Connection => ({ sender, receiver, referenceIds: [], size: 0, comment: "" })),
    );
    const parts = [0, 1].map((part) => names.filter((_, i) => membership.integer(part * MOST + i, 2) === 0));
    const interfaces = parts.map((part) => interfaceOf(part, connections));
    const direct = printInterface("S", interfaceOf(parts.flat(), connections));
    if (direct !== printInterface("S", joined(parts, interfaces))) broken++;
  }
  return { broken };
}
