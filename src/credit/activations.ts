// Activation functions of neurons: each gives a neuron's activity, and how an error that reaches the activity changes the
// value.
import { vjp } from "../autodiff/index.js";
import { quote, type Tensor } from "../core/index.js";
import { mul, relu, sigmoid, sign, square, sub, tanh } from "../ops/index.js";
import { tanhOp } from "../ops/internal.js";

/** An activation function, element by element. */
export interface Activation {
  /** The activity for values x. */
  apply(x: Tensor): Tensor;
  /** f'(x) ⊙ sent, where y = f(x). */
  pull(sent: Tensor, x: Tensor, y: Tensor): Tensor;
}

/** sent (1 - y²): in one pass, unless it is itself differentiated. */
function tanhPull(sent: Tensor, x: Tensor, y: Tensor): Tensor {
  const application = { inputs: [x], outputs: [y], attributes: undefined, needs: () => true };
  return tanhOp.vjp([sent], application, [])[0] as Tensor;
}

const known = {
  identity: { apply: (x) => x, pull: (sent) => sent },
  relu: { apply: relu, pull: (sent, _, y) => mul(sent, sign(y)) },
  sigmoid: { apply: sigmoid, pull: (sent, _, y) => mul(sent, sub(y, square(y))) },
  tanh: { apply: tanh, pull: tanhPull },
} satisfies Readonly<Record<string, Activation>>;

/** The names of activation functions. Any other function can be given itself. */
export type ActivationName = keyof typeof known;

/** A named activation function, or your own: differentiable and elementwise. */
export type ActivationOption = ActivationName | ((x: Tensor) => Tensor);

/** The record for a name or a function. Throws a RangeError for a name that does not exist. */
export function activationOf(op: string, given: ActivationOption = "identity"): Activation {
  if (typeof given === "function") {
    return {
      apply: given,
      pull: (sent, x) => {
        const { pullback } = vjp(given, x);
        try {
          return pullback(sent);
        } finally {
          pullback.dispose();
        }
      },
    };
  }
  if (Object.hasOwn(known, given)) return known[given];
  throw new RangeError(
    `[${op}] there is no \`activation\` ${quote(given)}. Use ${Object.keys(known).join(", ")}, or a function of a tensor.`,
  );
}
