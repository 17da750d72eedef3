// Records what a function does with the memory: calls of kernels with their arguments, and everything else that ops do to
// fill their results.
import { callSite, type Filling, Region, Tensor, type Tracer } from "../core/index.js";
import { Fillings, noDisposal } from "./fillings.js";
import { type Call, Folded, type Work } from "./fold.js";

type Kernel = (...args: number[]) => number | undefined;

/** Kernels that return sizes. They read no numbers of tensors, so they return the same at every call. */
const SIZES = /^(heapBase|runOf|\w+Scratch)$/;

/** The limit on calls, with loops folded. The list of a longer program would cost more than its work. */
export const MOST_STEPS = 2 ** 20;

/** Records one run of a function. */
export class Recorder implements Tracer {
  /** The calls since the beginning, folded. Those of an unfinished step are not included yet. */
  readonly calls = new Folded();
  /** Tensors from outside that the function uses. They are not copied: the program refers to them, and they must stay alive. */
  readonly captured = new Set<Tensor>();
  /** The region of the program's own tensors. It ends with the program. */
  readonly region = new Region();
  private readonly modules = new WeakMap<object, object>();
  private readonly fillings = new Fillings(this.region);
  /** The calls of an unfinished step. Inside it, numbers may be read; a replay then runs the whole step again instead. */
  private inStep: Call[] | undefined = undefined;
  private looked = false;
  private quiet = false;

  /** @param newest tensors up to this one come from outside. */
  constructor(private readonly newest: number) {}

  /** Whether the memory of `tensor` comes from outside. */
  isOutside(tensor: Tensor): boolean {
    return tensor.base.id <= this.newest;
  }

  /** The same place as a tensor of the program, which lives as long as the program. */
  lasting(tensor: Tensor): Tensor {
    if (this.isOutside(tensor)) return tensor;
    return new Tensor(tensor.shape, tensor.type, tensor.address, this.region, noDisposal);
  }

  sees(tensor: Tensor): void {
    if (tensor.id <= this.newest) this.captured.add(tensor);
  }

  reads(tensor: Tensor, how: string): void {
    if (!this.quiet && !this.isOutside(tensor)) this.look(how);
  }

  kernels<K extends object>(module: K): K {
    const known = this.modules.get(module);
    if (known) return known as K;
    const wrapped: Record<string, unknown> = {};
    for (const [name, kernel] of Object.entries(module)) {
      wrapped[name] = typeof kernel === "function" ? this.wrapped(name, kernel as Kernel) : kernel;
    }
    this.modules.set(module, wrapped);
    return wrapped as K;
  }

  step<T extends object>(outputs: readonly T[], inputs: readonly T[], run: Filling<T>, like: readonly unknown[]): void {
    if (this.inStep) {
      run(outputs, inputs);
      return;
    }
    const calls: Call[] = [];
    this.looked = false;
    this.inStep = calls;
    try {
      run(outputs, inputs);
    } finally {
      this.inStep = undefined;
    }
    if (!this.looked) for (const call of calls) this.add(call);
    else this.add(this.fillings.call(outputs as never, inputs as never, run as never, like));
  }

  aside<T>(f: () => T): T {
    const before = this.quiet;
    this.quiet = true;
    try {
      return f();
    } finally {
      this.quiet = before;
    }
  }

  private wrapped(name: string, kernel: Kernel): Kernel {
    return (...args) => {
      const result = kernel(...args);
      if (this.quiet) return result;
      if (result === undefined) this.add({ kind: "call", work: kernel as Work, numbers: args });
      else if (!SIZES.test(name)) this.look(`${name} of a tensor`);
      return result;
    };
  }

  private look(how: string): void {
    if (this.inStep) {
      this.looked = true;
      return;
    }
    throw new TypeError(
      `[compile] the function reads numbers while it runs (${how}, called at ${callSite(new Error())}), and a replay would ` +
        "use those of the first call. " +
        "Choose with where(), return the tensor and read it outside, or leave this part uncompiled.",
    );
  }

  private add(call: Call): void {
    if (this.inStep) this.inStep.push(call);
    else this.calls.add(call);
    if (this.calls.nodes.length <= MOST_STEPS) return;
    throw new RangeError(
      `[compile] the program has more than ${MOST_STEPS} steps at ${callSite(new Error())}, and no loop among them that runs ` +
        "the same kernels in each step. Compile the body of the loop, and loop outside.",
    );
  }
}
