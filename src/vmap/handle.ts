// Inside `vmap` a tensor stands for one of many examples: it has the shape of one, and no numbers of its own.
import { type ElementType, type Shape, showShape, Tensor } from "../core/index.js";

/** Stands for any one of the examples that `whole` holds along its first axis. */
export class Handle extends Tensor {
  constructor(
    /** All examples. */
    readonly whole: Tensor,
    /** The `vmap` that it belongs to. */
    readonly level: object,
  ) {
    const { region, owner } = whole.life;
    super(whole.shape.slice(1), whole.type, 0, region, owner, whole.base);
  }

  /** Throws, because its numbers are not stored in any one place. */
  override get address(): number {
    if (!this.alive) return this.whole.address;
    throw new TypeError(
      `[vmap] this ${showShape(this.shape)} tensor stands for one of ${this.whole.shape[0]} examples, whose numbers ` +
        "cannot be read inside the function. Return it and read the result, or use where() instead of a condition.",
    );
  }

  override get storage(): Tensor {
    return this.whole.storage;
  }

  override view(): Tensor {
    return new Handle(this.whole.view(this.whole.shape), this.level);
  }

  override copiedBy(make: (shape: Shape, type: ElementType) => Tensor): Tensor {
    return new Handle(this.whole.copiedBy(make), this.level);
  }

  override describe(): string {
    return `Tensor ${showShape(this.shape)} ${this.dtype}, one of ${this.whole.shape[0]} examples inside vmap`;
  }
}
