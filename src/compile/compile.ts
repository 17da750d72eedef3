/// <reference lib="esnext.disposable" preserve="true" />
// `compile`: small functions that run often cost more to dispatch than to compute. A compiled function is run once, and
// everything that it does is recorded (kernels, addresses, numbers). From then on this list is replayed, with no op, no
// tensor and no tape in between. The kernels and their order are the same, and so are the bits.
import { currentWatcher, followersNow } from "../autodiff/index.js";
import { checkOptions, collector, disposeSymbol, type Holding, quote, type Tensor, tracer } from "../core/index.js";
import { type Programs, runRecorded } from "./derivative.js";
import { Program } from "./program.js";
import { signatureOf, type Words } from "./signature.js";

/** Options of `compile`. */
export interface CompileOptions {
  /** The limit on programs, of which there is one for each kind of arguments (see `compile`): at least 1; 16 by default. */
  readonly programs?: number;
}

/** The size of a compiled function, all of its programs together. */
export interface Plan {
  /** How many programs there are: one for each kind of arguments, and one for each way of differentiating it. */
  readonly programs: number;
  /** How many calls of kernels are written down. A loop has those of one step, or of a few. */
  readonly calls: number;
  /** How many calls of kernels are made if each program runs once. */
  readonly runs: number;
  /** The bytes of memory, for copies of the arguments and everything that the programs make. */
  readonly bytes: number;
}

/** A compiled function. Its memory is freed by `dispose()`, by `using`, or when nothing refers to it any more. */
export interface Compiled<A extends readonly unknown[], R> {
  /** Computes the same as the function, to the bit. */
  (...args: A): R;
  /** How large it is: what there is to know before a loop of many steps is compiled. */
  plan(): Plan;
  /** Frees the memory of its programs. A later call traces the function again. */
  dispose(): void;
  [Symbol.dispose](): void;
}

const ARGUMENTS: Words = {
  what: "the list of arguments",
  noFunctions: "Let the compiled function close over it.",
};

/** The entry for the collector. It is made here, because what it refers to must not refer to the compiled function. */
const holdingOf = (program: Program<never, unknown>): Holding => ({
  kind: "compiled programs",
  bytes: program.bytes,
  index: -1,
  fresh: undefined,
  weak: undefined,
  free: () => program.dispose(),
});

/**
 * Makes a function that traces `f` at its first call and replays it at every later one: the same kernels in the same order,
 * and so the same bits, without the cost of ops, tensors and tapes. It is for small programs that run often:
 *
 * ```ts
 * const loss = (w: Tensor, x: Tensor) => x.matmul(w).square().mean();
 * const step = compile(valueAndGrad(loss));
 * const { value, grad } = step(ones([8, 2]), ones([4, 8])); // 64
 * grad; // (8, 2)
 * ```
 *
 * Arguments are trees of tensors. They may hold other plain data, which become part of the program: each combination of
 * shapes, element types and such values is traced once, and more than `programs` combinations are an error. So pass numbers
 * that change at each call as tensors. Tensors that `f` closes over are used in place and must stay alive. A loop, whether of
 * `loop`, `scan` or JavaScript, forward or backward, is written down as one step with the addresses by which each step moves
 * on, so a program of 1000 steps is as long as one of 50. The checkpoints of a loop store what they would otherwise. (With
 * `{ binomial }`, the stretches between checkpoints all differ in length, and the list grows with the steps: for 1000 of
 * them and 8, 16 or 32 slots to 9441, 4702 or 3752 calls, where there are 29 with "off" and 68 with `{ every: 16 }`; see
 * bench/README.md.) A program keeps the memory of one whole run, which `memory.stats()` counts as `compiledBytes`.
 *
 * `f` is JavaScript that runs once, so it must be pure: anything it does other than computing with tensors happens only while
 * it is traced. Its gradient is compiled as well: where `grad` or `vjp` records a call, only the results are stored, and in the
 * backward pass a program traced from the gradient of `f` computes the cotangents, with the same bits. `f` itself is run again
 * and recorded, as by `checkpoint`, if this gradient is differentiated once more, if `f` closes over a tensor that is
 * differentiated, or if an argument is used again after the call. Under `jvp`, `vmap`, another `compile` or a debugger, `f`
 * itself runs.
 *
 * What cannot be traced: numbers that `f` reads decide what it does. Steps of `synaptape/bio` are of this kind, since the number
 * of the step decides which mechanisms are due and what they draw; compile the gradient, and take the step outside. Steps of
 * all optimizers of `synaptape/optim` can be compiled.
 *
 * @throws TypeError while tracing, if `f` reads numbers of tensors that it computes (`item()`, `data()`), and says where; if it
 * keeps a tensor, or takes or returns anything but tensors and plain data; RangeError for too many programs, or a program that
 * is too long.
 */
export function compile<A extends readonly unknown[], R>(
  f: (...args: A) => R,
  options: CompileOptions = {},
): Compiled<A, R> {
  checkOptions("compile", options, ["programs"]);
  const { programs: most = 16 } = options;
  if (typeof f !== "function")
    throw new TypeError(`[compile] ${quote(f)} is not a function. Pass the function to compile.`);
  if (!Number.isInteger(most) || most < 1) {
    throw new RangeError(`[compile] \`programs\` is ${quote(most)}. Give a whole number from 1 up.`);
  }
  const kept = new Map<string, { readonly program: Program<never, unknown>; readonly holding: Holding }>();

  const programs: Programs = {
    of<B extends readonly unknown[], S>(key: string, g: (...args: B) => S, args: B, leaves: readonly Tensor[]) {
      const known = kept.get(key);
      if (known) return known.program as Program<B, S>;
      if (kept.size === most) {
        throw new RangeError(
          `[compile] these arguments would need program ${most + 1}, but the limit is ${most}. Pass numbers that change as ` +
            "tensors, pad shapes to a few sizes, or raise compile(f, { programs }).",
        );
      }
      const program = new Program<B, S>(g, args, leaves);
      const holding = holdingOf(program as Program<never, unknown>);
      kept.set(key, { program: program as Program<never, unknown>, holding });
      collector.hold(compiled, holding);
      return program;
    },
  };

  const run = (...args: A): R => {
    const { recorder, pusher, batching } = followersNow();
    if (tracer || pusher || batching || currentWatcher()) return f(...args);
    const leaves: Tensor[] = [];
    const signature = signatureOf(ARGUMENTS, args, leaves);
    if (recorder) return runRecorded(recorder, programs, { f, args, leaves, signature });
    return programs.of(signature, f, args, leaves).run(leaves).result;
  };
  const dispose = (): void => {
    for (const { program, holding } of kept.values()) {
      collector.release(holding);
      program.dispose();
    }
    kept.clear();
  };
  const plan = (): Plan => {
    let [calls, runs, bytes] = [0, 0, 0];
    for (const { program } of kept.values()) {
      calls += program.length.calls;
      runs += program.length.runs;
      bytes += program.bytes;
    }
    return { programs: kept.size, calls, runs, bytes };
  };
  const compiled: Compiled<A, R> = Object.assign(run, { plan, dispose, [disposeSymbol]: dispose });
  return compiled;
}
