// `synaptape info`: what can run here, with how much memory, and what cannot run and why.
import { availableParallelism, freemem, totalmem } from "node:os";
import { getHeapStatistics } from "node:v8";
import { configuration, InputError, missingFeature } from "../core/index.js";
import { memory } from "../index.js";
import { packageVersion } from "../runs/node.js";
import { openGpu } from "./device.js";
import { bytes, say, sayJson } from "./output.js";

export interface InfoOptions {
  readonly json?: boolean;
}

/** Something that can carry out the kernels. */
interface Backend {
  readonly name: string;
  readonly available: boolean;
  /** What it runs on, if there is a choice. */
  readonly adapter?: string;
  /** Why it is not available. */
  readonly reason?: string;
}

/** What is printed. */
interface Facts {
  readonly version: string;
  readonly engine: { name: string; version: string; v8?: string | undefined; platform: string; arch: string };
  readonly simd: boolean;
  readonly cores: number;
  readonly memory: Readonly<Record<`${string}Bytes`, number>>;
  readonly backends: readonly Backend[];
}

/** Whether a GPU is available. */
async function gpuBackend(): Promise<Backend> {
  try {
    const gpu = await openGpu();
    const adapter = `${gpu.backend} on ${gpu.adapter}${gpu.software ? ", in software: correct, but slow" : ""}`;
    await gpu.close();
    return { name: "gpu", available: true, adapter };
  } catch (error) {
    if (!(error instanceof InputError)) throw error;
    return { name: "gpu", available: false, reason: (error.cause as Error).message.replace(/^\[gpu\] /, "") };
  }
}

/** Prints the facts. */
export async function info({ json = false }: InfoOptions): Promise<void> {
  const missing = missingFeature();
  const simd = missing === undefined;
  const bun = process.versions.bun;
  const engine = {
    name: bun ? "Bun" : "Node",
    version: bun ?? process.versions.node,
    v8: bun ? undefined : process.versions.v8,
    platform: process.platform,
    arch: process.arch,
  };
  const backends: Backend[] = [
    missing === undefined ? { name: "wasm", available: true } : { name: "wasm", available: false, reason: missing },
    await gpuBackend(),
  ];
  const { maximumBytes, tapeBytes } = configuration();
  const sizes = {
    linearBytes: simd ? memory.stats().memoryBytes : 0,
    linearMaximumBytes: maximumBytes,
    tapeBytes,
    residentBytes: process.memoryUsage().rss,
    heapMaximumBytes: getHeapStatistics().heap_size_limit,
    machineBytes: totalmem(),
    machineFreeBytes: freemem(),
  };
  const facts = { version: packageVersion(), engine, simd, cores: availableParallelism(), memory: sizes, backends };
  if (json) sayJson(facts);
  else report(facts);
}

function report({ version, engine, simd, cores, memory, backends }: Facts): void {
  const v8 = engine.v8 ? ` (V8 ${engine.v8})` : "";
  const rows = [
    ["synaptape", version],
    ["engine", `${engine.name} ${engine.version}${v8} on ${engine.platform} ${engine.arch}`],
    ["cores", String(cores)],
    ["SIMD", simd ? "yes (WebAssembly, strict 128 bits: the same bits on every engine)" : "no"],
    ["tensors", `${bytes(memory.linearBytes)} of linear memory now, at most ${bytes(memory.linearMaximumBytes)}`],
    ["tape", `${bytes(memory.tapeBytes)} before --checkpoint auto recomputes steps instead of storing them`],
    [
      "process",
      `${bytes(memory.residentBytes)} resident now, JavaScript heap at most ${bytes(memory.heapMaximumBytes)}`,
    ],
    ["machine", `${bytes(memory.machineBytes)} of memory, ${bytes(memory.machineFreeBytes)} free`],
    ...backends.map(({ name, available, adapter, reason }) => [
      `backend ${name}`,
      available ? `can run${adapter ? ` (${adapter})` : ""}` : `cannot run: ${reason}`,
    ]),
  ];
  const width = Math.max(...rows.map(([name]) => name.length));
  for (const [name, value] of rows) say(`${name.padEnd(width)}  ${value}`);
}
