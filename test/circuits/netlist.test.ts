// The language of netlists: what it says, and what it refuses.
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { parseNetlist, transient, transmissionLine } from "../../src/circuits/index.js";
import { InputError } from "../../src/core/index.js";

const parsed = (text: string) =>
  parseNetlist(text).elements.map(({ name, nodes, values }) => ({ name, nodes, values }));
const number = (factor: number) => ({ factor, names: [] });

describe("a netlist", () => {
  it("has elements with values in order, by name, or by default, and comments", () => {
    const text =
      "* a comment\nB1 a 0.1 # a junction\nB2 b ic = 2 * 0.1 ; another\n\nL1 a b 5\nT1 a b l=4 r=1\nR1 a 0 2\nP1 a";
    expect(parsed(text)).toEqual([
      { name: "B1", nodes: ["a"], values: { ic: number(0.1) } },
      { name: "B2", nodes: ["b"], values: { ic: number(0.2) } },
      { name: "L1", nodes: ["a", "b"], values: { l: number(5), r: number(0) } },
      { name: "T1", nodes: ["a", "b"], values: { l: number(4), r: number(1), ratio: number(-1) } },
      { name: "R1", nodes: ["a", "0"], values: { r: number(2) } },
      { name: "P1", nodes: ["a"], values: { amplitude: number(0.12), sigma: number(3) } },
    ]);
  });

  it("puts subcircuits in place, with nodes and parameters from outside, also in one another", () => {
    const text = `.param k=2
.subckt one a ic=0.1
B a ic*k
.ends
.subckt two a b ic=1
X1 a one ic=3*ic
X2 b one
L a b 5
.ends
X x y two ic=0.5*k`;
    expect(parsed(text)).toEqual([
      { name: "X.X1.B", nodes: ["x"], values: { ic: { factor: 1.5, names: ["k", "k"] } } },
      { name: "X.X2.B", nodes: ["y"], values: { ic: { factor: 0.1, names: ["k"] } } },
      { name: "X.L", nodes: ["x", "y"], values: { l: number(5), r: number(0) } },
    ]);
  });

  it("says the same with its subcircuits written out", () => {
    const written = (stages: number): string =>
      Array.from({ length: stages }, (_, i) => {
        const link = i === 0 ? "P n1" : `L${i} n${i} n${i + 1} 5`;
        return `B${i} n${i + 1} 0.1\nI${i} n${i + 1} 0.075\n${link}`;
      }).join("\n");
    const options = { duration: 80, pulses: { P: [40] } };
    const [ours, plain] = [transmissionLine(4), parseNetlist(written(4))].map((circuit) => transient(circuit, options));
    const [phase, other] = [ours, plain].map((course) => course.phase("n4"));
    phase.forEach((x, i) => {
      expect(Math.abs(x - other[i])).toBeLessThan(1e-10);
    });
  });
});

describe("what is refused, with the line or the element", () => {
  const cases: readonly (readonly [why: string, text: string, message: RegExp])[] = [
    ["an element that does not exist", "B1 a 0.1\nQ1 a 3", /line 2: "Q1" is no element\. The first letter is one of B/],
    [
      "a subcircuit that does not exist",
      "B1 a 0.1\nX1 a b other",
      /line 2: there is no subcircuit "other"\. There are jtl/,
    ],
    ["too few nodes of a subcircuit", "B1 a 0.1\nX1 a jtl", /"jtl" has 2 nodes \(a, b\), and 1 are given/],
    ["a parameter that a subcircuit has not", "B1 a 0.1\nX1 a b jtl width=2", /"jtl" has no "width"\. It has bias/],
    ["a value that is missing", "B1 a", /line 1: "B1" is a junction from a node to ground and needs ic=/],
    ["a value that is no number", "B1 a ic=1+1", /line 1: "1\+1" is no value/],
    ["a value too many", "B1 a 1 2", /"B1" has more values than ic/],
    ["a name that an element has not", "B1 a ic=1 c=2", /"B1" has no "c"\. It has ic/],
    ["one node where there are two", "B1 a 0.1\nL1 a l=5", /"L1" is an inductor: give its two nodes/],
    ["an element with both ends at one node", "B1 a 0.1\nL1 a a 5", /both ends of "L1" are at node "a"/],
    ["a parameter that does not exist", "B1 a ic*0.1", /"B1" uses "ic", which is no parameter/],
    ["a parameter that is no number", ".param a=b\nB1 a 0.1", /the parameter "a" is not a number/],
    ["two elements of one name", "B1 a 0.1\nB1 b 0.1", /two elements "B1"/],
    ["a command that does not exist", ".tran 1\nB1 a 0.1", /there is no ".tran"/],
    ["a subcircuit that does not end", ".subckt a b\nB1 b 0.1", /line 1: \.subckt "a" has no \.ends/],
    ["an end without a beginning", ".ends", /\.ends without a \.subckt/],
    ["a subcircuit in itself", ".subckt s a\nX1 a s\n.ends\nX1 a s", /more than 20 deep/],
    ["nothing", "* nothing", /has no node/],
    ["a node without a junction", "B1 a 0.1\nL1 a b 5", /node "b" floats: it has no junction/],
    [
      "inductors in parallel",
      "B1 a 0.1\nB2 b 0.1\nL1 a b 5\nL2 a b 5",
      /"L2" closes a loop of inductors without resistance/,
    ],
    [
      "a ring of inductors through ground",
      "B1 a 0.1\nB2 b 0.1\nL1 a b 5\nL2 a 0 5\nL3 0 b 5",
      /"L3" closes a loop of inductors/,
    ],
    ["a junction without current", "B1 a 0", /"B1" .* has ic = 0: it must be above 0/],
    ["a negative resistance", "B1 a 0.1\nB2 b 0.1\nL1 a b 5 r=-1", /"L1" .* has r = -1: it must be at least 0/],
  ];
  it.each(cases)("%s", (_, text, message) => {
    expect(() => parseNetlist(text)).toThrow(InputError);
    expect(() => parseNetlist(text)).toThrow(message);
  });

  it("accepts a loop that contains a resistance", () => {
    expect(parseNetlist("B1 a 0.1\nB2 b 0.1\nL1 a b 5\nL2 a b 5 r=0.1").elements.length).toBe(4);
  });

  it("whatever the text is: an InputError or a circuit, never anything else", () => {
    const word = fc.constantFrom(
      "B1",
      "L1",
      "X1",
      "P",
      "a",
      "b",
      "0",
      "0.1",
      "ic=0.1",
      "jtl",
      ".subckt",
      ".ends",
      ".param",
      "*",
      "=",
      "é",
    );
    const line = fc
      .array(fc.oneof(word, fc.string({ maxLength: 4 })), { maxLength: 5 })
      .map((words) => words.join(" "));
    fc.assert(
      fc.property(fc.array(line, { maxLength: 6 }), (lines) => {
        try {
          parseNetlist(lines.join("\n"));
        } catch (error) {
          expect(error).toBeInstanceOf(InputError);
        }
      }),
      { numRuns: 500 },
    );
  });
});
