// Whether the interface of two sets of circuits follows from the interfaces of each, on random connections.
import { type Connection, type Interface, interfaceOf, printInterface } from "../../brain/index.js";
import { Key } from "../../core/index.js";

/** Random sets of connections, and the most circuits in one. */
const TRIALS = 1000;
const MOST = 12;

const without = (names: readonly string[], gone: readonly string[]): string[] =>
  names.filter((name) => !gone.includes(name));

/** The interface of two sets together: what each has, without what lies inside of the other. */
function joined(parts: readonly (readonly string[])[], interfaces: readonly Interface[]): Interface {
  const side = (pick: (each: Interface) => readonly string[]): string[] =>
    [...new Set(interfaces.flatMap((each, i) => without(pick(each), parts[1 - i])))].sort();
  return { outputs: side(({ outputs }) => outputs), inputs: side(({ inputs }) => inputs) };
}

/** What the trials come to. */
export interface UnionRow {
  /** Of a thousand random sets of connections, those with two sets of circuits for which it does not follow. */
  readonly broken: number;
}

/** Tries them all. */
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
