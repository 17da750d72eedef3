// Checks of the hierarchy of functions: K10 to K15.
import { leavesOf, nodeInterface } from "./interfaces.js";
import type { Bra } from "./model.js";
import { type Check, cyclic } from "./structure-checks.js";

const circuitsIn = (subnodes: readonly string[]): string[] => subnodes.filter((sub) => sub.startsWith("U."));

/** The nodes that are not a subnode of another. */
const rootsOf = ({ frg }: Bra): string[] =>
  frg.map(({ id }) => id).filter((id) => !frg.some(({ subnodes }) => subnodes.includes(id)));

/** The checks K10 to K15. */
export const hierarchyChecks: readonly Check[] = [
  {
    code: "K10",
    demands: "Functions form a hierarchy without cycles, with one root, and every node has subnodes that exist.",
    find(bra) {
      const next = (id: string) => bra.frg.find((node) => node.id === id)?.subnodes ?? [];
      const ids = bra.frg.map(({ id }) => id);
      const roots = rootsOf(bra);
      return [
        ...cyclic(ids, next).map((id) => `${id} is below itself; remove a subnode on the way.`),
        ...(roots.length === 1 ? [] : [`there are ${roots.length} roots (${roots.join(", ")}); leave one.`]),
        ...bra.frg.filter(({ subnodes }) => subnodes.length === 0).map(({ id }) => `${id} has no subnodes; give some.`),
        ...bra.frg.flatMap(({ id, subnodes }) =>
          subnodes
            .filter((sub) => !sub.startsWith("U.") && !ids.includes(sub))
            .map((sub) => `${id} has the subnode ${sub}, which does not exist; add it, or write U.<circuit>.`),
        ),
      ];
    },
  },
  {
    code: "K11",
    demands: "Leaves are internal uniform circuits, and all internal uniform circuits are leaves.",
    find({ circuits, frg }) {
      const internal = circuits.filter(({ uniform, roi }) => uniform && roi === "internal").map(({ id }) => `U.${id}`);
      const leaves = new Set(frg.flatMap(({ subnodes }) => circuitsIn(subnodes)));
      return [
        ...[...leaves]
          .filter((leaf) => !internal.includes(leaf))
          .map((leaf) => `${leaf} is not an internal uniform circuit; correct the circuit or remove the leaf.`),
        ...internal.filter((id) => !leaves.has(id)).map((id) => `${id} is under no node; put it under one.`),
      ];
    },
  },
  {
    code: "K12",
    demands: "A node has at most two circuits, and exactly two if all of its subnodes are circuits.",
    find: ({ frg }) =>
      frg.flatMap(({ id, subnodes }) => {
        const count = circuitsIn(subnodes).length;
        const wrong = count > 2 || (count > 0 && count === subnodes.length && count !== 2);
        return wrong ? [`${id} has ${count} circuits; split it or join it with another.`] : [];
      }),
  },
  {
    code: "K13",
    demands: "A circuit is under at most two nodes.",
    find: ({ frg }) =>
      [...new Set(frg.flatMap(({ subnodes }) => circuitsIn(subnodes)))].flatMap((leaf) => {
        const count = frg.filter(({ subnodes }) => subnodes.includes(leaf)).length;
        return count > 2 ? [`${leaf} is under ${count} nodes; remove it from some.`] : [];
      }),
  },
  {
    code: "K14",
    demands: "The interface of the root consists of all external inputs and outputs.",
    find(bra) {
      const root = rootsOf(bra).find((id) => leavesOf(bra, id).length > 0);
      if (root === undefined) return [];
      const { inputs, outputs } = nodeInterface(bra, root);
      const external = (word: string): string[] =>
        [...new Set(bra.circuits.filter(({ roi }) => roi.includes(word)).map(({ id }) => id))].sort();
      const differs = (what: string, found: readonly string[], all: readonly string[]): string[] =>
        found.join() === all.join()
          ? []
          : [`${root} has the ${what} (${found.join(", ")}), but the external ${what} are (${all.join(", ")}).`];
      return [...differs("inputs", inputs, external("input")), ...differs("outputs", outputs, external("output"))];
    },
  },
  {
    code: "K15",
    demands: "The output of a circuit has the same meaning everywhere.",
    find: ({ circuits, frg }) =>
      circuits.flatMap(({ id, outputSemantics }) => {
        const said = frg.flatMap(({ semantics }) => semantics.filter(({ circuit }) => circuit === id));
        const meanings = new Set([outputSemantics, ...said.map(({ text }) => text)].filter((text) => text !== ""));
        return meanings.size > 1
          ? [`the output of ${id} means ${[...meanings].join(" and ")}; write one of them.`]
          : [];
      }),
  },
];
