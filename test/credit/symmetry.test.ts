// Models whose states follow no function: equilibrium propagation says so, with the asymmetry that it measured.
import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import "../../src/float64/index.js";
import {
  continualEquilibriumPropagation,
  convolutionalModel,
  energyModel,
  equilibriumPropagation,
  jacobianAsymmetry,
  prototypicalModel,
  readoutModel,
  vectorFieldModel,
} from "../../src/credit/index.js";
import { compile, customGrad, grad, Key, random, type Tensor, vmap } from "../../src/index.js";

const f64 = { dtype: "float64" } as const;
const [x, target] = [random.uniform(Key.of(1), [3, 6], f64), random.uniform(Key.of(2), [3, 2], f64)];
const phases = { free: 30, nudged: 5, beta: 0.1 };
const sizes = [6, 5, 2];

/** A network whose ticks use other weights backward than forward. */
function untied() {
  const model = energyModel(sizes);
  const params = model.init(Key.of(0), f64);
  const other = vectorFieldModel(sizes);
  const [, { backward }] = other.init(Key.of(4), f64);
  const tied = { forward: params[1].weight, backward, bias: params[1].bias };
  const step: typeof model.step = (p, data, states) =>
    other.step([{ forward: p[0].weight, backward: p[0].weight, bias: p[0].bias }, tied], data, states);
  return { model: { ...model, step }, params };
}

let warned: ReturnType<typeof vi.spyOn>;
beforeEach(() => {
  warned = vi.spyOn(console, "warn").mockImplementation(() => {});
});
afterEach(() => warned.mockRestore());
const texts = (): string[] => (warned.mock.calls as unknown[][]).map(([text]) => String(text));

describe("a Jacobian that is not symmetric", () => {
  it("is told of once, with the asymmetry that jacobianAsymmetry measures at the steady state", () => {
    const { model, params } = untied();
    const { states } = equilibriumPropagation(model, params, x, target, phases);
    equilibriumPropagation(model, params, x, target, phases);
    const measured = jacobianAsymmetry(model, params, x, states, Key.of(0));
    expect(measured).toBeGreaterThan(0.01);
    expect(texts()).toHaveLength(1);
    expect(texts()[0]).toContain(`[equilibriumPropagation] the Jacobian of a tick is not symmetric`);
    expect(texts()[0]).toContain(`the asymmetry is ${measured.toPrecision(2)},`);
    expect(texts()[0]).toMatch(/equilibriumModel\(\), or use vectorFieldPropagation\(\)/);
  });

  it("is told of by the continual algorithm and by compiled programs too", () => {
    const { model, params } = untied();
    continualEquilibriumPropagation(model, params, x, target, { ...phases, rate: 0 });
    expect(texts()).toHaveLength(1);
    const second = untied();
    const ep = (data: Tensor) => equilibriumPropagation(second.model, second.params, data, target, phases).credit;
    const program = compile(ep);
    const traced = program(x);
    expect(texts()).toHaveLength(2);
    // The check leaves nothing in the program.
    const plain = ep(x);
    for (const again of [traced, program(x)]) {
      expect(again.map(({ weight }) => weight.toArray())).toEqual(plain.map(({ weight }) => weight.toArray()));
    }
    program.dispose();
  });

  it("cannot be measured where a tick has no derivative, which stops nobody", () => {
    const { model, params } = untied();
    const { step } = model;
    const rounded = customGrad({
      forward: (s: Tensor) => [s.mul(64).round().div(64), undefined],
      backward: () => {
        throw new Error("there is no derivative");
      },
    });
    const other = { ...model, step: (...given: Parameters<typeof step>) => step(...given).map((s) => rounded(s)) };
    expect(() => equilibriumPropagation(other, params, x, target, phases)).not.toThrow();
    expect(texts()).toEqual([]);
  });

  it("is not looked for inside grad and vmap, which could not read it", () => {
    const { model, params } = untied();
    const credit = (data: Tensor) => equilibriumPropagation(model, params, data, target, phases).credit[0].bias;
    grad((data: Tensor) => credit(data).sum())(x);
    vmap((data: Tensor) => credit(data))(random.uniform(Key.of(3), [2, 3, 6], f64));
    expect(texts()).toEqual([]);
  });
});

describe("the models that are built in", () => {
  it.each([
    ["energyModel", energyModel(sizes)],
    ["prototypicalModel", prototypicalModel(sizes)],
    ["sigmoid", prototypicalModel(sizes, "sigmoid")],
    ["readoutModel", readoutModel(energyModel(sizes), 2, 2)],
  ] as const)("give no warning: %s", (_, model) => {
    for (const dtype of ["float32", "float64"] as const) {
      const params = model.init(Key.of(0), { dtype });
      const data = [x, target].map((each) => each.cast(dtype));
      equilibriumPropagation({ ...model } as never, params, data[0], data[1], phases);
    }
    expect(texts()).toEqual([]);
  });

  it("give none for images", () => {
    const model = convolutionalModel({ input: [4, 4, 1], channels: [3], outputs: 2, kernel: 3 });
    const images = random.uniform(Key.of(5), [3, 4, 4, 1]);
    equilibriumPropagation(model, model.init(Key.of(0)), images, target.cast("float32"), phases);
    expect(texts()).toEqual([]);
  });
});
