// The cotangents of a backward sweep: what has arrived for each variable, added in the order in which it came.
import { type ElementType, type Shape, sameShape, showShape } from "../core/index.js";
import { OuterProduct } from "./op.js";

/** What a sweep finds derivatives for: a tensor, or what stands for one in a traced program. */
export interface Variable {
  readonly shape: Shape;
  readonly size: number;
  readonly type: ElementType;
  /** The sweep that follows it. */
  sweep: number;
  /** What has arrived for it, in the innermost sweep that something arrived in. */
  cotangent: object | undefined;
}

/** A contribution to a cotangent. */
export type Part<V> = V | OuterProduct<V>;

/**
 * How cotangents of one kind are computed and kept. A cotangent is held as long as the sweep needs it; `plus` and
 * `plusProduct` take over the hold on what they add to, and give a sum that is held.
 */
export interface CotangentStore<V> {
  /** a + b. */
  plus(a: V, b: V): V;
  /** The matrix, or zero, plus an outer product. */
  plusProduct(matrix: V | undefined, product: OuterProduct<V>): V;
  hold(value: V): void;
  drop(value: V): void;
  /** A rule is done: what it made on the way, and nobody holds, may go. */
  settle(): void;
}

/** No outer products, what most variables have. Never pushed to. */
export const NO_PRODUCTS: OuterProduct<never>[] = [];

/**
 * What has arrived for one variable so far: a whole tensor, outer products, or both. It hangs on the variable: with a map
 * from tensors the small loop took 0.68 ms instead of 0.62. A sweep within a sweep hangs its own before it.
 */
export class CotangentSum<V extends Variable> {
  dense: V | undefined = undefined;
  products: OuterProduct<V>[] = NO_PRODUCTS;
  /** What a sweep around this one has for the same variable. */
  beneath: CotangentSum<V> | undefined = undefined;
  /** Neighbours in the list of all sums of its sweep. */
  newer: CotangentSum<V> | undefined = undefined;
  older: CotangentSum<V> | undefined = undefined;

  constructor(
    readonly owner: Cotangents<V>,
    public variable: V,
  ) {}
}

/** The cotangent of every variable that has one. */
export class Cotangents<V extends Variable> {
  private newest: CotangentSum<V> | undefined;

  constructor(private readonly store: CotangentStore<V>) {}

  /** Adds a part that the rule of `op` gave for `variable`. */
  add(op: string, variable: V, part: Part<V>): void {
    const { store } = this;
    const isProduct = part instanceof OuterProduct;
    const shape = isProduct ? [part.left.size, part.right.size] : part.shape;
    if (!sameShape(shape, variable.shape)) {
      throw new RangeError(
        `[${op}] its rule gave a cotangent of shape ${showShape(shape)} for an input of shape ${showShape(variable.shape)}. ` +
          "Sum it to the shape of the input.",
      );
    }
    const sum = this.of(variable) ?? this.hang(new CotangentSum<V>(this, variable));
    if (isProduct) {
      if (sum.products === NO_PRODUCTS) sum.products = [part];
      else sum.products.push(part);
      store.hold(part.left);
      store.hold(part.right);
    } else if (sum.dense) {
      sum.dense = store.plus(sum.dense, part);
    } else {
      sum.dense = part;
      store.hold(part);
    }
  }

  has(variable: V): boolean {
    return this.of(variable) !== undefined;
  }

  /** What arrived for `variable`, which stays where it is. */
  peek(variable: V): CotangentSum<V> | undefined {
    return this.of(variable);
  }

  /** Removes and returns what arrived for `variable`. The caller gives it to `drop` when it is done. */
  take(variable: V): CotangentSum<V> | undefined {
    const sum = this.of(variable);
    if (sum) this.unhang(sum);
    return sum;
  }

  /** What arrived for `from` belongs to `to`: the same value under another handle. */
  rename(from: V, to: V): void {
    const sum = this.take(from);
    if (!sum) return;
    sum.variable = to;
    this.hang(sum);
  }

  /** Takes everything off its variables. */
  close(): void {
    while (this.newest) this.unhang(this.newest);
  }

  drop({ dense, products }: CotangentSum<V>): void {
    const { store } = this;
    if (dense) store.drop(dense);
    for (const { left, right } of products) {
      store.drop(left);
      store.drop(right);
    }
  }

  /** The cotangent in one piece; the outer products are added in the order in which they came. */
  whole(sum: CotangentSum<V>): V {
    if (sum.products === NO_PRODUCTS) return sum.dense!;
    const { store } = this;
    let { dense } = sum;
    for (const product of sum.products) {
      dense = store.plusProduct(dense, product);
      store.drop(product.left);
      store.drop(product.right);
    }
    sum.products = NO_PRODUCTS;
    sum.dense = dense;
    return dense!;
  }

  /** Keeps `f` of each value in place of it. */
  replaceHeld(f: (value: V) => V): void {
    for (let sum = this.newest; sum; sum = sum.older) {
      if (sum.dense) sum.dense = f(sum.dense);
      if (sum.products === NO_PRODUCTS) continue;
      sum.products = sum.products.map(({ left, right }) => new OuterProduct(f(left), f(right)));
    }
  }

  /** What has arrived for `variable` so far: the first of its sums, since a sweep within this one is closed by now. */
  private of(variable: V): CotangentSum<V> | undefined {
    const sum = variable.cotangent as CotangentSum<V> | undefined;
    return sum?.owner === this ? sum : undefined;
  }

  private hang(sum: CotangentSum<V>): CotangentSum<V> {
    const { variable } = sum;
    sum.beneath = variable.cotangent as CotangentSum<V> | undefined;
    variable.cotangent = sum;
    if (this.newest) this.newest.newer = sum;
    sum.older = this.newest;
    sum.newer = undefined;
    this.newest = sum;
    return sum;
  }

  private unhang(sum: CotangentSum<V>): void {
    const { variable, beneath, newer, older } = sum;
    variable.cotangent = beneath;
    if (older) older.newer = newer;
    if (newer) newer.older = older;
    else this.newest = older;
  }
}
