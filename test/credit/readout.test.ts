// Answers that are read from a network that settles: the numbers of PyTorch, and credit against the tape.
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import "../../src/float64/index.js";
import {
  compareCredit,
  continualEquilibriumPropagation,
  convolutionalModel,
  creditSlope,
  energyModel,
  equilibriumPropagation,
  type NudgingOptions,
  type ReadoutParams,
  readoutModel,
  type SymmetricLayer,
  unrolledGradient,
} from "../../src/credit/index.js";
import { advance, compile, crossEntropy, Key, oneHot, random, softmax, tensor } from "../../src/index.js";
import { adam } from "../../src/optim/index.js";

const f64 = { dtype: "float64" } as const;
type Params = ReadoutParams<readonly SymmetricLayer[]>;
const kept = JSON.parse(readFileSync(join(import.meta.dirname, "readout.json"), "utf8"));
const layer = ({ weight, bias }: { weight: number[][]; bias: number[] }): SymmetricLayer => ({
  weight: tensor(weight, f64),
  bias: tensor(bias, f64),
});
const read = ({ settling, readout }: (typeof kept)["params"]): Params => ({
  settling: settling.map(layer),
  readout: layer(readout),
});

const model = readoutModel(energyModel(kept.sizes, { epsilon: kept.epsilon }), 6, 3);
const [params, gradient] = [read(kept.params), read(kept.gradient)];
const [x, target] = [tensor(kept.x, f64), tensor(kept.target, f64)];
const phases = { free: 340, nudged: 40, loss: "crossEntropy" } as const;

describe("a softmax that reads the answer", () => {
  it("has the loss and the gradients of PyTorch", () => {
    const found = unrolledGradient(model, params, x, target, phases);
    expect(compareCredit(found.credit, gradient).relativeError).toBeLessThan(1e-11);
    const answer = softmax(model.readout(params, found.states[1]));
    expect(target.mul(answer.log()).sum().neg().item()).toBeCloseTo(kept.loss, 11);
  });

  it("comes to them by equilibrium propagation, with an error proportional to β or β²", () => {
    const ep = (options: NudgingOptions) => (beta: number) =>
      equilibriumPropagation(model, params, x, target, { ...phases, free: 400, nudged: 80, beta, ...options }).credit;
    const exact = unrolledGradient(model, params, x, target, { ...phases, free: 400, nudged: 80 }).credit;
    const one = creditSlope(ep({ tolerance: 1e-3 }), exact, [1e-1, 1e-2, 1e-3]);
    expect(Math.abs(one.slope - 1)).toBeLessThan(0.1);
    const both = creditSlope(ep({ nudging: "symmetric" }), exact, [1e-1, 1e-2, 1e-3]);
    expect(Math.abs(both.slope - 2)).toBeLessThan(0.2);
    // Of each parameter by itself, those of the reader too.
    for (const { path, relativeError } of both.points[2].comparison.parameters) {
      expect(relativeError, path).toBeLessThan(1e-5);
    }
  });

  it("does so continually: without a rate to the same credit, and slowly towards it", () => {
    const options = { ...phases, beta: 1e-2 };
    const ends = equilibriumPropagation(model, params, x, target, options).credit;
    const still = continualEquilibriumPropagation(model, params, x, target, { ...options, rate: 0 });
    expect(compareCredit(still.credit, ends).relativeError).toBeLessThan(1e-11);
    expect(compareCredit(still.params, params).largestError).toBe(0);
    const rate = 1e-7;
    const moved = continualEquilibriumPropagation(model, params, x, target, { ...options, rate });
    expect(compareCredit(moved.credit, ends).relativeError).toBeLessThan(1e-3);
    const away = moved.params.readout.weight.sub(params.readout.weight).div(-rate);
    expect(compareCredit(away, moved.credit.readout.weight).relativeError).toBeLessThan(1e-6);
  });

  it("reads maps too, and both learn", () => {
    const maps = convolutionalModel({ input: [6, 6, 1], channels: [4], outputs: 12, kernel: 3 });
    const net = readoutModel(maps, 12, 2);
    const images = random.uniform(Key.of(1), [12, 6, 6, 1]);
    const labels = images
      .slice([0, 0, 0, 0], [12, 3, 6, 1])
      .sum([1, 2, 3])
      .greater(images.slice([0, 3, 0, 0], [12, 3, 6, 1]).sum([1, 2, 3]))
      .cast("int32");
    const wanted = oneHot(labels, 2);
    const optimizer = adam({ lr: 0.01 });
    const settings = { free: 30, nudged: 8, beta: 0.2, loss: "crossEntropy", nudging: "symmetric" } as const;
    let carry = { params: net.init(Key.of(2)) };
    let state = optimizer.init(carry.params);
    const lossOf = (): number => {
      const { states } = equilibriumPropagation(net, carry.params, images, wanted, settings);
      return crossEntropy(net.readout(carry.params, states[1]), labels).mean().item();
    };
    const before = lossOf();
    for (let step = 0; step < 40; step++) {
      const next = advance({ ...carry, state }, ({ params, state }) =>
        optimizer.step(params, equilibriumPropagation(net, params, images, wanted, settings).credit, state),
      );
      [carry, state] = [{ params: next.params }, next.state];
    }
    expect(lossOf()).toBeLessThan(before / 2);
  });

  it("is the same compiled", () => {
    const ep = (p: Params) => equilibriumPropagation(model, p, x, target, phases).credit;
    const program = compile(ep);
    program(params);
    expect(compareCredit(program(params), ep(params)).largestError).toBe(0);
    program.dispose();
  });

  it("refuses sizes that are none, and targets of another shape", () => {
    expect(() => readoutModel(energyModel([3, 2]), 0, 2)).toThrow(/`units` is 0/);
    expect(() => readoutModel(energyModel([3, 2]), 2, 1.5)).toThrow(/`outputs` is 1.5/);
    expect(() => readoutModel({} as never, 2, 2)).toThrow(TypeError);
    expect(() => equilibriumPropagation(model, params, x, tensor([[1, 0]]), phases)).toThrow(
      /targets have shape \[1, 2\].*\[2, 3\]/,
    );
  });
});
