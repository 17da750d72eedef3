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

/** The sum of the rows of the cells that it needs. */
export const sum: CellKind = {
  name: "sum",
  run: ({ needs = [] }, { row }) => needs.reduce((total, _, i) => total + (row(i) as { y: number }).y, 0),
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
