// Checks of the sample's data, without running it. Its derived interfaces are compared with those published with it.
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

/** The results for the sample's data. */
export interface SampleRow {
  /** Interfaces as lines of text: those published with the sample, and those derived here. */
  readonly interfaces: readonly { readonly given: string; readonly ours: string }[];
  /** The findings of all checks. */
  readonly findings: readonly string[];
  /**
   * Functions that consist of circuits only, not all of which are connected with another one. A newer rule forbids
   * this.
   */
  readonly apart: readonly string[];
  /** Formats that change the sample when it is written and read back. */
  readonly lost: readonly string[];
}

/** Functions that consist of circuits only, at least one of which has no connection with another. */
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

/** Makes all checks of the sample's data. */
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
