// The backward sweep over a traced program: the twin of autodiff/backward.ts and autodiff/cotangents.ts, with values in
// place of tensors. Cotangents are added in the same order, so that a gradient has the same bits.
//
// A rule that is written in ops is run on tensors that stand for the values, and what it applies is recorded; a rule
// that is one kernel becomes one node, `<op>.vjp`. Checkpoints: the program is cut into segments, and before a segment
// is swept its nodes are put down once more. What nobody reads any longer is freed when the program runs, so only what
// crosses from one segment to another is stored between.
import { type AnyOp, accumulate, Log, matvecOp, Outer, outerOp, recordingIn } from "../autodiff/index.js";
import { empty, holding, kernelsOf, openScope, type Shape, type Tensor, within } from "../core/index.js";
import { type Node, type Trace, Value } from "./graph.js";
import { Names } from "./trace.js";

/** What arrived for one value: a whole one, outer products, or both. */
interface Gathered {
  dense: Value | undefined;
  outers: (readonly [left: Value, right: Value])[];
}

/** A program with its gradient. */
export interface Differentiated {
  readonly nodes: readonly Node[];
  /** Of each target; undefined where the result does not depend on it. */
  readonly gradients: readonly (Value | undefined)[];
}

/**
 * Appends the gradient of `result`, one number, with respect to `targets`.
 *
 * @param cuts where a segment begins, in rising order; none: everything is stored.
 */
export function differentiate(
  trace: Trace,
  result: Value,
  targets: readonly Value[],
  cuts: readonly number[] = [],
): Differentiated {
  const sweep = new Sweep(trace);
  const gradients = sweep.run(result, targets, [0, ...cuts.filter((cut) => cut > 0 && cut < trace.nodes.length)]);
  return { nodes: sweep.nodes, gradients };
}

class Sweep {
  readonly nodes: Node[];
  private readonly gathered = new Map<Value, Gathered>();
  private readonly marked = new Set<Value>();
  /** The values of the segment that is swept now, computed again. */
  private again = new Map<Value, Value>();

  constructor(private readonly trace: Trace) {
    this.nodes = [...trace.nodes];
  }

  run(result: Value, targets: readonly Value[], starts: readonly number[]): (Value | undefined)[] {
    const { nodes, constants } = this.trace;
    const active = this.mark(targets);
    this.add(result, constants.of([], "float32", Float32Array.of(1)));
    for (let segment = starts.length - 1; segment >= 0; segment--) {
      const stretch = nodes.slice(starts[segment], starts[segment + 1]);
      if (segment < starts.length - 1) this.repeat(stretch);
      for (let i = stretch.length - 1; i >= 0; i--) {
        const node = stretch[i];
        if (active.has(node) && node.outputs.some((output) => this.gathered.has(output))) this.pull(node);
      }
      this.again = new Map();
    }
    return targets.map((target) => this.whole(this.take(target)));
  }

  /** What depends on the targets. */
  private mark(targets: readonly Value[]): Set<Node> {
    for (const target of targets) this.marked.add(target);
    const active = new Set<Node>();
    for (const node of this.trace.nodes) {
      if (!node.inputs.some((input) => input && this.marked.has(input))) continue;
      active.add(node);
      for (const output of node.outputs) if (output.dtype === "float32") this.marked.add(output);
    }
    return active;
  }

  /** Puts the nodes of a segment down once more, with values of their own. */
  private repeat(nodes: readonly Node[]): void {
    for (const node of nodes) {
      const inputs = node.inputs.map((input) => input && this.now(input));
      const outputs = node.outputs.map(({ shape, dtype }) => new Value(shape, dtype));
      node.outputs.forEach((output, i) => {
        this.again.set(output, outputs[i]);
      });
      this.nodes.push({ ...node, inputs, outputs });
    }
  }

  private now(value: Value): Value {
    return this.again.get(value) ?? value;
  }

  private emit(
    name: string,
    inputs: readonly (Value | undefined)[],
    shapes: readonly Shape[],
    op?: AnyOp,
    attributes?: unknown,
  ): Value[] {
    const outputs = shapes.map((shape) => new Value(shape));
    this.nodes.push({ name, inputs, outputs, attributes, ...(op ? { op } : {}) });
    return outputs;
  }

  private add(value: Value, part: Value | readonly [Value, Value]): void {
    const sum = this.gathered.get(value) ?? { dense: undefined, outers: [] };
    this.gathered.set(value, sum);
    if (!(part instanceof Value)) sum.outers.push(part);
    else
      sum.dense = sum.dense ? this.emit("accumulate", [sum.dense, part], [part.shape], accumulate as AnyOp)[0] : part;
  }

  private take(value: Value): Gathered | undefined {
    const sum = this.gathered.get(value);
    this.gathered.delete(value);
    return sum;
  }

  /** A cotangent as one value: the outer products are added in the order in which they came. */
  private whole(sum: Gathered | undefined): Value | undefined {
    let dense = sum?.dense;
    for (const [left, right] of sum?.outers ?? []) {
      const shape = [left.size, right.size];
      dense = dense
        ? this.emit("outerAdd", [dense, left, right], [shape])[0]
        : this.emit("outer", [left, right], [shape], outerOp as AnyOp)[0];
    }
    return dense;
  }

  /** The same as a step kernel reads it: from a matrix or zero on, the first two outer products last (low-rank.ts). */
  private factors(sum: Gathered | undefined): Value | undefined {
    if (!sum) return undefined;
    const [a, b, ...more] = sum.outers;
    let { dense } = sum;
    for (const outer of more) dense = this.plusOuters(dense, [outer]);
    return a ? this.plusOuters(dense, b ? [a, b] : [a]) : dense;
  }

  private plusOuters(dense: Value | undefined, outers: readonly (readonly [Value, Value])[]): Value {
    const shape = [outers[0][0].size, outers[0][1].size];
    return this.emit("plusOuters", [dense, ...outers.flat()], [shape])[0];
  }

  /** Applies one rule. */
  private pull(node: Node): void {
    const taken = node.outputs.map((output) => this.take(output));
    const needs = (i: number): boolean => this.marked.has(node.inputs[i]!);
    const parts = this.rule(node, taken, needs);
    parts.forEach((part, i) => {
      if (part && needs(i)) this.add(node.inputs[i]!, part);
    });
  }

  private rule(
    node: Node,
    taken: readonly (Gathered | undefined)[],
    needs: (i: number) => boolean,
  ): readonly (Value | readonly [Value, Value] | undefined)[] {
    const { name, attributes } = node;
    const inputs = node.inputs.map((input) => this.now(input!));
    const fused = (operands: readonly (Value | undefined)[]): Value[] =>
      this.emit(
        `${name}.vjp`,
        operands,
        inputs.map(({ shape }) => shape),
        undefined,
        attributes,
      );
    if (name === "chemicalStep") {
      const [h, w] = taken;
      return fused([h?.dense, this.factors(w), this.now(node.outputs[0]), ...inputs]);
    }
    if (name === "linearStep") return fused([this.factors(taken[0]), ...inputs]);
    const dense = taken.map((sum) => this.whole(sum));
    if (name === "motifFactors") return fused([dense[0], ...inputs]);
    if (name === "matvec") {
      const { transpose } = attributes as { transpose: boolean };
      const [[a, x], dy] = [inputs, dense[0]!];
      return [
        needs(0) ? (transpose ? [x, dy] : [dy, x]) : undefined,
        needs(1) ? this.emit("matvec", [a, dy], [x.shape], matvecOp as AnyOp, { transpose: !transpose })[0] : undefined,
      ];
    }
    return this.record(node, inputs, dense, needs);
  }

  /** Runs a rule on tensors that stand for the values, and takes down the ops that it applies. */
  private record(
    { op, outputs, attributes }: Node,
    inputs: readonly Value[],
    dense: readonly (Value | undefined)[],
    needs: (i: number) => boolean,
  ): (Value | undefined)[] {
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
        const application = {
          inputs: inputs.map(standIn),
          outputs: outputs.map((output) => standIn(this.now(output))),
          attributes,
          needs,
        };
        const cotangents = dense.map((value) => value && standIn(value));
        const log = new Log();
        const none = outputs.map(() => []);
        const parts = holding(true, () => recordingIn(log, () => op!.vjp(cotangents, application, none)));
        for (const entry of log.entries) if (entry.kind === "op") this.nodes.push(names.node(entry));
        return parts.map((part) => (part && !(part instanceof Outer) ? names.of(part) : undefined));
      });
    } finally {
      scope.close();
    }
  }
}
