// Forward mode: tangents are carried along with the network, so that no step is stored, however long the lifetime is. One
// lifetime for each number of the rule gives the exact gradient. A few random directions give an estimate without bias, the
// forward gradient (Baydin, Pearlmutter, Syme, Wood and Torr 2022, "Gradients without backpropagation").
import { jvp } from "../../autodiff/index.js";
import { type FloatName, fromNumbers, type Key, leavesOf, scope, type Tensor, withLeaves } from "../../core/index.js";
import { random } from "../../ops/index.js";
import type { Rule } from "../../plasticity/index.js";
import { type Estimate, type Estimator, type MetaLoss, metaLoss } from "./estimator.js";

/** Settings of forward mode. */
export interface ForwardSettings {
  /** How many random directions, or "all" for each number of the rule in turn. */
  readonly directions: "all" | number;
}

/** The loss at the rule, and how fast it changes along a direction, which is given as one tensor for each leaf. */
function along(of: MetaLoss, direction: (leaf: Tensor, place: number) => Tensor) {
  return scope(() => {
    const meta = metaLoss(of, 0);
    const leaves = leavesOf("forward", of.rule).map(({ tensor }) => tensor);
    const { value, tangent } = jvp<Rule, Tensor>(meta.loss, of.rule, withLeaves(of.rule, leaves.map(direction)));
    return { value: value.item(), slope: tangent.item(), accuracy: meta.accuracy() };
  });
}

/** The direction in which one number of one leaf grows. */
const unit = (at: number, place: number) => (leaf: Tensor, other: number) =>
  fromNumbers(
    Array.from({ length: leaf.size }, (_, i) => Number(other === place && i === at)),
    leaf.shape,
    leaf.dtype,
  );

/** A direction of standard normal numbers. */
const drawn = (key: Key) => (leaf: Tensor, place: number) =>
  random.normal(key.fold(place), leaf.shape, { dtype: leaf.dtype as FloatName });

/** See the head of this file. */
export const forward: Estimator<ForwardSettings> = {
  summary: "forward mode: exact, a lifetime for each number; or :N random directions",
  argument: "directions",
  estimate({ directions }, of): Estimate {
    const leaves = leavesOf("forward", of.rule).map(({ tensor }) => tensor);
    // In float64, and rounded once, as meta-gradients are everywhere.
    const sums = leaves.map(({ size }) => new Float64Array(size));
    let found = { value: Number.NaN, slope: 0, accuracy: 0 };
    const each = (direction: (leaf: Tensor, place: number) => Tensor, share: number): void => {
      found = along(of, direction);
      scope(() =>
        leaves.forEach((leaf, place) => {
          const numbers = direction(leaf, place).data();
          for (let i = 0; i < leaf.size; i++) sums[place][i] += found.slope * numbers[i] * share;
        }),
      );
    };
    if (directions === "all") {
      leaves.forEach(({ size }, place) => {
        for (let at = 0; at < size; at++) each(unit(at, place), 1);
      });
    } else {
      for (let draw = 0; draw < directions; draw++) each(drawn(of.key.fold(draw)), 1 / directions);
    }
    const tensors = leaves.map(({ shape, dtype }, place) => fromNumbers(sums[place], shape, dtype));
    return {
      ...{ value: fromNumbers([found.value], [], leaves[0].dtype), accuracy: found.accuracy },
      grad: withLeaves(of.rule, tensors),
    };
  },
};
