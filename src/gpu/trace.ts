// Traces a function: it is run once on the CPU while its ops are recorded, and the record is the program.

import { alias, apply, type Entry, Log, recordingIn, replay, type Segment, watchedBy } from "../autodiff/index.js";
import { holding, keep, leavesOf, openScope, type Tensor, within, withLeaves } from "../core/index.js";
import { Constants, type Node, type Trace, Value } from "./graph.js";

/** A trace, and how the function's result is built from its outputs. */
export interface Traced<R> extends Trace {
  /** The result's tree over `outputs`. */
  rebuild(leaves: readonly Tensor[]): R;
  /** Which inputs the function read as plain numbers: another value may need another program. */
  readonly statics: readonly number[];
}

/** Throws for float64, which would lose half its digits there. */
export function checkFits({ type }: Tensor): void {
  if (type.bytes === 4) return;
  throw new TypeError('[gpu] a GPU computes in float32, and a tensor is float64. Use cast(x, "float32"), or the CPU.');
}

/** Which value each tensor of a run holds; tensors from elsewhere are constants. */
export class Names {
  private readonly values = new WeakMap<Tensor, Value>();

  constructor(readonly constants: Constants) {}

  set(tensor: Tensor, value: Value): void {
    this.values.set(tensor, value);
  }

  of(tensor: Tensor): Value {
    const known = this.values.get(tensor);
    if (known) return known;
    checkFits(tensor);
    const value = this.constants.of(tensor.shape, tensor.dtype, Float32Array.from(tensor.data()));
    this.values.set(tensor, value);
    return value;
  }

  /** A new value for a result. */
  make(tensor: Tensor): Value {
    checkFits(tensor);
    const value = new Value(tensor.shape, tensor.dtype);
    this.values.set(tensor, value);
    return value;
  }

  node({ op, inputs, outputs, attributes }: Entry): Node {
    return {
      op,
      inputs: inputs.map((input) => this.of(input)),
      outputs: outputs.map((output) => this.make(output)),
      attributes,
    };
  }
}

/**
 * Makes the numbers of a tensor unreadable: anything computed from them in plain JavaScript would stay the same in
 * every later call. Whole numbers that are arguments may be read; `read` is then called.
 */
function veil(tensor: Tensor, read?: () => void): void {
  const guard = (name: "data" | "item"): void => {
    const real = tensor[name].bind(tensor);
    Object.defineProperty(tensor, name, {
      value: () => {
        if (!read) {
          throw new TypeError(
            `[gpu] ${name}() reads a number while the function is being compiled, and later calls would get the same one. ` +
              "Compute with ops, or return the tensor and read it outside.",
          );
        }
        read();
        return real();
      },
    });
  };
  guard("data");
  guard("item");
}

/**
 * Runs `f` on `args`, trees of tensors, and records what it does.
 *
 * @throws TypeError if `f` reads numbers that depend on its arguments, or returns something other than a tree of
 * tensors.
 */
export function trace<A extends readonly unknown[], R>(f: (...args: A) => R, args: A): Traced<R> {
  const leaves = leavesOf("gpu", args);
  const names = new Names(new Constants());
  const nodes: Node[] = [];
  const marks: number[] = [];
  const read = new Set<number>();
  const scope = openScope();
  const run = (): Traced<R> => {
    const inputs: Value[] = [];
    const handles = leaves.map(({ tensor }, i) => {
      const handle = apply(alias, [tensor], undefined);
      inputs.push(names.make(handle));
      veil(handle, tensor.dtype === "int32" ? () => read.add(i) : undefined);
      return handle;
    });
    const log = new Log();
    const watcher = {
      applied: (_: unknown, outputs: readonly Tensor[]) => {
        for (const output of outputs) veil(output);
      },
      rule: <T>(_op: unknown, _outputs: unknown, _pass: unknown, rule: () => T): T => rule(),
      step: <T>(_: number, step: () => T): T => step(),
    };
    const result = holding(true, () =>
      recordingIn(log, () => watchedBy(watcher, () => f(...(withLeaves(args, handles) as unknown as A)))),
    );
    for (const entry of log.entries) {
      if (entry.kind === "op") nodes.push(names.node(entry));
      else unfold(entry, names, nodes, marks);
    }
    const found = leavesOf("gpu", result);
    return {
      inputs,
      constants: names.constants,
      nodes,
      marks,
      outputs: found.map(({ tensor }) => names.of(tensor)),
      rebuild: (tensors) => withLeaves(result, tensors),
      statics: [...read].sort((a, b) => a - b),
    };
  };
  try {
    return within(scope, run);
  } finally {
    scope.close();
  }
}

/** The steps of a checkpointed loop, one after the other, each in its own scope. */
function unfold({ steps, carry, outputs }: Segment, names: Names, nodes: Node[], marks: number[]): void {
  let current = carry;
  let kept: readonly Tensor[] = [];
  const results: Value[] = [];
  for (let at = steps.from; at < steps.to; at++) {
    const scope = openScope();
    marks.push(nodes.length);
    try {
      const log = new Log();
      const made = within(scope, () => recordingIn(log, () => replay({ ...steps, from: at, to: at + 1 }, current)));
      for (const entry of log.entries) {
        if (entry.kind === "op") nodes.push(names.node(entry));
        else unfold(entry, names, nodes, marks);
      }
      const values = made.map((tensor) => names.of(tensor));
      results.push(...values.slice(carry.length));
      const next = made.slice(0, carry.length).map((tensor) => keep(tensor));
      next.forEach((tensor, i) => {
        names.set(tensor, values[i]);
      });
      for (const tensor of kept) tensor.dispose();
      [current, kept] = [next, next];
    } finally {
      scope.close();
    }
  }
  marks.push(nodes.length);
  const last = current.map((tensor) => names.of(tensor));
  outputs.forEach((output, i) => {
    names.set(output, [...last, ...results][i]);
  });
  for (const tensor of kept) tensor.dispose();
}
