// A compiled program: the steps that a function took when it was traced, the places of its inputs and outputs, and the
// memory between them.
import {
  copyOf,
  type ElementType,
  kernelsOf,
  mapTensors,
  type Place,
  planning,
  type Shape,
  sizeOf,
  Tensor,
  tensorCount,
  tracedBy,
  withDeepStacks,
  withLeaves,
} from "../core/index.js";
import { Blocks } from "./blocks.js";
import { noDisposal } from "./fillings.js";
import { lengthOf } from "./fold.js";
import { Recorder } from "./recorder.js";
import { type Step, stepsOf } from "./replay.js";
import { signatureOf, type Words } from "./signature.js";

const RESULT: Words = { what: "the result", noFunctions: "Return tensors, and call a pullback inside the function." };

/** Gives a leaf of the result, from the arguments and copies of what the program made. */
type Source = (leaves: readonly Tensor[], copies: readonly Tensor[]) => Tensor;

/** What one run gives: the function's result, and what of it was made. */
export interface Run<R> {
  readonly result: R;
  /** Each tensor that was made, once, in the order in which the result has them. */
  readonly made: readonly Tensor[];
}

/** A program for arguments of one signature. */
export class Program<A extends readonly unknown[], R> {
  private readonly blocks = new Blocks();
  private readonly recorder = new Recorder(tensorCount());
  /** The tensors to which the arguments are copied. */
  private inputs: readonly Tensor[] = [];
  /** What the program makes and returns, each tensor once. */
  private readonly made: Tensor[] = [];
  /** At which of the result's leaves each of these is first. */
  readonly places: number[] = [];
  private readonly sources: Source[] = [];
  private readonly steps: readonly Step[];
  /** The tree of the result. Its tensors are dead. */
  private readonly shape: R;
  /** Whether the results of the trace are still there. */
  private fresh = true;

  /** Runs `f` on copies of the `leaves` of its arguments, and records what it does. */
  constructor(f: (...args: A) => R, args: A, leaves: readonly Tensor[]) {
    const { blocks, recorder } = this;
    const constants: Place = {
      make: (shape: Shape, type: ElementType) =>
        new Tensor(shape, type, blocks.constant(type.bytes * sizeOf(shape)), recorder.region, noDisposal),
    };
    let handles: readonly Tensor[] = [];
    const run = (): R => {
      handles = leaves.map(copyOf);
      this.inputs = handles.map((handle) => recorder.lasting(handle));
      // Errors say at which call, which may be deep in transforms.
      return tracedBy(recorder, () => withDeepStacks(() => f(...withLeaves(args, handles))));
    };
    try {
      this.shape = planning(blocks, constants, run, (result) => {
        this.take(result, handles);
        return result;
      });
      this.steps = stepsOf(recorder.calls.nodes);
    } catch (error) {
      this.dispose();
      throw error;
    }
  }

  /** The bytes of the program's memory. */
  get bytes(): number {
    return this.blocks.bytes;
  }

  /** Its length; see `Plan`. */
  get length(): { readonly calls: number; readonly runs: number } {
    return lengthOf(this.recorder.calls.nodes);
  }

  /** Tensors from outside that the function uses. */
  get captured(): ReadonlySet<Tensor> {
    return this.recorder.captured;
  }

  /** Runs the program. Its results go to the current place. */
  run(leaves: readonly Tensor[]): Run<R> {
    if (!this.fresh) this.replay(leaves);
    this.fresh = false;
    const copies = this.made.map(copyOf);
    let next = 0;
    return { result: mapTensors(this.shape, () => this.sources[next++](leaves, copies)), made: copies };
  }

  dispose(): void {
    this.recorder.region.epoch++;
    this.blocks.dispose();
  }

  private replay(leaves: readonly Tensor[]): void {
    const { inputs, steps } = this;
    const { captured } = this.recorder;
    // Asking for the address throws where a tensor is dead, and says how it died.
    for (const tensor of captured) void tensor.address;
    for (let i = 0; i < inputs.length; i++) {
      kernelsOf(inputs[i]).copy(inputs[i].address, leaves[i].address, inputs[i].bytes);
    }
    for (let i = 0; i < steps.length; i++) steps[i]();
  }

  /** Remembers where the leaves of the result come from. */
  private take(result: R, handles: readonly Tensor[]): void {
    const outputs: Tensor[] = [];
    signatureOf(RESULT, result, outputs);
    const places = new Map<Tensor, number>();
    outputs.forEach((output, i) => {
      const argument = handles.indexOf(output);
      if (argument >= 0) this.sources.push((leaves) => leaves[argument]);
      else if (this.recorder.isOutside(output)) this.sources.push(() => output);
      else {
        const at = places.get(output) ?? this.made.push(this.recorder.lasting(output)) - 1;
        if (!places.has(output)) this.places.push(i);
        places.set(output, at);
        this.sources.push((_, copies) => copies[at]);
      }
    });
  }
}
