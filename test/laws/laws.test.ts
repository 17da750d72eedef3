// Every law of `synaptape/testing` over every op record there is.
import { describe, expect, it } from "vitest";
import { enforce, lawsOf } from "../../src/testing/check-op.js";
import { tested } from "./table.js";

describe.each(tested.map((op) => [op.name, op] as const))("%s", (_, op) => {
  it.each(lawsOf(op).map((law) => [law.name, law] as const))("%s", (_, law) => {
    expect(() => enforce(op, law)).not.toThrow();
  });
});
