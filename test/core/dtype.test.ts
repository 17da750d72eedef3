import { describe, expect, it } from "vitest";
import { empty, typeNamed } from "../../src/core/index.js";
import { tensor } from "../../src/index.js";

describe("the record of a type", () => {
  for (const name of ["float32", "int32"] as const) {
    it(`addresses the elements of ${name} in bytes`, () => {
      const x = empty([3, 5], name);
      expect(x.type).toBe(typeNamed(name));
      expect(x.dtype).toBe(name);
      expect(x.bytes).toBe(15 * x.elements.BYTES_PER_ELEMENT);
      expect(x.addressOf(7) - x.address).toBe(7 * x.elements.BYTES_PER_ELEMENT);
      x.elements.fill(0);
      x.elements[7] = 42;
      expect(x.type.view[x.addressOf(7) / x.type.bytes]).toBe(42);
      expect(x.view([5], 5).data()).toEqual(x.data().slice(5, 10));
    });
  }

  it("is refused under an unknown name", () => {
    for (const dtype of ["float16", "constructor", ""]) {
      expect(() => tensor([1], { dtype: dtype as "float32" })).toThrow(
        /\[tensor\] there is no dtype .*float32, float64, int32/,
      );
    }
  });
});
