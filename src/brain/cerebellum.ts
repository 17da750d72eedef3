// A small cerebellum for the vestibulo-ocular reflex, based on the sample in WBAI's repository. It is an example of the
// format, not a claim about tissue.
import { type Bra, type Circuit, type Connection, type FrgNode, takeBra } from "./model.js";

const MOSSY = ["MF_VN", "MF_PN", "MF_PH", "MF_PMT", "MF_VIII"] as const;

const circuit = (id: string, roi: Circuit["roi"], mod: Circuit["mod"]): Circuit => ({
  ...{ id, uniform: true, roi, mod, size: 0, subCircuits: [], outputSemantics: "", comments: "" },
});
const connection = (sender: string, receiver: string): Connection => ({
  ...{ sender, receiver, referenceIds: ["[Ito, 1982]"], size: 0, comment: "" },
});
const node = (id: string, subnodes: readonly string[]): FrgNode => ({
  ...{ id, subnodes, requirement: "", mechanism: "", interface: { outputs: [], inputs: [] }, semantics: [] },
});

/** The sample architecture: eleven circuits and an output, nineteen connections, and a function with four parts. */
export const cerebellum: Bra = takeBra({
  project: { id: "VOR", contributor: "", tlf: "R.TLF", roi: "cerebellum" },
  references: [
    {
      id: "[Ito, 1982]",
      title: "Cerebellar control of the vestibulo-ocular reflex",
      doi: "10.1146/annurev.ne.05.030182.001423",
    },
  ],
  circuits: [
    ...[...MOSSY, "CF_IO"].map((id) => circuit(id, "noROI(input)", "Excitatory")),
    circuit("GrC", "internal", "Excitatory"),
    ...["GoC", "BC", "SC", "PC"].map((id) => circuit(id, "internal", "Inhibitory")),
    circuit("VN_output", "noROI(output)", "none"),
  ],
  connections: [
    ...MOSSY.flatMap((id) => [connection(id, "GrC"), connection(id, "GoC")]),
    ...["GoC", "PC", "BC", "SC"].map((to) => connection("GrC", to)),
    ...[connection("GoC", "GrC"), connection("BC", "PC"), connection("SC", "PC")],
    ...[connection("CF_IO", "PC"), connection("PC", "VN_output")],
  ],
  frg: [
    node("R.TLF", ["R.Ctx", "R.Plast", "R.Out", "R.Freq"]),
    node("R.Ctx", ["U.GrC", "U.GoC"]),
    node("R.Plast", ["U.PC", "U.GrC"]),
    node("R.Out", ["U.PC", "U.BC"]),
    node("R.Freq", ["U.BC", "U.SC"]),
  ],
});
