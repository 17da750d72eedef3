// Checks of the texts about a function, as far as a program can make them: of the circuits that are named, as `[U.<id>]`.
// The codes are those that reviewers of WBAI's data use.
import { nodeInterface } from "./interfaces.js";
import type { Bra, FrgNode } from "./model.js";
import type { Check } from "./structure-checks.js";

/** The circuits that a text names. */
const namedIn = (text: string): Set<string> =>
  new Set([...text.matchAll(/\[U\.([^\]]+)\]/g)].map(([, circuit]) => circuit));

/** The text after a word such as "Inputs:", up to the next such word; undefined if the word is missing. */
const behind = (text: string, word: "Inputs" | "Outputs"): string | undefined =>
  new RegExp(`${word}:(.*?)(?=Inputs:|Outputs:|$)`, "s").exec(text)?.[1];

/** Finds requirements that list other circuits than the interface has. */
const requirement =
  (word: "Inputs" | "Outputs", side: "inputs" | "outputs") =>
  (bra: Bra): string[] =>
    bra.frg.flatMap((node) => {
      const list = behind(node.requirement, word);
      if (list === undefined) return [];
      const [written, derived] = [[...namedIn(list)].sort(), nodeInterface(bra, node.id)[side]];
      if (JSON.stringify(written) === JSON.stringify(derived)) return [];
      return [
        `the requirement of ${node.id} has the ${side} (${written.join(", ")}), but its interface has (${derived.join(", ")}).`,
      ];
    });

/** Finds mechanisms that do not name all circuits of the interface. */
const mechanism = (side: "inputs" | "outputs") => (bra: Bra) => {
  const missed = ({ id, mechanism: text }: FrgNode): string[] => {
    const named = namedIn(text);
    return text === "" ? [] : nodeInterface(bra, id)[side].filter((circuit) => !named.has(circuit));
  };
  return bra.frg.flatMap((node) =>
    missed(node).map((circuit) => `the mechanism of ${node.id} does not name [U.${circuit}], one of its ${side}.`),
  );
};

/** The checks 1101, 1102, 2001 and 2002. */
export const textChecks: readonly Check[] = [
  {
    code: "1101",
    demands: "If a requirement lists `Inputs:`, they are those of the interface.",
    find: requirement("Inputs", "inputs"),
  },
  {
    code: "1102",
    demands: "If a requirement lists `Outputs:`, they are those of the interface.",
    find: requirement("Outputs", "outputs"),
  },
  { code: "2001", demands: "A mechanism names all inputs of its function.", find: mechanism("inputs") },
  { code: "2002", demands: "A mechanism names all outputs of its function.", find: mechanism("outputs") },
];
