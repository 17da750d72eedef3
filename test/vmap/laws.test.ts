// The law of vmap over every op, in float32 and in float64: see test/laws/batched.ts.
import { describe, expect, it } from "vitest";
import "../../src/float64/index.js";
import { floatNames } from "../../src/core/index.js";
import { bitsOf } from "../../src/testing/arrays.js";
import { mappedOf } from "../laws/batched.js";
import { tested } from "../laws/table.js";

const named = tested.flatMap((op) => floatNames.map((dtype) => [op.name, dtype, op] as const));

describe.each(named)("%s in %s", (_, dtype, op) => {
  it.each(op.domain.map((_, i) => i))("sample %i of its domain", (index) => {
    for (const { what, got, wanted } of mappedOf(op, index, dtype)) {
      expect(got.shape).toEqual(wanted.shape);
      expect(bitsOf([got]), what).toEqual(bitsOf([wanted]));
    }
  });
});
