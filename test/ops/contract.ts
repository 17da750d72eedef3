// The oracle of einsum and of all products: a sum over labels in plain loops, in float64.
import type { Numbers } from "./composed.js";

/** Every label of an expression by name: letters, and for an ellipsis its axes from the last. */
function namesOf(term: string, rank: number): string[] {
  const [before, after] = term.split("...");
  const free = after === undefined ? 0 : rank - before.length - after.length;
  return [...before, ...Array.from({ length: free }, (_, i) => `.${free - i}`), ...(after ?? "")];
}

/** The sum of products that `expression` names, with its shape. Axes of size 1 broadcast. */
export function contracted(expression: string, ...operands: Numbers[]): Numbers {
  const [left, right] = expression.replaceAll(" ", "").split("->");
  const terms = left.split(",").map((term, i) => namesOf(term, operands[i].shape.length));
  const sizes = new Map<string, number>();
  terms.forEach((names, i) => {
    names.forEach((name, axis) => {
      const size = operands[i].shape[axis];
      if (size !== 1 || !sizes.has(name)) sizes.set(name, size);
    });
  });
  const dots = Math.max(...terms.map((names) => names.filter((name) => name.startsWith(".")).length));
  const once = [...new Set(terms.flat())].filter((name) => !name.startsWith(".")).sort();
  const single = once.filter((name) => terms.flat().filter((other) => other === name).length === 1);
  const output =
    right === undefined ? [...namesOf("...", dots), ...single] : namesOf(right, dots + right.replace("...", "").length);
  const shape = output.map((name) => sizes.get(name)!);
  const names = [...sizes.keys()];
  const data = new Float64Array(shape.reduce((count, size) => count * size, 1));
  /** Where an element stands; an axis of size 1 has the same in every place. */
  const index = (axes: string[], sizesThere: readonly number[], place: Map<string, number>): number =>
    axes.reduce((at, name, i) => at * sizesThere[i] + (sizesThere[i] === 1 ? 0 : place.get(name)!), 0);
  const visit = (depth: number, place: Map<string, number>): void => {
    if (depth === names.length) {
      data[index(output, shape, place)] += terms.reduce(
        (product, axes, i) => product * operands[i].data[index(axes, operands[i].shape, place)],
        1,
      );
      return;
    }
    for (let i = 0; i < sizes.get(names[depth])!; i++) visit(depth + 1, place.set(names[depth], i));
  };
  visit(0, new Map());
  return { shape, data };
}

/** Its numbers alone. */
export const contract = (expression: string, ...operands: Numbers[]): Float64Array =>
  contracted(expression, ...operands).data;
