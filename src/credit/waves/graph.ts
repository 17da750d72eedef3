// A graph of neurons, with or without cycles, in which every edge takes one tick (Betti and Gori 2019, "Backprop diffusion is
// biologically plausible"). This file finds which vertex drives which, and the shapes of their items.
import { listed, quote, type Shape, sameShape, showShape } from "../../core/index.js";
import { type Activation, type ActivationOption, activationOf } from "../activations.js";
import { INPUT } from "../checks.js";
import type { Projection } from "../projections.js";

/** A group of neurons. */
export interface WaveVertexDescription {
  /** The projections that drive it, by the names of the vertices that they come from; "input" is the data. */
  readonly from: Readonly<Record<string, Projection>>;
  /** The function from the sum of all drives to the activities; "tanh" by default. */
  readonly activation?: ActivationOption;
}

/** An edge of the graph. */
export interface WaveEdge {
  /** The place of the vertex that it comes from. */
  readonly from: number;
  /** The name of that vertex. */
  readonly source: string;
  /** Its synapses. */
  readonly projection: Projection;
}

/** A vertex of a network. */
export interface WaveVertex {
  /** Its name. */
  readonly name: string;
  /** The shape of one item. */
  readonly shape: Shape;
  /** The function from drives to activities. */
  readonly activation: Activation;
  /** The edges that end here; none for the input. */
  readonly edges: readonly WaveEdge[];
}

/**
 * The vertices: the input, then the others in the given order.
 *
 * @throws RangeError for names that do not exist, vertices without a source, vertices that the input does not reach, and shapes
 * that do not fit.
 */
export function placed(
  op: string,
  input: Shape,
  described: Readonly<Record<string, WaveVertexDescription>>,
): WaveVertex[] {
  const names = [INPUT, ...Object.keys(described)];
  if (Object.hasOwn(described, INPUT)) {
    throw new RangeError(
      `[${op}] one of the \`vertices\` is called "input", which is the name of the data. Rename it.`,
    );
  }
  for (const name of names.slice(1)) {
    const sources = Object.keys(described[name].from);
    if (sources.length === 0) {
      throw new RangeError(`[${op}] nothing drives ${quote(name)}. Give it a source in \`from\`, such as input.`);
    }
    const unknown = sources.find((source) => !names.includes(source));
    if (unknown === undefined) continue;
    throw new RangeError(
      `[${op}] ${quote(name)} is driven by ${quote(unknown)}, which does not exist. There are ${listed(names)}.`,
    );
  }
  const shapes = shapesOf(op, input, described);
  return names.map((name): WaveVertex => {
    if (name === INPUT) return { name, shape: input, activation: activationOf(op), edges: [] };
    const { from, activation = "tanh" } = described[name];
    const edges = Object.entries(from).map(([source, projection]) => ({
      ...{ from: names.indexOf(source), source, projection },
    }));
    return { name, shape: shapes.get(name)!, activation: activationOf(op, activation), edges };
  });
}

/** The shapes of all vertices, found from the input on. Edges that close a cycle are only checked. */
function shapesOf(
  op: string,
  input: Shape,
  described: Readonly<Record<string, WaveVertexDescription>>,
): Map<string, Shape> {
  const shapes = new Map<string, Shape>([[INPUT, input]]);
  const all = Object.entries(described).flatMap(([name, { from }]) =>
    Object.entries(from).map(([source, projection]) => ({ name, source, projection })),
  );
  for (let known = 0; known < shapes.size; ) {
    known = shapes.size;
    for (const { name, source, projection } of all) {
      const before = shapes.get(source);
      if (before && !shapes.has(name)) shapes.set(name, projection.shape(before));
    }
  }
  const lost = Object.keys(described).filter((name) => !shapes.has(name));
  if (lost.length > 0) {
    throw new RangeError(
      `[${op}] the input does not reach ${listed(lost)}. Connect the input to them, or leave them out.`,
    );
  }
  for (const { name, source, projection } of all) {
    const [shape, found] = [shapes.get(name)!, projection.shape(shapes.get(source)!)];
    if (sameShape(shape, found)) continue;
    throw new RangeError(
      `[${op}] ${quote(name)} has shape ${showShape(shape)}, but ${showShape(found)} from ${quote(source)}. Make them the same.`,
    );
  }
  return shapes;
}

/** The number of edges of the shortest path from the input to `place`. */
export function distanceTo(vertices: readonly WaveVertex[], place: number): number {
  const after = vertices.map((): number[] => []);
  for (const [i, { edges }] of vertices.entries()) for (const { from } of edges) after[from].push(i);
  const distances = new Map([[0, 0]]);
  // Iterating over a map includes entries that are added meanwhile.
  for (const [at, distance] of distances) {
    for (const next of after[at]) if (!distances.has(next)) distances.set(next, distance + 1);
  }
  return distances.get(place)!;
}
