// Joined kernels compute what the kernels did one by one, on random programs that are run here as JavaScript, and a lifetime
// takes no more launches and bytes than it did when these bounds were written.
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { differentiate } from "../../src/gpu/differentiate.js";
import { fused } from "../../src/gpu/fuse.js";
import type { Launch, Tile, Value } from "../../src/gpu/graph.js";
import { Lowerings, opLowerings, Value as Values } from "../../src/gpu/internal.js";
import { at, Emitter, sumOf, sumsOf, X, Y } from "../../src/gpu/kernels/emitter.js";
import { lower } from "../../src/gpu/lower.js";
import { trace } from "../../src/gpu/trace.js";
import { plasticityLowerings } from "../../src/plasticity/lowerings/index.js";
import { configOf, episode, kinds, metaLoss } from "./lives.js";

/** Square, so that a kernel may read the transposed place. */
const SIDE = 3;

type Numbers = readonly number[];

/** What a launch writes, with its body run as JavaScript, in single precision at the end. */
function run({ body, args, numbers, out, tile }: Launch, known: ReadonlyMap<Value, Numbers>): Numbers {
  const arrays = args.map((arg) => {
    const all = known.get(arg)!;
    return [Array.from({ length: arg.rows }, (_, row) => all.slice(row * arg.columns, (row + 1) * arg.columns))];
  });
  const names = [...args.map((_, i) => `A${i}`), ...numbers.map((_, i) => `N${i}`)];
  const threads = (text: string, columns: number): unknown[] => {
    const kernel = new Function(...names, text);
    return Array.from({ length: columns * out.rows }, (_, i) => {
      const thread = { x: i % columns, y: Math.floor(i / columns), z: 0 };
      return kernel.call({ thread }, ...arrays, ...numbers);
    });
  };
  const found = threads(body, out.columns) as Numbers;
  if (tile) expect(threads(tile.body, out.columns / tile.width).flat(), "the tile differs").toEqual(found);
  return found;
}

function runAll(launches: readonly Launch[], inputs: ReadonlyMap<Value, Numbers>): Map<Value, Numbers> {
  const known = new Map(inputs);
  for (const launch of launches) {
    for (const arg of launch.args) expect(known.has(arg), "a launch reads what nothing has written").toBe(true);
    known.set(launch.out, run(launch, known));
  }
  return known;
}

const here = (arg: number): string => at(arg, Y, X);

const productsOfRow = sumsOf(
  {
    names: ["c0", "c1", "c2"],
    shared: (k) => at(0, Y, k),
    term: (i, k, read) => `${read} * ${at(1, k, `(${X} * ${SIDE} + ${i})`)}`,
  },
  SIDE,
  1,
);

/** Bodies with one or two arrays, whose variables share names. */
const bodies: readonly {
  readonly arrays: 1 | 2;
  readonly numbers?: number;
  readonly text: string;
  readonly tile?: Tile;
}[] = [
  { arrays: 2, text: `const a = ${here(0)}; const b = ${here(1)}; return a + b;` },
  { arrays: 2, text: `const a = ${here(0)}; const x = ${here(1)}; return a * x - ${here(0)};` },
  { arrays: 1, numbers: 1, text: `const x = ${here(0)}; return x * N0;` },
  { arrays: 1, numbers: 2, text: `return ${here(0)} * N1 + N0;` },
  { arrays: 1, text: `return ${at(0, X, Y)};` },
  { arrays: 2, text: `if (${here(0)} > 0.0) { return ${here(1)}; } return ${here(0)};` },
  {
    arrays: 2,
    text: `${sumOf("c", SIDE, 1, (k) => `${at(0, Y, k)} * ${at(1, k, X)}`)}\nreturn c;`,
    tile: { width: SIDE, body: `${productsOfRow}\nreturn [c0, c1, c2];` },
  },
  { arrays: 2, text: `${sumOf("c", SIDE, 4, (k) => `${at(0, Y, k)} * ${at(1, k, X)}`)}\nreturn c + ${here(0)};` },
  {
    arrays: 1,
    text: `const c = ${Y}; let m = 0.0; for (let k = 0; k < ${SIDE}; k++) { m = m + ${at(0, "c", "k")}; } return m;`,
  },
];

const step = fc.record({
  body: fc.nat(bodies.length - 1),
  from: fc.tuple(fc.nat(), fc.nat()),
  number: fc.integer({ min: -4, max: 4 }),
});

describe("joined kernels", () => {
  it("compute the same numbers, in no more launches, and each array is read by its own name", () => {
    const numbers = fc.array(fc.integer({ min: -9, max: 9 }), { minLength: SIDE ** 2, maxLength: SIDE ** 2 });
    fc.assert(
      fc.property(fc.array(step, { minLength: 1, maxLength: 24 }), numbers, numbers, fc.nat(), (steps, a, b, also) => {
        const emit = new Emitter();
        const values: Value[] = [new Values([SIDE, SIDE]), new Values([SIDE, SIDE])];
        const inputs = new Map<Value, Numbers>([
          [values[0], a],
          [values[1], b],
        ]);
        for (const { body, from, number } of steps) {
          const { arrays, numbers = 0, text, tile } = bodies[body];
          const args = from.slice(0, arrays).map((i) => values[i % values.length]);
          const given = Array.from({ length: numbers }, (_, i) => number + i);
          values.push(emit.run([SIDE, SIDE], args, text, { numbers: given, ...(tile && { tile }) }));
        }
        const outputs = [values[values.length - 1], values[2 + (also % (values.length - 2))]];
        const joined = fused(emit.launches, outputs);
        const [wanted, got] = [runAll(emit.launches, inputs), runAll(joined, inputs)];
        for (const output of outputs) expect(got.get(output)).toEqual(wanted.get(output));
        expect(joined.length).toBeLessThanOrEqual(emit.launches.length);
      }),
      { numRuns: 400 },
    );
  });

  it("are one kernel where each result has one reader at the same place", () => {
    const emit = new Emitter();
    const [a, b] = [new Values([4, 5]), new Values([4, 5])];
    const sum = emit.run([4, 5], [a, b], bodies[0].text);
    const scaled = emit.run([4, 5], [sum], bodies[2].text, { numbers: [3] });
    const last = emit.run([4, 5], [scaled, a], bodies[0].text);
    const [{ args, numbers, out }, ...more] = fused(emit.launches, [last]);
    expect([args, numbers, out, more]).toEqual([[a, b], [3], last, []]);
  });

  it("are not joined if the result is wanted, has other readers, is read elsewhere or is far away", () => {
    const emit = new Emitter();
    const a = new Values([SIDE, SIDE]);
    const one = emit.run([SIDE, SIDE], [a], bodies[2].text, { numbers: [2] });
    const turned = emit.run([SIDE, SIDE], [one], bodies[4].text);
    const [...two] = fused(emit.launches, [turned]);
    expect(two).toEqual(emit.launches);
    const last = emit.run([SIDE, SIDE], [turned], bodies[2].text, { numbers: [1] });
    expect(fused(emit.launches, [turned, last])).toEqual(emit.launches);
    expect(fused(emit.launches, [last])).toHaveLength(2);

    const far = new Emitter();
    const early = far.run([SIDE, SIDE], [a], bodies[2].text, { numbers: [2] });
    const between = Array.from({ length: 33 }, (_, i) => far.run([SIDE, SIDE], [a], bodies[4].text, { numbers: [i] }));
    const late = far.run([SIDE, SIDE], [early, a], bodies[0].text);
    expect(fused(far.launches, [late, ...between])).toHaveLength(far.launches.length);
  });
});

describe("a lifetime's launches and bytes", () => {
  const lowerings = new Lowerings([...opLowerings, ...plasticityLowerings]);

  /** Launches, and bytes that one episode's kernels are given and write, of the meta-gradient of so many steps. */
  function costOf(kind: string, steps: number): { launches: number; bytes: number } {
    const config = configOf(kind);
    const { rule, start, stream, queries } = episode(config, steps, 0);
    const traced = trace(metaLoss(config), [rule, start, stream, queries]);
    const [loss] = traced.outputs;
    const targets = traced.inputs.slice(0, 4);
    const { nodes, gradients } = differentiate(traced, lowerings, loss, targets);
    const wanted = [loss, ...gradients.filter((gradient) => gradient !== undefined)];
    const { launches } = lower(nodes, wanted, lowerings);
    const bytes = launches.reduce(
      (sum, { args, out }) => sum + 4 * (out.size + [...new Set(args)].reduce((all, { size }) => all + size, 0)),
      0,
    );
    return { launches: launches.length, bytes };
  }

  /** The most that a step of three layers may take, forward and backward. */
  const bounds: Readonly<Record<string, { readonly launches: number; readonly bytes: number }>> = {
    linear: { launches: 95, bytes: 18_800 },
    chemical: { launches: 109, bytes: 58_400 },
    momentum: { launches: 112, bytes: 44_900 },
    gated: { launches: 274, bytes: 155_800 },
    cascade: { launches: 209, bytes: 76_800 },
  };

  it.each(Object.keys(kinds))("%s synapses: grow by a fixed number of launches a step, within bounds", (kind) => {
    const [two, four, six] = [2, 4, 6].map((steps) => costOf(kind, steps));
    expect(six.launches - four.launches).toBe(four.launches - two.launches);
    expect((six.launches - four.launches) / 2).toBeLessThanOrEqual(bounds[kind].launches);
    expect((six.bytes - four.bytes) / 2).toBeLessThanOrEqual(bounds[kind].bytes);
  });
});
