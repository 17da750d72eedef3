// A subject that computes nothing: its cells give a number at once.

import { InputError } from "../../src/index.js";
import type { CellKind, Result } from "../../src/runs/index.js";
import { bySeed, meanOf } from "../../src/studies/index.js";
import type { Settings, Subject } from "../../src/sweeps/index.js";

/** Cells as they were computed, for one test. */
export interface Toy {
  readonly kind: CellKind;
  readonly subject: Subject;
  /** x and seed of each cell, in the order in which they were computed. */
  readonly computed: (readonly [x: number, seed: number])[];
}

const values = ({ row }: Result) => ({ height: (row as { height: number }).height });

/** The height of a trial is -(x - 3)^2, plus its seed; x = 13 fails, and -1 is refused. */
export function toy(): Toy {
  const computed: [number, number][] = [];
  return {
    computed,
    kind: {
      name: "toy",
      run({ config, seed }) {
        const { x } = config as { x: number };
        computed.push([x, seed]);
        if (x === 13) throw new Error("13 brings bad luck");
        return { height: seed - (x - 3) ** 2 };
      },
    },
    subject: {
      name: "toy",
      cells(settings: Settings, seeds) {
        if (settings.x === -1) throw new InputError("[toy] x is -1. Make it larger.");
        return Array.from({ length: seeds }, (_, seed) => ({ kind: "toy", config: { ...settings }, seed }));
      },
      values,
      measures(results) {
        const height = meanOf(bySeed(results, (result) => values(result).height));
        return height ? { height } : {};
      },
      ranked: true,
      curve: { quantity: "height", domain: [-10, 10], of: (result) => [0, values(result).height] },
    },
  };
}
