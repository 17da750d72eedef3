// Records what a function does with the memory: a flat list of calls of kernels, with the numbers they were given,
// and of whatever else an op does to fill its results.
import { type Filling, type Owner, Region, Tensor, type Tracer } from "../core/index.js";

/** One step of a program. */
export type Step = () => void;

type Kernel = (...args: number[]) => number | undefined;

/** Kernels that give sizes. They look at no numbers of tensors: what they give is the same at every call. */
const SIZES = /^(heapBase|runOf|\w+Scratch)$/;

/** A program with more steps than this is not small: its list would cost more than its work. */
export const MOST_STEPS = 2 ** 20;

/** A call without garbage. One function for each number of arguments, so that no list of them is spread. */
function call(kernel: Kernel, args: readonly number[]): Step {
  const [a, b, c, d, e, f, g, h] = args;
  switch (args.length) {
    case 2:
      return () => kernel(a, b);
    case 3:
      return () => kernel(a, b, c);
    case 4:
      return () => kernel(a, b, c, d);
    case 5:
      return () => kernel(a, b, c, d, e);
    case 6:
      return () => kernel(a, b, c, d, e, f);
    case 7:
      return () => kernel(a, b, c, d, e, f, g);
    case 8:
      return () => kernel(a, b, c, d, e, f, g, h);
    default:
      return () => kernel(...args);
  }
}

/** Tensors of a program are freed with the program, not one by one. */
export const noDisposal: Owner = { dispose: () => false };

/** What is known of a function once it has run. */
export class Recorder implements Tracer {
  readonly steps: Step[] = [];
  /** Tensors from outside that the function uses. They are not copied: a program keeps them, and they must stay alive. */
  readonly captured = new Set<Tensor>();
  /** Where the program's own tensors live. It ends with the program. */
  readonly region = new Region();
  private readonly modules = new WeakMap<object, object>();
  /** Inside a step, numbers may be looked at; then the step is run again as a whole. */
  private inStep = false;
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

  step<T extends object>(outputs: readonly T[], inputs: readonly T[], run: Filling<T>): void {
    if (this.inStep) {
      run(outputs, inputs);
      return;
    }
    const first = this.steps.length;
    this.looked = false;
    this.inStep = true;
    try {
      run(outputs, inputs);
    } finally {
      this.inStep = false;
    }
    if (!this.looked) return;
    this.steps.length = first;
    const lasting = (list: readonly T[]): T[] => list.map((item) => this.lasting(item as unknown as Tensor) as never);
    const [made, given] = [lasting(outputs), lasting(inputs)];
    this.add(() => run(made, given));
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
      if (result === undefined) this.add(call(kernel, args));
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

  private add(step: Step): void {
    if (this.steps.length === MOST_STEPS) {
      throw new RangeError(
        `[compile] the program has more than ${MOST_STEPS} steps; loops become as many as they run. ` +
          "Compile the body of the loop, and loop outside.",
      );
    }
    this.steps.push(step);
  }
}
