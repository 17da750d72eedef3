// Convolutional networks that settle (Ernoult et al. 2020): between groups there is a convolution and a pooling, in both
// directions, since the way back is the derivative of the same Φ.
import { checkOptions, quote, type Shape, scope, sizeOf, type Tensor } from "../../core/index.js";
import { add, clip, conv2d, matmul, maxPool, mul, reshape, sum, zeros } from "../../ops/index.js";
import type { ActivationOption } from "../activations.js";
import { checkCount } from "../checks.js";
import { type DrawnModel, drawnLayer, type SymmetricLayer } from "./layered.js";
import { equilibriumModel } from "./model.js";

/** The parameters of a convolutional network that settles. */
export interface ConvolutionalParams {
  /** Each convolution, the first one first: `weight` (kernel, kernel, channels before, channels) and `bias` (channels). */
  readonly filters: readonly SymmetricLayer[];
  /** From the last maps, flattened, to the output. */
  readonly output: SymmetricLayer;
}

/** What `convolutionalModel` makes a model from. */
export interface ConvolutionalDescription {
  /** The shape of an image: [height, width, channels]. */
  readonly input: readonly [height: number, width: number, channels: number];
  /** The channels of each group of maps, the first one first. */
  readonly channels: readonly number[];
  /** Numbers of the output. */
  readonly outputs: number;
  /** The side of the filters; 5 by default. Edges are padded, so that convolutions keep the size. */
  readonly kernel?: number;
  /** The side of the squares that are pooled; 2 by default. */
  readonly pool?: number;
  /** What makes states of drives; by default they are cut off at 0 and 1. */
  readonly activation?: ActivationOption;
}

/** A convolutional network that settles, with parameters to start from. */
export type ConvolutionalModel = DrawnModel<ConvolutionalParams>;

/**
 * A prototypical model of images: Φ is the sum over groups of the states of a group times the pooled convolution of those
 * before, and for the output the same with a product. States become ρ(∂Φ/∂s), so what comes down goes through the places that won
 * the pooling, and the transposed filters, without either being written. The credit comes to the gradient as β goes to 0 only with
 * the activation "identity"; with others it is near it, as in the prototypical model.
 *
 * ```ts
 * const model = convolutionalModel({ input: [28, 28, 1], channels: [32, 64], outputs: 10 });
 * const { credit } = equilibriumPropagation(model, params, images, targets, { free: 200, nudged: 10, beta: 0.4 });
 * ```
 *
 * @throws RangeError for numbers that are not whole and from 1 up, no channels, and images that are pooled to nothing.
 */
export function convolutionalModel(given: ConvolutionalDescription): ConvolutionalModel {
  checkOptions("convolutionalModel", given, ["input", "channels", "outputs", "kernel", "pool", "activation"]);
  const { input, channels, outputs, kernel = 5, pool = 2, activation = (x) => clip(x, 0, 1) } = given;
  const op = "convolutionalModel";
  for (const [name, list] of Object.entries({ input, channels })) {
    if (Array.isArray(list) && list.length > 0 && list.every((size) => Number.isSafeInteger(size) && size >= 1))
      continue;
    throw new RangeError(`[${op}] \`${name}\` is ${quote(list)}. Give a list of whole numbers from 1 up.`);
  }
  if (input.length !== 3) throw new RangeError(`[${op}] \`input\` is ${quote(input)}. Give [height, width, channels].`);
  for (const [name, value] of Object.entries({ outputs, kernel, pool })) checkCount(op, name, value);
  /** The shapes of the maps of each group, the image's first. */
  const shapes: Shape[] = [input];
  for (const count of channels) {
    const [height, width] = shapes[shapes.length - 1];
    shapes.push([Math.floor(height / pool), Math.floor(width / pool), count]);
  }
  const last = shapes[shapes.length - 1];
  if (sizeOf(last) === 0) {
    throw new RangeError(
      `[${op}] ${channels.length} poolings by ${pool} leave nothing of ${input[0]} by ${input[1]}. Use fewer \`channels\`, or a smaller \`pool\`.`,
    );
  }
  const seen = (maps: Tensor, { weight, bias }: SymmetricLayer): Tensor =>
    maxPool(add(conv2d(maps, weight, { padding: "same" }), bias), pool);
  const model = equilibriumModel<ConvolutionalParams>({
    phi: ({ filters, output }, x, states) => {
      const maps = filters.map((layer, i) => sum(mul(seen(i === 0 ? x : states[i - 1], layer), states[i])));
      const flat = reshape(states[filters.length - 1], [x.shape[0], sizeOf(last)]);
      const read = add(matmul(flat, output.weight), output.bias);
      return maps.reduce((total, part) => add(total, part), sum(mul(read, states[filters.length])));
    },
    rest: (_, x) => [...shapes.slice(1), [outputs]].map((shape) => zeros([x.shape[0], ...shape], { dtype: x.dtype })),
    squash: activation,
  });
  return {
    ...model,
    init: (key, { dtype = "float32" } = {}) =>
      scope(() => ({
        filters: channels.map((count, i) => {
          const before = shapes[i][2];
          return drawnLayer(key.fold(i), [kernel, kernel, before, count], kernel * kernel * before, dtype);
        }),
        output: drawnLayer(key.fold(channels.length), [sizeOf(last), outputs], sizeOf(last), dtype),
      })),
  };
}
