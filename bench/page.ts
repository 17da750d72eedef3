// npm run bench page [name ...]: runs every benchmark, or those named, keeps the rows in bench/results.json with the machine
// they come from, and writes them into the tables of bench/README.md, each between <!-- its name --> and <!-- end -->.
import { execFileSync } from "node:child_process";
import { readFileSync, writeFileSync } from "node:fs";
import { availableParallelism, cpus, totalmem } from "node:os";
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

function machine(): Record<string, string> {
  const { dependencies } = JSON.parse(readFileSync("bench/peers/package.json", "utf8"));
  return {
    date: new Date().toISOString().slice(0, 10),
    processor: `${cpus()[0].model.trim()}, ${availableParallelism()} cores`,
    memory: `${Math.round(totalmem() / 2 ** 30)} GiB`,
    system: `${process.platform} ${process.arch}`,
    node: process.version,
    synaptape: JSON.parse(readFileSync("package.json", "utf8")).version,
    "jax-js": dependencies["@jax-js/jax"],
    tfjs: dependencies["@tensorflow/tfjs"],
    PyTorch: sayOf("/usr/bin/python3", "-c", "import torch; print(torch.__version__)"),
    "g++": sayOf("g++", "--version"),
  };
}

/** A column's name in words, and how its values are shown: bytes as MB. */
function column(key: string): { title: string; show: (value: number | string | undefined) => string } {
  const words = key.replace(/[A-Z]/g, (letter) => ` ${letter.toLowerCase()}`);
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

/** @param names the benchmarks to run; the rows of the others are kept, so they should come from the same machine. */
export async function writePage(names: readonly string[]): Promise<void> {
  const about = machine();
  const before: readonly Row[] = JSON.parse(readFileSync(RESULTS, "utf8")).rows;
  const rows: Row[] = [];
  let page = readFileSync(PAGE, "utf8");
  const fill = (name: string, text: string): void => {
    page = page.replace(new RegExp(`(<!-- ${name} -->)[^]*?(<!-- end -->)`), `$1\n\n${text}\n\n$2`);
  };
  fill(
    "machine",
    Object.entries(about)
      .map(([name, value]) => `- ${name}: ${value}`)
      .join("\n"),
  );
  for (const [name, bench] of Object.entries(benches)) {
    if (!names.includes(name)) {
      rows.push(...before.filter((row) => row.bench === name));
      continue;
    }
    const own: Row[] = [];
    for await (const row of bench()) {
      own.push(row);
      console.log(showRow(row));
    }
    rows.push(...own);
    fill(name, tables(own));
  }
  writeFileSync(RESULTS, `${JSON.stringify({ machine: about, rows }, null, 2)}\n`);
  writeFileSync(PAGE, page);
}
