// Cells on a grid: the stencil against the explicit matrix, how far and how fast spikes travel, and what symmetry demands.
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { loop } from "../../src/autodiff/index.js";
import { advance, Key, scope, type Tensor } from "../../src/core/index.js";
import { float64 } from "../../src/float64/index.js";
import { matmul, mul, random, reshape, roll, tensor, zeros } from "../../src/ops/index.js";
import {
  type CellGrid,
  cellGrid,
  type GridOptions,
  izhikevich,
  runNeurons,
  type StdpState,
  stdp,
  synapticScaling,
} from "../../src/spiking/index.js";

const grids = fc.record({
  rows: fc.integer({ min: 1, max: 5 }),
  columns: fc.integer({ min: 1, max: 5 }),
  neighbourhood: fc.constantFrom("moore" as const, "vonNeumann" as const),
  boundary: fc.constantFrom("zero" as const, "torus" as const),
  synapses: fc.constantFrom("shared" as const, "each" as const),
  mixed: fc.boolean(),
  seed: fc.nat(1000),
});

/** Signs of both kinds, a fifth of them inhibitory. */
const signsOf = (seed: number, units: number): number[] =>
  Array.from({ length: units }, (_, i) => (Key.of(seed).uniform(i) < 0.2 ? -1 : 1));

/** What each receiver gets from each sender, by going through all neighbours one by one. */
function adjacency(grid: CellGrid, weight: (k: number, unit: number) => number, options: GridOptions): number[][] {
  const [rows, columns] = grid.size;
  const matrix = Array.from({ length: grid.units }, () => new Array<number>(grid.units).fill(0));
  for (let receiver = 0; receiver < grid.units; receiver++) {
    grid.neighbours.forEach(([down, right], k) => {
      let [r, c] = [Math.floor(receiver / columns) + down, (receiver % columns) + right];
      if (options.boundary === "torus") [r, c] = [(r + rows) % rows, (c + columns) % columns];
      if (r < 0 || c < 0 || r >= rows || c >= columns) return;
      const sender = r * columns + c;
      matrix[sender][receiver] += weight(k, receiver) * (options.signs?.[sender] ?? 1);
    });
  }
  return matrix;
}

/** The step of the first spike of each cell, -1 for none, for this current into some cells in the first steps. */
function firstSpikes(grid: CellGrid, steps: number, stimulated: readonly number[], until = 10): number[] {
  return scope(() => {
    const { units } = grid;
    const outside = new Array<number>(steps * units).fill(0);
    for (let t = 0; t < until; t++) for (const unit of stimulated) outside[t * units + unit] = 30;
    const { spikes } = runNeurons(grid, grid.init(), tensor(outside, { shape: [1, steps, units] }));
    const [data, first] = [spikes.data(), new Array<number>(units).fill(-1)];
    for (let t = steps - 1; t >= 0; t--) {
      for (let unit = 0; unit < units; unit++) if (data[t * units + unit] === 1) first[unit] = t;
    }
    return tensor(first);
  }).toArray() as number[];
}

describe("cells on a grid", () => {
  it("get from their neighbours what the matrix of all synapses gives (C7)", () => {
    fc.assert(
      fc.property(grids, ({ rows, columns, mixed, seed, ...options }) => {
        scope(() => {
          const units = rows * columns;
          const all = { ...options, weight: 0.7, ...(mixed && { signs: signsOf(seed, units) }) };
          const grid = cellGrid(rows, columns, all);
          const shape = options.synapses === "shared" ? [] : [grid.neighbours.length, units];
          const weight = random.normal(Key.of(seed), shape, float64);
          const spikes = random.bernoulli(Key.of(seed + 1), 0.4, [3, units], float64);
          const numbers = weight.data();
          const expected = adjacency(
            grid,
            (k, unit) => (options.synapses === "shared" ? numbers[0] : numbers[k * units + unit]),
            all,
          );
          const dense = grid.dense({ weight });
          dense.data().forEach((found, i) => {
            expect(Math.abs(found - expected[Math.floor(i / units)][i % units])).toBeLessThan(1e-12);
          });
          const [stencil, product] = [
            grid.couple({ weight }, spikes).data(),
            matmul(spikes, tensor(expected, float64)).data(),
          ];
          stencil.forEach((found, i) => {
            expect(Math.abs(found - product[i])).toBeLessThan(1e-12);
          });
        });
      }),
      { numRuns: 60 },
    );
  });

  it("without synapses are single cells", () => {
    scope(() => {
      const current = random.uniform(Key.of(4), [2, 80, 6], { low: 0, high: 30 });
      const grid = cellGrid(2, 3, { cell: { cell: "chattering", dt: 0.25 } });
      const alone = izhikevich(6, { cell: "chattering", dt: 0.25, method: "simultaneous" });
      const [found, expected] = [runNeurons(grid, grid.init(), current), runNeurons(alone, {}, current)];
      expect(Array.from(found.spikes.data())).toEqual(Array.from(expected.spikes.data()));
      expect(found.spikes.data()).toContain(1);
    });
  });

  it("pass a spike on by at most one cell a step, and none without synapses (C3)", () => {
    fc.assert(
      fc.property(grids, fc.double({ min: 1, max: 60, noNaN: true }), ({ rows, columns, ...options }, weight) => {
        const { neighbourhood, boundary, synapses } = options;
        const source = options.seed % (rows * columns);
        const grid = cellGrid(rows, columns, { neighbourhood, boundary, synapses, weight });
        const apart = (unit: number): number => {
          const along = (a: number, b: number, size: number): number =>
            boundary === "torus" ? Math.min((a - b + size) % size, (b - a + size) % size) : Math.abs(a - b);
          const down = along(Math.floor(unit / columns), Math.floor(source / columns), rows);
          const right = along(unit % columns, source % columns, columns);
          return neighbourhood === "moore" ? Math.max(down, right) : down + right;
        };
        firstSpikes(grid, 40, [source]).forEach((step, unit) => {
          if (step >= 0) expect(step).toBeGreaterThanOrEqual(apart(unit));
        });
        const uncoupled = firstSpikes(cellGrid(rows, columns, { neighbourhood, boundary }), 40, [source]);
        expect(uncoupled.filter((step) => step >= 0)).toHaveLength(1);
      }),
      { numRuns: 25 },
    );
  });

  // Counted by another program (NumPy, simultaneous order): 21 by 21 cells, 60 ms, a pulse of 5 ms into the middle.
  it.each([
    ["vonNeumann", 5, 9, [3]],
    ["vonNeumann", 8, 169, [3]],
    ["vonNeumann", 15, 441, [3]],
    ["moore", 2, 1, [3, -1, -1, -1, -1, -1]],
    ["moore", 5, 409, [3, 29, 50, 68, 84, 100]],
    ["moore", 8, 441, [3, 20, 32, 44, 55, 65]],
    ["moore", 15, 441, [3, 14, 22, 29, 36, 43]],
    ["moore", 40, 441, [3, 9, 14, 18, 22, 26]],
  ] as const)("carry a wave as far and as fast as known (C4): %s, weight %d", (neighbourhood, weight, count, axis) => {
    const first = firstSpikes(cellGrid(21, 21, { neighbourhood, weight }), 120, [220]);
    expect(first.filter((step) => step >= 0)).toHaveLength(count);
    expect(axis.map((_, k) => first[220 + 2 * k])).toEqual([...axis]);
  });

  it.each(["moore", "vonNeumann"] as const)(
    "keep the eight symmetries of a wave to the bit (C5): %s",
    (neighbourhood) => {
      const size = 13;
      const first = firstSpikes(cellGrid(size, size, { neighbourhood, weight: 11.3 }), 90, [84]);
      expect(first.filter((step) => step >= 0).length).toBeGreaterThan(100);
      const at = (r: number, c: number): number => first[r * size + c];
      for (let r = 0; r < size; r++) {
        for (let c = 0; c < size; c++) {
          expect([at(c, r), at(size - 1 - r, c), at(r, size - 1 - c)]).toEqual(new Array(3).fill(at(r, c)));
        }
      }
    },
  );

  it("on a torus move with their input, to the bit (C6)", () => {
    scope(() => {
      const [rows, columns, steps] = [5, 7, 60];
      const grid = cellGrid(rows, columns, { boundary: "torus", weight: 9.7 });
      const outside = mul(random.bernoulli(Key.of(3), 0.1, [1, steps, rows, columns]), 40);
      const run = (current: Tensor): Tensor =>
        reshape(runNeurons(grid, grid.init(), reshape(current, [1, steps, rows * columns])).spikes, [
          1,
          steps,
          rows,
          columns,
        ]);
      const shift = (x: Tensor): Tensor => roll(roll(x, 2, 2), 3, 3);
      const [found, expected] = [run(shift(outside)).data(), shift(run(outside)).data()];
      expect(Array.from(found)).toEqual(Array.from(expected));
      expect(found.filter((spike) => spike === 1).length).toBeGreaterThan(100);
    });
  });

  it("learn by spikes of neighbours what all synapses learn in the matrix, whatever the rule", () => {
    fc.assert(
      fc.property(
        grids,
        fc.constantFrom("all" as const, "nearest" as const, "preCentred" as const, "reduced" as const),
        fc.constantFrom("hard" as const, "soft" as const),
        ({ rows, columns, seed, neighbourhood }, pairing, bound) => {
          scope(() => {
            const [units, steps] = [rows * columns, 12];
            const grid = cellGrid(rows, columns, { neighbourhood, synapses: "each", weight: 0.5 });
            const numbers = { pairing, bound, tauPlus: 5, tauMinus: 8, plus: 0.1, minus: 0.07 } as const;
            const [local, whole] = [stdp({ ...numbers, senders: "each" }), stdp(numbers)];
            const trains = random.bernoulli(Key.of(seed), 0.3, [steps, units], float64);
            let weights: Tensor = zeros([grid.neighbours.length, units], float64);
            let all: Tensor = zeros([units, units], float64);
            let [state, others] = [local.init(weights), whole.init(all)];
            for (let t = 0; t < steps; t++) {
              const spikes = trains.row(t);
              const seen = reshape(grid.seen(reshape(spikes, [1, units])), [-1, units]);
              ({ weights, state } = local.step(weights, state, seen, spikes));
              ({ weights: all, state: others } = whole.step(all, others, spikes, spikes));
            }
            const [found, expected] = [weights.data(), all.data()];
            grid.neighbours.forEach(([down, right], k) => {
              for (let unit = 0; unit < units; unit++) {
                const [r, c] = [Math.floor(unit / columns) + down, (unit % columns) + right];
                if (r < 0 || c < 0 || r >= rows || c >= columns) continue;
                const sender = r * columns + c;
                expect(Math.abs(found[k * units + unit] - expected[sender * units + unit])).toBeLessThan(1e-12);
              }
            });
          });
        },
      ),
      { numRuns: 30 },
    );
  });

  it("keep Dale's signs while their synapses learn", () => {
    scope(() => {
      const signs = signsOf(5, 36);
      const grid = cellGrid(6, 6, { synapses: "each", weight: 20, signs });
      const rule = stdp({ senders: "each", plus: 3, minus: 4, bounds: [0, 40] });
      const outside = mul(random.bernoulli(Key.of(6), 0.2, [60, 1, 36]), 40);
      interface Carry {
        readonly weight: Tensor;
        readonly state: ReturnType<CellGrid["state"]>;
        readonly rule: StdpState;
      }
      const { weight } = grid.init();
      const first: Carry = { weight, state: grid.state({}, 1), rule: rule.init(weight) };
      const last = loop(60, first, (carry: Carry, t): Carry => {
        const state = grid.step({ weight: carry.weight }, carry.state, outside.row(t));
        const seen = reshape(grid.seen(state.h), [-1, 36]);
        const { weights, state: next } = rule.step(carry.weight, carry.rule, seen, state.h.row(0));
        return { weight: weights, state, rule: next };
      });
      expect(new Set(last.weight.data()).size).toBeGreaterThan(20);
      const dense = grid.dense({ weight: last.weight }).data();
      dense.forEach((w, i) => {
        expect(Math.sign(w) * signs[Math.floor(i / 36)]).toBeGreaterThanOrEqual(0);
      });
    });
  });

  it("refuse what is no grid", () => {
    expect(() => cellGrid(0, 3)).toThrow("[cellGrid] `rows` is 0. Give a whole number from 1 up.");
    expect(() => cellGrid(2, 3, { boundary: "mirror" as never })).toThrow('`boundary` is "mirror". Use zero or torus.');
    expect(() => cellGrid(2, 3, { signs: [1, -1] })).toThrow("`signs` must be 1 or -1 for each of 6 cells");
    expect(() => cellGrid(2, 3, { tauSynapse: 0 })).toThrow("`tauSynapse` is 0. Give milliseconds above 0.");
    expect(() => cellGrid(2, 3, { cell: { dt: 2 } })).toThrow("unstable in steps of more than 1 ms");
  });
});

interface Scaled {
  readonly weights: Tensor;
  readonly rates: Tensor;
}

describe("scaling", () => {
  it("brings a cell to its rate, and keeps ratios and signs of its weights", () => {
    fc.assert(
      fc.property(fc.double({ min: 0.02, max: 0.3, noNaN: true }), (target) => {
        const [tau, rate, steps] = [50, 0.1, 4000];
        const rule = synapticScaling({ target, tau, rate });
        let carry: Scaled = { weights: tensor([[1.5], [-0.25]], float64), rates: tensor([target], float64) };
        const [first, none, one] = [1.5, tensor([0], float64), tensor([1], float64)];
        let [filled, spikes] = [0, 0];
        for (let t = 0; t < 2 * steps; t++) {
          // A cell that adds up a tenth of its first weight and spikes at 1.
          filled += 0.1 * carry.weights.data()[0];
          const spike = filled >= 1;
          if (spike) filled--;
          if (t >= steps) spikes += Number(spike);
          carry = advance(carry, (before) => rule.step(before.weights, before.rates, spike ? one : none));
        }
        const [strong, weak] = carry.weights.data();
        expect(Math.abs(strong / weak + first / 0.25)).toBeLessThan(1e-9);
        expect(Math.abs(spikes / steps / target - 1)).toBeLessThan(0.03);
      }),
      { numRuns: 5, examples: [[0.02], [0.3]] },
    );
  });

  it("refuses what are no spikes, and numbers that are no rates", () => {
    expect(() => synapticScaling({ target: 0.1 }).step(tensor([[1]]), tensor([0]), tensor([0.1]))).toThrow(
      "[synapticScaling] the receivers' spikes contain 0.1",
    );
    expect(() => synapticScaling({ target: 0 })).toThrow("[synapticScaling] target is 0");
    expect(() => synapticScaling({ target: 0.1, rate: 2 })).toThrow("rate is 2");
    expect(() => synapticScaling({ target: 0.1, tau: 0 })).toThrow("tau is 0");
  });
});
