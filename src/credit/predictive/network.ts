// A network for predictive coding: groups of neurons, each of which predicts others, on any graph without cycles. It is
// also an ordinary differentiable function, whose gradient the algorithms are compared with.
import {
  checkShape,
  type DType,
  type Key,
  plain,
  quote,
  type Shape,
  sameShape,
  scope,
  showShape,
  type Tensor,
} from "../../core/index.js";
import { add } from "../../ops/index.js";
import { type Activation, type ActivationOption, activationOf } from "./activations.js";
import { INPUT, type LevelledVertex, levelled } from "./levels.js";
import { lossOf, type OutputLossName } from "./output.js";
import {
  type FullyConnectedOptions,
  fullyConnected,
  type Projection,
  type ProjectionParams,
  skip,
} from "./projections.js";

/** A group of neurons. */
export interface VertexDescription {
  /** The projections that predict it, by the names of the vertices that they come from; "input" are the data. */
  readonly from: Readonly<Record<string, Projection>>;
  /** What makes activities of its values; "identity" by default, which the output must have. */
  readonly activation?: ActivationOption;
}

/** A network as `predictiveNetwork` takes it. */
export interface PredictiveDescription {
  /** The shape of one item of the data. */
  readonly input: Shape;
  /** The groups of neurons by name, in any order. The one that predicts no other is the output. */
  readonly vertices: Readonly<Record<string, VertexDescription>>;
  /** What is made small: "squared" (the default) is ½ ‖target - output‖², "crossEntropy" that of the output's softmax. */
  readonly loss?: OutputLossName;
  /** Whether long edges get a relay on each level between; true by default. Without, results differ from the gradient. */
  readonly levelled?: boolean;
}

/** Parameters by vertex, then by where the projection comes from: `params.output.hidden.weight`. */
export type PredictiveParams = Readonly<Record<string, Readonly<Record<string, ProjectionParams>>>>;

/** A vertex in its place. */
export interface PredictiveVertex extends LevelledVertex {
  /** The shape of one item. */
  readonly shape: Shape;
  /** What makes activities of its values. */
  readonly activation: Activation;
  /** Its projections, in the order of its edges. */
  readonly projections: readonly Projection[];
}

/** A network: its graph in levels, and functions of its parameters. */
export interface PredictiveNetwork {
  /** The vertices, relays included, each after those that predict it: the input is the first, the output the last. */
  readonly vertices: readonly PredictiveVertex[];
  /** How many ticks an error takes from the output to the last projection, that one included. */
  readonly depth: number;
  /** First parameters, float32 unless another type is asked for. */
  init(key: Key, options?: { readonly dtype?: DType }): PredictiveParams;
  /** The output [n, ...] for data [n, ...input]; differentiable. */
  apply(params: PredictiveParams, x: Tensor): Tensor;
  /** The loss for data and targets of the shape of the output, added up over the batch; differentiable. */
  loss(params: PredictiveParams, x: Tensor, target: Tensor): Tensor;
  /** The errors of the output neurons: minus the derivative of the loss by the output. */
  outputError(prediction: Tensor, target: Tensor): Tensor;
}

/** The parameters of projection `i` of a vertex; relays have none. */
export const paramsOf = (
  params: PredictiveParams,
  { name, relay, edges }: PredictiveVertex,
  i: number,
): ProjectionParams => (relay ? {} : params[name][edges[i].source]);

/** What a vertex is predicted to be, from the activities of the vertices before it. */
export function predictionOf(
  params: PredictiveParams,
  vertex: PredictiveVertex,
  activityOf: (place: number) => Tensor,
): Tensor {
  const parts = vertex.projections.map((projection, i) =>
    projection.predict(paramsOf(params, vertex, i), activityOf(vertex.edges[i].from)),
  );
  return parts.reduce((sum, part) => add(sum, part));
}

/**
 * The network of this description.
 *
 * ```ts
 * const net = predictiveNetwork({
 *   input: [8],
 *   vertices: {
 *     first: { from: { input: fullyConnected(8) }, activation: "tanh" },
 *     second: { from: { first: fullyConnected(8), input: skip() }, activation: "tanh" }, // a residual connection
 *     output: { from: { second: fullyConnected(3) } },
 *   },
 * });
 * ```
 *
 * @throws RangeError for a graph with a cycle or with several outputs, shapes that do not fit, an output with an activation
 * function, and names that do not exist; each says which vertex it is about.
 */
export function predictiveNetwork(description: PredictiveDescription): PredictiveNetwork {
  const op = "predictiveNetwork";
  const { input, vertices: described, loss, levelled: relays = true } = description;
  checkShape(op, input);
  const { loss: lossFunction, error } = lossOf(op, loss);
  const sources = Object.fromEntries(Object.entries(described).map(([name, { from }]) => [name, Object.keys(from)]));
  const vertices: PredictiveVertex[] = [];
  for (const vertex of levelled(op, sources, relays)) {
    const own = vertex.relay || vertex.name === INPUT ? undefined : described[vertex.name];
    const projections = vertex.edges.map(({ source }) => own?.from[source] ?? skip());
    const shapes = projections.map((projection, i) => projection.shape(vertices[vertex.edges[i].from].shape));
    const shape = vertex.name === INPUT ? input : shapes[0];
    shapes.forEach((other, i) => {
      if (sameShape(other, shape)) return;
      throw new RangeError(
        `[${op}] ${quote(vertex.name)} has shape ${showShape(shape)} from ${quote(vertex.edges[0].source)} and ` +
          `${showShape(other)} from ${quote(vertex.edges[i].source)}. Make them the same.`,
      );
    });
    vertices.push({ ...vertex, shape, projections, activation: activationOf(op, own?.activation) });
  }
  const output = vertices[vertices.length - 1];
  if ((described[output.name].activation ?? "identity") !== "identity") {
    throw new RangeError(
      `[${op}] the output ${quote(output.name)} has an \`activation\`, and its values are compared with targets as they are. Remove it.`,
    );
  }

  const apply = (params: PredictiveParams, x: Tensor): Tensor =>
    scope(() => feedForward(vertices, params, checkedData(vertices, params, x)).predictions[vertices.length - 1]);

  return {
    vertices,
    depth: vertices[0].level,
    init: (key, { dtype = "float32" } = {}) =>
      scope(() => {
        const named = vertices.filter(({ relay, name }) => !relay && name !== INPUT);
        return Object.fromEntries(
          named.map(({ name, projections, edges }, place) => {
            const keys = key.fold(place).split(edges.length);
            const params = projections.map((projection, i) =>
              projection.init(keys[i], vertices[edges[i].from].shape, dtype),
            );
            return [name, Object.fromEntries(edges.map(({ source }, i) => [source, params[i]]))];
          }),
        );
      }),
    apply,
    loss: (params, x, target) =>
      scope(() => {
        const prediction = apply(params, x);
        return lossFunction(prediction, checkedTarget(prediction, target));
      }),
    outputError: error,
  };
}

/** Values that are what is predicted, from the input to the output, with their activities. */
export function feedForward(
  vertices: readonly PredictiveVertex[],
  params: PredictiveParams,
  x: Tensor,
): { readonly predictions: Tensor[]; readonly activities: Tensor[] } {
  const [predictions, activities] = [[x], [x]];
  for (const vertex of vertices.slice(1)) {
    const value = predictionOf(params, vertex, (place) => activities[place]);
    predictions.push(value);
    activities.push(vertex.activation.apply(value));
  }
  return { predictions, activities };
}

/** The data, if they and the parameters fit the network. Throws a RangeError otherwise. */
export function checkedData(vertices: readonly PredictiveVertex[], params: PredictiveParams, x: Tensor): Tensor {
  const [{ shape }] = vertices;
  if (!sameShape(x.shape.slice(1), shape)) {
    throw new RangeError(
      `[predictiveNetwork] data of shape ${showShape(x.shape)} for a network of items ${showShape(shape)}. Pass ${showShape(["n", ...shape] as never)}.`,
    );
  }
  for (const { name, relay, edges } of vertices) {
    const missing = relay ? undefined : edges.find(({ source }) => params[name]?.[source] === undefined);
    if (missing === undefined) continue;
    throw new RangeError(
      `[predictiveNetwork] there are no parameters "${plain(`${name}.${missing.source}`)}". Pass what init gave, or a tree like it.`,
    );
  }
  return x;
}

/** The target, if it has the shape of the output. Throws a RangeError otherwise. */
export function checkedTarget(prediction: Tensor, target: Tensor): Tensor {
  if (sameShape(prediction.shape, target.shape)) return target;
  throw new RangeError(
    `[predictiveNetwork] targets of shape ${showShape(target.shape)} for an output of ${showShape(prediction.shape)}. ` +
      "Give them the same shape; oneHot makes such targets of labels.",
  );
}

/** What `predictiveChain` may be told. */
export interface ChainOptions extends FullyConnectedOptions {
  /** The activation function of all groups but the output; "tanh" by default. */
  readonly activation?: ActivationOption;
  /** As for `predictiveNetwork`. */
  readonly loss?: OutputLossName;
}

/**
 * A network of fully connected layers, one after the other: `predictiveChain([784, 512, 10])`. Its vertices are called
 * "layer1", "layer2", ..., and the last one "output".
 *
 * @param sizes the number of neurons of each layer, that of the input first.
 * @throws RangeError for fewer than two sizes, or such that are no whole numbers from 1 up.
 */
export function predictiveChain(
  sizes: readonly number[],
  { activation = "tanh", loss, ...options }: ChainOptions = {},
): PredictiveNetwork {
  if (!Array.isArray(sizes) || sizes.length < 2) {
    throw new RangeError(
      "[predictiveChain] `sizes` needs two numbers or more: the input's and the output's. Add some.",
    );
  }
  const last = sizes.length - 1;
  const nameOf = (i: number): string => (i === 0 ? INPUT : i === last ? "output" : `layer${i}`);
  const vertices = sizes
    .slice(1)
    .map((size, i): [string, VertexDescription] => [
      nameOf(i + 1),
      { from: { [nameOf(i)]: fullyConnected(size, options) }, ...(i + 1 < last && { activation }) },
    ]);
  return predictiveNetwork({ input: [sizes[0]], vertices: Object.fromEntries(vertices), ...(loss && { loss }) });
}
