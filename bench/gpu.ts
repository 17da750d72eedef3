// A GPU against our own WebAssembly, one thread: how many lifetimes per second with their meta-gradients, by the number
// of episodes that run at once, and square products in a chain whose numbers stay on the GPU. If the adapter is
// software on the CPU, times mean nothing, so smaller workloads only show that the results are the same.
import { writeFileSync } from "node:fs";
import { type Gpu, GpuUnavailableError, type OnGpu, type OrPlaced, open, type Placed } from "../src/gpu.js";
import { Key, oneHot, random, scope, type Tensor, tensor, valueAndGrad } from "../src/index.js";
import {
  initialRule,
  initialStart,
  lifetime,
  logitsOf,
  lossOf,
  presets,
  type Rule,
  type Start,
  type Stream,
} from "../src/plasticity/index.js";
import { type Bench, bestAndMedian, figure, type Row } from "./harness.js";
import { plotLines } from "./plot.js";
import { SIZES } from "./workloads.js";

/** Products in a chain: one upload and one download for all, so that transfers matter little. */
const CHAIN = 8;

interface Size {
  readonly sizes: readonly number[];
  readonly steps: number;
  readonly batches: readonly number[];
  readonly products: readonly number[];
}

const HARDWARE: Size = { sizes: SIZES, steps: 50, batches: [1, 16, 64, 256], products: [256, 512, 1024, 2048, 4096] };
const SOFTWARE: Size = { sizes: [64, 20, 10], steps: 50, batches: [1, 4], products: [64] };

/** The best of some runs, in milliseconds. */
async function best(run: () => unknown, runs = 3): Promise<number> {
  await run();
  const samples: number[] = [];
  for (let i = 0; i < runs; i++) {
    const began = performance.now();
    await run();
    samples.push(performance.now() - began);
  }
  return bestAndMedian(samples).best;
}

/** How many numbers of two results differ in a bit. */
function differing(a: readonly Tensor[], b: readonly Tensor[]): number {
  return a.reduce((sum, tensor, i) => {
    const other = b[i].data();
    return sum + Array.from(tensor.data()).filter((x, at) => !Object.is(x, other[at])).length;
  }, 0);
}

/** The GPU of this machine, or a sentence about why there is none. */
async function openGpu(): Promise<Gpu | undefined> {
  try {
    const binding = await import("webgpu");
    return await open({ modes: ["webgpu"], binding });
  } catch (error) {
    if (!(error instanceof GpuUnavailableError)) throw error;
    console.error(`bench: gpu is left out. ${error.message}`);
    return undefined;
  }
}

export const gpuBench: Bench = async function* () {
  const gpu = await openGpu();
  if (!gpu) return;
  try {
    const size = gpu.software ? SOFTWARE : HARDWARE;
    const rows: Row[] = [];
    for (const part of [lives(gpu, size), products(gpu, size)]) {
      for await (const row of part) {
        rows.push(row);
        yield row;
      }
    }
    if (!gpu.software) writeFileSync("bench/gpu.svg", plot(rows));
  } finally {
    await gpu.close();
  }
};

async function* lives(gpu: Gpu, { sizes, steps, batches }: Size): AsyncGenerator<Row> {
  const config = { ...presets.rcn.config, chemicals: 2, motifs: [0, 2, 9], bias: "layer" as const };
  const classes = sizes[sizes.length - 1];
  const rule = initialRule(config, sizes);
  const calls = Array.from({ length: Math.max(...batches) }, (_, i): [Rule, Start, Stream, Stream] => {
    const key = Key.of(i);
    const labels = (count: number): Tensor =>
      tensor(
        Int32Array.from({ length: count }, (_, j) => (i + j) % 5),
        { dtype: "int32" },
      );
    return [
      rule,
      initialStart(key.fold(0), sizes),
      { images: random.uniform(key.fold(1), [steps, sizes[0]]), labels: oneHot(labels(steps), classes) },
      { images: random.uniform(key.fold(2), [50, sizes[0]]), labels: labels(50) },
    ];
  });
  const loss = (rule: Rule, start: Start, stream: Stream, { images, labels }: Stream): Tensor =>
    lossOf(logitsOf(lifetime(config, rule, start, stream), images, config.beta), labels);
  const onCpu = valueAndGrad(loss, { unused: "zero" });
  const onGpu = gpu.valueAndGrad(loss, { unused: "zero" });
  const wasm = await best(() => scope(() => void onCpu(...calls[0])));
  for (const batch of batches) {
    const part = calls.slice(0, batch);
    const before = gpu.stats();
    const [first] = await onGpu.all(part);
    const after = gpu.stats();
    const cost = {
      launches: after.launches - before.launches,
      "MB an episode": figure((after.traffic - before.traffic) / 1e6 / batch),
      "bytes sent": (after.sent - before.sent) / batch,
      "bytes sent if put": (await sentIfPut(gpu, onGpu, part)) / batch,
      "bytes received": (after.received - before.received) / batch,
    };
    const cpu = onCpu(...calls[0]);
    const odd = differing([first.value, ...first.grad.P, ...first.grad.K], [cpu.value, ...cpu.grad.P, ...cpu.grad.K]);
    const row = {
      bench: "gpu",
      work: "lifetimes",
      network: sizes.join("-"),
      steps,
      batch,
      ...cost,
      "numbers differing": odd,
    };
    if (gpu.software) yield row;
    else {
      const ms = await best(() => onGpu.all(part));
      const each = { gpu: figure((1000 * batch) / ms), wasm: figure(1000 / wasm), ratio: figure((batch * wasm) / ms) };
      yield { ...row, "a second, gpu": each.gpu, "a second, wasm": each.wasm, ratio: each.ratio };
    }
  }
}

/** Bytes that calls send whose arguments are on the GPU already. */
async function sentIfPut<A extends readonly unknown[]>(
  gpu: Gpu,
  f: OnGpu<A, unknown>,
  calls: readonly A[],
): Promise<number> {
  const known = new Map<unknown, Placed<unknown>>();
  for (const argument of calls.flat()) if (!known.has(argument)) known.set(argument, await gpu.put(argument as never));
  const { sent } = gpu.stats();
  await f.all(calls.map((args) => args.map((argument) => known.get(argument)) as unknown as OrPlaced<A>));
  for (const placed of known.values()) placed.dispose();
  return gpu.stats().sent - sent;
}

async function* products(gpu: Gpu, { products }: Size): AsyncGenerator<Row> {
  for (const n of products) {
    const [a, b] = Key.of(n)
      .split()
      .map((key) => random.uniform(key, [n, n], { low: -1 / n, high: 1 / n }));
    const chain = (a: Tensor, b: Tensor): Tensor => {
      let x = a;
      for (let i = 0; i < CHAIN; i++) x = x.matmul(b);
      return x;
    };
    const onGpu = gpu.compile(chain);
    const odd = differing([await onGpu(a, b)], [chain(a, b)]);
    const row = { bench: "gpu", work: "products", n, "numbers differing": odd };
    if (gpu.software) yield row;
    else {
      const runs = n > 1024 ? 1 : 3;
      const times = {
        gpu: await best(() => onGpu(a, b), runs),
        wasm: await best(() => scope(() => void chain(a, b)), runs),
      };
      const [each, wasm] = [figure(times.gpu / CHAIN), figure(times.wasm / CHAIN)];
      yield { ...row, gpu: each, wasm, ratio: figure(times.wasm / times.gpu) };
    }
  }
}

/** From which size on a GPU is faster: its speedup by the number of episodes at once and by the side of a product. */
function plot(rows: readonly Row[]): string {
  const line = (work: string, x: string) => ({
    label: x === "n" ? "side of a product" : "episodes at once",
    points: rows.filter((row) => row.work === work).map((row) => [Number(row[x]), Number(row.ratio)] as const),
  });
  return plotLines([line("lifetimes", "batch"), line("products", "n")], "times as fast as WebAssembly");
}
