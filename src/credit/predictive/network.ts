// A network for predictive coding: groups of neurons that predict each other, on any graph without cycles. It is also an
// ordinary differentiable function, with whose gradient the algorithms are compared.
import {
  checkKind,
  checkMade,
  checkShape,
  type DType,
  type Key,
  quote,
  type Shape,
  sameShape,
  scope,
  showShape,
  type Tensor,
} from "../../core/index.js";
import { add } from "../../ops/index.js";
import { type Activation, type ActivationOption, activationOf } from "../activations.js";
import { type CreditParams, chainOf, checkedData, checkedTarget, checkParams, drawnParams, INPUT } from "../checks.js";
import { lossOf, type OutputLossName } from "../output.js";
import {
  type FullyConnectedOptions,
  fullyConnected,
  type Projection,
  type ProjectionParams,
  skip,
} from "../projections.js";
import { type LevelledVertex, levelled } from "./levels.js";

/** A group of neurons. */
export interface VertexDescription {
  /** The projections that predict it, by the names of the vertices that they come from; "input" is the data. */
  readonly from: Readonly<Record<string, Projection>>;
  /** The function from its values to its activities; "identity" by default, which the output must have. */
  readonly activation?: ActivationOption;
}

/** The description of a network, for `predictiveNetwork`. */
export interface PredictiveDescription {
  /** The shape of one item of the data. */
  readonly input: Shape;
  /** The groups of neurons by name, in any order. The group that predicts no other is the output. */
  readonly vertices: Readonly<Record<string, VertexDescription>>;
  /**
   * The loss: "squared" (the default) is ½ ‖target - output‖², "crossEntropy" the cross-entropy of the output's
   * softmax.
   */
  readonly loss?: OutputLossName;
  /**
   * Whether long edges get a relay on each level in between; true by default. Without relays, results differ from the
   * gradient.
   */
  readonly levelled?: boolean;
}

/** A vertex of a network. */
export interface PredictiveVertex extends LevelledVertex {
  /** The shape of one item. */
  readonly shape: Shape;
  /** The function from its values to its activities. */
  readonly activation: Activation;
  /** Its projections, in the order of its edges. */
  readonly projections: readonly Projection[];
}

/** A network: its graph in levels, and functions of its parameters. */
export interface PredictiveNetwork {
  /** The vertices, relays included, each after those that predict it: the input first and the output last. */
  readonly vertices: readonly PredictiveVertex[];
  /**
   * How many ticks an error needs from the output to the last projection, including the tick of the projection itself.
   */
  readonly depth: number;
  /** First parameters; float32 by default. */
  init(key: Key, options?: { readonly dtype?: DType }): CreditParams;
  /** The output [n, ...] for data [n, ...input]; differentiable. */
  apply(params: CreditParams, x: Tensor): Tensor;
  /** The loss for data and targets of the shape of the output, summed over the batch: shape []; differentiable. */
  loss(params: CreditParams, x: Tensor, target: Tensor): Tensor;
  /** The errors of the output neurons: minus the derivative of the loss with respect to the output. */
  outputError(prediction: Tensor, target: Tensor): Tensor;
}

/** The parameters of projection `i` of a vertex; relays have none. */
export const paramsOf = (
  params: CreditParams,
  { name, relay, edges }: PredictiveVertex,
  i: number,
): ProjectionParams => (relay ? {} : params[name][edges[i].source]);

/** The prediction of a vertex, from the activities of the vertices before it. */
export function predictionOf(
  params: CreditParams,
  vertex: PredictiveVertex,
  activityOf: (place: number) => Tensor,
): Tensor {
  const parts = vertex.projections.map((projection, i) =>
    projection.predict(paramsOf(params, vertex, i), activityOf(vertex.edges[i].from)),
  );
  return parts.reduce((sum, part) => add(sum, part));
}

/** The name of the function in messages. */
export const OP = "predictiveNetwork";

/**
 * Makes a network for predictive coding.
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
 * function, and names that do not exist. Each names the vertex in question.
 */
export function predictiveNetwork(description: PredictiveDescription): PredictiveNetwork {
  checkMade(OP, "what it is given", description, ["input", "vertices"], "Give { input, vertices }.");
  checkKind(OP, "`vertices`", description.vertices, "an object");
  const op = OP;
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
      `[${op}] the output ${quote(output.name)} has an \`activation\`, but its values are compared with the targets directly. Remove it.`,
    );
  }

  const apply = (params: CreditParams, x: Tensor): Tensor =>
    scope(() => feedForward(vertices, params, x).predictions[vertices.length - 1]);

  return {
    vertices,
    depth: vertices[0].level,
    init: (key, { dtype = "float32" } = {}) =>
      scope(() => {
        const named = vertices.filter(({ relay, name }) => !relay && name !== INPUT);
        const drawn = named.map(({ name, projections, edges }) => ({
          name,
          edges: edges.map(({ from, source }, i) => ({
            ...{ source, projection: projections[i], shape: vertices[from].shape },
          })),
        }));
        return drawnParams(key, drawn, dtype);
      }),
    apply,
    loss: (params, x, target) =>
      scope(() => {
        const prediction = apply(params, x);
        return lossFunction(prediction, checkedTarget(op, prediction, target));
      }),
    outputError: error,
  };
}

/** The values that a forward pass predicts, from the input to the output, with their activities. */
export function feedForward(
  vertices: readonly PredictiveVertex[],
  params: CreditParams,
  x: Tensor,
): { readonly predictions: Tensor[]; readonly activities: Tensor[] } {
  checkParams(
    OP,
    params,
    vertices.filter(({ relay }) => !relay),
  );
  checkedData(OP, vertices[0].shape, x);
  const [predictions, activities] = [[x], [x]];
  for (const vertex of vertices.slice(1)) {
    const value = predictionOf(params, vertex, (place) => activities[place]);
    predictions.push(value);
    activities.push(vertex.activation.apply(value));
  }
  return { predictions, activities };
}

/** Options of `predictiveChain`. */
export interface ChainOptions extends FullyConnectedOptions {
  /** The activation function of all groups except the output; "tanh" by default. */
  readonly activation?: ActivationOption;
  /** As for `predictiveNetwork`; "squared" by default. */
  readonly loss?: OutputLossName;
}

/**
 * A network of fully connected layers, one after the other: `predictiveChain([784, 512, 10])`. Its vertices are called
 * "layer1", "layer2", ..., and the last one "output".
 *
 * ```ts
 * const net = predictiveChain([784, 512, 10], { activation: "relu", loss: "crossEntropy" });
 * ```
 *
 * @param sizes the number of neurons of each layer, that of the input first.
 * @throws RangeError for fewer than two sizes, or sizes that are not whole numbers from 1 up.
 */
export function predictiveChain(sizes: readonly number[], given: ChainOptions = {}): PredictiveNetwork {
  checkKind("predictiveChain", "its last argument", given, "an object");
  const { activation = "tanh", loss, ...options } = given;
  const vertices = chainOf("predictiveChain", sizes).map(
    ({ name, source, size, isLast }): [string, VertexDescription] => [
      name,
      { from: { [source]: fullyConnected(size, options) }, ...(!isLast && { activation }) },
    ],
  );
  return predictiveNetwork({ input: [sizes[0]], vertices: Object.fromEntries(vertices), ...(loss && { loss }) });
}
