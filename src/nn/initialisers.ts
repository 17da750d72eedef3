// The distributions from which first weights are drawn. An initialiser is plain data, so that the description of a network
// can be saved, and so that a weight that is replaced later can be drawn from its first distribution.

import type { Key, Shape, Tensor } from "../core/index.js";
import { checkKind, quote } from "../core/index.js";
import { mul, type OfType, random, zeros } from "../ops/index.js";

/** The names of the distributions; see `initialise`. */
export type InitialiserKind =
  | "xavierUniform"
  | "xavierNormal"
  | "heUniform"
  | "heNormal"
  | "orthogonal"
  | "normal"
  | "zeros";

/** A distribution of weights, as plain data. */
export interface Initialiser {
  /** The name of the distribution. */
  readonly kind: InitialiserKind;
  /** The factor on the draws; 1 by default. */
  readonly gain?: number;
}

/** How many inputs a unit has, and how many units an input reaches. */
export interface Fans {
  /** Inputs of a unit: n_in of a dense layer, height * width * channels of a convolution. */
  readonly fanIn: number;
  /** Units that an input reaches: n_out of a dense layer, height * width * outputs of a convolution. */
  readonly fanOut: number;
}

type Draw = (key: Key, shape: Shape, fans: Fans, options: OfType) => Tensor;

const uniform =
  (variance: (fans: Fans) => number): Draw =>
  (key, shape, fans, options) => {
    const high = Math.sqrt(3 * variance(fans));
    return random.uniform(key, shape, { low: -high, high, ...options });
  };
const normal =
  (variance: (fans: Fans) => number): Draw =>
  (key, shape, fans, options) =>
    random.normal(key, shape, { std: Math.sqrt(variance(fans)), ...options });
const xavier = ({ fanIn, fanOut }: Fans): number => 2 / (fanIn + fanOut);
const he = ({ fanIn }: Fans): number => 2 / fanIn;

const draws: Readonly<Record<InitialiserKind, Draw>> = {
  xavierUniform: uniform(xavier),
  xavierNormal: normal(xavier),
  heUniform: uniform(he),
  heNormal: normal(he),
  orthogonal: (key, shape, _, options) => random.orthogonal(key, shape, options),
  normal: normal(() => 1),
  zeros: (_key, shape, _fans, options) => zeros(shape, options),
};

/** The initialiser, given by name or as data, after a check; `fallback` if none is given. */
export function initialiserOf(
  op: string,
  given: InitialiserKind | Initialiser | undefined,
  fallback: InitialiserKind,
): Initialiser {
  if (given === null) checkKind(op, "the initialiser", given, "an object");
  const initialiser = typeof given === "object" ? given : { kind: given ?? fallback };
  if (!Object.hasOwn(draws, initialiser.kind)) {
    throw new RangeError(
      `[${op}] there is no initialiser ${quote(initialiser.kind)}. Use ${Object.keys(draws).join(", ")}.`,
    );
  }
  if (initialiser.gain !== undefined && !Number.isFinite(initialiser.gain)) {
    throw new RangeError(
      `[${op}] the \`gain\` of the initialiser is ${quote(initialiser.gain)}. Give a finite number.`,
    );
  }
  return initialiser;
}

/**
 * Weights drawn from `initialiser`, times its gain, of the type in `options` (float32 by default). All are symmetric
 * about 0:
 *
 * - "xavierUniform", "xavierNormal": variance 2 / (fanIn + fanOut) (Glorot and Bengio 2010, equation 16);
 * - "heUniform", "heNormal": variance 2 / fanIn, for rectified units (He et al. 2015, equation 10);
 * - "orthogonal": the weights are seen as a matrix with the last axis as its columns and all others as its rows. Its rows,
 *   or if there are more rows than columns its columns, are orthonormal, and all such matrices are equally likely (Saxe,
 *   McClelland and Ganguli 2014);
 * - "normal": variance 1, for your own gain;
 * - "zeros".
 *
 * @throws RangeError for a name that does not exist, and a gain that is not finite.
 * @example initialise("xavierUniform", Key.of(0), [784, 10], { fanIn: 784, fanOut: 10 }) // (784, 10)
 */
export function initialise(
  initialiser: InitialiserKind | Initialiser,
  key: Key,
  shape: Shape,
  fans: Fans,
  { dtype = "float32" }: OfType = {},
): Tensor {
  const { kind, gain = 1 } = initialiserOf("initialise", initialiser, "zeros");
  const drawn = draws[kind](key, shape, fans, { dtype });
  return gain === 1 ? drawn : mul(drawn, gain);
}
