// Shapes: lists of sizes, row-major.
import { quote } from "./quote.js";

/** Sizes of the axes, outermost first; `[]` for a scalar. */
export type Shape = readonly number[];

/** How many axes a tensor has at the most. */
export const MOST_AXES = 6;

/** Number of elements; 1 for a scalar. */
export function sizeOf(shape: Shape): number {
  let size = 1;
  for (let i = 0; i < shape.length; i++) size *= shape[i];
  return size;
}

export function sameShape(a: Shape, b: Shape): boolean {
  if (a.length !== b.length) return false;
  for (let i = 0; i < a.length; i++) if (a[i] !== b[i]) return false;
  return true;
}

/** The index of element `at` of a row-major array of this shape. */
export function indexIn(shape: Shape, at: number): number[] {
  const index = shape.map(() => 0);
  let rest = at;
  for (let axis = shape.length - 1; axis >= 0; axis--) {
    index[axis] = rest % shape[axis];
    rest = Math.floor(rest / shape[axis]);
  }
  return index;
}

/** `[2, 3]` for messages; the first sizes of a shape with too many axes. A value that is not a shape is quoted. */
export function showShape(shape: Shape): string {
  if (!Array.isArray(shape)) return quote(shape);
  const sizes = shape.slice(0, 16).map((size) => (typeof size === "number" ? String(size) : quote(size, 20)));
  return `[${sizes.join(", ")}${shape.length > 16 ? ", ..." : ""}]`;
}

/** Throws unless this is a list. */
export function checkList(op: string, shape: Shape): void {
  if (Array.isArray(shape)) return;
  throw new TypeError(`[${op}] the shape is ${quote(shape)}. Write it as a list of sizes, such as [2, 3].`);
}

/** `checkShape`, and the sizes in a list of the tensor's own: who holds the list that was given may change it. */
export function ownShape(op: string, shape: Shape): Shape {
  checkShape(op, shape);
  return shape.slice();
}

/** Throws unless this is a list of at most six sizes, each a whole number of at least 0. */
export function checkShape(op: string, shape: Shape): void {
  checkList(op, shape);
  if (shape.length > MOST_AXES) {
    throw new RangeError(`[${op}] shape ${showShape(shape)} has ${shape.length} axes; at most ${MOST_AXES}.`);
  }
  for (const size of shape) {
    if (!Number.isSafeInteger(size) || size < 0) {
      throw new RangeError(`[${op}] shape ${showShape(shape)}: a size is a whole number of at least 0.`);
    }
  }
}
