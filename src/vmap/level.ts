// One `vmap` while it runs: an op that is applied to handles is computed outside on the stacks of examples.
import {
  type AnyOp,
  type Application,
  applyAll,
  type Batching,
  followedBy,
  followersNow,
  isDifferentiated,
  type Op,
  OuterProduct,
} from "../autodiff/index.js";
import type { Tensor } from "../core/index.js";
import { broadcastTo, reshape } from "../ops/internal.js";
import { Handle } from "./handle.js";
import { kernelRule, opPerExample, type PerExample } from "./per-example.js";

/** The most axes that a tensor has. */
const MOST_AXES = 6;

/** The examples of one `vmap`. */
export class Level implements Batching {
  /**
   * What followed the ops where the level was last entered; a loop that is run again may have other followers than at
   * first.
   */
  private around = followersNow();
  differentiated = isDifferentiated();

  constructor(
    /** How many examples there are. */
    readonly size: number,
  ) {}

  outside<T>(f: () => T): T {
    return followedBy(this.around, f);
  }

  inside<T>(f: () => T): T {
    const { around, differentiated } = this;
    this.around = followersNow();
    this.differentiated = isDifferentiated();
    try {
      return followedBy({ recorder: undefined, pusher: undefined, batching: this }, f);
    } finally {
      this.around = around;
      this.differentiated = differentiated;
    }
  }

  handle(whole: Tensor): Tensor {
    return new Handle(whole, this);
  }

  /** The inputs, with handles in place of stacks. */
  handles(inputs: readonly Tensor[], batched: readonly boolean[]): Tensor[] {
    return inputs.map((input, i) => (batched[i] ? this.handle(input) : input));
  }

  whole(tensor: Tensor): Tensor {
    if (this.owns(tensor)) return tensor.whole;
    return this.outside(() => stretched(tensor, this.size));
  }

  apply(op: AnyOp, inputs: readonly Tensor[], attributes: unknown): readonly Tensor[] {
    const batched = inputs.map((input) => this.owns(input));
    if (!batched.includes(true)) return this.outside(() => applyAll(op, inputs, attributes));
    const stacks = this.stacks(inputs);
    const outputs = this.outside(
      () =>
        stackedBy(op, stacks, batched, attributes, this.size) ??
        applyAll(opPerExample(op, open), stacks, { attributes, batched, size: this.size }),
    );
    return outputs.map((output) => this.handle(output));
  }

  pull(
    op: AnyOp,
    cotangents: readonly (Tensor | undefined)[],
    { inputs, outputs, attributes, needs }: Application<unknown>,
    products: readonly (readonly OuterProduct[])[],
  ): readonly (Tensor | OuterProduct | undefined)[] {
    const batched = inputs.map((input) => this.owns(input));
    const application = {
      inputs: this.stacks(inputs),
      outputs: outputs.map((output) => this.whole(output)),
      attributes: { attributes, batched, size: this.size },
      needs,
    };
    const given = cotangents.map((cotangent) => cotangent && this.whole(cotangent));
    const factors = products.map((list) =>
      list.map(({ left, right }) => new OuterProduct(this.whole(left), this.whole(right))),
    );
    const parts = this.outside(() => {
      const { batching: around } = followersNow();
      // A level around this one applies the rule to each of its own examples.
      const vjp: Op<PerExample>["vjp"] = (...of) => kernelRule(op, ...of);
      return around
        ? around.pull({ ...op, vjp } as AnyOp, given, application, factors)
        : vjp(given, application, factors);
    });
    return parts.map((part) =>
      part instanceof OuterProduct
        ? new OuterProduct(this.handle(part.left), this.handle(part.right))
        : part && this.handle(part),
    );
  }

  /** The inputs, with stacks in place of handles. */
  private stacks(inputs: readonly Tensor[]): Tensor[] {
    return inputs.map((input) => (this.owns(input) ? input.whole : input));
  }

  private owns(tensor: Tensor): tensor is Handle {
    return tensor instanceof Handle && tensor.level === this;
  }
}

const open = (size: number): Level => new Level(size);

/** `tensor`, repeated for every example along a new first axis. */
function stretched(tensor: Tensor, size: number): Tensor {
  return broadcastTo(reshape(tensor, [1, ...tensor.shape]), [size, ...tensor.shape]);
}

/** The result of the op for stacks by its own `batch`, if it has one that fits. */
function stackedBy(
  op: AnyOp,
  inputs: readonly Tensor[],
  batched: readonly boolean[],
  attributes: unknown,
  size: number,
): readonly Tensor[] | undefined {
  const { batch } = op;
  if (batch === undefined) return undefined;
  const ranks = inputs.map(({ rank }, i) => (batched[i] ? rank - 1 : rank));
  const rank = Math.max(...ranks);
  if (rank + 1 > MOST_AXES) return undefined;
  if (batch === "leading") {
    const all = inputs.map((input, i) => (batched[i] ? input : stretched(input, size)));
    return applyAll(op, all, attributes);
  }
  if (batch === "elementwise") {
    const aligned = inputs.map((input, i) =>
      batched[i] && ranks[i] < rank
        ? reshape(input, [size, ...new Array<number>(rank - ranks[i]).fill(1), ...input.shape.slice(1)])
        : input,
    );
    return applyAll(op, aligned, attributes);
  }
  return batch.stacked(inputs, batched, attributes);
}
