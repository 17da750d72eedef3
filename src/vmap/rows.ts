// Examples one after the other, for what is computed once for each. New views for every example, and new tensors for every
// result, would cost more than most kernels that read and write them, so here both are moved along the stacks.
import { type ElementType, type Place, type Shape, sameShape, Tensor } from "../core/index.js";

/** A view of one example of a stack, which moves on. It is for kernels, and not for those who keep it. */
class Row extends Tensor {
  /** Where the stack begins. */
  private readonly start: number;

  /** @param shape that of the example, or another of its size. */
  constructor(stack: Tensor, shape: Shape) {
    const { region, owner } = stack.life;
    super(shape, stack.type, stack.address, region, owner, stack.base);
    this.start = this.offset;
  }

  to(i: number): void {
    this.offset = this.start + i * this.bytes;
  }
}

/** Rows that move together. */
export class Rows {
  private readonly rows: Row[] = [];

  /** The row of a stack. */
  of(stack: Tensor, shape: Shape = stack.shape.slice(1)): Tensor {
    const row = new Row(stack, shape);
    this.rows.push(row);
    return row;
  }

  /** The inputs, with rows in place of those that are stacks. */
  ofStacks(inputs: readonly Tensor[], batched: readonly boolean[]): Tensor[] {
    return inputs.map((input, i) => (batched[i] ? this.of(input) : input));
  }

  /** Moves to example `i`. */
  to(i: number): void {
    const { rows } = this;
    for (let k = 0; k < rows.length; k++) rows[k].to(i);
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
    if (known && known.type === type && sameShape(known.shape, shape)) return known;
    const tensor = this.outside.make(shape, type);
    if (!known) this.made.push(tensor);
    return tensor;
  }

  /** A stack for a result, which is that of the first example; later ones are made in it. */
  stackOf(result: Tensor): Tensor {
    const stack = this.outside.make([this.size, ...result.shape], result.type);
    const at = this.made.indexOf(result.base);
    if (at >= 0 && this.made[at].size === result.size) this.made[at] = this.results.of(stack, this.made[at].shape);
    return stack;
  }
}
