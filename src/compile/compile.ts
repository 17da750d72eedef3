/// <reference lib="esnext.disposable" preserve="true" />
// `compile`: small functions that run often cost more to dispatch than to compute. A compiled one is run once,
// and everything it does is recorded (kernels, addresses, numbers). From then on that list is replayed, with no op, no
// tensor and no tape in between. The kernels and their order are the same, and so are the bits.
import { currentWatcher, isFollowed } from "../autodiff/index.js";
import { collector, disposeSymbol, type Holding, quote, type Tensor, tracer } from "../core/index.js";
import { Program } from "./program.js";
import { signatureOf, type Words } from "./signature.js";

/** Options of `compile`. */
export interface CompileOptions {
  /** How many programs are kept at the most, one for each kind of arguments (see `compile`); 16 by default. */
  readonly programs?: number;
}

/** What a compiled function holds, all of its programs together. */
export interface Plan {
  /** Programs: one for each kind of arguments that it was called with. */
  readonly programs: number;
  /** Calls of kernels that are written down; a loop has those of one step, or of a few. */
  readonly calls: number;
  /** Calls of kernels that are made if each program runs once. */
  readonly runs: number;
  /** Bytes of memory: the arguments' copies and everything that is made on the way. */
  readonly bytes: number;
}

/** A compiled function. Its memory is freed by `dispose()`, by `using`, or when nobody holds it any more. */
export interface Compiled<A extends readonly unknown[], R> {
  /** Computes what the function computes, to the bit. */
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

/** For the collector. It is outside the function, because what it keeps must not refer to the compiled function. */
const holdingOf = (program: Program<never, unknown>): Holding => ({
  kind: "compiled programs",
  bytes: program.bytes,
  index: -1,
  fresh: undefined,
  weak: undefined,
  free: () => program.dispose(),
});

/**
 * The function `f`, traced at its first call and replayed at every later one: same kernels in the same order, hence the
 * same bits, without the cost of ops, tensors and tapes. For small programs that run often:
 *
 * ```ts
 * const step = compile(valueAndGrad(loss));
 * for (let k = 0; k < 10_000; k++) scope(() => use(step(params, x, t)));
 * ```
 *
 * Arguments are trees of tensors. They may hold other plain data, which are part of the program: each combination of
 * shapes, element types and such values is traced once, and more than `programs` of them are an error, so that numbers
 * which change at each call are passed as tensors. Tensors that `f` closes over are used where they are and must stay
 * alive. A loop, whether of `loop`, `scan` or JavaScript, forward or backward, is written down as one step with the
 * addresses that each step adds to, so a program of 1000 steps is as long as one of 50; what the checkpoints of a loop store
 * stays what they say. (With `{ binomial }` the stretches between checkpoints all differ in length, and the list grows with
 * them.) A program keeps the memory of one whole run, which `memory.stats()` counts as `compiledBytes`.
 *
 * `f` is JavaScript that runs once, so it must be pure: whatever it does besides computing with tensors happens at the
 * trace only. While somebody follows what runs (`grad`, `jvp`, `vmap`, another `compile`, a debugger), `f` itself runs: a
 * gradient of a compiled function is right, and compiling the gradient makes it fast.
 *
 * @throws TypeError while tracing, where `f` reads numbers of tensors that it computes (`item()`, `data()`), keeps a
 * tensor, takes or gives what is neither a tensor nor plain data; RangeError for too many programs, or too long ones.
 */
export function compile<A extends readonly unknown[], R>(
  f: (...args: A) => R,
  { programs: most = 16 }: CompileOptions = {},
): Compiled<A, R> {
  if (typeof f !== "function")
    throw new TypeError(`[compile] ${quote(f)} is no function. Pass the function to compile.`);
  if (!Number.isInteger(most) || most < 1) {
    throw new RangeError(`[compile] programs is ${quote(most)}: use a whole number of at least 1.`);
  }
  const programs = new Map<string, { readonly program: Program<A, R>; readonly holding: Holding }>();

  const programFor = (signature: string, args: A, leaves: readonly Tensor[]): Program<A, R> => {
    const known = programs.get(signature);
    if (known) return known.program;
    if (programs.size === most) {
      throw new RangeError(
        `[compile] these arguments would need program ${most + 1}, and ${most} are kept. Pass numbers that change as ` +
          "tensors, pad shapes to a few sizes, or raise compile(f, { programs }).",
      );
    }
    const program = new Program<A, R>(f, args, leaves);
    const holding = holdingOf(program);
    programs.set(signature, { program, holding });
    collector.hold(compiled, holding);
    return program;
  };

  const run = (...args: A): R => {
    if (tracer || isFollowed() || currentWatcher()) return f(...args);
    const leaves: Tensor[] = [];
    const signature = signatureOf(ARGUMENTS, args, leaves);
    return programFor(signature, args, leaves).run(leaves);
  };
  const dispose = (): void => {
    for (const { program, holding } of programs.values()) {
      collector.release(holding);
      program.dispose();
    }
    programs.clear();
  };
  const plan = (): Plan => {
    let [calls, runs, bytes] = [0, 0, 0];
    for (const { program } of programs.values()) {
      calls += program.length.calls;
      runs += program.length.runs;
      bytes += program.bytes;
    }
    return { programs: programs.size, calls, runs, bytes };
  };
  const compiled: Compiled<A, R> = Object.assign(run, { plan, dispose, [disposeSymbol]: dispose });
  return compiled;
}
