// The cerebellar sample, a minimal break for every check, and the laws of interfaces.
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import {
  type Bra,
  cerebellum,
  checkBra,
  checks,
  interfaceOf,
  nodeInterface,
  parseBra,
  parseInterface,
  printBra,
  printInterface,
  takeBra,
} from "../../src/brain/index.js";

const MOSSY = ["MF_PH", "MF_PMT", "MF_PN", "MF_VIII", "MF_VN"];

// biome-ignore lint/suspicious/noExplicitAny: breaks write where types would not let them.
type Loose = any;

/** A copy of the sample, changed. */
function broken(change: (bra: Loose) => void): Bra {
  const copy = JSON.parse(printBra(cerebellum));
  change(copy);
  return takeBra(copy);
}

const circuitLike = (id: string, change: object = {}) => ({ ...cerebellum.circuits[6], id, ...change });
const link = (sender: string, receiver: string) => ({ ...cerebellum.connections[0], sender, receiver });
const node = (id: string, subnodes: string[]) => ({ ...cerebellum.frg[1], id, subnodes });
const named = (bra: Loose, id: string) => bra.circuits.find((circuit: { id: string }) => circuit.id === id);
const under = (bra: Loose, id: string, subnodes: string[]): void => {
  bra.frg[0].subnodes.push(id);
  bra.frg.push(node(id, subnodes));
};

/** For each code, the least that triggers it alone. */
const breaks: Record<string, (bra: Loose) => void> = {
  K1: (bra) => bra.circuits.push(named(bra, "VN_output")),
  K2: (bra) => bra.connections.push(link("GrC", "nowhere")),
  K3: (bra) => (named(bra, "MF_VN").uniform = false),
  K4: (bra) => (bra.connections = bra.connections.filter(({ sender }: { sender: string }) => sender !== "BC")),
  K5: (bra) => {
    bra.circuits = [
      circuitLike("in", { roi: "noROI(input)" }),
      ...["a", "b", "c", "d"].map((id) => circuitLike(id)),
      circuitLike("out", { roi: "noROI(output)" }),
    ];
    bra.connections = [
      ["in", "a"],
      ["a", "b"],
      ["b", "a"],
      ["c", "d"],
      ["d", "c"],
      ["c", "out"],
    ].map(([a, b]) => link(a, b));
    bra.frg = [node("R.TLF", ["R.1", "R.2"]), node("R.1", ["U.a", "U.b"]), node("R.2", ["U.c", "U.d"])];
  },
  K6: (bra) => named(bra, "GrC").subCircuits.push("GoC"),
  K7: (bra) => bra.references.push({ ...bra.references[0], id: "[Nobody, 1900]" }),
  K8: (bra) => (bra.frg[1].interface = { outputs: ["PC"], inputs: [] }),
  K10: (bra) => bra.frg.push(node("R.Second", ["U.GoC", "U.SC"])),
  K11: (bra) => {
    bra.circuits.push(circuitLike("tissue", { uniform: false }));
    bra.frg[0].subnodes.push("U.tissue", "R.Ctx");
  },
  K12: (bra) => under(bra, "R.One", ["U.GoC"]),
  K13: (bra) => under(bra, "R.More", ["U.GrC", "U.SC"]),
  K14: (bra) => bra.circuits.push(circuitLike("MF_new", { roi: "noROI(input)" })),
  K15: (bra) => {
    named(bra, "PC").outputSemantics = "eye velocity";
    bra.frg[2].semantics.push({ circuit: "PC", text: "head velocity" });
  },
};

const texts: typeof breaks = {
  1101: (bra) => (bra.frg[4].requirement = "Outputs: [U.PC] Inputs: [U.GrC] and [U.GoC]"),
  1102: (bra) => (bra.frg[4].requirement = "Inputs: [U.GrC]. Outputs: none."),
  2001: (bra) => (bra.frg[4].mechanism = "It slows down what [U.PC] sends."),
  2002: (bra) => (bra.frg[4].mechanism = "It listens to [U.GrC]."),
};
Object.assign(breaks, texts);

describe("the cerebellar sample", () => {
  it("has the interfaces that are published with it, and breaks no check", () => {
    expect(cerebellum.connections.length).toBe(19);
    expect(nodeInterface(cerebellum, "R.TLF")).toEqual({ outputs: ["VN_output"], inputs: ["CF_IO", ...MOSSY] });
    expect(nodeInterface(cerebellum, "R.Ctx")).toEqual({ outputs: ["BC", "PC", "SC"], inputs: MOSSY });
    expect(nodeInterface(cerebellum, "R.Out")).toEqual({ outputs: ["VN_output"], inputs: ["CF_IO", "GrC", "SC"] });
    expect(nodeInterface(cerebellum, "R.Freq")).toEqual({ outputs: ["PC"], inputs: ["GrC"] });
    expect(checkBra(cerebellum)).toEqual([]);
    expect(() => nodeInterface(cerebellum, "R.Contrl")).toThrow(
      '[nodeInterface] there is no node "R.Contrl". The nodes are R.TLF, R.Ctx, R.Plast, R.Out, R.Freq.',
    );
  });

  it("is unchanged after JSON", () => {
    expect(parseBra(printBra(cerebellum))).toEqual(cerebellum);
    expect(() => parseBra("{", "a.json")).toThrow("a.json is not JSON. Give JSON as printBra writes it");
    expect(() => parseBra('{"project": 3}')).toThrow(/"project" is 3\. Make it an object/);
  });
});

describe("checks", () => {
  it("are each broken by an example here", () =>
    expect(Object.keys(breaks).sort()).toEqual(checks.map(({ code }) => code).sort()));

  it.each(Object.entries(breaks))("%s alone is reported for its minimal break", (code, change) => {
    const found = checkBra(broken(change));
    expect(new Set(found.map((each) => each.code))).toEqual(new Set([code]));
  });

  it("allow a node two circuits beside other nodes, and no third", () => {
    const with3 = (...third: string[]) =>
      checkBra(
        broken((bra) => {
          bra.frg[0].subnodes = ["R.Ctx", "R.Plast", "R.Freq"];
          bra.frg[4].subnodes = ["U.BC", "U.SC", ...third, "R.Out"];
        }),
      );
    expect(with3()).toEqual([]);
    expect(with3("U.GoC")).toMatchObject([{ code: "K12", message: expect.stringContaining("R.Freq has 3 circuits") }]);
  });

  it("accept texts that name all circuits of the interface", () => {
    const said = "Inputs: [U.GrC] Outputs: [U.PC]";
    expect(checkBra(broken((bra) => Object.assign(bra.frg[4], { requirement: said, mechanism: said })))).toEqual([]);
  });

  it("find circuits that are cut off when connections are removed, and nothing else", () => {
    const all = cerebellum.connections;
    fc.assert(
      fc.property(fc.subarray([...all], { maxLength: all.length - 1 }), (left) => {
        const codes = new Set(checkBra({ ...cerebellum, connections: left }).map(({ code }) => code));
        const cutOff = ["GrC", "GoC", "BC", "SC", "PC"].some(
          (id) => !left.some(({ sender }) => sender === id) || !left.some(({ receiver }) => receiver === id),
        );
        expect(codes.has("K4")).toBe(cutOff);
        // Whatever gets through must leave by PC, which hears climbing fibres, or granule cells by way of others.
        const is = (from: string, to: string) => left.some((each) => each.sender === from && each.receiver === to);
        const mossyTo = (to: string) => MOSSY.some((id) => is(id, to));
        const granule = mossyTo("GrC") || (mossyTo("GoC") && is("GoC", "GrC"));
        const parallel = ["BC", "SC"].some((id) => is("GrC", id) && is(id, "PC"));
        const purkinje = is("CF_IO", "PC") || (granule && (is("GrC", "PC") || parallel));
        expect(codes.has("K5")).toBe(!(is("PC", "VN_output") && purkinje));
        // An end without connections is not in the interface of the whole either; without any, nothing is cited.
        expect([...codes].filter((code) => !["K4", "K5", "K7", "K14"].includes(code))).toEqual([]);
        expect(codes.has("K7")).toBe(left.length === 0);
        const ends = [...MOSSY, "CF_IO"].every((id) => left.some(({ sender }) => sender === id));
        expect(codes.has("K14")).toBe(!(ends && is("PC", "VN_output")));
      }),
      { numRuns: 300 },
    );
  });

  it("find any connection to a missing circuit, change of role, and cycle of functions", () => {
    const codes = (change: (bra: Loose) => void) => new Set(checkBra(broken(change)).map(({ code }) => code));
    const internal = fc.constantFrom("GrC", "GoC", "BC", "SC", "PC");
    fc.assert(
      fc.property(internal, fc.integer({ min: 1, max: 4 }), fc.constantFrom("R.TLF", "self"), (id, at, above) => {
        expect(codes((bra) => bra.connections.push(link("nowhere", id)))).toEqual(new Set(["K2"]));
        expect(codes((bra) => (named(bra, id).roi = "noROI(input)"))).toContain("K11");
        expect(codes((bra) => bra.frg[at].subnodes.push(above === "self" ? bra.frg[at].id : above))).toContain("K10");
      }),
    );
  });

  it("find a cycle of functions or of parts, wherever it is", () => {
    const codes = (bra: Bra) => checkBra(bra).map(({ code }) => code);
    expect(codes(broken((bra) => bra.frg[1].subnodes.push("R.TLF")))).toContain("K10");
    expect(codes(broken((bra) => (named(bra, "GoC").subCircuits = ["GoC"])))).toContain("K6");
  });
});

const digraphs = fc.integer({ min: 1, max: 12 }).chain((n) => {
  const end = fc.nat({ max: n - 1 }).map((i) => `c${i}`);
  const set = fc.uniqueArray(end);
  return fc.tuple(fc.array(fc.record({ sender: end, receiver: end })), set, set);
});

describe("interfaces", () => {
  it("of a union are those of its parts, without the connections inside", () => {
    fc.assert(
      fc.property(digraphs, ([edges, s, t]) => {
        const connections = edges.map((edge) => ({ ...cerebellum.connections[0], ...edge }));
        const both = new Set([...s, ...t]);
        const [a, b] = [interfaceOf(s, connections), interfaceOf(t, connections)];
        const outside = (x: readonly string[], y: readonly string[]) =>
          [...new Set([...x, ...y])].filter((id) => !both.has(id)).sort();
        expect(interfaceOf(both, connections)).toEqual({
          outputs: outside(a.outputs, b.outputs).sort(),
          inputs: outside(a.inputs, b.inputs).sort(),
        });
      }),
      { numRuns: 1000 },
    );
  });

  it("are unchanged after they are printed and parsed", () => {
    const names = fc.uniqueArray(fc.stringMatching(/^[A-Za-z][A-Za-z0-9_.]{0,8}$/));
    fc.assert(
      fc.property(names, names, (outputs, inputs) => {
        expect(parseInterface(printInterface("R.X", { outputs, inputs }))).toEqual({ name: "R.X", outputs, inputs });
      }),
    );
    expect(() => parseInterface("PC = GrC")).toThrow(/is not an interface\. Write it as \(Out1, Out2\) = Name/);
  });
});
