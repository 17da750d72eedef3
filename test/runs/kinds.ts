// Kinds of cells for the tests.
import { InputError } from "../../src/index.js";
import type { CellKind } from "../../src/runs/index.js";

export const square: CellKind<{ x: number }, { y: number }> = {
  name: "square",
  run({ config: { x } }, { progress }) {
    progress(0.5, "half");
    return { y: x * x };
  },
};

export const images: CellKind = {
  name: "images",
  run: async ({ data }, { open }) => (await open(data!)).images.length,
};

export const broken: CellKind = {
  name: "broken",
  run() {
    throw new InputError("broken on purpose");
  },
};
