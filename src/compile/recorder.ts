// Records what a function does with the memory: calls of kernels, with the numbers they were given, and of whatever else
// an op does to fill its results.
import { type Filling, Region, Tensor, type Tracer } from "../core/index.js";
import { Fillings, noDisposal } from "./fillings.js";
import { type Call, Folded, type Work } from "./fold.js";

type Kernel = (...args: number[]) => number | undefined;

/** Kernels that give sizes. They look at no numbers of tensors: what they give is the same at every call. */
const SIZES = /^(heapBase|runOf|\w+Scratch)$/;

/** A program that is longer, with its loops folded, is not small: its list would cost more than its work. */
export const MOST_STEPS = 2 ** 20;

/** What is known of a function once it has run. */
export class Recorder implements Tracer {
  /** The calls since the beginning, folded; those of a step that is under way are not yet among them. */
  readonly calls = new Folded();
  /** Tensors from outside that the function uses. They are not copied: a program keeps them, and they must stay alive. */
  readonly captured = new Set<Tensor>();
  /** Where the program's own tensors live. It ends with the program. */
  readonly region = new Region();
  private readonly modules = new WeakMap<object, object>();
  private readonly fillings = new Fillings(this.region);
  /** Inside a step, numbers may be looked at; then the step is run again as a whole, in place of these calls. */
  private inStep: Call[] | undefined = undefined;
  private looked = false;
  private quiet = false;

  /** @param newest tensors up to this one come from outside. */
  constructor(private readonly newest: number) {}

  /** Whether `tensor` looks into a block from outside. */
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
      `[compile] the function reads numbers while it runs (${how}), and a replay would go on with those of the first ` +
        "call. Choose with where(), return the tensor and read it outside, or leave this part uncompiled.",
    );
  }

  private add(call: Call): void {
    if (this.inStep) this.inStep.push(call);
    else this.calls.add(call);
    if (this.calls.nodes.length <= MOST_STEPS) return;
    throw new RangeError(
      `[compile] the program has more than ${MOST_STEPS} steps, and no loop among them that runs the same kernels in each ` +
        "step. Compile the body of the loop, and loop outside.",
    );
  }
}
