// Motifs and synapses of one's own: those that say again what is built in give the same; what is not local is refused.
import { describe, expect, it } from "vitest";
import { InputError, type Tensor, valueAndGrad } from "../../src/index.js";
import {
  checkMotif,
  checkRule,
  checkSynapse,
  defaultConfig,
  defineMotif,
  defineSynapse,
  initialRule,
  type LocalSignals,
  lifetime,
  type Motif,
  motifNames,
  type PlasticityConfig,
  ruleParts,
  type Synapse,
  synapseNames,
} from "../../src/plasticity/index.js";
import { relativeError } from "../laws/oracle.js";
import { episode, metaLoss, parametersOf, streamOf } from "./episodes.js";

// F0 .. F4 and F9 again, as anyone would write them; F9 needs W' y, which is no synapse's own, so only its Hebbian part.
const again: Record<number, Motif["term"]> = {
  0: ({ e, yPre }) => e.mul(yPre).neg(),
  1: ({ y, ePre }) => y.mul(ePre).neg(),
  2: ({ e, ePre }) => e.mul(ePre).neg(),
  3: ({ w }) => w.neg(),
  4: ({ ePre }) => ePre.neg(),
};
for (const [number, term] of Object.entries(again)) {
  defineMotif({ name: `F${number}`, summary: "again", term });
}
defineMotif({
  name: "F5",
  summary: "again, with the sum of the layer's activity as a declared scalar",
  scalars: { m: ({ y }) => y.sum() },
  term: ({ e, yPre }, { m }) => e.mul(yPre).mul(m).neg(),
});
const numbers = [0, 1, 2, 3, 4, 5];
const names = numbers.map((number) => `F${number}`);

defineSynapse({
  name: "linear again",
  begin: (w) => ({ w, h: [] }),
  step: ({ w }, { drive }) => ({ w: w.add(drive.row(0)), h: [] }),
});

const column = (x: Tensor): Tensor => x.reshape([x.size, 1, 1]);
defineSynapse({
  name: "chemical again",
  begin: (w, { v }) => ({ w: w.mul(v.sum()), h: [w.reshape([1, ...w.shape]).broadcastTo([v.size, ...w.shape])] }),
  step: ({ h: [h] }, { drive }, { k, v, y, z }) => {
    const flat = [v.size, h.size / v.size];
    const q = k.matmul(h.reshape(flat)).reshape(h.shape).add(drive);
    const next = column(y).mul(h).add(column(z).mul(q.tanh()));
    return { w: column(v).mul(next).sum(0), h: [next] };
  },
});

describe("a user-defined motif", () => {
  it.each([
    ["linear", 1],
    ["chemical", 2],
    ["momentum", 3],
    ["gated", 2],
    ["cascade", 3],
    ["linear again", 1],
  ] as const)("that repeats a built-in one has its value and gradient: %s", (synapse, chemicals) => {
    const config: PlasticityConfig = { ...defaultConfig, synapse, chemicals, motifs: numbers, tauMin: 2 };
    const e = episode(config, [5, 4, 3], 6, 21);
    const named = { ...e, config: { ...config, motifs: names } };
    const mixed = { ...e, config: { ...config, motifs: [0, "F1", 2, "F3", "F4", 5] } };
    const [wanted, ...others] = [e, named, mixed].map((x) =>
      valueAndGrad(metaLoss(x, "auto"), { unused: "zero" })(parametersOf(x)),
    );
    for (const { value, grad } of others) {
      expect(relativeError([value.item()], [wanted.value.item()])).toBeLessThan(1e-5);
      for (const part of ["P", "K", "v", "s"] as const) {
        grad.rule[part].forEach((g, i) => {
          expect(relativeError(g.data(), [...wanted.grad.rule[part][i].data()])).toBeLessThan(1e-3);
        });
      }
    }
  });

  it("has its gradient compared with differences by checkMotif", () => {
    for (const name of ["F1", "F3", "F5", "hebb"]) checkMotif(name);
    expect(() => checkMotif("nothing")).toThrow(
      `[plasticity] no motif is called "nothing": there are ${motifNames().join(", ")}, and 0 to 9.`,
    );
  });

  const bad: [string, Motif["term"], string][] = [
    ["sums over units", ({ e, yPre }) => e.sum().mul(yPre), "is not local: synapse [1, 0] changes with e[0, 0]"],
    ["another unit's activity", ({ y, yPre }) => y.mul(yPre.flip(1)), "synapse [0, 3] changes with yPre[0, 0]"],
    ["W e", ({ w, ePre }) => w.mul(ePre).sum(1, true), "synapse [0, 1] changes with w[0, 0]"],
    [
      "rows taken for columns",
      ({ e, yPre }) => e.reshape([1, 3]).sum().mul(yPre),
      "synapse [1, 0] changes with e[0, 0]",
    ],
  ];
  it.each(bad)("is refused if it is not local: %s", (name, term, message) => {
    const define = (): void => defineMotif({ name, summary: "", term });
    expect(define).toThrow(InputError);
    expect(define).toThrow(message);
    expect(define).toThrow("Work element by element on the synapse and its two units, and declare");
    expect(motifNames()).not.toContain(name);
  });

  it("may use a number for the whole layer if it declares it", () => {
    defineMotif({
      name: "declared",
      summary: "",
      scalars: { total: ({ e }) => e.sum() },
      term: ({ yPre }, { total }) => yPre.mul(total),
    });
    expect(() => checkMotif("declared")).not.toThrow();
  });

  it("may declare only single numbers", () => {
    const vector = (): void =>
      defineMotif({
        name: "vector",
        summary: "",
        scalars: { e: ({ e }) => e },
        term: ({ w }, { e }) => w.mul(e.sum()),
      });
    expect(vector).toThrow(InputError);
    expect(vector).toThrow('motif "vector" declares e of shape [3]. A number of the whole layer has shape []');
  });

  it("is refused with the wrong shape, hidden state, or a name that is taken", () => {
    const define = (name: string, term: Motif["term"]) => (): void => defineMotif({ name, summary: "", term });
    expect(define("wide", ({ w }) => w.reshape([4, 3]))).toThrow('"wide" has shape [4, 3] for weights [3, 4]');
    let calls = 0;
    expect(define("state", ({ w }: LocalSignals) => w.mul(++calls))).toThrow("gives another result each time");
    expect(define("hebb", ({ w }) => w)).toThrow('"hebb" is taken or a number');
    expect(define("9", ({ w }) => w)).toThrow('"9" is taken or a number');
  });
});

describe("a user-defined synapse", () => {
  it.each([
    ["linear", "linear again", 1],
    ["chemical", "chemical again", 3],
  ] as const)("that repeats the %s one has its value and gradient", (synapse, own, chemicals) => {
    const motifs = [0, 1, 2, 3, 4, 5, 6, 7, 8, 9];
    const bias = synapse === "linear" ? "none" : "neuron";
    const config: PlasticityConfig = { ...defaultConfig, synapse, chemicals, motifs, bias };
    const e = episode(config, [5, 4, 3], 6, 22);
    const [wanted, got] = [synapse, own].map((name) => {
      const { rule, start } = parametersOf(e);
      const config = { ...e.config, synapse: name };
      const weights = lifetime(config, rule, start, streamOf(e));
      const { grad } = valueAndGrad(metaLoss({ ...e, config }, "auto"), { unused: "zero" })({ rule, start });
      return [...weights, ...grad.rule.P, ...grad.rule.K, ...grad.rule.v, ...grad.rule.b, ...grad.start.weights];
    });
    got.forEach((x, i) => {
      expect(relativeError(x.data(), [...wanted[i].data()])).toBeLessThan(2e-4);
    });
  });

  it("starts with the same rule as a built-in kind with as many chemicals", () => {
    for (const chemicals of [1, 2, 3, 5]) {
      const [wanted, own] = ["chemical", "chemical again"].map((synapse) =>
        initialRule({ ...defaultConfig, synapse, chemicals, motifs: [0, 2, 9] }, [5, 4, 3]),
      );
      for (const part of ruleParts)
        expect(own[part].map((x) => x.toArray())).toEqual(wanted[part].map((x) => x.toArray()));
      expect(own.v.map((v) => [...v.data()])).toEqual([new Array(chemicals).fill(Math.fround(1 / chemicals))]);
    }
  });

  it("has its gradient compared with differences by checkSynapse, as the built-in ones have", () => {
    // A gate's logit moves 32 times as far as its number.
    for (const name of synapseNames()) checkSynapse(name, name === "gated" ? { step: 2 ** -9 } : {});
    expect(() => checkSynapse("nothing")).toThrow('[plasticity] no synapse is called "nothing"');
  });

  it("is refused if a step is not local, or its name is taken", () => {
    const step: Synapse["step"] = ({ w }, { drive }) => ({ w: w.add(drive.row(0)).div(w.abs().max()), h: [] });
    const define = (name: string) => (): void => defineSynapse({ name, begin: (w) => ({ w, h: [] }), step });
    expect(define("scaled")).toThrow(InputError);
    expect(define("scaled")).toThrow('synapse "scaled" is not local: synapse');
    expect(define("gated")).toThrow('"gated" is taken or empty');
    expect(synapseNames()).not.toContain("scaled");
  });
});

describe("checkRule", () => {
  it("accepts correct rules: other heads, feedback, scopes", () => {
    expect(() => {
      checkRule({ motifs: [0, 2, 9], feedback: "sign" }, { modes: ["forward"] });
      checkRule({ head: "linear", inputGate: "one", motifs: [0, 2, 9], initialP0: 0.1 });
      checkRule({ synapse: "chemical", chemicals: 2, bias: "neuron", scope: "layer", feedback: "plastic" });
    }).not.toThrow();
  });

  it("finds a gradient that is not that of the value", () => {
    // Its derivative stops at the weight: a wrong one, which no locality check can see.
    defineMotif({ name: "stopped", summary: "", term: ({ w, e }) => w.stop().square().mul(e) });
    expect(() => checkMotif("stopped")).toThrow(
      /^\[checkGrads\] order 1, reverse: element \d+ of "(rule|start)\.\S+" \[.*\] is \S+, differences give /,
    );
  });
});
