// The backward sweep over a traced program: what autodiff/sweep.ts does, with values in place of tensors and nodes in
// place of numbers.
//
// A rule that is written in ops is run on tensors that stand for the values, and the ops that it applies are recorded;
// a fused rule becomes one node. Checkpoints: the program is cut into segments, and before the sweep of a segment its
// nodes are added once more. When the program runs, values are freed after their last use, so only values that pass
// from one segment to another are stored in between.
import {
  type AnyOp,
  accumulate,
  type CotangentStore,
  Log,
  OuterProduct,
  outerOp,
  type Part,
  recordingIn,
  Sweep,
} from "../autodiff/index.js";
import { empty, holding, kernelsOf, openScope, type Tensor, within } from "../core/index.js";
import { type Node, type Trace, Value } from "./graph.js";
import { plusProducts } from "./kernels/products.js";
import type { KernelNode, Lowerings } from "./lowering.js";
import { Names } from "./trace.js";

/** A program with its gradient. */
export interface Differentiated {
  readonly nodes: readonly (Node | KernelNode)[];
  /** The gradient of each target; undefined if the result does not depend on it. */
  readonly gradients: readonly (Value | undefined)[];
}

/**
 * Appends the gradient of `result`, one number, with respect to `targets`.
 *
 * @param cuts where segments begin, in ascending order; if empty, everything is stored.
 * @throws GpuUnsupportedError naming the ops of the trace that have no kernel.
 */
export function differentiate(
  trace: Trace,
  lowerings: Lowerings,
  result: Value,
  targets: readonly Value[],
  cuts: readonly number[] = [],
): Differentiated {
  lowerings.check(trace.nodes);
  const program = new ProgramStore([...trace.nodes]);
  const sweep = new ProgramSweep(trace, lowerings, program);
  try {
    const starts = [0, ...cuts.filter((cut) => cut > 0 && cut < trace.nodes.length)];
    return { gradients: sweep.gradients(result, targets, starts), nodes: program.nodes };
  } finally {
    sweep.close();
  }
}

/** The nodes so far; sums of cotangents are further nodes, and nothing has to be freed. */
class ProgramStore implements CotangentStore<Value> {
  constructor(readonly nodes: (Node | KernelNode)[]) {}

  plus(a: Value, b: Value): Value {
    return this.apply(accumulate as AnyOp, [a, b], a);
  }

  plusProduct(matrix: Value | undefined, product: OuterProduct<Value>): Value {
    const { left, right } = product;
    if (matrix) return this.plusProducts(matrix, [product]);
    return this.apply(outerOp as AnyOp, [left, right], new Value([left.size, right.size]));
  }

  /** A matrix, or zero, plus outer products in one kernel. */
  plusProducts(matrix: Value | undefined, products: readonly OuterProduct<Value>[]): Value {
    const [{ left, right }] = products;
    const output = new Value([left.size, right.size]);
    this.nodes.push({
      write: (emit, [matrix, ...vectors]) => [plusProducts(emit, matrix, vectors as Value[], output)],
      inputs: [matrix, ...products.flatMap(({ left, right }) => [left, right])],
      outputs: [output],
    });
    return output;
  }

  hold(): void {}
  drop(): void {}
  settle(): void {}

  private apply(op: AnyOp, inputs: readonly Value[], { shape }: Value): Value {
    const output = new Value(shape);
    this.nodes.push({ op, inputs, outputs: [output], attributes: undefined });
    return output;
  }
}

class ProgramSweep extends Sweep<Value, Node> {
  constructor(
    private readonly trace: Trace,
    private readonly lowerings: Lowerings,
    private readonly program: ProgramStore,
  ) {
    super(program);
  }

  /** @param starts where segments begin, the first one at 0. */
  gradients(result: Value, targets: readonly Value[], starts: readonly number[]): (Value | undefined)[] {
    const { nodes, constants } = this.trace;
    this.mark(targets);
    // The whole program comes first, because a segment must know which values of earlier ones depend on the targets.
    this.activeOf(nodes, 0, nodes.length);
    this.cotangents.add("seed", result, constants.of([], "float32", Float32Array.of(1)));
    for (let segment = starts.length - 1; segment >= 0; segment--) {
      const stored = nodes.slice(starts[segment], starts[segment + 1]);
      const swept = segment < starts.length - 1 ? this.repeated(stored) : stored;
      this.run(swept, 0, swept.length);
    }
    return targets.map((target) => this.collect(target));
  }

  protected override visit(node: Node): void {
    this.pull(node);
  }

  protected override rule(
    node: Node,
    cotangents: readonly (Value | undefined)[],
    products: readonly (readonly OuterProduct<Value>[])[],
    needs: (i: number) => boolean,
  ): readonly (Part<Value> | undefined)[] {
    const { vjp } = this.lowerings.of(node);
    if (vjp === "ops") return this.recorded(node, cotangents, needs);
    const { inputs, outputs, attributes } = node;
    const gradients = inputs.map(({ shape }) => new Value(shape));
    const count = outputs.length;
    this.program.nodes.push({
      write: (emit, operands) =>
        vjp(emit, {
          cotangents: operands.slice(0, count),
          outputs: operands.slice(count, 2 * count) as Value[],
          inputs: operands.slice(2 * count) as Value[],
          attributes,
        }),
      inputs: [...cotangents.map((cotangent, i) => this.matrixOf(cotangent, products[i])), ...outputs, ...inputs],
      outputs: gradients,
    });
    return gradients;
  }

  /**
   * A cotangent as one matrix. The sums are taken in the order of the fused kernels on the CPU: beginning with a matrix
   * or zero, with the first two outer products last.
   */
  private matrixOf(dense: Value | undefined, [a, b, ...more]: readonly OuterProduct<Value>[]): Value | undefined {
    let matrix = dense;
    for (const product of more) matrix = this.program.plusProducts(matrix, [product]);
    return a ? this.program.plusProducts(matrix, b ? [a, b] : [a]) : matrix;
  }

  /** Adds the nodes of a segment once more, with new values, which take over the cotangents. */
  private repeated(nodes: readonly Node[]): Node[] {
    const again = new Map<Value, Value>();
    return nodes.map((node) => {
      const inputs = node.inputs.map((input) => again.get(input) ?? input);
      const outputs = node.outputs.map((output) => {
        const repeated = new Value(output.shape, output.dtype);
        again.set(output, repeated);
        this.cotangents.rename(output, repeated);
        return repeated;
      });
      const repeated = { ...node, inputs, outputs };
      this.program.nodes.push(repeated);
      return repeated;
    });
  }

  /** Runs a rule on tensors that stand for the values, and records the ops that it applies. */
  private recorded(
    { op, inputs, outputs, attributes }: Node,
    cotangents: readonly (Value | undefined)[],
    needs: (i: number) => boolean,
  ): (Part<Value> | undefined)[] {
    const names = new Names(this.trace.constants);
    const standIn = (value: Value): Tensor => {
      const tensor = empty(value.shape, value.dtype);
      kernelsOf(tensor).fill(tensor.address, tensor.size, 0);
      names.set(tensor, value);
      return tensor;
    };
    const scope = openScope();
    try {
      return within(scope, () => {
        const application = { inputs: inputs.map(standIn), outputs: outputs.map(standIn), attributes, needs };
        const standIns = cotangents.map((value) => value && standIn(value));
        const log = new Log([], true);
        const none = outputs.map(() => []);
        const parts = holding(true, () => recordingIn(log, () => op.vjp(standIns, application, none)));
        for (const entry of log.entries) if (entry.kind === "op") this.program.nodes.push(names.node(entry));
        return parts.map((part) => {
          if (!(part instanceof OuterProduct)) return part && names.of(part);
          return new OuterProduct(names.of(part.left), names.of(part.right));
        });
      });
    } finally {
      scope.close();
    }
  }
}
