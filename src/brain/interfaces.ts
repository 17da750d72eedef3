// Interfaces, which are derived from connections. Interfaces that are stored in the data are only compared with these.
import { checkEachMade, checkKind, checkMade, InputError, quote } from "../core/index.js";
import type { Bra, Connection, Interface } from "./model.js";

const sorted = (names: Iterable<string>): string[] => [...new Set(names)].sort((a, b) => (a < b ? -1 : a > b ? 1 : 0));

/**
 * The interface of a set of circuits: the outside receivers to which it sends, and the outside senders from which it
 * receives.
 *
 * @example interfaceOf(["GrC", "GoC"], cerebellum.connections).outputs // ["BC", "PC", "SC"]
 */
export function interfaceOf(circuits: Iterable<string>, connections: readonly Connection[]): Interface {
  checkKind("interfaceOf", "the first argument", circuits, "a list or a set");
  checkEachMade("interfaceOf", "the list of connections", connections, ["sender", "receiver"], "Give those of a Bra.");
  const inside = new Set(circuits);
  return {
    outputs: sorted(
      connections.flatMap(({ sender, receiver }) => (inside.has(sender) && !inside.has(receiver) ? [receiver] : [])),
    ),
    inputs: sorted(
      connections.flatMap(({ sender, receiver }) => (inside.has(receiver) && !inside.has(sender) ? [sender] : [])),
    ),
  };
}

/** The connections both of whose ends exist. */
export function soundConnections({ circuits, connections }: Bra): Connection[] {
  const known = new Set(circuits.map(({ id }) => id));
  return connections.filter(({ sender, receiver }) => known.has(sender) && known.has(receiver));
}

/** The circuits under a node of the hierarchy, each once. Cycles are followed only once. */
export function leavesOf({ frg }: Bra, id: string, above: readonly string[] = []): string[] {
  const node = frg.find((each) => each.id === id);
  if (!node || above.includes(id)) return [];
  return sorted(
    node.subnodes.flatMap((sub) =>
      sub.startsWith("U.") ? [sub.slice(2)] : leavesOf({ frg } as Bra, sub, [...above, id]),
    ),
  );
}

/**
 * The interface of a node of the hierarchy: that of the circuits under it.
 *
 * @throws RangeError for a node that does not exist.
 * @example nodeInterface(cerebellum, "R.Out") // { outputs: ["VN_output"], inputs: ["CF_IO", "GrC", "SC"] }
 */
export function nodeInterface(bra: Bra, id: string): Interface {
  checkIsBra("nodeInterface", bra);
  if (!bra.frg.some((node) => node.id === id)) {
    throw new RangeError(`[nodeInterface] there is no node ${quote(id)}. The nodes are ${listed(bra)}.`);
  }
  return interfaceOf(leavesOf(bra, id), soundConnections(bra));
}

const listed = ({ frg }: Bra): string => frg.map(({ id }) => id).join(", ") || "none";

/** Throws a TypeError for what is no reference architecture. */
export function checkIsBra(op: string, bra: Bra): void {
  checkMade(
    op,
    "the architecture",
    bra,
    ["circuits", "connections", "frg"],
    "Read one with parseBra() or parseTables().",
  );
}

/**
 * An interface as a line: `(out1, out2) = R.Node(in1, in2)`.
 *
 * @example printInterface("R.Out", nodeInterface(cerebellum, "R.Out")) // "(VN_output) = R.Out(CF_IO, GrC, SC)"
 */
export function printInterface(name: string, of: Interface): string {
  checkMade("printInterface", "the interface", of, ["outputs", "inputs"], "Give what interfaceOf() returns.");
  const { outputs, inputs } = of;
  return `(${outputs.join(", ")}) = ${name}(${inputs.join(", ")})`;
}

/**
 * The interface in a line that `printInterface` wrote, with its name.
 *
 * @throws InputError for a line that is not an interface.
 * @example
 * parseInterface("(PC) = R.Ctx(MF_VN, MF_PN)"); // { name: "R.Ctx", outputs: ["PC"], inputs: ["MF_VN", "MF_PN"] }
 */
export function parseInterface(line: string): Interface & { readonly name: string } {
  const parts = /^\s*\(([^()]*)\)\s*=\s*([^()\s=]+)\s*\(([^()]*)\)\s*$/.exec(line);
  if (!parts) {
    throw new InputError(
      `[parseInterface] ${quote(line)} is not an interface. Write it as (Out1, Out2) = Name(In1, In2).`,
    );
  }
  const names = (list: string): string[] =>
    list
      .split(",")
      .map((name) => name.trim())
      .filter((name) => name !== "");
  return { name: parts[2], outputs: names(parts[1]), inputs: names(parts[3]) };
}
