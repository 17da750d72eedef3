// The backward sweep: reverse accumulation over a stretch of a program (Linnainmaa 1976; Griewank and Walther 2008,
// chapter 3). There is one for all: `backward.ts` sweeps the tape with it, whose variables are tensors, and the GPU a
// traced program. Cotangents are therefore added in the same order everywhere, and a gradient has the same bits.
import {
  type CotangentStore,
  type CotangentSum,
  Cotangents,
  NO_PRODUCTS,
  type Part,
  type Variable,
} from "./cotangents.js";
import type { OuterProduct } from "./op.js";
import type { Applied } from "./tape.js";

let sweeps = 0;
let underWay = 0;

/** Runs `f`, which sweeps; a sweep that is made inside it may meet the marks of this one. */
export function sweeping<T>(f: () => T): T {
  underWay++;
  try {
    return f();
  } finally {
    underWay--;
  }
}

/** What a sweep walks over: an application of an op, or something that unfolds into several. */
interface Stage<V> {
  readonly inputs: readonly V[];
  readonly outputs: readonly V[];
}

/** A backward sweep over stages `S`. The subclasses say what a stage is and how a rule is applied. */
export abstract class Sweep<V extends Variable, S extends Stage<V> = Applied<V>> {
  readonly cotangents: Cotangents<V>;
  private readonly id = ++sweeps;
  /** Marks of a sweep that is under way around this one: a replayed step may call a pullback over the same tensors. */
  private readonly overwritten: [V, number][] | undefined = underWay > 0 ? [] : undefined;

  constructor(private readonly store: CotangentStore<V>) {
    this.cotangents = new Cotangents(store);
  }

  /** Makes the sweep follow these variables: whatever depends on one of them gets a cotangent. */
  mark(variables: readonly V[]): void {
    for (const variable of variables) {
      if (!variable.type.isFloat || variable.sweep === this.id) continue;
      this.overwritten?.push([variable, variable.sweep]);
      variable.sweep = this.id;
    }
  }

  /** Ends the sweep: takes its cotangents and marks off the variables. */
  close(): void {
    for (const [variable, sweep] of this.overwritten ?? []) variable.sweep = sweep;
    this.cotangents.close();
  }

  /** Takes what has arrived for `variable` out of the sweep, as a whole tensor. */
  protected collect(variable: V): V | undefined {
    const sum = this.cotangents.take(variable);
    return sum && this.cotangents.whole(sum);
  }

  /** Whether the sweep follows `variable`. */
  protected follows(variable: V): boolean {
    return variable.sweep === this.id;
  }

  /** Walks the stages `start` to `end` forward to find what depends on marked variables, and marks it. */
  protected activeOf(stages: readonly S[], start: number, end: number): Uint8Array {
    const { id } = this;
    const active = new Uint8Array(end - start);
    for (let i = start; i < end; i++) {
      const { inputs, outputs } = stages[i];
      for (let j = 0; j < inputs.length; j++) {
        if (inputs[j].sweep !== id) continue;
        active[i - start] = 1;
        this.mark(outputs);
        break;
      }
    }
    return active;
  }

  /** Sweeps the stages `start` to `end`, the last one first. */
  protected run(stages: readonly S[], start: number, end: number): void {
    const active = this.activeOf(stages, start, end);
    for (let i = end - 1; i >= start; i--) {
      const stage = stages[i];
      if (active[i - start] === 1 && this.reached(stage.outputs)) this.visit(stage);
    }
  }

  /** Passes the cotangents of a stage's outputs on to its inputs. */
  protected abstract visit(stage: S): void;

  /**
   * Computes the cotangents of the inputs of `applied`.
   *
   * @param cotangents of its outputs, undefined where nothing arrived.
   * @param products what of them is still outer products; none if the op is not `lowRank`.
   * @param needs which inputs need a cotangent.
   */
  protected abstract rule(
    applied: Applied<V>,
    cotangents: readonly (V | undefined)[],
    products: readonly (readonly OuterProduct<V>[])[],
    needs: (i: number) => boolean,
  ): readonly (Part<V> | undefined)[];

  /** Applies one rule. It runs once for each op, so it leaves little garbage: no closure but `needs`. */
  protected pull(applied: Applied<V>): void {
    const { cotangents, id } = this;
    const { op, inputs, outputs } = applied;
    const count = outputs.length;
    const taken = new Array<CotangentSum<V> | undefined>(count);
    const dense = new Array<V | undefined>(count);
    const products = new Array<readonly OuterProduct<V>[]>(count);
    for (let i = 0; i < count; i++) {
      const sum = cotangents.take(outputs[i]);
      taken[i] = sum;
      dense[i] = sum && (op.lowRank ? sum.dense : cotangents.whole(sum));
      products[i] = sum?.products ?? NO_PRODUCTS;
    }
    const needs = (i: number): boolean => inputs[i].sweep === id;
    const parts = this.rule(applied, dense, products, needs);
    for (let i = 0; i < parts.length; i++) {
      const part = parts[i];
      if (part && needs(i)) cotangents.add(op.name, inputs[i], part);
    }
    for (const sum of taken) if (sum) cotangents.drop(sum);
    this.store.settle();
  }

  private reached(outputs: readonly V[]): boolean {
    for (let i = 0; i < outputs.length; i++) if (this.cotangents.has(outputs[i])) return true;
    return false;
  }
}
