// Examples one after the other, for what is computed once for each. New views for every example, and new tensors for every
// result, would cost more than most kernels that read and write them, so here both are moved along the stacks.
import { OuterProduct } from "../autodiff/index.js";
import { type ElementType, kernelsOf, type Place, type Shape, sameShape, type Tensor } from "../core/index.js";

/** What a rule gives for an input. */
export type Part = Tensor | OuterProduct | undefined;

/** Views of one example of each of some stacks, which move on together. They are for kernels, and not for those who keep them. */
export class Rows {
  private readonly rows: Tensor[] = [];
  private at = 0;

  /** The row of a stack, with the shape of an example, or another of its size. */
  of(stack: Tensor, shape: Shape = stack.shape.slice(1)): Tensor {
    const row = stack.view(shape);
    this.rows.push(row);
    return row;
  }

  /** The inputs, with rows in place of those that are stacks. */
  ofStacks(inputs: readonly Tensor[], batched: readonly boolean[]): Tensor[] {
    return inputs.map((input, i) => (batched[i] ? this.of(input) : input));
  }

  /** Moves to example `i`. */
  to(i: number): void {
    const { rows, at } = this;
    for (let k = 0; k < rows.length; k++) rows[k].shift((i - at) * rows[k].size);
    this.at = i;
  }
}

/**
 * Where a rule makes its tensors that runs once for each example, and makes the same ones in the same order each time. From
 * the second example on it gets those of the first again: what was a result moves along its stack, and what was not is
 * overwritten.
 */
export class StackedPlace implements Place {
  private readonly made: Tensor[] = [];
  private readonly results = new Rows();
  private next = 0;

  constructor(
    private readonly outside: Place,
    /** How many examples there are. */
    private readonly size: number,
  ) {}

  /** Begins example `i`. */
  to(i: number): void {
    this.next = 0;
    this.results.to(i);
  }

  make(shape: Shape, type: ElementType): Tensor {
    const known = this.made[this.next++];
    if (known?.type === type && sameShape(known.shape, shape)) return known;
    const tensor = this.outside.make(shape, type);
    if (!known) this.made.push(tensor);
    return tensor;
  }

  /** `part` as example `i` of a stack, which is made for the first. */
  kept(stack: Part, part: Part, i: number): Part {
    if (!part) return part;
    if (part instanceof OuterProduct) {
      const { left, right } = (stack ?? {}) as { left?: Tensor; right?: Tensor };
      return new OuterProduct(this.kept(left, part.left, i) as Tensor, this.kept(right, part.right, i) as Tensor);
    }
    const whole = (stack as Tensor | undefined) ?? this.stackOf(part);
    const to = whole.addressOf(i * part.size);
    if (part.address !== to) kernelsOf(part).copy(to, part.address, part.bytes);
    return whole;
  }

  /** A stack for a result of the first example; those of later ones are made in it. */
  private stackOf({ shape, type, base, size }: Tensor): Tensor {
    const { made, results } = this;
    const stack = this.outside.make([this.size, ...shape], type);
    const at = made.indexOf(base);
    if (made[at]?.size === size) made[at] = results.of(stack, made[at].shape);
    return stack;
  }
}
