// npm run bench page [name ...]: runs every benchmark, or those named, keeps the rows in bench/results.json, those of each
// with the machine they come from, and writes all into the tables of bench/README.md, each between <!-- its name --> and
// <!-- end -->.
import { execFileSync } from "node:child_process";
import { readFileSync, writeFileSync } from "node:fs";
import { availableParallelism, cpus, totalmem } from "node:os";
import { PYTHON } from "./contender.js";
import { type Row, showRow } from "./harness.js";
import { benches } from "./list.js";

const PAGE = "bench/README.md";
const RESULTS = "bench/results.json";

/** The first line that a program prints, or "none". */
function sayOf(program: string, ...args: string[]): string {
  try {
    return execFileSync(program, args, { stdio: "pipe" }).toString().split("\n")[0];
  } catch {
    return "none";
  }
}

/** This machine, now, and the versions of what runs on it. */
function machine() {
  const { dependencies }: { dependencies: Record<string, string> } = JSON.parse(
    readFileSync("bench/peers/package.json", "utf8"),
  );
  return {
    date: new Date().toISOString().slice(0, 10),
    processor: `${cpus()[0].model.trim()}, ${availableParallelism()} cores`,
    memory: `${Math.round(totalmem() / 2 ** 30)} GiB`,
    system: `${process.platform} ${process.arch}`,
    node: process.version,
    synaptape: JSON.parse(readFileSync("package.json", "utf8")).version as string,
    "jax-js": dependencies["@jax-js/jax"],
    tfjs: dependencies["@tensorflow/tfjs"],
    PyTorch: sayOf(PYTHON, "-c", "import torch; print(torch.__version__)"),
    JAX: sayOf(PYTHON, "-c", "import jax; print(jax.__version__)"),
    "g++": sayOf("g++", "-dumpfullversion"),
  };
}

/** A column's name in words, and how its values are shown: bytes as MB. */
function column(key: string): { title: string; show: (value: number | string | undefined) => string } {
  const words = key.replace(/(?<![A-Z ])[A-Z](?![A-Z])/g, (letter) => ` ${letter.toLowerCase()}`);
  if (!key.endsWith("Bytes")) return { title: words.replace("micros", "µs"), show: (value) => String(value ?? "") };
  return { title: words.replace("bytes", "MB"), show: (value) => `${Math.round(Number(value) / 1e6)}` };
}

function table(rows: readonly Row[]): string {
  const keys = [...new Set(rows.flatMap((row) => Object.keys(row)))].filter((key) => key !== "bench");
  const columns = keys.map(column);
  const line = (cells: readonly string[]): string => `| ${cells.join(" | ")} |`;
  return [
    line(columns.map(({ title }) => title)),
    line(keys.map((key) => (rows.every((row) => typeof row[key] === "string") ? "---" : "---:"))),
    ...rows.map((row) => line(keys.map((key, i) => columns[i].show(row[key])))),
  ].join("\n");
}

/** A table, or one for each workload. */
function tables(rows: readonly Row[]): string {
  if (rows.length === 0) return "Skipped on this machine.";
  const works = [...new Set(rows.map(({ work }) => work))];
  return works.map((work) => table(rows.filter((row) => row.work === work))).join("\n\n");
}

/** The rows of one benchmark, and the machine that they come from. */
interface Measured {
  readonly machine: ReturnType<typeof machine>;
  readonly rows: readonly Row[];
}

/** When and where, and the versions of what was compared, as a line below the tables. */
function placeOf({ date, processor, memory, system, node, ...versions }: Measured["machine"]): string {
  const known = Object.entries(versions).filter(([, version]) => version !== "none");
  const compared = known.map(([name, version]) => `${name} ${version}`).join(", ");
  return `Measured on ${date}: ${processor}, ${memory}, ${system}, Node ${node.slice(1)}; ${compared}.`;
}

/** @param names the benchmarks to run; the rows of the others are kept, with the machine that they come from. */
export async function writePage(names: readonly string[]): Promise<void> {
  const kept: Record<string, Measured> = JSON.parse(readFileSync(RESULTS, "utf8"));
  const about = machine();
  for (const [name, bench] of Object.entries(benches)) {
    if (!names.includes(name)) continue;
    const rows: Row[] = [];
    for await (const row of bench()) {
      rows.push(row);
      console.log(showRow(row));
    }
    kept[name] = { machine: about, rows };
  }
  const inOrder = Object.keys(benches).filter((name) => Object.hasOwn(kept, name));
  writeFileSync(RESULTS, `${JSON.stringify(Object.fromEntries(inOrder.map((name) => [name, kept[name]])), null, 2)}\n`);
  const page = inOrder.reduce(
    (text, name) => {
      const own = `${tables(kept[name].rows)}\n\n${placeOf(kept[name].machine)}`;
      return text.replace(new RegExp(`(<!-- ${name} -->)[^]*?(<!-- end -->)`), `$1\n\n${own}\n\n$2`);
    },
    readFileSync(PAGE, "utf8"),
  );
  writeFileSync(PAGE, page);
}
