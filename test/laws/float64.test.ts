// The laws of `synaptape/testing` over every op record, in float64: values and first derivatives to 1e-12 and second ones to
// 1e-9 of extrapolated differences of the references.
import { describe, expect, it } from "vitest";
import "../../src/float64/index.js";
import { enforce, lawsOf } from "../../src/testing/check-op.js";
import { roughReferences, tested } from "./table.js";

const exact = tested.filter(({ name }) => !(name in roughReferences));

describe.each(exact.map((op) => [op.name, op] as const))("%s", (_, op) => {
  it.each(lawsOf(op).map((law) => [law.name, law] as const))("%s", (_, law) => {
    expect(() => enforce(op, law, 1, "float64")).not.toThrow();
  });
});
