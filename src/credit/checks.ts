// Checks of what all networks of this folder are given: data, targets, parameters, and sizes of chains.
import { type DType, type Key, plain, quote, type Shape, sameShape, showShape, type Tensor } from "../core/index.js";
import type { Projection, ProjectionParams } from "./projections.js";

/** The name of the vertex that holds the data. */
export const INPUT = "input";

/** Parameters by vertex, then by the source of the projection, then by name: `params.output.hidden.weight`. */
export type CreditParams = Readonly<Record<string, Readonly<Record<string, ProjectionParams>>>>;

/** The part of a vertex that says which parameters it has. */
export interface Parametrised {
  readonly name: string;
  readonly edges: readonly { readonly source: string }[];
}

/** The data. Throws a RangeError unless they are a batch of items of this shape. */
export function checkedData(op: string, shape: Shape, x: Tensor): Tensor {
  if (sameShape(x.shape.slice(1), shape) && x.rank > 0) return x;
  throw new RangeError(
    `[${op}] the data have shape ${showShape(x.shape)}, but items of the network have ${showShape(shape)}. Pass a batch [n, ${shape.join(", ")}].`,
  );
}

/** The target. Throws a RangeError unless it has the shape of the output. */
export function checkedTarget(op: string, { shape }: Tensor, target: Tensor): Tensor {
  if (sameShape(shape, target.shape)) return target;
  throw new RangeError(
    `[${op}] targets have shape ${showShape(target.shape)}, but the output has ${showShape(shape)}. ` +
      "Give them the same shape; oneHot makes targets from labels.",
  );
}

/** Throws a RangeError unless this option is a whole number from 1 up. */
export function checkCount(op: string, name: string, value: number): void {
  if (Number.isSafeInteger(value) && value >= 1) return;
  throw new RangeError(`[${op}] \`${name}\` is ${quote(value)}. Give a whole number from 1 up.`);
}

/** Throws a RangeError unless there are parameters for every edge. */
export function checkParams(op: string, params: CreditParams, vertices: readonly Parametrised[]): void {
  for (const { name, edges } of vertices) {
    const missing = edges.find(({ source }) => params[name]?.[source] === undefined);
    if (missing === undefined) continue;
    throw new RangeError(
      `[${op}] there are no parameters "${plain(`${name}.${missing.source}`)}". Pass the parameters that init gave, or a tree of the same structure.`,
    );
  }
}

/** A projection with the name and the item shape of its source. */
interface Drawn {
  readonly source: string;
  readonly shape: Shape;
  readonly projection: Projection;
}

/** First parameters: those of edge j of vertex i come from `key.fold(i).fold(j)`. */
export const drawnParams = (
  key: Key,
  vertices: readonly { readonly name: string; readonly edges: readonly Drawn[] }[],
  dtype: DType,
): CreditParams =>
  Object.fromEntries(
    vertices.map(({ name, edges }, i) => {
      const keys = key.fold(i).split(edges.length);
      return [
        name,
        Object.fromEntries(
          edges.map(({ source, shape, projection }, j) => [source, projection.init(keys[j], shape, dtype)]),
        ),
      ];
    }),
  );

/** A layer of a chain: its name, its size, and the layer before. */
interface ChainLayer {
  readonly name: string;
  readonly source: string;
  readonly size: number;
  readonly isLast: boolean;
}

/**
 * The layers of a chain of these sizes: "layer1", "layer2", ..., "output". Throws a RangeError for fewer than two
 * sizes.
 */
export function chainOf(op: string, sizes: readonly number[]): ChainLayer[] {
  if (!Array.isArray(sizes) || sizes.length < 2) {
    throw new RangeError(`[${op}] \`sizes\` has too few numbers. Give two or more, from the input's to the output's.`);
  }
  const last = sizes.length - 1;
  const nameOf = (i: number): string => (i === 0 ? INPUT : i === last ? "output" : `layer${i}`);
  return sizes.slice(1).map((size, i) => ({ name: nameOf(i + 1), source: nameOf(i), size, isLast: i + 1 === last }));
}
