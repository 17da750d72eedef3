// What factorisations promise, of matrices of any size and rank: products, orthogonality, order, signs, derivatives where
// values coincide. The laws of every op record run over these ops in test/laws.
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { grad } from "../../src/autodiff/index.js";
import { Key, type Tensor } from "../../src/core/index.js";
import {
  cholesky,
  det,
  eigh,
  inverse,
  lstsq,
  qr,
  slogdet,
  solve,
  solveTriangular,
  svd,
} from "../../src/linalg/index.js";
import { eye, matmul, random, stack, sum, tensor, transpose, tril, zeros } from "../../src/ops/index.js";
import { checkGrads } from "../../src/testing/index.js";

const key = Key.of(11);
const flipped = (a: Tensor): Tensor => transpose(a, [...a.shape.keys()].slice(0, -2).concat(a.rank - 1, a.rank - 2));
const largest = (a: Tensor): number => Math.max(0, ...Array.from(a.data(), Math.abs));

function expectClose(got: Tensor, wanted: Tensor, allowed: number): void {
  expect(got.shape).toEqual(wanted.shape);
  expect(largest(got.sub(wanted))).toBeLessThanOrEqual(allowed);
}

/** Matrices of every shape up to 6 x 6 and of every rank, one of three a stack. */
const matrices = fc
  .record({
    rows: fc.integer({ min: 1, max: 6 }),
    columns: fc.integer({ min: 1, max: 6 }),
    rank: fc.integer({ min: 0, max: 6 }),
    stacked: fc.integer({ min: 0, max: 2 }),
    seed: fc.nat(1e6),
    scale: fc.constantFrom(1e-20, 1, 1e12),
  })
  .map(({ rows, columns, rank, stacked, seed, scale }) => {
    const stack = stacked === 0 ? [2] : [];
    const at = key.fold(seed);
    if (rank >= Math.min(rows, columns)) return random.normal(at, [...stack, rows, columns]).mul(scale);
    if (rank === 0) return zeros([...stack, rows, columns]);
    const [left, right] = [
      random.normal(at.fold(0), [...stack, rows, rank]),
      random.normal(at.fold(1), [...stack, rank, columns]),
    ];
    return matmul(left, right).mul(scale);
  });

/** A product of k terms of size x carries k roundings of x, in float32. */
const rounding = (terms: number, size: number): number => 2 ** -22 * (terms + 2) * size;

function expectOrthonormal(columns: Tensor): void {
  const gram = matmul(flipped(columns), columns);
  expect(largest(gram.sub(eye(columns.shape[columns.rank - 1])))).toBeLessThanOrEqual(rounding(6, 1));
}

describe("factors of any matrix", () => {
  it("qr: Q R is the matrix, Q is orthonormal, R is upper with no negative diagonal", () => {
    fc.assert(
      fc.property(matrices, (a) => {
        const { q, r } = qr(a);
        expectClose(matmul(q, r), a, rounding(6, 6 * largest(a)));
        expectOrthonormal(q);
        expect(largest(tril(r, -1))).toBe(0);
        const k = q.shape[q.rank - 1];
        const numbers = r.data();
        const width = r.shape[r.rank - 1];
        for (let i = 0; i < numbers.length / width; i++) expect(numbers[i * width + (i % k)]).toBeGreaterThanOrEqual(0);
      }),
    );
  });

  it("svd: U diag(s) V' is the matrix, U and V are orthonormal, s is descending and not negative", () => {
    fc.assert(
      fc.property(matrices, (a) => {
        const { u, s, v } = svd(a);
        const k = s.shape[s.rank - 1];
        const scaled = u.mul(s.reshape([...s.shape.slice(0, -1), 1, k]));
        expectClose(matmul(scaled, flipped(v)), a, rounding(6, 6 * largest(a)));
        expectOrthonormal(u);
        expectOrthonormal(v);
        s.data().forEach((x, i, all) => {
          expect(x).toBeGreaterThanOrEqual(0);
          if (i % k > 0) expect(x).toBeLessThanOrEqual(all[i - 1]);
        });
      }),
    );
  });

  it("eigh: V diag(w) V' is the symmetric part, V is orthonormal, w is ascending", () => {
    fc.assert(
      fc.property(matrices, (m) => {
        const a = matmul(m, flipped(m))
          .mul(largest(m) > 1e3 ? 1e-12 : 1)
          .sub(1);
        const { values, vectors } = eigh(a);
        const n = a.shape[a.rank - 1];
        const scaled = vectors.mul(values.reshape([...values.shape.slice(0, -1), 1, n]));
        const symmetric = a.add(flipped(a)).mul(0.5);
        expectClose(matmul(scaled, flipped(vectors)), symmetric, rounding(6, 6 * largest(a)));
        expectOrthonormal(vectors);
        values.data().forEach((x, i, all) => {
          if (i % n > 0) expect(x).toBeGreaterThanOrEqual(all[i - 1]);
        });
      }),
    );
  });

  it("vectors have a fixed sign: the first element of at least half the largest size is positive", () => {
    fc.assert(
      fc.property(matrices, (a) => {
        const { u, v } = svd(a);
        const [m, n] = a.shape.slice(-2);
        const columns = flipped(m >= n ? u : v).toArray() as number[][] | number[][][];
        const rows = (a.rank === 2 ? columns : columns.flat()) as number[][];
        for (const row of rows) {
          const most = Math.max(...row.map(Math.abs));
          // Float32 may round an element at the very half across it.
          expect(row.find((x) => 2 * Math.abs(x) >= most * (1 - 1e-6))!).toBeGreaterThan(0);
        }
      }),
    );
  });

  it("cholesky: L L' is the matrix, with zeros above the diagonal", () => {
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 7 }), fc.nat(1e6), (n, seed) => {
        const m = random.normal(key.fold(seed), [2, n, n]);
        const a = matmul(m, flipped(m)).add(eye(n));
        const l = cholesky(a);
        expectClose(matmul(l, flipped(l)), a, rounding(n, largest(a)));
        l.data().forEach((x, at) => {
          if (at % n > Math.floor(at / n) % n) expect(Object.is(x, 0)).toBe(true);
        });
      }),
    );
  });
});

describe("systems of equations", () => {
  const a = random.normal(key.fold(1), [3, 3]).add(eye(3).mul(3));

  it("are solved with the largest pivot, whatever its sign, also if a tiny one comes first", () => {
    // (e s) (x, y) = (p, q), with e far below the roundings of float64: y = p / s and x = (q - u y) / t.
    // (t u)
    const sign = fc.constantFrom(-1, 1);
    const number = fc.integer({ min: -20, max: 20 });
    fc.assert(
      fc.property(fc.tuple(sign, sign, sign, sign), fc.tuple(number, number), ([tiny, s, t, u], [p, q]) => {
        const y = p / s;
        const x = (q - u * y) / t;
        const matrix = tensor([
          [tiny * 1e-25, s],
          [t, u],
        ]);
        const [gotX, gotY] = solve(matrix, tensor([p, q])).data();
        expect(Math.max(Math.abs(gotX - x), Math.abs(gotY - y))).toBeLessThan(1e-5);
        expect(det(matrix).item()).toBeCloseTo(-s * t, 6);
      }),
    );
  });

  it("accept vectors, matrices and stacks that broadcast", () => {
    const b = random.normal(key.fold(2), [3]);
    expect(solve(a, b).shape).toEqual([3]);
    expectClose(matmul(a, solve(a, b)), b, 1e-6);
    const many = random.normal(key.fold(3), [4, 3, 2]);
    const each = solve(a, many);
    expect(each.shape).toEqual([4, 3, 2]);
    expectClose(matmul(a, each), many, 2e-6);
    const stacked = stack([a, flipped(a)]);
    expectClose(solve(stacked, b), stack([solve(a, b), solve(flipped(a), b)]), 0);
    expectClose(solveTriangular(a, b), solve(tril(a), b), 2e-7);
    expectClose(solveTriangular(a, b, { lower: false, transposed: true }), solve(tril(flipped(a)), b), 2e-7);
    expectClose(matmul(inverse(stacked), stacked), stack([eye(3), eye(3)]), 1e-6);
  });

  it("lstsq leaves a residual that no column can reduce; with fewer equations it finds the shortest solution", () => {
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 4 }), fc.integer({ min: 0, max: 3 }), fc.nat(1e6), (n, more, seed) => {
        const tall = random.normal(key.fold(seed), [n + more, n]).add(
          eye(n + more)
            .slice([0, 0], [n + more, n])
            .mul(2),
        );
        const b = random.normal(key.fold(seed + 1), [n + more]);
        const x = lstsq(tall, b);
        // The normal equations are as ill-conditioned as the square of the matrix, so the solution's size counts.
        const size = 1 + largest(x) * largest(tall) ** 2;
        expect(largest(matmul(flipped(tall), matmul(tall, x).sub(b)))).toBeLessThanOrEqual(2e-6 * size * (n + more));
        const wide = flipped(tall);
        const c = random.normal(key.fold(seed + 2), [n]);
        const shortest = lstsq(wide, c);
        expectClose(matmul(wide, shortest), c, 1e-5 * (1 + largest(shortest) * largest(wide)));
        // The shortest one has no part that the equations do not see: it lies in the space of the rows.
        const { q } = qr(tall);
        expectClose(matmul(q, matmul(flipped(q), shortest)), shortest, 1e-5 * (1 + largest(shortest)));
      }),
    );
  });
});

describe("derivatives of composed functions", () => {
  const draw = (...shape: number[]): Tensor => random.normal(key.fold(shape.length).fold(shape[0]), shape);
  const weights = (x: Tensor): Tensor => random.normal(key.fold(77), x.shape);

  it.each([
    ["qr of a wide matrix", (a: Tensor) => [qr(a).q, qr(a).r], draw(2, 4)],
    ["svd of a wide matrix", (a: Tensor) => [svd(a).u, svd(a).s, svd(a).v], draw(2, 4)],
    ["lstsq, more equations", (a: Tensor) => [lstsq(a, tensor([1, 2, 3, 4]))], draw(4, 2)],
    ["lstsq, fewer equations", (a: Tensor) => [lstsq(a, tensor([1, 2]))], draw(2, 4)],
    ["solve, one matrix for a stack", (a: Tensor) => [solve(a.add(eye(3).mul(4)), draw(2, 3, 1))], draw(3, 3)],
    ["solve for a vector", (b: Tensor) => [solve(draw(3, 3), b)], draw(3)],
  ] as const)("%s", (_, f, at) => {
    const loss = (x: Tensor): Tensor =>
      f(x)
        .map((y) => sum(y.mul(weights(y))))
        .reduce((p, q) => p.add(q));
    expect(() => checkGrads(loss, at, { order: 2, step: 2 ** -7, tolerance: 1e-2 })).not.toThrow();
  });
});

describe("coinciding values", () => {
  it("eigh: what does not depend on the choice of vectors has a derivative", () => {
    // Equal values 1, 1: the projection on their space, and their sum, are functions of the matrix.
    const a = tensor([
      [1, 0, 0],
      [0, 1, 0],
      [0, 0, 3],
    ]);
    const e = tensor([
      [0, 0.5, 0.25],
      [0.5, 0, -1],
      [0.25, -1, 0],
    ]);
    const pair = grad((x: Tensor) => sum(eigh(x).values.slice(0, 2)))(a);
    expectClose(
      pair,
      tensor([
        [1, 0, 0],
        [0, 1, 0],
        [0, 0, 0],
      ]),
      1e-6,
    );
    const projection = (x: Tensor): Tensor => {
      const v = eigh(x).vectors.slice([0, 0], [3, 2]);
      return sum(matmul(v, flipped(v)).mul(e));
    };
    // The projection turns by E / (1 - 3) between the spaces (first order perturbation).
    expectClose(
      grad(projection)(a),
      tensor([
        [0, 0, -0.125],
        [0, 0, 0.5],
        [-0.125, 0.5, 0],
      ]),
      1e-6,
    );
  });

  it("det: the gradient of a singular matrix is its matrix of cofactors", () => {
    const a = tensor([
      [1, 2, 3],
      [2, 4, 6],
      [1, 0, 1],
    ]);
    expect(det(a).item()).toBe(0);
    expectClose(
      grad(det)(a),
      tensor([
        [4, 4, -4],
        [-2, -2, 2],
        [0, 0, 0],
      ]),
      2e-6,
    );
    expectClose(grad(det)(zeros([2, 2])), zeros([2, 2]), 0);
    expectClose(grad(det)(tensor([[5]])), tensor([[1]]), 0);
  });

  it("slogdet of a singular matrix is 0 and -Infinity, and of a determinant out of range its logarithm", () => {
    const singular = slogdet(zeros([2, 2]));
    expect([singular.sign.item(), singular.logAbsDet.item()]).toEqual([0, Number.NEGATIVE_INFINITY]);
    const huge = slogdet(eye(50).mul(-1e30));
    expect(huge.sign.item()).toBe(1);
    expect(huge.logAbsDet.item()).toBeCloseTo(50 * 30 * Math.log(10), 2);
    expect(det(eye(50).mul(1e30)).item()).toBe(Number.POSITIVE_INFINITY);
    const tiny = slogdet(eye(60).mul(-1e-30));
    expect(tiny.logAbsDet.item()).toBeCloseTo(-60 * 30 * Math.log(10), 2);
    // Halves beyond float64's range on the way come back.
    expect(
      det(
        tensor([...Array(40)].map((_, i) => [...Array(40)].map((_, j) => (i === j ? (i < 20 ? 1e20 : 1e-20) : 0)))),
      ).item(),
    ).toBeCloseTo(1, 5);
  });
});

describe("matrices with NaN or an infinity", () => {
  it.each([
    ["solve", (a: Tensor) => solve(a, eye(2))],
    ["inverse", inverse],
    ["det", det],
    ["cholesky", cholesky],
    ["qr", (a: Tensor) => qr(a).q],
    ["eigh", (a: Tensor) => eigh(a).vectors],
    ["svd", (a: Tensor) => svd(a).s],
  ] as const)("%s gives NaN for them and is unaffected for the other matrices in the stack", (_, f) => {
    const good = tensor([
      [2, 1],
      [1, 3],
    ]);
    const results = [Number.NaN, Number.POSITIVE_INFINITY].map((bad) =>
      f(
        stack([
          good,
          tensor([
            [2, bad],
            [1, 3],
          ]),
          good,
        ]),
      ),
    );
    const alone = [...f(good).data()];
    for (const result of results) {
      const numbers = [...result.data()];
      expect(numbers.slice(0, alone.length)).toEqual(alone);
      expect(numbers.slice(alone.length, 2 * alone.length).every(Number.isNaN)).toBe(true);
      expect(numbers.slice(2 * alone.length)).toEqual(alone);
    }
  });
});
