// What an op becomes on a GPU: a record next to the op's own record, by which it is found.
import type { AnyOp, Op } from "../autodiff/index.js";
import { GpuUnsupportedError } from "./errors.js";
import type { Node, Value } from "./graph.js";
import type { Emitter } from "./kernels/emitter.js";

/** An application of an op with these attributes. */
export interface Call<A> {
  readonly inputs: readonly Value[];
  /** The results in the program: their shapes and, in a vjp, where they are. */
  readonly outputs: readonly Value[];
  readonly attributes: A;
}

/** Writes the kernels of an op and returns where its results are. */
export type Forward<A> = (emit: Emitter, call: Call<A>) => readonly Value[];

/** Writes the kernels of a fused derivative and returns the cotangent of each input, undefined if it is 0. */
export type Vjp<A> = (
  emit: Emitter,
  call: Call<A> & { readonly cotangents: readonly (Value | undefined)[] },
) => readonly Value[];

/** The lowering of an op. */
interface Parts<A> {
  readonly forward: Forward<A>;
  /** "ops" if the op's own rule is written in ops that have lowerings; kernels if it is fused. */
  readonly vjp: "ops" | Vjp<A>;
  /** Which input names classes, the columns of the first input. */
  readonly labels?: number;
}

/** An op with its kernels. */
export interface Lowering extends Parts<unknown> {
  readonly op: AnyOp;
}

/** The lowering of `op`. */
export function lowering<A>(op: Op<A>, parts: Parts<A>): Lowering {
  if ("composition" in op && parts.vjp === "ops") {
    throw new TypeError(`[gpu] the derivative of ${op.name} is fused, not written in ops. Give its lowering a vjp.`);
  }
  return { op, ...parts } as unknown as Lowering;
}

/** Kernels that belong to no op, which a backward sweep adds to a program. */
export interface KernelNode {
  write(emit: Emitter, inputs: readonly (Value | undefined)[]): readonly Value[];
  readonly inputs: readonly (Value | undefined)[];
  readonly outputs: readonly Value[];
}

/** The lowerings that a GPU knows, by the op's record. */
export class Lowerings {
  private readonly byOp: ReadonlyMap<AnyOp, Lowering>;

  constructor(list: readonly Lowering[]) {
    this.byOp = new Map(list.map((lowering) => [lowering.op, lowering]));
  }

  /** Names of the ops, in alphabetical order. */
  get names(): readonly string[] {
    return [...this.byOp.keys()].map(({ name }) => name).sort();
  }

  /** The lowering of an op that `check` accepted. */
  of({ op }: Node): Lowering {
    return this.byOp.get(op)!;
  }

  /** Throws, naming them, if ops among the nodes have no lowering. */
  check(nodes: readonly (Node | KernelNode)[]): void {
    const missing = new Set<string>();
    for (const node of nodes) if ("op" in node && !this.byOp.has(node.op)) missing.add(node.op.name);
    if (missing.size === 0) return;
    const names = [...missing].map((name) => `"${name}"`).join(", ");
    throw new GpuUnsupportedError(
      `[gpu] there ${missing.size > 1 ? "are no kernels for the ops" : "is no kernel for the op"} ${names}. ` +
        `Compute that on the CPU, before or after. On the GPU there are ${this.names.join(", ")}.`,
    );
  }
}
