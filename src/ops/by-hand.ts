// Ops that users apply themselves, from records of their own. What the library applies needs no check.
import { apply as applied, applyAll as appliedAll, type Op } from "../autodiff/index.js";
import { checkKind, checkMade, type Tensor } from "../core/index.js";

const RECORD = "See Op for what a record holds, and checkOp of synaptape/testing for whether it is right.";

function checkRecord<A>(by: string, op: Op<A>, inputs: readonly Tensor[]): void {
  checkMade(by, "the op", op, ["name", "shapes", "vjp"], RECORD);
  checkKind(by, "the op's `name`", op.name, "text");
  checkKind(by, "the op's `shapes`", op.shapes, "a function");
  const how = "view" in op ? "view" : "forward";
  checkKind(by, `the op's \`${how}\``, (op as unknown as Record<string, unknown>)[how], "a function");
  checkKind(by, "the list of inputs", inputs, "a list");
}

/** Applies an op that has one result: checks shapes, computes, records. Throws a TypeError for what is no record of an op. */
export function apply<A>(op: Op<A>, inputs: readonly Tensor[], attributes: A): Tensor {
  checkRecord("apply", op, inputs);
  return applied(op, inputs, attributes);
}

/** Applies an op, as `apply` does. All results, in order. */
export function applyAll<A>(op: Op<A>, inputs: readonly Tensor[], attributes: A): readonly Tensor[] {
  checkRecord("applyAll", op, inputs);
  return appliedAll(op, inputs, attributes);
}
