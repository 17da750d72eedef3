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
import { currentPlace, kernelsOf, type Shape, type Tensor, within } from "../core/index.js";
import { sumBlock } from "../ops/internal.js";
import { type Part, Rows, StackedPlace } from "./rows.js";

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

function recordOf(op: AnyOp, open: OpenLevel): Op<PerExample> {
  const contract = {
    name: op.name,
    ...(op.types && { types: op.types }),
    shapes: (inputs: readonly Tensor[], { attributes, batched, size }: PerExample): Shape[] => {
      const rows = new Rows();
      const given = rows.ofStacks(inputs, batched);
      const shapes = op.shapes(given, attributes).map((shape) => [size, ...shape]);
      // All examples have these shapes. Indices and labels are checked with them, and those of each example are its own.
      if (inputs.some(({ type }, place) => batched[place] && !type.isFloat)) {
        for (let i = 1; i < size; i++) {
          rows.to(i);
          op.shapes(given, attributes);
        }
      }
      return shapes;
    },
    forward: (
      outputs: readonly Tensor[],
      inputs: readonly Tensor[],
      { attributes, batched, size }: PerExample,
    ): void => {
      const rows = new Rows();
      const given = rows.ofStacks(inputs, batched);
      const made = outputs.map((output) => rows.of(output));
      const one =
        "view" in op
          ? () =>
              kernelsOf(made[0]).copy(made[0].address, given[0].addressOf(op.view(given, attributes)), made[0].bytes)
          : () => op.forward(made, given, attributes);
      for (let i = 0; i < size; i++) {
        rows.to(i);
        one();
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
  const rows = new Rows();
  const row = (stack: Tensor): Tensor => rows.of(stack);
  const application = { inputs: rows.ofStacks(inputs, batched), outputs: outputs.map(row), attributes, needs };
  const given = cotangents.map((cotangent) => cotangent && row(cotangent));
  const factors = products.map((list) => list.map(({ left, right }) => new OuterProduct(row(left), row(right))));
  const place = new StackedPlace(currentPlace(), size);
  return within(place, () => {
    const stacks: Part[] = [];
    for (let i = 0; i < size; i++) {
      rows.to(i);
      place.to(i);
      op.vjp(given, application, factors).forEach((part, j) => {
        stacks[j] = place.kept(stacks[j], part, i);
      });
    }
    return stacks;
  });
}
