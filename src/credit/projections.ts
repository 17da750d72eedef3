// Projections: the synapses from one group of neurons to another. They predict, send errors back, and find their credit.
// Each of these gets only what the two groups know at that moment, which is what makes learning local.
import { vjp } from "../autodiff/index.js";
import {
  checkKind,
  checkOptions,
  type DType,
  type Key,
  quote,
  type Shape,
  sameShape,
  scope,
  showShape,
  type Tensor,
} from "../core/index.js";
import { type Initialiser, type InitialiserKind, initialise } from "../nn/index.js";
import { add, cast, matmul, sum, zeros } from "../ops/index.js";

/** The parameters of a projection by name. */
export type ProjectionParams = Readonly<Record<string, Tensor>>;

/**
 * The synapses from one group of neurons (a) to another (b). `activity` is that of a, [n, ...shape of a]; `error` is that
 * of b, value minus prediction, [n, ...shape of b]. Make one with `fullyConnected`, `skip` or `projection`.
 */
export interface Projection {
  /** The shape of an item of b, for the shape of an item of a. */
  shape(from: Shape): Shape;
  /** First parameters. */
  init(key: Key, from: Shape, dtype: DType): ProjectionParams;
  /** The prediction of b. If several projections predict b, their predictions are added. */
  predict(params: ProjectionParams, activity: Tensor): Tensor;
  /** The errors of b, sent back to the activities of a: the transposed derivative of the prediction times the error. */
  send(params: ProjectionParams, activity: Tensor, error: Tensor): Tensor;
  /** The credit of the parameters: the gradient of ½ error² for this activity and this error, summed over the batch. */
  credit(params: ProjectionParams, activity: Tensor, error: Tensor): ProjectionParams;
}

/** Options of `fullyConnected`. */
export interface FullyConnectedOptions {
  /** Whether a bias is added; true by default. */
  readonly bias?: boolean;
  /** How the weights are initialised; "xavierUniform" by default. The bias begins at 0. */
  readonly init?: InitialiserKind | Initialiser;
}

/**
 * A synapse from each neuron of one group to each of `units`: prediction a W + b, with `weight` (n_in, units) and `bias`
 * (units). Its credit is -aᵀ ε: a Hebbian product of the activity on one side and the error on the other.
 *
 * ```ts
 * const from = { input: fullyConnected(32, { bias: false, init: "heNormal" }) };
 * ```
 *
 * @throws RangeError if `units` is not a whole number from 1 up, and when the network is made if items of the source are not
 * vectors.
 */
export function fullyConnected(units: number, given: FullyConnectedOptions = {}): Projection {
  checkOptions("fullyConnected", given, ["bias", "init"]);
  const { bias = true, init = "xavierUniform" } = given;
  if (!(Number.isSafeInteger(units) && units >= 1)) {
    throw new RangeError(`[fullyConnected] \`units\` is ${quote(units)}. Make it a whole number from 1 up.`);
  }
  return {
    shape: (from) => {
      if (from.length === 1) return [units];
      throw new RangeError(
        `[fullyConnected] items have shape ${showShape(from)}, but vectors are needed. Use projection() with a reshape first.`,
      );
    },
    init: (key, [inputs], dtype) =>
      scope(() => {
        const weight = cast(initialise(init, key, [inputs, units], { fanIn: inputs, fanOut: units }), dtype);
        return bias ? { weight, bias: zeros([units], { dtype }) } : { weight };
      }),
    predict: ({ weight, bias: b }, activity) => {
      const product = matmul(activity, weight);
      return b ? add(product, b) : product;
    },
    send: ({ weight }, _, error) => matmul(error, weight, { b: true }),
    credit: (_, activity, error) => {
      const down = error.neg();
      const weight = matmul(activity, down, { a: true });
      return bias ? { weight, bias: sum(down, 0) } : { weight };
    },
  };
}

/**
 * A projection that passes activities on unchanged, as in residual networks. It has no parameters.
 *
 * ```ts
 * const from = { second: fullyConnected(8), input: skip() }; // a residual connection
 * ```
 */
export const skip = (): Projection => ({
  shape: (from) => from,
  init: () => ({}),
  predict: (_, activity) => activity,
  send: (_params, _activity, error) => error,
  credit: () => ({}),
});

/** Options of `projection`. */
export interface ProjectionOptions {
  /** First parameters, for the shape of an item of the source; none by default. */
  init?(key: Key, from: Shape, dtype: DType): ProjectionParams;
  /** The shape of an item of the result; by default that of an item of the source. */
  shape?(from: Shape): Shape;
}

/**
 * A projection of your own: any differentiable function of its parameters and an activity [n, ...], such as a convolution.
 * How it sends errors and finds credit follows from the derivatives of this function, so it is as local as the others.
 *
 * ```ts
 * const filters = projection(({ w }, a) => conv2d(a, w), {
 *   init: (key) => ({ w: random.normal(key, [3, 3, 1, 8], { std: 0.3 }) }),
 *   shape: ([height, width]) => [height - 2, width - 2, 8],
 * });
 * ```
 *
 * @param predict the prediction [n, ...], with an axis for the items of the batch first.
 * @throws RangeError when it runs if `shape` does not match the prediction.
 */
export function projection(
  predict: (params: ProjectionParams, activity: Tensor) => Tensor,
  given: ProjectionOptions = {},
): Projection {
  checkKind("projection", "`predict`", predict, "a function");
  checkOptions("projection", given, ["init", "shape"]);
  const { init = () => ({}), shape = (from) => from } = given;
  /** The transposed derivative of `f` at `at`, applied to `error`. */
  const back = <T extends Tensor | ProjectionParams>(f: (x: T) => Tensor, at: T, error: Tensor): T => {
    const { value, pullback } = vjp(f as never, at as never) as unknown as {
      value: Tensor;
      pullback: ((cotangent: Tensor) => T) & { dispose(): void };
    };
    try {
      if (sameShape(value.shape, error.shape)) return pullback(error);
    } finally {
      pullback.dispose();
    }
    throw new RangeError(
      `[projection] the prediction has shape ${showShape(value.shape)}, but its error has ${showShape(error.shape)}. Make \`shape\` return the shape of the prediction.`,
    );
  };
  return {
    shape,
    init,
    predict,
    send: (params, activity, error) => back((a: Tensor) => predict(params, a), activity, error),
    credit: (params, activity, error) =>
      Object.keys(params).length === 0 ? {} : back((p: ProjectionParams) => predict(p, activity), params, error.neg()),
  };
}
