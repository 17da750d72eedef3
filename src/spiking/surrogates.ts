// Spikes: 1 above the threshold and 0 below. Such a step has no useful derivative, so that of a smooth curve is used in its
// place (Neftci, Mostafa and Zenke 2019, "Surrogate gradient learning in spiking neural networks").
import { customGrad } from "../autodiff/index.js";
import { quote, type Tensor } from "../core/index.js";
import { abs, add, div, greater, less, mul, neg, type Operand, reciprocal, sigmoid, square } from "../ops/index.js";

/** 1 - x, which for spikes is 1 where there was none. */
export const oneMinus = (x: Tensor): Tensor => add(neg(x), 1);

/** The curves by name; see `Surrogate`. */
const curves = {
  rectangular: { size: 0.5, gradient: (x: Tensor, width: number) => mul(less(abs(x), width), 1 / (2 * width)) },
  fastSigmoid: { size: 25, gradient: (x: Tensor, slope: number) => reciprocal(square(add(mul(abs(x), slope), 1))) },
  arctan: {
    size: 2,
    gradient: (x: Tensor, slope: number) => mul(reciprocal(add(square(mul(x, (Math.PI / 2) * slope)), 1)), slope / 2),
  },
  sigmoid: {
    size: 4,
    gradient: (x: Tensor, slope: number) => mul(slopeOf(mul(x, slope)), slope),
  },
} as const;

/** The name of a curve whose derivative is used in place of that of the step. */
export type SurrogateKind = keyof typeof curves | "smooth";

/**
 * The curve that is used in place of the derivative of a spike, at x above the threshold:
 *
 * - "rectangular": 1 / (2 `size`) where |x| < `size`, else 0; size 0.5 by default (Wu et al. 2018, equation 27);
 * - "fastSigmoid" (the default): 1 / (1 + `size` |x|)^2; size 25 by default (Zenke and Ganguli 2018);
 * - "arctan": (`size` / 2) / (1 + (pi / 2 `size` x)^2); size 2 by default (Fang et al. 2021);
 * - "sigmoid": the derivative of sigmoid(`size` x); size 4 by default;
 * - "smooth": sigmoid(`size` x) replaces the step itself, so that finite differences agree with derivatives, for checks of
 *   gradients; size 4 by default.
 */
export interface Surrogate {
  /** The name of the curve. */
  readonly kind: SurrogateKind;
  /** Its width or steepness: above 0. */
  readonly size?: number;
}

/** A function from potentials minus their thresholds to spikes, element by element. */
export type Spike = (above: Tensor) => Tensor;

/**
 * The function that is 1 where its argument is above 0, else 0, with the derivative of a surrogate. It works in reverse and
 * forward mode, and for derivatives of any order.
 *
 * ```ts
 * const spike = spikeFunction({ kind: "arctan", size: 3 });
 * const slopes = grad((v: Tensor) => spike(v).sum())(tensor([-0.1, 0.2]));
 * ```
 *
 * @throws RangeError for a curve that does not exist and a size that is not above 0.
 */
export function spikeFunction(surrogate: SurrogateKind | Surrogate = "fastSigmoid"): Spike {
  const { kind, size } =
    typeof surrogate === "object" && surrogate !== null ? surrogate : { kind: surrogate, size: undefined };
  if (size !== undefined && !(Number.isFinite(size) && size > 0)) {
    throw new RangeError(
      `[spikeFunction] the \`size\` of the surrogate is ${quote(size)}. Give a finite number above 0.`,
    );
  }
  if (kind === "smooth") return (above) => sigmoid(mul(above, size ?? 4));
  if (!Object.hasOwn(curves, kind)) {
    throw new RangeError(
      `[spikeFunction] there is no surrogate ${quote(kind)}. Use ${[...Object.keys(curves), "smooth"].join(", ")}.`,
    );
  }
  const curve = curves[kind];
  const derivative = (above: Tensor): Tensor => curve.gradient(above, size ?? curve.size);
  return customGrad({
    name: "spike",
    forward: (above: Tensor) => [greater(above, 0), above] as const,
    backward: (above: Tensor, cotangent: Tensor) => [mul(cotangent, derivative(above))] as const,
    forwardMode: (above: Tensor, [tangent]: readonly [Tensor]) => mul(tangent, derivative(above)),
  });
}

/**
 * 1 with the probability sigmoid(above), as uniform draws from 0 to 1 decide, with the derivative of this probability. `above` is
 * the distance from the threshold in units of the temperature, so the derivative by the temperature follows.
 */
const chanceSpike = customGrad({
  name: "chanceSpike",
  forward: (above: Tensor, draws: Tensor) => [greater(sigmoid(above), draws), above] as const,
  backward: (above: Tensor, cotangent: Tensor) => [mul(cotangent, slopeOf(above)), mul(cotangent, 0)] as const,
  forwardMode: (above: Tensor, [tangent]: readonly [Tensor, Tensor]) => mul(tangent, slopeOf(above)),
});

/** The derivative of the sigmoid. */
function slopeOf(x: Tensor): Tensor {
  const p = sigmoid(x);
  return mul(p, oneMinus(p));
}

/** Whether neurons spike, from their potentials above the threshold; by chance if there is a temperature, by draws then. */
export type Spiking = (above: Tensor, temperature: Operand | undefined, draws: Tensor | undefined) => Tensor;

/** The function that says whether neurons spike, for a surrogate that is used where there is no temperature. */
export function spikesBy(op: string, surrogate: SurrogateKind | Surrogate | undefined): Spiking {
  const spike = spikeFunction(surrogate);
  return (above, temperature, draws) => {
    if (temperature === undefined) return spike(above);
    if (draws) return chanceSpike(div(above, temperature), draws);
    throw new TypeError(
      `[${op}] neurons with a \`temperature\` need draws. Give \`runNeurons\` a key, or \`step\` draws.`,
    );
  };
}
