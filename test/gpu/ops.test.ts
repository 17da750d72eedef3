// Every op that has kernels, on the cases of its own record: results and gradients are those of the CPU.
import { afterAll, describe, expect, it } from "vitest";
import { type AnyOp, applyAll } from "../../src/autodiff/index.js";
import { leavesOf } from "../../src/core/index.js";
import { supportedOps } from "../../src/gpu.js";
import { add, Key, random, type Tensor, tensor, valueAndGradAux } from "../../src/index.js";
import { table } from "../laws/table.js";
import { expectAgreement } from "./bits.js";
import { openHere } from "./here.js";

const gpu = await openHere();
afterAll(() => gpu?.close());

const withKernels = table.filter(({ name, domain }) => supportedOps.includes(name) && domain.length > 0);

/** Inputs for a case of an op's domain. */
function drawn({ inputs }: AnyOp["domain"][number], key: Key): Tensor[] {
  return inputs.map(({ shape, low = -1, high = 1, dtype }, i) => {
    if (dtype !== "int32") return random.uniform(key.fold(i), shape, { low, high });
    const size = shape.reduce((product, n) => product * n, 1);
    return tensor(
      Int32Array.from({ length: size }, (_, j) => (j * 3 + 1) % high),
      { shape, dtype },
    );
  });
}

describe.skipIf(!gpu)("every op with kernels", () => {
  it.each(withKernels.map((op) => [op.name, op] as const))("%s", async (name, op) => {
    for (const [n, sample] of op.domain.entries()) {
      const key = Key.of(5).fold(n);
      const given = drawn(sample, key);
      const weights = applyAll(op, given, sample.attributes).map((y, i) => random.uniform(key.fold(90 + i), y.shape));
      const isFloat = (x: Tensor): boolean => x.dtype === "float32";
      // A weighted sum of all results, so that each cotangent differs.
      const f = (floats: Tensor[], integers: Tensor[], weights: Tensor[]): readonly [Tensor, Tensor[]] => {
        const [left, right] = [[...floats], [...integers]];
        const inputs = given.map((x) => (isFloat(x) ? left : right).shift()!);
        const results = [...applyAll(op, inputs, sample.attributes)];
        return [results.map((y, i) => y.mul(weights[i]).sum()).reduce(add), results];
      };
      const parts = [given.filter(isFloat), given.filter((x) => !isFloat(x)), weights] as const;
      const wanted = valueAndGradAux(f, { unused: "zero" })(...parts);
      const got = await gpu!.valueAndGradAux(f, { unused: "zero" })(...parts);
      const results = leavesOf("test", wanted);
      leavesOf("test", got).forEach(({ tensor, path }, i) => {
        expectAgreement(`${name}, case ${n}, ${path}`, tensor, results[i].tensor, gpu!.software);
      });
    }
    expect(gpu!.stats().blocks).toBe(0);
  });

  it("covers the ops of a lifetime", () => {
    for (const name of ["chemicalStep", "linearStep", "motifFactors", "matvec", "softmax", "crossEntropy", "row"])
      expect(withKernels.map((op) => op.name)).toContain(name);
  });
});
