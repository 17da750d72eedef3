// How a lowering writes kernels: source text with arrays A0, A1, ... and numbers N0, N1, ..., one launch per result.
import { type Shape, typeNamed } from "../../core/index.js";
import { GpuUnsupportedError } from "../errors.js";
import { type Launch, type Tile, Value } from "../graph.js";

/** The position of the thread: column, row and episode. */
export const X = "this.thread.x";
export const Y = "this.thread.y";
export const Z = "this.thread.z";

/** Element (row, column) of array `arg`, of the thread's episode. */
export const at = (arg: number, row: string | number, column: string | number): string =>
  `A${arg}[${Z}][${row}][${column}]`;

/** The most arrays that gpu.js binds on WebGPU: eight storage buffers, including the result. */
export const MOST_ARRAYS = 7;

/** Some indices are floats, which count exactly up to here. */
const MOST_NUMBERS = 2 ** 24;

/** Collects launches. */
export class Emitter {
  readonly launches: Launch[] = [];
  private readonly kept = new Map<string, Value>();

  /**
   * A result of `shape` whose element at the thread's place is what `body` returns.
   *
   * @param once whether an earlier identical launch can be reused. Not for results that depend on a loop's carry, which
   * would outlive their segment.
   */
  run(
    shape: Shape,
    args: readonly Value[],
    body: string,
    { numbers = [], once = false, tile }: RunOptions = {},
  ): Value {
    const key = `${args.map(({ block }) => block.id)}|${body}`;
    const known = once ? this.kept.get(key) : undefined;
    if (known) return known;
    const out = new Value(shape);
    if (args.length > MOST_ARRAYS) throw new Error(`[gpu] a kernel of ${args.length} arrays: ${MOST_ARRAYS} at most`);
    if (out.size === 0)
      throw new GpuUnsupportedError(`[gpu] a result of shape [${shape}] is empty. Run that on the CPU.`);
    if (out.size > MOST_NUMBERS) {
      throw new GpuUnsupportedError(
        `[gpu] a result of shape [${shape}] has ${out.size} numbers, more than ${MOST_NUMBERS}. Split it.`,
      );
    }
    const blocks = args.map(({ block }) => block);
    this.launches.push({ body, args: blocks, numbers: numbers.map(Math.fround), out, ...(tile && { tile }) });
    if (once) this.kept.set(key, out);
    return out;
  }
}

interface RunOptions {
  /** Numbers N0, N1, ... of the body, which may differ between launches of the same kernel. */
  readonly numbers?: readonly number[];
  readonly once?: boolean;
  readonly tile?: Tile;
}

/** `const q = floor(n / d)` and `const r` the rest, for whole n below 2^24 and a whole constant d. */
export function divide(n: string, d: number, q: string, r: string): string {
  if (d === 1) return `const ${q} = ${n}; const ${r} = 0;`;
  // The half keeps a division that is not exact to the last bit on the correct side; then one step corrects the
  // remainder.
  return (
    `let ${q} = Math.floor((${n} + 0.5) / ${d}); let ${r} = ${n} - ${q} * ${d}; ` +
    `if (${r} < 0) { ${q} = ${q} - 1; ${r} = ${r} + ${d}; } if (${r} >= ${d}) { ${q} = ${q} + 1; ${r} = ${r} - ${d}; }`
  );
}

/** Sums over the same k, which one loop computes side by side. */
export interface Sums {
  readonly names: readonly string[];
  /** What all of them read at k. */
  readonly shared: (k: string) => string;
  /** The term of sum `i` at k, given the name of what is shared. */
  readonly term: (i: number, k: string, shared: string) => string;
}

/**
 * Statements that sum `term(k)` for k below `count` into `parts` partial sums, term k into number k mod `parts`, as the
 * kernels on the CPU do. The sums are `${name}0`, `${name}1`, ...
 */
export function partialSums(name: string, count: number, parts: number, term: (k: string) => string): string {
  return partialLoop([name], count, parts, (k, i) => [added(name, i, term(k))]);
}

/** A term added to partial sum `i`. */
const added = (name: string, i: number, term: string): string => `${name}${i} = ${name}${i} + ${term};`;

/** The same for sums side by side; `lines(k, i)` are the statements that add the terms at k to partial sums `i`. */
function partialLoop(
  names: readonly string[],
  count: number,
  parts: number,
  lines: (k: string, i: number) => string[],
): string {
  const all = Array.from({ length: parts }, (_, i) => i);
  const whole = Math.floor(count / parts);
  const declare = names.flatMap((name) => all.map((i) => `let ${name}${i} = 0.0;`)).join(" ");
  const add = (k: string, i: number): string => lines(k, i).join(" ");
  const [first] = names;
  const loop =
    whole > 0
      ? `for (let ${first}k = 0; ${first}k < ${whole}; ${first}k++) { ${all
          .map((i) => add(`${first}k * ${parts} + ${i}`, i))
          .join(" ")} }`
      : "";
  const rest = all
    .slice(0, count - whole * parts)
    .map((i) => add(`${whole * parts + i}`, i))
    .join(" ");
  return [declare, loop, rest].filter((text) => text !== "").join("\n");
}

/** Four partial sums as one, (0 + 2) + (1 + 3): foldAdd of assembly/simd.ts. */
export const foldFour = (name: string): string => `((${name}0 + ${name}2) + (${name}1 + ${name}3))`;

/** Sixteen partial sums as one, in halves: foldSums of assembly/reduce.ts. */
export function foldSixteen(name: string): string {
  const lane = (i: number): string => `((${name}${i} + ${name}${i + 8}) + (${name}${i + 4} + ${name}${i + 12}))`;
  return `((${lane(0)} + ${lane(2)}) + (${lane(1)} + ${lane(3)}))`;
}

/** A sum of `count` terms, one after another from zero. */
export const sequentialSum = (name: string, count: number, term: (k: string) => string): string =>
  `let ${name} = 0.0; for (let ${name}k = 0; ${name}k < ${count}; ${name}k++) { ${name} = ${name} + ${term(`${name}k`)}; }`;

/** How this many partial sums become one. */
const folds = { 1: (name: string) => `${name}0`, 4: foldFour, 16: foldSixteen } as const;

/**
 * Statements after which `name` is the sum of `term(k)` for k below `count`, from `parts` partial sums. Many terms are
 * split into runs whose sums are added with compensation for rounding, as in assembly/long.ts.
 */
export function sumOf(name: string, count: number, parts: keyof typeof folds, term: (k: string) => string): string {
  return longSums([name], count, parts, (k, i, [part]) => [added(part, i, term(k))]);
}

/** The same for several sums. */
export function sumsOf({ names, shared, term }: Sums, count: number, parts: keyof typeof folds): string {
  return longSums(names, count, parts, (k, i, each) => {
    const read = `${each[0]}Read${i}`;
    return [`const ${read} = ${shared(k)};`, ...each.map((part, sum) => added(part, i, term(sum, k, read)))];
  });
}

function longSums(
  names: readonly string[],
  count: number,
  parts: keyof typeof folds,
  lines: (k: string, i: number, each: readonly string[]) => string[],
): string {
  const run = typeNamed("float32").kernels.runOf(count);
  const named = (suffix: string): string[] => names.map((name) => `${name}${suffix}`);
  if (run >= count) {
    const each = named("x");
    const totals = names.map((name, i) => `const ${name} = ${folds[parts](each[i])};`);
    return [partialLoop(each, count, parts, (k, i) => lines(k, i, each)), ...totals].join("\n");
  }
  const addRun = (terms: number, from: string, suffix: string): string => {
    const each = named(suffix);
    const sums = names.map((name, i) => {
      const [next, sum, grown] = [`${each[i]}Next`, `${each[i]}Sum`, `${each[i]}Added`];
      return `const ${next} = ${folds[parts](each[i])};
const ${sum} = ${name} + ${next};
const ${grown} = ${sum} - ${name};
${name}Lost = ${name}Lost + ((${name} - (${sum} - ${grown})) + (${next} - ${grown}));
${name} = ${sum};`;
    });
    return [partialLoop(each, terms, parts, (k, i) => lines(`(${from} + ${k})`, i, each)), ...sums].join("\n");
  };
  const whole = Math.floor(count / run);
  const rest = count - whole * run;
  const [first] = names;
  return `${names.map((name) => `let ${name} = 0.0; let ${name}Lost = 0.0;`).join(" ")}
for (let ${first}Run = 0; ${first}Run < ${whole}; ${first}Run++) {
${addRun(run, `${first}Run * ${run}`, "x")}
}
${rest > 0 ? addRun(rest, `${whole * run}`, "y") : ""}
${names.map((name) => `if (Math.abs(${name}) <= 3.4028234663852886e38) { ${name} = ${name} + ${name}Lost; }`).join("\n")}`;
}
