// Applies ops that have no better rule for stacks to one example after another. This is always correct, and costs one kernel
// call per example, not a whole op: nothing is recorded, copied or stacked for each example.
import {
  type AnyOp,
  type Application,
  apply,
  type Batching,
  isDifferentiated,
  type Op,
  OuterProduct,
  outerOp,
} from "../autodiff/index.js";
import { emptyLike, kernelsOf, type Shape, type Tensor } from "../core/index.js";
import { sumBlock } from "../ops/internal.js";

/** The attributes of an op that is applied to each example. */
export interface PerExample {
  /** The attributes of the op itself. */
  readonly attributes: unknown;
  /** Which inputs are stacks; the others are the same for all examples. */
  readonly batched: readonly boolean[];
  /** How many examples there are. */
  readonly size: number;
}

/** Opens a `vmap` of this many examples around the code that runs now. */
export type OpenLevel = (size: number) => Batching & {
  /** The inputs, with handles in place of stacks. */
  handles(inputs: readonly Tensor[], batched: readonly boolean[]): Tensor[];
};

const records = new WeakMap<AnyOp, Op<PerExample>>();

/** The op that applies `op` to each example. */
export function opPerExample(op: AnyOp, open: OpenLevel): Op<PerExample> {
  const known = records.get(op);
  if (known) return known;
  const made = recordOf(op, open);
  records.set(op, made);
  return made;
}

/** Example `i` of a stack; a view. */
function example(stack: Tensor, i: number): Tensor {
  const shape = stack.shape.slice(1);
  return stack.view(shape, i * (stack.size / stack.shape[0]));
}

function examplesAt(inputs: readonly Tensor[], batched: readonly boolean[], i: number): Tensor[] {
  return inputs.map((input, j) => (batched[j] ? example(input, i) : input));
}

function copyInto(to: Tensor, from: Tensor): void {
  kernelsOf(to).copy(to.address, from.address, from.bytes);
}

function recordOf(op: AnyOp, open: OpenLevel): Op<PerExample> {
  const contract = {
    name: op.name,
    ...(op.types && { types: op.types }),
    shapes: (inputs: readonly Tensor[], { attributes, batched, size }: PerExample): Shape[] => {
      const shapes = op.shapes(examplesAt(inputs, batched, 0), attributes).map((shape) => [size, ...shape]);
      // All examples have these shapes. Indices and labels are checked with them, and those of each example are its own.
      if (inputs.some(({ type }, place) => batched[place] && !type.isFloat)) {
        for (let i = 1; i < size; i++) op.shapes(examplesAt(inputs, batched, i), attributes);
      }
      return shapes;
    },
    forward: (
      outputs: readonly Tensor[],
      inputs: readonly Tensor[],
      { attributes, batched, size }: PerExample,
    ): void => {
      for (let i = 0; i < size; i++) {
        const [given, made] = [examplesAt(inputs, batched, i), outputs.map((output) => example(output, i))];
        if ("view" in op) copyInto(made[0], given[0].view(made[0].shape, op.view(given, attributes)));
        else op.forward(made, given, attributes);
      }
    },
    reference: (): never => {
      throw new TypeError(`[vmap] ${op.name} on stacks has no reference. Compare it with its examples.`);
    },
    domain: [],
  };
  if ("composition" in op) {
    return {
      ...contract,
      composition: (inputs, { attributes, batched, size }) => {
        const level = open(size);
        return level
          .inside(() => op.composition(level.handles(inputs, batched), attributes))
          .map((made) => level.whole(made));
      },
      vjp: (cotangents, application) => {
        const { batched, size } = application.attributes;
        const none = application.outputs.map(() => []);
        return kernelRule(op, cotangents, application, none).map((part, i) => {
          const stack =
            part instanceof OuterProduct
              ? apply(opPerExample(outerOp as AnyOp, open), [part.left, part.right], {
                  attributes: undefined,
                  batched: [true, true],
                  size,
                })
              : part;
          return stack && !batched[i] ? sumBlock(stack, 0, 1) : stack;
        });
      },
    };
  }
  return {
    ...contract,
    vjp: (cotangents, application) => recordedRule(open, op, cotangents, application),
    jvp: (tangents, { inputs, outputs, attributes: { attributes, batched, size } }) => {
      const level = open(size);
      const given = level.handles(inputs, batched);
      const along = tangents.map((tangent, i) => (tangent && batched[i] ? level.handle(tangent) : tangent));
      const made = outputs.map((output) => level.handle(output));
      const application = { inputs: given, outputs: made, attributes, needs: () => true };
      return level.inside(() => op.jvp(along, application)).map((pushed) => pushed && level.whole(pushed));
    },
  };
}

/** The rule of an op that has it in ops: applied once, to handles. */
function recordedRule(
  open: OpenLevel,
  op: AnyOp,
  cotangents: readonly (Tensor | undefined)[],
  { inputs, outputs, attributes: { attributes, batched, size }, needs }: Application<PerExample>,
): (Tensor | undefined)[] {
  const level = open(size);
  const handle = (stack: Tensor): Tensor => level.handle(stack);
  const application = { inputs: level.handles(inputs, batched), outputs: outputs.map(handle), attributes, needs };
  const none = outputs.map(() => []);
  const parts = level.inside(() =>
    op
      .vjp(
        cotangents.map((cotangent) => cotangent && handle(cotangent)),
        application,
        none,
      )
      .map((part) => (part instanceof OuterProduct ? apply(outerOp, [part.left, part.right], undefined) : part)),
  );
  return parts.map((part, i) => {
    const stack = part && level.whole(part);
    return stack && !batched[i] ? sumBlock(stack, 0, 1) : stack;
  });
}

/** What a rule gives for an input. */
type Part = Tensor | OuterProduct | undefined;

/** `part` as example `i` of `stack`, which is made for the first. */
function stackedWith(stack: Part, part: Tensor | OuterProduct, i: number, size: number): Tensor | OuterProduct {
  if (part instanceof OuterProduct) {
    const { left, right } = (stack ?? {}) as { left?: Tensor; right?: Tensor };
    return new OuterProduct(
      stackedWith(left, part.left, i, size) as Tensor,
      stackedWith(right, part.right, i, size) as Tensor,
    );
  }
  const whole = (stack as Tensor | undefined) ?? emptyLike(part, [size, ...part.shape]);
  copyInto(example(whole, i), part);
  return whole;
}

/**
 * The rule of a fused op, which is kernels, applied to each example: stacks of what it gives, also for inputs that all
 * examples share.
 */
export function kernelRule(
  op: AnyOp,
  cotangents: readonly (Tensor | undefined)[],
  { inputs, outputs, attributes: { attributes, batched, size }, needs }: Application<PerExample>,
  products: readonly (readonly OuterProduct[])[],
): Part[] {
  if (isDifferentiated()) throw new Error(`[vmap] the kernels of ${op.name} cannot be differentiated.`);
  const stacks: Part[] = inputs.map(() => undefined);
  for (let i = 0; i < size; i++) {
    const application = {
      inputs: examplesAt(inputs, batched, i),
      outputs: outputs.map((output) => example(output, i)),
      attributes,
      needs,
    };
    const given = cotangents.map((cotangent) => cotangent && example(cotangent, i));
    const factors = products.map((list) =>
      list.map(({ left, right }) => new OuterProduct(example(left, i), example(right, i))),
    );
    op.vjp(given, application, factors).forEach((part, j) => {
      if (part) stacks[j] = stackedWith(stacks[j], part, i, size);
    });
  }
  return stacks;
}
