// float64 as a share of the speed of float32, the two in turn: products of matrices and vectors and elementary functions
// kernel against kernel, and whole lifetimes with their meta-gradients, in which float32 has fused kernels.
import { floatNames } from "../src/core/index.js";
import { instantiateCore, type Kernels, linkKernels } from "../src/core/wasm.js";
import "../src/float64/index.js";
import { wasmHex } from "../src/float64/wasm.generated.js";
import { type Bench, figure, type Row } from "./harness.js";
import { lifetimeWork, SIZES } from "./workloads.js";

/** Rounds of both sides; the best of each counts. */
const ROUNDS = 40;

/** Milliseconds that a round takes at least. */
const ROUND = 1;

/** Elementary functions that networks are made of, on `n * n` numbers. */
const functions = ["exp", "log", "tanh", "sigmoid"] as const;

type Product = (kernels: Kernels, bytes: number, n: number, operands: readonly number[]) => void;

const products: Readonly<Record<string, Product>> = {
  matmul: (kernels, bytes, n, [a, b, out, scratch]) =>
    n >= 256
      ? kernels.matmulPacked(out, a, b, n, n, n, bytes * n, bytes, scratch)
      : kernels.matmulNN(out, a, b, n, n, n, scratch),
  "matmul a b^T": (kernels, _, n, [a, b, out, scratch]) => kernels.matmulNT(out, a, b, n, n, n, scratch),
  matvec: (kernels, _, n, [a, b, out]) => kernels.matvec(out, a, b, n, n),
  "matvec a^T x": (kernels, _, n, [a, b, out]) => kernels.matvecT(out, a, b, n, n),
  ...Object.fromEntries(
    functions.map((name) => [name, ((kernels, _, n, [a, , out]) => kernels[name](out, a, n * n)) satisfies Product]),
  ),
};

/** Networks whose lifetimes are timed, as widths. */
const networks = [SIZES, [64, 32, 10]];

/** Milliseconds of each side's fastest run of `rounds` rounds. */
function inTurn(sides: readonly (() => void)[], rounds: number): readonly number[] {
  const best = sides.map(() => Infinity);
  for (let round = 0; round < rounds; round++) {
    sides.forEach((run, side) => {
      best[side] = Math.min(best[side], once(run));
    });
  }
  return best;
}

/** A row of both sides. */
function row(work: string, n: number | string, [single, double]: readonly number[]): Row {
  const times = { float32: figure(single), float64: figure(double), speed: figure(single / double) };
  return { bench: "float64", work, n, ...times };
}

/** Milliseconds of one call, averaged over enough calls to fill a round. */
function once(run: () => void): number {
  const start = performance.now();
  let [calls, elapsed] = [0, 0];
  for (let more = 1; elapsed < ROUND; more *= 2) {
    for (let i = 0; i < more; i++) run();
    calls += more;
    elapsed = performance.now() - start;
  }
  return elapsed / calls;
}

export const float64Bench: Bench = function* () {
  const { kernels: single, memory } = instantiateCore(64 * 2 ** 20);
  const double = { ...single, ...linkKernels<Kernels>(wasmHex, memory) };
  const sides = [
    { kernels: single, bytes: 4, view: new Float32Array(memory.buffer) },
    { kernels: double, bytes: 8, view: new Float64Array(memory.buffer) },
  ];
  for (const n of [16, 32, 64, 128, 256, 512]) {
    // One block per operand, with room for float64, at distances that are not whole pages.
    const operands = [0, 1, 2, 3].map((i) => 16384 + i * (8 * n * n + 4096 + 64));
    for (const [work, product] of Object.entries(products)) {
      const best = [Infinity, Infinity];
      for (let round = 0; round < ROUNDS; round++) {
        sides.forEach(({ kernels, bytes, view }, side) => {
          for (const operand of operands.slice(0, 2)) {
            for (let i = 0; i < n * n; i++) view[operand / bytes + i] = ((i * 7) % 13) / 13;
          }
          best[side] = Math.min(
            best[side],
            once(() => product(kernels, bytes, n, operands)),
          );
        });
      }
      yield row(work, n, best);
    }
  }
  for (const sizes of networks) {
    const lives = floatNames.map((dtype) => lifetimeWork({ chemicals: 2, steps: 20, sizes, dtype }).total);
    yield row("lifetime", sizes.join("-"), inTurn(lives, 12));
  }
};
