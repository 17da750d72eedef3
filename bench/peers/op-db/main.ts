// Compares Synaptape with PyTorch on PyTorch's own samples: `npx tsx bench/peers/op-db/main.ts`, with PyTorch's Python as
// PYTHON. Values, gradients and Hessian-vector products in float64, by group. It writes the tables of docs/peer-comparison.md.
import { spawnSync } from "node:child_process";
import { createReadStream, existsSync, mkdirSync, openSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { createInterface } from "node:readline";
import "../../../src/float64/index.js";
import { cast, grad, hvp, mul, scope, sum, Tensor, tensor } from "../../../src/index.js";
import type { Any, Ours } from "./arguments.js";
import { reasonFor } from "./conventions.js";
import { groups } from "./groups.js";

const root = join(import.meta.dirname, "../../..");
const file = join(root, "build/op-db.jsonl");

interface Coded {
  readonly kind: "float" | "int" | "bool";
  readonly shape: readonly number[];
  readonly data: readonly (number | string)[];
}
interface Line {
  readonly op: string;
  readonly variant: string;
  readonly args: readonly unknown[];
  readonly kwargs: Readonly<Record<string, unknown>>;
  readonly error?: string;
  readonly out: readonly Coded[];
  readonly gradient: readonly Coded[] | null;
  readonly product: readonly Coded[] | null;
}

const special: Record<string, number> = {
  nan: Number.NaN,
  inf: Number.POSITIVE_INFINITY,
  "-inf": Number.NEGATIVE_INFINITY,
};
const isCoded = (x: unknown): x is Coded => typeof x === "object" && x !== null && "kind" in x;
const numbersOf = ({ data }: Coded): number[] => data.map((x) => (typeof x === "string" ? special[x] : x));

/** An argument of ours; floats are noted in `leaves`, in PyTorch's order, or taken from there. */
function decoded(x: unknown, leaf: (made: Tensor) => Tensor): Any {
  if (isCoded(x)) {
    const shape = [...x.shape];
    if (x.kind !== "float") return tensor(Int32Array.from(numbersOf(x)), { shape, dtype: "int32" });
    return leaf(tensor(Float64Array.from(numbersOf(x)), { shape, dtype: "float64" }));
  }
  if (Array.isArray(x)) return x.map((part) => decoded(part, leaf));
  if (typeof x === "string" && x in special) return special[x];
  if (typeof x === "object" && x !== null) throw new Unlike("an argument of another kind");
  return x;
}

/** What has no counterpart here. */
class Unlike extends Error {}

/** The weights of tensor number k: samples.py has the same formula. */
function weights(like: Tensor, k: number, a: number, b: number, c: number): Tensor {
  const data = Float64Array.from({ length: like.size }, (_, i) => (((i + 17 * k) * a + b) % c) / c - 0.4);
  return tensor(data, { shape: like.shape, dtype: "float64" });
}

/** How far the lists are apart, by the largest number wanted; infinite where one is NaN or infinite and the other is not so. */
function distance(got: ArrayLike<number>, wanted: readonly number[]): number {
  if (got.length !== wanted.length) return Number.POSITIVE_INFINITY;
  const scale = wanted.reduce((most, x) => (Number.isFinite(x) ? Math.max(most, Math.abs(x)) : most), 1e-6);
  return wanted.reduce((worst, x, i) => {
    if (Object.is(got[i], x) || got[i] === x) return worst;
    const difference = Math.abs(got[i] - x) / scale;
    return Number.isNaN(difference) ? Number.POSITIVE_INFINITY : Math.max(worst, difference);
  }, 0);
}

/** Allowed differences, for values, gradients and products. */
const ALLOWED = [1e-9, 1e-8, 1e-7];

interface Count {
  samples: number;
  unlike: number;
  readonly compared: number[];
  readonly differ: number[];
}

const listOf = (result: Tensor | readonly Tensor[] | undefined): readonly Tensor[] => {
  if (result === undefined) throw new Unlike("arguments without a counterpart");
  return result instanceof Tensor ? [result] : result;
};

/** How far values, gradient and product are from PyTorch's; undefined where PyTorch has none. */
function distances(ours: Ours, line: Line): (number | undefined)[] {
  const parameters: Tensor[] = [];
  decoded([line.args, Object.values(line.kwargs)], (made) => {
    parameters.push(made);
    return made;
  });
  const outputs = (p: readonly Tensor[]): readonly Tensor[] => {
    let next = 0;
    const leaf = (): Tensor => p[next++];
    const args = decoded(line.args, leaf);
    const named = Object.fromEntries(Object.entries(line.kwargs).map(([name, x]) => [name, decoded(x, leaf)]));
    return listOf(ours(args, named));
  };
  const values = outputs(parameters).slice(0, line.out.length);
  const worst = (got: readonly Tensor[], wanted: readonly Coded[]): number =>
    Math.max(0, ...got.map((x, i) => distance(x.data(), numbersOf(wanted[i]))));
  const value = worst(values, line.out);
  if (!line.gradient || parameters.length === 0) return [value, undefined, undefined];
  // PyTorch weighs all float results that have a derivative; ours may give fewer.
  const isFloat = line.out.map(({ kind }) => kind === "float");
  if (values.length < isFloat.filter(Boolean).length) return [value, undefined, undefined];
  const loss = (p: Tensor[]): Tensor =>
    outputs(p)
      .slice(0, line.out.length)
      .filter((x, i) => isFloat[i] && x.dtype === "float64")
      .map((x, k) => sum(mul(x, weights(x, k, 7, 3, 11))))
      .reduce((a, b) => a.add(b), cast(tensor(0), "float64"));
  const gradient = worst(grad(loss, { unused: "zero" })(parameters), line.gradient);
  if (!line.product) return [value, gradient, undefined];
  const along = parameters.map((x, k) => weights(x, k, 5, 2, 13));
  return [value, gradient, worst(hvp(loss, parameters, along, { unused: "zero" }), line.product)];
}

const names = Object.values(groups).flatMap((table) => Object.keys(table));
if (!existsSync(file)) {
  mkdirSync(join(root, "build"), { recursive: true });
  const asked = [...new Set(names.map((name) => name.split(" ")[0]))];
  const python = process.env.PYTHON ?? "python3";
  const { status } = spawnSync(python, [join(import.meta.dirname, "samples.py"), ...asked], {
    stdio: ["ignore", openSync(file, "w"), "inherit"],
  });
  if (status !== 0) throw new Error(`[op-db] ${python} ended with ${status}. Set PYTHON to one that has PyTorch.`);
}

const counts = new Map(Object.keys(groups).map((name) => [name, newCount()]));
const differences = new Map<string, { where: string; count: number; example: string }>();

function newCount(): Count {
  return { samples: 0, unlike: 0, compared: [0, 0, 0], differ: [0, 0, 0] };
}

for await (const text of createInterface({ input: createReadStream(file) })) {
  const line = JSON.parse(text) as Line;
  const name = line.variant ? `${line.op} ${line.variant}` : line.op;
  const group = Object.entries(groups).find(([, table]) => name in table || line.op in table);
  if (!group || line.error) continue;
  const [title, table] = group;
  const ours =
    table[name] ?? (line.variant.startsWith("no_rounding") || !line.variant ? table[line.op] : table[line.op]);
  const count = counts.get(title) as Count;
  count.samples++;
  try {
    scope(() =>
      distances(ours, line).forEach((far, order) => {
        if (far === undefined) return;
        count.compared[order]++;
        if (far <= ALLOWED[order]) return;
        count.differ[order]++;
        note(name, ["value", "gradient", "product"][order], `${far.toExponential(1)} ${text.slice(0, 160)}`);
      }),
    );
  } catch (error) {
    count.unlike++;
    if (!(error instanceof Unlike)) note(name, "refused", (error as Error).message);
  }
}

function note(name: string, what: string, example: string): void {
  const key = `${name}: ${what}`;
  const known = differences.get(key);
  differences.set(key, { where: key, count: (known?.count ?? 0) + 1, example: known?.example ?? example });
}

/** Rows of the page's tables. */
const written: string[] = [
  "| group | samples | without a counterpart | values | differ | gradients | differ | Hessian products | differ |",
  "|---|---:|---:|---:|---:|---:|---:|---:|---:|",
];
for (const [title, { samples, unlike, compared, differ }] of counts) {
  written.push(`| ${title} | ${samples} | ${unlike} | ${compared.map((n, i) => `${n} | ${differ[i]}`).join(" | ")} |`);
}
written.push("", "| op | what differs | samples | why |", "|---|---|---:|---|");
for (const { where, count, example } of differences.values()) {
  const [name, what] = where.split(": ");
  written.push(`| \`${name}\` | ${what} | ${count} | ${reasonFor(name, example) ?? `not explained: ${example}`} |`);
}
const page = join(root, "docs/peer-comparison.md");
const tables = `<!-- tables -->\n\n${written.join("\n")}\n\n<!-- end -->`;
writeFileSync(
  page,
  readFileSync(page, "utf8").replace(/<!-- tables -->[\s\S]*<!-- end -->/, () => tables),
);
