// Einstein sums against plain loops in float64: any expression, with derivatives, in batches, compiled and in float64.
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import "../../src/float64/index.js";
import { compile, Key, ones, random, type Tensor, tensor, vmap } from "../../src/index.js";
import { cheapest } from "../../src/ops/einsum.js";
import { einsum, matmul } from "../../src/ops/index.js";
import { bitsOf } from "../../src/testing/arrays.js";
import { type Composed, expectDerivatives, type Numbers } from "./composed.js";
import { contract, contracted } from "./contract.js";

const sizeOf = (shape: readonly number[]): number => shape.reduce((count, size) => count * size, 1);

const sums = (expression: string, ...shapes: number[][]): Composed => ({
  name: `${expression} of ${shapes.map((shape) => `[${shape}]`).join(" and ")}`,
  f: (...x) => einsum(expression, ...x),
  reference: (...x) => contract(expression, ...x),
  inputs: shapes.map((shape) => ({ shape })),
});

const cases: Composed[] = [
  sums("ij,jk->ik", [2, 3], [3, 4]),
  sums("ij,kj->ki", [2, 3], [4, 3]),
  sums("bhqd,bhkd->bhqk", [2, 2, 3, 2], [2, 2, 2, 2]),
  sums("i,j->ji", [3], [2]),
  sums("ij,ij->", [2, 3], [2, 3]),
  sums("ijk->ki", [2, 3, 2]),
  sums("ij,j,jk->ik", [2, 3], [3], [3, 2]),
  sums("ab,cd->d", [2, 2], [2, 3]),
  sums("...ij,...jk->...ik", [2, 2, 3], [3, 2]),
  sums("...ij,...jk", [2, 1, 2, 3], [2, 3, 2]),
  sums("i...,...i->...", [3, 2], [2, 3]),
  sums("ii->i", [3, 3]),
  sums("ii->", [3, 3]),
  sums("iij->ij", [2, 2, 3]),
  sums("jii,ij", [2, 3, 3], [3, 2]),
  sums("iii,i->i", [2, 2, 2], [2]),
  sums("ij,jk->ik", [2, 1], [3, 2]),
  sums("ij,ij->ij", [2, 1], [1, 3]),
  sums("...i,...i->...", [2, 1, 3], [4, 1]),
  sums("ij,jk,kl,lm->im", [2, 3], [3, 1], [2, 2], [2, 3]),
];

describe("einsum", () => {
  it.each(cases.map((c) => [c.name, c] as const))("%s", (_, c) => expectDerivatives(c));

  /** An expression with shapes that fit it, and a result of at most six axes. */
  const anything = fc
    .record({
      sizes: fc.array(fc.integer({ min: 0, max: 3 }), { minLength: 5, maxLength: 5, size: "max" }),
      dots: fc.array(fc.integer({ min: 1, max: 3 }), { maxLength: 2, size: "max" }),
      terms: fc.array(
        fc.record({
          labels: fc.array(fc.nat(4), { maxLength: 4, size: "max" }),
          /** Labels that have size 1 in this operand. */
          narrow: fc.array(fc.nat(4), { maxLength: 2, size: "max" }),
          /** Where the ellipsis stands, for how many axes, and which of them have size 1. */
          dotted: fc.option(fc.record({ at: fc.nat(4), axes: fc.nat(2), narrow: fc.nat(2) })),
        }),
        { minLength: 1, maxLength: 4, size: "max" },
      ),
      /** undefined: without an arrow; else which labels the result has, in which order. */
      output: fc.option(fc.record({ keep: fc.array(fc.boolean(), { minLength: 5, maxLength: 5 }), at: fc.nat(5) }), {
        nil: undefined,
      }),
      reverse: fc.boolean(),
    })
    .map(({ sizes, dots, terms, output, reverse }) => {
      const names = terms.map(({ labels, dotted }) => {
        const letters = labels.map((label) => "abcde"[label]);
        if (dotted) letters.splice(Math.min(dotted.at, letters.length), 0, "...");
        return letters.join("");
      });
      const shapes = terms.map(({ labels, narrow, dotted }) => {
        const shape = labels.map((label) => (narrow.includes(label) ? 1 : sizes[label]));
        if (dotted) {
          const axes = Math.min(dotted.axes, dots.length);
          const under = dots.slice(dots.length - axes).map((size, i) => (i === dotted.narrow ? 1 : size));
          shape.splice(Math.min(dotted.at, labels.length), 0, ...under);
        }
        return shape;
      });
      const there = [..."abcde"].filter((label, i) => output?.keep[i] && names.some((name) => name.includes(label)));
      if (reverse) there.reverse();
      if (names.some((name) => name.includes("..."))) there.splice(output?.at ?? 0, 0, "...");
      return { expression: names.join(",") + (output ? `->${there.join("")}` : ""), shapes };
    });

  /** Whole numbers, so that sums are exact in every order. */
  const whole = (shape: readonly number[], seed: number): Numbers => ({
    shape,
    data: Float64Array.from({ length: sizeOf(shape) }, (_, i) => ((7 * i * i + 3 * i + seed) % 5) - 2),
  });
  const toTensor = ({ shape, data }: Numbers, dtype: "float32" | "float64" = "float32"): Tensor =>
    tensor(data, { dtype }).reshape([...shape]);

  it("of any expression is the sum in loops, in both float types, compiled and in batches", () => {
    fc.assert(
      fc.property(anything, ({ expression, shapes }) => {
        const numbers = shapes.map((shape, i) => whole(shape, i));
        const wanted = contracted(expression, ...numbers);
        const letters = expression.split("->")[0].replaceAll("...", "").split(",");
        const dots = Math.max(...shapes.map((shape, i) => shape.length - letters[i].length));
        const axes = new Set(letters.join("")).size + dots;
        fc.pre(axes <= 6);
        // A batch has one axis more, which operands and results on the way need room for.
        const hasRoom = axes <= 5 && shapes.every((shape) => shape.length <= 5);
        for (const dtype of ["float32", "float64"] as const) {
          const x = numbers.map((each) => toTensor(each, dtype));
          const y = einsum(expression, ...x);
          expect(y.dtype).toBe(dtype);
          expect(y.shape).toEqual(wanted.shape);
          // + 0: a sum of nothing but -0 may have either sign.
          expect(Array.from(y.data(), (v) => v + 0)).toEqual(Array.from(wanted.data, (v) => v + 0));
          using fast = compile((...x: Tensor[]) => einsum(expression, ...x));
          void fast(...x);
          expect(bitsOf([fast(...x)])).toEqual(bitsOf([y]));
          if (!hasRoom) continue;
          const twice = x.map((each) => each.reshape([1, ...each.shape]).broadcastTo([2, ...each.shape]));
          const mapped = vmap((...x: Tensor[]) => einsum(expression, ...x))(...twice);
          expect(mapped.shape).toEqual([2, ...wanted.shape]);
          expect(bitsOf([mapped.slice(0, 1)])).toEqual(bitsOf([y]));
          expect(bitsOf([mapped.slice(1, 2)])).toEqual(bitsOf([y]));
        }
      }),
      { numRuns: 300 },
    );
  });

  it("in batches has the bits of single calls, also for numbers that are rounded", () => {
    const [a, b] = [random.normal(Key.of(1), [3, 4, 5, 5]), random.normal(Key.of(2), [3, 1, 5, 6])];
    const f = (a: Tensor, b: Tensor): Tensor => einsum("...ii,...ij->...j", a, b);
    const mapped = vmap(f)(a, b);
    for (let i = 0; i < 3; i++) expect(bitsOf([mapped.row(i)])).toEqual(bitsOf([f(a.row(i), b.row(i))]));
  });

  it("without an arrow keeps the labels that occur once, in order", () => {
    const [a, b] = [random.normal(Key.of(3), [3, 2]), random.normal(Key.of(4), [2, 2])];
    expect(einsum("ba,ac", a, b).toArray()).toEqual(matmul(a, b).toArray());
    expect(einsum("ba", a).toArray()).toEqual(a.transpose().toArray());
    expect(einsum("ba...", ones([2, 3, 4])).shape).toEqual([4, 3, 2]);
    expect(einsum("aA", ones([2, 3])).shape).toEqual([3, 2]);
  });

  const LABELS = ["ab", "bc", "cd", "de", "ea", "ac"];

  /** What the cheapest and the most expensive of all orders cost. */
  function extremes(terms: readonly string[], output: string, sizes: Map<string, number>): [number, number] {
    if (terms.length === 1) return [0, 0];
    let [least, most] = [Infinity, 0];
    for (let j = 1; j < terms.length; j++) {
      for (let i = 0; i < j; i++) {
        const others = terms.filter((_, k) => k !== i && k !== j);
        const all = [...new Set(terms[i] + terms[j])];
        const kept = all.filter((label) => (others.join("") + output).includes(label)).join("");
        const cost = sizeOf(all.map((label) => sizes.get(label)!));
        const rest = extremes([...others, kept], output, sizes);
        [least, most] = [Math.min(least, cost + rest[0]), Math.max(most, cost + rest[1])];
      }
    }
    return [least, most];
  }

  it("multiplies up to five operands in the cheapest order, and six never in the worst", () => {
    fc.assert(
      fc.property(
        fc.integer({ min: 2, max: 6 }),
        fc.array(fc.integer({ min: 1, max: 40 }), { minLength: 5, maxLength: 5 }),
        fc.constantFrom("", "a", "ad", "be"),
        (count, list, wished) => {
          const sizes = new Map([..."abcde"].map((label, i) => [label, list[i]]));
          let terms = LABELS.slice(0, count);
          const output = [...wished].filter((label) => terms.join("").includes(label)).join("");
          const [least, most] = extremes(terms, output, sizes);
          let cost = 0;
          while (terms.length > 1) {
            const { i, j, kept } = cheapest(terms, output, sizes);
            cost += sizeOf([...new Set(terms[i] + terms[j])].map((label) => sizes.get(label)!));
            terms = terms.with(i, kept).toSpliced(j, 1);
          }
          if (count <= 5) expect(cost).toBe(least);
          else if (most > least) expect(cost).toBeLessThan(most);
        },
      ),
      { numRuns: 60 },
    );
  });

  it("finds an order that stays within six axes, and memory that left to right would not have", () => {
    const x = ones([2, 2]);
    // From left to right, four outer products: eight axes.
    expect(einsum("ab,cd,ef,gh,bc,de,fg->ah", x, x, x, x, x, x, x).toArray()).toEqual([
      [64, 64],
      [64, 64],
    ]);
    const [wide, middle] = [ones([60, 60]), ones([60, 60])];
    using fast = compile((a: Tensor, b: Tensor, c: Tensor) => einsum("ij,kl,jk->il", a, b, c));
    expect(fast(wide, wide, middle).row(0).data()[0]).toBe(3600);
    expect(fast.plan().bytes).toBeLessThan(1e6);
    const v = ones([2]);
    expect(() => einsum("a,b,c,d,e,f,g->abcdefg", v, v, v, v, v, v, v)).toThrow(
      "every order of products needs more than 6 axes",
    );
  });

  it("says what does not fit", () => {
    const x = ones([2, 2]);
    const failing: [string, Tensor[], string][] = [
      ["ij,jk->ik", [x], "2 groups of labels for 1 operands. Write one group for each tensor."],
      ["i->i", [x], '"i" does not name the axes of shape [2, 2]. Write a letter for each axis.'],
      ["...ijk->i", [x], '"...ijk" does not name the axes of shape [2, 2]'],
      ["ij->k", [x], `the result's label "k" must occur in an operand`],
      ["ij->ii", [x], `the result's label "i" must occur in an operand, and once in the result.`],
      ["ij,jk->ik", [x, ones([3, 2])], 'label "j" has sizes 2 and 3. Make them equal.'],
      ["ii->i", [ones([1, 3])], 'label "i" has sizes 1 and 3. Make them equal.'],
      ["...i,...i", [ones([2, 2]), ones([3, 2])], 'an axis under "..." has sizes 2 and 3'],
      ["...i->i", [x], 'the result lacks the axes under "...". Write "..." in it too'],
      ["i.j->i", [x], 'write letters, commas, "..." once in a group, and one "->"'],
      ["...i...->i", [x], '"..." once in a group'],
      ["ij->i->j", [x], 'one "->"'],
      ["i1->i", [x], "write letters"],
    ];
    for (const [expression, operands, message] of failing) {
      expect(() => einsum(expression, ...operands), expression).toThrow(RangeError);
      expect(() => einsum(expression, ...operands), expression).toThrow(`[einsum] ${JSON.stringify(expression)}: `);
      expect(() => einsum(expression, ...operands), expression).toThrow(message);
    }
    expect(() => einsum(x as never)).toThrow("[einsum] the expression is");
  });
});
