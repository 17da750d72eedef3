// What can be said of the sample without running it: held to the interfaces that are published with it.
import {
  type Bra,
  cerebellum,
  checkBra,
  type Interface,
  nodeInterface,
  parseBra,
  parseTables,
  printBra,
  printInterface,
  printTables,
} from "../../brain/index.js";

const MOSSY = ["MF_PH", "MF_PMT", "MF_PN", "MF_VIII", "MF_VN"];

/** Interfaces that are given with the sample. */
const given: Readonly<Record<string, Interface>> = {
  "R.TLF": { outputs: ["VN_output"], inputs: ["CF_IO", ...MOSSY] },
  "R.Ctx": { outputs: ["BC", "PC", "SC"], inputs: MOSSY },
  "R.Out": { outputs: ["VN_output"], inputs: ["CF_IO", "GrC", "SC"] },
  "R.Freq": { outputs: ["PC"], inputs: ["GrC"] },
};

/** What the sample comes to. */
export interface SampleRow {
  /** Interfaces, as lines: given and ours. */
  readonly interfaces: readonly { readonly given: string; readonly ours: string }[];
  /** What breaks a check. */
  readonly findings: readonly string[];
  /** Functions of circuits alone that are not connected with each other, which a newer rule forbids. */
  readonly apart: readonly string[];
  /** Formats from which the sample comes back as another. */
  readonly lost: readonly string[];
}

/** Functions that have only circuits, of which some has no connection with another. */
function apart({ frg, connections }: Bra): string[] {
  return frg
    .filter(({ subnodes }) => subnodes.every((sub) => sub.startsWith("U.")))
    .filter(({ subnodes }) => {
      const circuits = subnodes.map((sub) => sub.slice(2));
      const inside = connections.filter((each) => circuits.includes(each.sender) && circuits.includes(each.receiver));
      return circuits.some((id) => !inside.some((each) => [each.sender, each.receiver].includes(id)));
    })
    .map(({ id }) => id);
}

/** Looks at all of it. */
export function sampleRow(): SampleRow {
  const formats: Readonly<Record<string, Bra>> = {
    JSON: parseBra(printBra(cerebellum)),
    CSV: parseTables(printTables(cerebellum)),
  };
  return {
    interfaces: Object.entries(given).map(([id, each]) => ({
      given: printInterface(id, each),
      ours: printInterface(id, nodeInterface(cerebellum, id)),
    })),
    findings: checkBra(cerebellum).map(({ code, message }) => `${code}: ${message}`),
    apart: apart(cerebellum),
    lost: Object.keys(formats).filter((name) => printBra(formats[name]) !== printBra(cerebellum)),
  };
}
