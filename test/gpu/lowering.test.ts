// What needs no device: a lowering belongs to one op, says how its derivative is made, and is missed with fact and cure.
import { describe, expect, it } from "vitest";
import { stop } from "../../src/autodiff/index.js";
import { float64 } from "../../src/float64/index.js";
import { Lowerings, lowering, opLowerings } from "../../src/gpu/internal.js";
import { trace } from "../../src/gpu/trace.js";
import { cast, type Tensor, tensor } from "../../src/index.js";
import { linearStepOp } from "../../src/plasticity/index.js";
import { plasticityLowerings } from "../../src/plasticity/lowerings/index.js";

const all = [...opLowerings, ...plasticityLowerings];

describe("lowerings", () => {
  it("are one for each op", () => {
    expect(new Set(all.map(({ op }) => op)).size).toBe(all.length);
    expect(new Lowerings(all).names).toEqual(all.map(({ op }) => op.name).sort());
  });

  it("need kernels for a fused derivative", () => {
    for (const { op, vjp } of all) if ("composition" in op) expect(vjp, op.name).toBeTypeOf("function");
    expect(() => lowering(linearStepOp, { forward: () => [], vjp: "ops" })).toThrow(
      /derivative of linearStep is fused.*Give/,
    );
  });

  it("that are missing are all named, together with those that exist", () => {
    const { nodes } = trace((x: Tensor) => stop(x.cumsum()).tanh().sin(), [tensor([1, 2])]);
    const known = new Lowerings(opLowerings);
    expect(() => known.check(nodes)).toThrow(/no kernels for the ops "cumsum", "sin".*CPU.*accumulate/);
    expect(() => known.check(nodes.filter(({ op }) => op.name === "tanh"))).not.toThrow();
  });
});

it("float64 is refused, as an argument, inside the function and in what it uses, with the cure", () => {
  const [single, double] = [tensor([1, 2]), tensor([1, 2], float64)];
  const refused = '[gpu] a GPU computes in float32, and a tensor is float64. Use cast(x, "float32"), or the CPU.';
  expect(() => trace((x: Tensor) => x.tanh(), [double])).toThrow(refused);
  expect(() => trace((x: Tensor) => cast(x, "float64").tanh(), [single])).toThrow(refused);
  expect(() => trace((x: Tensor) => x.add(cast(double.mul(2), "float32")), [single])).toThrow(refused);
});
