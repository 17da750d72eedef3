// Kernels of representations and of tangents: against gradients one by one, and laws of their alignment.
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { grad } from "../../src/autodiff/index.js";
import { Key, type Tensor } from "../../src/core/index.js";
import { effectiveRank } from "../../src/linalg/index.js";
import {
  activation,
  alignedWeights,
  dense,
  kernelAlignment,
  network,
  type Params,
  similarityKernel,
  tangentKernel,
} from "../../src/nn/index.js";
import { matmul, norm, random, stack, tensor, transpose, zeros } from "../../src/ops/index.js";

const drawn = (seed: number, n: number): Tensor => {
  const x = random.normal(Key.of(seed), [n, n + 2]);
  return matmul(x, transpose(x));
};

describe("kernelAlignment", () => {
  it("is 1 for a kernel and a multiple of itself, symmetric, and never above 1", () => {
    fc.assert(
      fc.property(
        fc.integer({ min: 1, max: 10 }),
        fc.nat(999),
        fc.double({ min: 0.01, max: 100, noNaN: true }),
        (n, seed, c) => {
          const [a, b] = [drawn(seed, n), drawn(seed + 1000, n)];
          expect(kernelAlignment(a, a.mul(c)).item()).toBeCloseTo(1, 5);
          const found = kernelAlignment(a, b).item();
          expect(kernelAlignment(b.mul(c), a).item()).toBeCloseTo(found, 5);
          expect(found).toBeLessThanOrEqual(1 + 1e-6);
          expect(found).toBeGreaterThan(0); // both are positive semidefinite
        },
      ),
    );
  });

  it.each([
    [() => kernelAlignment(zeros([2, 3]), zeros([2, 3])), "a kernel has shape [2, 3]. Give [n, n] for n examples"],
    [() => kernelAlignment(drawn(1, 2), drawn(1, 3)), "kernels are over 2 and 3 examples"],
    [() => similarityKernel(zeros([0, 3])), "Give [n, ...] with at least one example"],
    [
      () => tangentKernel((p: Tensor, x: Tensor) => matmul(x, p), zeros([2, 2]), zeros([3, 2, 2])),
      "f gives shape [2, 2]",
    ],
    [() => alignedWeights(Key.of(0), zeros([3]), 4, 1), "the direction is zero"],
    [() => alignedWeights(Key.of(0), zeros([3, 1]), 4, 1), "Give a vector [n_in]"],
    [() => alignedWeights(Key.of(0), tensor([1]), 4, 0), "`size` is 0"],
    [() => alignedWeights(Key.of(0), tensor([1]), 0.5, 1), "`units` is 0.5"],
  ])("refuses %#", (run, sentence) => {
    expect(run).toThrow(RangeError);
    expect(run).toThrow(sentence);
  });
});

describe("tangentKernel", () => {
  it("is the Gram matrix of gradients taken one by one, over a tree of parameters", () => {
    const net = network({ input: [3], layers: [dense(5), activation("tanh"), dense(2)] });
    const params = net.init(Key.of(1));
    const x = random.normal(Key.of(2), [4, 3]);
    const answer = (p: Params, one: Tensor): Tensor => net.apply(p, one.reshape([1, 3])).reshape([2]);
    const rows: Tensor[] = [];
    for (let i = 0; i < 4; i++) {
      for (let o = 0; o < 2; o++) {
        const gradient = grad((p: Params) => answer(p, x.row(i)).row(o))(params);
        const flat = gradient.flatMap((layer) => Object.values(layer).flatMap((part) => Array.from(part.data())));
        rows.push(tensor(flat));
      }
    }
    const g = stack(rows);
    const wanted = matmul(g, transpose(g));
    const found = tangentKernel(answer, params, x);
    expect(found.shape).toEqual([8, 8]);
    expect(norm(found.sub(wanted)).item()).toBeLessThan(1e-5 * norm(wanted).item());
  });

  it("of a linear answer is the Gram matrix of the examples, for each output", () => {
    const x = random.normal(Key.of(3), [5, 4]);
    const found = tangentKernel((w: Tensor, one: Tensor) => matmul(one, w), zeros([4, 1]), x);
    expect(norm(found.sub(similarityKernel(x))).item()).toBeLessThan(1e-5);
  });

  it("takes a number as one output, and parameters that do not matter as zero", () => {
    const x = tensor([[1], [2]]);
    const found = tangentKernel(
      (p: { a: Tensor; b: Tensor }, one: Tensor) => one.mul(p.a).sum(),
      {
        a: tensor([1]),
        b: tensor([7]),
      },
      x,
    );
    expect(found.toArray()).toEqual([
      [1, 2],
      [2, 4],
    ]);
  });
});

it("alignedWeights are of rank one, along the direction, and of the size asked for", () => {
  const direction = random.normal(Key.of(5), [6]);
  const w = alignedWeights(Key.of(6), direction, 9, 3);
  expect(w.shape).toEqual([6, 9]);
  expect(norm(w).item()).toBeCloseTo(3, 5);
  expect(effectiveRank(w).item()).toBeCloseTo(1, 3);
  const along = norm(matmul(transpose(w), direction.reshape([6, 1]))).item();
  expect(along).toBeCloseTo(3 * norm(direction).item(), 4);
});
