// Ops that users apply themselves, from records of their own. What the library applies needs no check.
import { apply as applied, applyAll as appliedAll, type Op } from "../autodiff/index.js";
import { checkKind, quote, type Tensor } from "../core/index.js";

/** Throws for what is no record; `checkOp` of `synaptape/testing` says whether one is right. */
function checkRecord<A>(by: string, op: Op<A>, inputs: readonly Tensor[]): void {
  const { name, shapes, vjp, view, forward = view } = Object(op);
  if (typeof name !== "string" || [shapes, vjp, forward].some((part) => typeof part !== "function")) {
    throw new TypeError(`[${by}] the op is ${quote(op)}. See Op for what a record holds.`);
  }
  checkKind(by, "the list of inputs", inputs, "a list");
}

/**
 * Applies an op that has one result: checks shapes, computes, records. Throws a TypeError for what is no record of an op.
 *
 * @example
 * const double: Op = {
 *   name: "double",
 *   shapes: ([x]) => [x.shape],
 *   forward: ([y], [x]) => y.elements.set(x.elements.map((v) => 2 * v)),
 *   vjp: ([c]) => [c && mul(c, 2)],
 *   jvp: ([t]) => [t && mul(t, 2)],
 *   reference: ([x]) => [{ shape: x.shape, data: x.data.map((v) => 2 * v) }],
 *   domain: [{ inputs: [{ shape: [3] }], attributes: undefined }],
 * };
 * apply(double, [tensor([1, 2])], undefined); // [2, 4]
 */
export function apply<A>(op: Op<A>, inputs: readonly Tensor[], attributes: A): Tensor {
  checkRecord("apply", op, inputs);
  return applied(op, inputs, attributes);
}

/**
 * Applies an op, as `apply` does. All results, in order.
 *
 * @example
 * const twice: Op = {
 *   name: "twice",
 *   shapes: ([x]) => [x.shape, x.shape],
 *   forward: (outputs, [x]) => outputs.forEach((y) => y.elements.set(x.elements)),
 *   vjp: ([c, d]) => [c && d ? add(c, d) : (c ?? d)],
 *   jvp: ([t]) => [t, t],
 *   reference: ([x]) => [x, x],
 *   domain: [{ inputs: [{ shape: [3] }], attributes: undefined }],
 * };
 * applyAll(twice, [tensor([1, 2])], undefined); // [[1, 2], [1, 2]]
 */
export function applyAll<A>(op: Op<A>, inputs: readonly Tensor[], attributes: A): readonly Tensor[] {
  checkRecord("applyAll", op, inputs);
  return appliedAll(op, inputs, attributes);
}
