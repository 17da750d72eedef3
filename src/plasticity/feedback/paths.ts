// How errors travel back, from the error of the output e_L to that of every layer's input.
//
//   fixed      e_{l-1} = B_l' e_l             Lillicrap et al. 2016, Nature Communications 7:13276 (feedback alignment)
//   symmetric  e_{l-1} = W_l' e_l             backpropagation; no derivative passes through this use of W
//   direct     e_{l-1} = B_l' e_L             Nokland 2016, NeurIPS 29 (direct feedback alignment)
//   sign       e_{l-1} = (sign W_l * |B_l|)' e_l   Liao, Leibo and Poggio 2016, AAAI: the signs are the weights', the
//                                             magnitudes fixed and random
//   plastic    e_{l-1} = B_l' e_l, and B_l changes by its own rule
//
// each times the gate of the layer's units. A plastic B_l consists of synapses like those of any layer: its signals are
// those of W_l, except that B_l takes the place of W, and the errors of a step travel through B as it was before that
// step. The rules that can be expressed in this way include
//
//   Kolen and Pollack 1994 (Akrout et al. 2019, NeurIPS 32)   linear; motifs 0 and 3 in both rules, with the same
//       coefficients: then B - W shrinks by (1 - decay) a step, whatever is learned;
//   weight mirror (Akrout et al. 2019)   linear; motifs "hebb" and 3, on inputs that are noise: B grows towards W.
import { stop } from "../../autodiff/index.js";
import type { Tensor } from "../../core/index.js";
import { abs, matvec, mul, sign } from "../../ops/index.js";

/** A path that errors can take. */
interface FeedbackPath {
  /** Whether errors travel only through the weights, so that B is not read. */
  readonly usesWeights: boolean;
  /** Whether errors travel through the weights in any way. */
  readonly readsWeights: boolean;
  /** Whether B changes by its own rule. */
  readonly plastic: boolean;
  /** Rows of each layer's B; it has as many columns as the layer has inputs. */
  rows(sizes: readonly number[]): readonly number[];
  /** The error that arrives at the inputs of `layer`, before their gate. `e` holds those of all later layers. */
  send(layer: number, e: readonly Tensor[], weights: readonly Tensor[], feedback: readonly Tensor[]): Tensor;
}

const fixed: FeedbackPath = {
  usesWeights: false,
  readsWeights: false,
  plastic: false,
  rows: (sizes) => sizes.slice(1),
  send: (layer, e, _, feedback) => matvec(feedback[layer], e[layer + 1], true),
};

/** Every path that errors can take. */
export const feedbackPaths = {
  fixed,
  symmetric: {
    ...fixed,
    usesWeights: true,
    readsWeights: true,
    send: (layer, e, weights) => matvec(stop(weights[layer]), e[layer + 1], true),
  },
  direct: {
    ...fixed,
    rows: (sizes) => sizes.slice(1).map(() => sizes[sizes.length - 1]),
    send: (layer, e, _, feedback) => matvec(feedback[layer], e[e.length - 1], true),
  },
  sign: {
    ...fixed,
    readsWeights: true,
    send: (layer, e, weights, feedback) =>
      matvec(mul(sign(stop(weights[layer])), abs(feedback[layer])), e[layer + 1], true),
  },
  plastic: { ...fixed, plastic: true },
} satisfies Readonly<Record<string, FeedbackPath>>;

/**
 * How errors travel back; the equations are at the head of this file.
 * - "fixed": layer by layer through fixed random weights (feedback alignment);
 * - "symmetric": through the weights themselves (backpropagation);
 * - "direct": from the output to every layer through fixed random weights (direct feedback alignment);
 * - "sign": through random magnitudes with the signs of the weights (sign-symmetric feedback);
 * - "plastic": through weights that begin random and change by their own rule.
 */
export type Feedback = keyof typeof feedbackPaths;

/** The path of this name. */
export const feedbackPath = (name: Feedback): FeedbackPath => feedbackPaths[name];

/** The names of all paths. */
export const feedbackNames = Object.keys(feedbackPaths) as readonly Feedback[];
