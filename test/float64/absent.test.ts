import { expect, it } from "vitest";
import { tensor } from "../../src/ops/index.js";

it("float64 without its import is an error that names the import", () => {
  expect(() => tensor([1], { dtype: "float64" })).toThrow(
    '[tensor] float64 is not loaded. Write `import "synaptape/float64"` once, before it is used.',
  );
});
