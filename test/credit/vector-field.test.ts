// Networks with untied weights: what their synapses find against equilibrium propagation, and how they learn.
import { describe, expect, it } from "vitest";
import "../../src/float64/index.js";
import {
  compareCredit,
  creditSlope,
  equilibriumPropagation,
  prototypicalModel,
  type SymmetricLayer,
  type UntiedLayer,
  vectorFieldModel,
  vectorFieldPropagation,
} from "../../src/credit/index.js";
import { advance, Key, random, scope, tensor } from "../../src/index.js";

const f64 = { dtype: "float64" } as const;
const sizes = [6, 8, 5, 3];
const model = vectorFieldModel(sizes);
const params = model
  .init(Key.of(1), { ...f64, tied: true })
  .map(({ forward, backward, bias }) => ({ forward: forward.mul(0.5), backward: backward.mul(0.5), bias }));
const [x, target] = [random.uniform(Key.of(2), [4, 6], f64), random.uniform(Key.of(3), [4, 3], f64)];
const phases = { free: 300, nudged: 60 };

/** What a forward and its backward synapse find together; the data do not move, so the first layer has one side only. */
const together = (layers: readonly UntiedLayer[]): SymmetricLayer[] =>
  layers.map(({ forward, backward, bias }, i) => ({ weight: i === 0 ? forward : forward.add(backward), bias }));

describe("untied weights", () => {
  it("that are equal find what equilibrium propagation does, with an error in proportion to β", () => {
    const tied = params.map(({ forward, bias }) => ({ weight: forward, bias }));
    const exact = equilibriumPropagation(prototypicalModel(sizes), tied, x, target, {
      ...{ ...phases, beta: 1e-4, nudging: "symmetric" as const },
    });
    const of = (beta: number) =>
      together(vectorFieldPropagation(model, params, x, target, { ...phases, beta, rate: 0 }).credit);
    const { slope, points } = creditSlope(of, exact.credit as SymmetricLayer[], [1e-1, 1e-2, 1e-3]);
    expect(slope).toBeGreaterThan(0.9);
    expect(slope).toBeLessThan(1.1);
    expect(points[2].comparison.relativeError).toBeLessThan(5e-3);
  });

  it("with a rate of 0 stay as they are, and with a small one move against what they find", () => {
    const still = vectorFieldPropagation(model, params, x, target, { ...phases, beta: 0.1, rate: 0 });
    expect(compareCredit(still.params, params).largestError).toBe(0);
    const rate = 1e-7;
    const { params: moved, credit } = vectorFieldPropagation(model, params, x, target, { ...phases, beta: 0.1, rate });
    const by = moved.map(({ forward, backward, bias }, i) => ({
      forward: params[i].forward.sub(forward).div(rate),
      backward: params[i].backward.sub(backward).div(rate),
      bias: params[i].bias.sub(bias).div(rate),
    }));
    expect(compareCredit(by, credit).relativeError).toBeLessThan(1e-6);
    expect(compareCredit(credit, still.credit).relativeError).toBeLessThan(1e-4);
  });

  it("that differ learn", () => {
    const net = vectorFieldModel([2, 12, 1]);
    const data = tensor([
      [0, 0],
      [0, 1],
      [1, 0],
      [1, 1],
    ]);
    const wanted = tensor([[0], [0.8], [0.8], [0.8]]);
    let carry = { params: net.init(Key.of(6)) };
    const learn = (options: { readonly nudged: number; readonly rate: number }) =>
      vectorFieldPropagation(net, carry.params, data, wanted, { free: 40, beta: 0.3, ...options });
    const error = (): number => scope(() => learn({ nudged: 1, rate: 0 }).states[1].sub(wanted).square().sum().item());
    const first = error();
    for (let i = 0; i < 150; i++) {
      carry = advance(carry, () => ({ params: learn({ nudged: 10, rate: 0.02 }).params }));
    }
    expect(error()).toBeLessThan(first / 10);
  });

  it("are refused where they do not fit", () => {
    expect(() => vectorFieldModel([3])).toThrow(/`sizes` is/);
    const run = (options: object, wanted = target) =>
      vectorFieldPropagation(model, params, x, wanted, { ...phases, rate: 0, ...options });
    expect(() => run({ beta: 0 })).toThrow(/`beta` is 0/);
    expect(() => run({ rate: -1 })).toThrow(/`rate` is -1/);
    expect(() => run({ nudged: 300 })).toThrow(/Give the first phase more ticks/);
    expect(() => run({}, random.uniform(Key.of(0), [4, 2], f64))).toThrow(/targets have shape \[4, 2\]/);
  });
});
