// Checks of circuits and connections: K1 to K8.
import { interfaceOf, leavesOf, soundConnections } from "./interfaces.js";
import type { Bra, Circuit } from "./model.js";

/** One check of a reference architecture. */
export interface Check {
  /** Its code, such as "K1". */
  readonly code: string;
  /** The rule that it checks, as a sentence. */
  readonly demands: string;
  /** A sentence with the cure for each violation of the rule; empty if there is none. */
  find(bra: Bra): string[];
}

/** Names that appear more than once. */
const twice = (names: readonly string[]): string[] => [
  ...new Set(names.filter((name, i) => names.indexOf(name) !== i)),
];

/** The ids that can be reached from themselves through `next`. */
export function cyclic(ids: readonly string[], next: (id: string) => readonly string[]): string[] {
  return ids.filter((id) => reachable(next(id), next).has(id));
}

/** Everything that can be reached from these ids, including them. */
function reachable(from: readonly string[], next: (id: string) => readonly string[]): Set<string> {
  const seen = new Set(from);
  for (const id of seen) for (const other of next(id)) seen.add(other);
  return seen;
}

const isUniform = ({ uniform }: Circuit): boolean => uniform;

/** The checks K1 to K8. */
export const structureChecks: readonly Check[] = [
  {
    code: "K1",
    demands: "Ids are unique.",
    find: ({ circuits, references, frg }) =>
      [circuits, references, frg].flatMap((records) =>
        twice(records.map(({ id }) => id)).map((id) => `${id} is the id of two records; rename or remove one.`),
      ),
  },
  {
    code: "K2",
    demands: "Both ends of a connection exist.",
    find({ circuits, connections }) {
      const known = new Set(circuits.map(({ id }) => id));
      return connections.flatMap(({ sender, receiver }) =>
        [sender, receiver]
          .filter((end) => !known.has(end))
          .map((end) => `${sender} -> ${receiver}: there is no circuit ${end}; add it or remove the connection.`),
      );
    },
  },
  {
    code: "K3",
    demands: "Senders are uniform circuits.",
    find: ({ circuits, connections }) =>
      circuits
        .filter((circuit) => !isUniform(circuit) && connections.some(({ sender }) => sender === circuit.id))
        .map(({ id }) => `${id} sends but is not uniform; let one of its uniform parts send.`),
  },
  {
    code: "K4",
    demands: "An internal uniform circuit has an input and an output.",
    find: ({ circuits, connections }) =>
      circuits
        .filter(({ uniform, roi }) => uniform && roi === "internal")
        .flatMap(({ id }) => [
          ...(connections.some(({ receiver }) => receiver === id) ? [] : [`${id} has no input; connect one.`]),
          ...(connections.some(({ sender }) => sender === id) ? [] : [`${id} has no output; connect one.`]),
        ]),
  },
  {
    code: "K5",
    demands: "A path leads from an external input to an external output.",
    find(bra) {
      const sound = soundConnections(bra);
      const ends = (word: string): string[] => bra.circuits.filter(({ roi }) => roi.includes(word)).map(({ id }) => id);
      const next = (id: string): string[] => sound.flatMap((each) => (each.sender === id ? [each.receiver] : []));
      const found = reachable(ends("input").flatMap(next), next);
      return ends("output").some((id) => found.has(id))
        ? []
        : ["no output can be reached from an input; connect them."];
    },
  },
  {
    code: "K6",
    demands: "Uniform circuits have no parts, and parts form no cycle.",
    find({ circuits }) {
      const parts = (id: string) => circuits.find((circuit) => circuit.id === id)?.subCircuits ?? [];
      const ids = circuits.map(({ id }) => id);
      return [
        ...circuits
          .filter(({ uniform, subCircuits }) => uniform && subCircuits.length > 0)
          .map(({ id }) => `${id} is uniform and has parts; make it not uniform or remove them.`),
        ...cyclic(ids, parts).map((id) => `${id} is a part of itself; remove a part on the way.`),
      ];
    },
  },
  {
    code: "K7",
    demands: "Every connection cites a reference that exists, and every reference is cited.",
    find({ references, connections }) {
      const known = new Set(references.map(({ id }) => id));
      const cited = new Set(connections.flatMap(({ referenceIds }) => referenceIds));
      return [
        ...connections
          .filter(({ referenceIds }) => referenceIds.length === 0)
          .map(({ sender, receiver }) => `${sender} -> ${receiver} cites nothing; name a reference.`),
        ...[...cited].filter((id) => !known.has(id)).map((id) => `${id} is cited but not listed; add the reference.`),
        ...[...known].filter((id) => !cited.has(id)).map((id) => `${id} is never cited; cite or remove it.`),
      ];
    },
  },
  {
    code: "K8",
    demands: "A stored interface equals the derived one.",
    find: (bra) =>
      bra.frg
        .filter(({ interface: stored }) => stored.inputs.length + stored.outputs.length > 0)
        .filter(({ id, interface: stored }) => {
          const derived = interfaceOf(leavesOf(bra, id), soundConnections(bra));
          const text = (names: readonly string[]): string => JSON.stringify([...names].sort());
          return text(derived.inputs) !== text(stored.inputs) || text(derived.outputs) !== text(stored.outputs);
        })
        .map(({ id }) => `the stored interface of ${id} differs from its connections; remove it or correct it.`),
  },
];
