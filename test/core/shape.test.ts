// Shapes against nested loops over their indices.
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { checkShape, indexIn, type Shape, sameShape, showShape, sizeOf } from "../../src/core/index.js";
import { runs } from "../laws/settings.js";

const shapes = fc.array(fc.integer({ min: 0, max: 5 }), { maxLength: 6 });

/** All indices of an array of this shape, the last axis running fastest. */
function indices(shape: Shape): number[][] {
  let all: number[][] = [[]];
  for (const size of shape) all = all.flatMap((index) => Array.from({ length: size }, (_, i) => [...index, i]));
  return all;
}

describe("a shape", () => {
  it("has as many elements as there are indices, each at its place", () => {
    const small = fc.array(fc.integer({ min: 0, max: 4 }), { maxLength: 4 });
    fc.assert(
      fc.property(small, (shape) => {
        const all = indices(shape);
        expect(sizeOf(shape)).toBe(all.length);
        expect(all.map((_, at) => indexIn(shape, at))).toEqual(all);
      }),
      runs(200),
    );
  });

  it("equals a shape with the same sizes, and no other", () => {
    // Few sizes and axes, so that equal shapes and beginnings of others are common.
    const few = fc.array(fc.integer({ min: 1, max: 2 }), { maxLength: 3 });
    fc.assert(
      fc.property(few, few, (a, b) => {
        expect(sameShape(a, b)).toBe(a.join() === b.join());
        expect(sameShape(a, [...a])).toBe(true);
      }),
      runs(300),
    );
  });

  it("is refused if any size is not a whole number of at least 0, and if it has a seventh axis", () => {
    const wrong = fc.oneof(
      fc.integer({ max: -1 }),
      fc.double({ noInteger: true }),
      fc.constantFrom(Number.NaN, Number.POSITIVE_INFINITY, 2 ** 53),
    );
    fc.assert(
      fc.property(shapes, fc.nat(5), wrong, (shape, place, size) => {
        expect(() => checkShape("op", shape)).not.toThrow();
        const at = place % (shape.length + 1);
        const odd = shape.slice(0, 5).toSpliced(Math.min(at, 5), 0, size);
        expect(() => checkShape("op", odd)).toThrow(RangeError);
        expect(() => checkShape("op", odd)).toThrow("[op] shape [");
        expect(() => checkShape("op", odd)).toThrow(": a size is a whole number of at least 0.");
      }),
      runs(200),
    );
    const seven = [1, 1, 1, 1, 1, 1, 1];
    expect(() => checkShape("op", seven)).toThrow("[op] shape [1, 1, 1, 1, 1, 1, 1] has 7 axes; at most 6.");
  });

  it("is shown in full up to sixteen axes; anything else is shown as it is", () => {
    const sixteen = Array.from({ length: 16 }, (_, i) => i);
    expect(showShape([])).toBe("[]");
    expect(showShape(sixteen)).toBe(`[${sixteen.join(", ")}]`);
    expect(showShape([...sixteen, 16])).toBe(`[${sixteen.join(", ")}, ...]`);
    expect(showShape(["2\n", 3] as never)).toBe('["2\\n", 3]');
    expect(showShape("2" as never)).toBe('"2"');
  });
});
