// SGD, AdamW and RMSprop against their formulas in float64 and plain loops, for any options and gradients.
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { scope, type Tensor, tensor } from "../../src/index.js";
import {
  type AdamState,
  adamW,
  type Optimizer,
  type RmspropState,
  rmsprop,
  type SgdState,
  sgd,
} from "../../src/optim/index.js";
import { runs } from "../laws/settings.js";

const decimals = (min: number, max: number) => fc.integer({ min: 0, max: 64 }).map((i) => min + ((max - min) * i) / 64);
const momentum = fc.oneof(fc.constant(0), decimals(0.1, 0.95));
const weightDecay = fc.oneof(fc.constant(0), decimals(0.01, 0.5));
/** Of a size at which no square vanishes in float32. */
const gradients = fc.array(
  fc.oneof(fc.constant(0), decimals(0.01, 3), decimals(-3, -0.01)).map((g) => Math.fround(g)),
  { minLength: 1, maxLength: 12 },
);
const start = decimals(-2, 2);

/** Where the optimizer leads. */
function led<S>(optimizer: Optimizer<Tensor, S>, from: number, list: readonly number[]): number {
  let params = tensor(from);
  let state = optimizer.init(params);
  for (const g of list) ({ params, state } = optimizer.step(params, tensor(g), state));
  return params.item();
}

const expectNear = (got: number, wanted: number): void =>
  expect(Math.abs(got - wanted)).toBeLessThan(1e-5 * Math.max(1, Math.abs(wanted)));

describe("in float64", () => {
  it("sgd follows its formula", () => {
    fc.assert(
      fc.property(start, gradients, momentum, weightDecay, fc.boolean(), (from, list, momentum, weightDecay, ahead) =>
        scope(() => {
          const nesterov = ahead && momentum > 0;
          let [p, u] = [from, 0];
          for (const gradient of list) {
            const g = gradient + weightDecay * p;
            u = momentum * u + g;
            p -= 0.05 * (nesterov ? g + momentum * u : u);
          }
          expectNear(led<SgdState<Tensor>>(sgd({ lr: 0.05, momentum, nesterov, weightDecay }), from, list), p);
        }),
      ),
      runs(150),
    );
  });

  it("adamW follows its formula", () => {
    fc.assert(
      fc.property(start, gradients, weightDecay, (from, list, weightDecay) =>
        scope(() => {
          let [p, m, v] = [from, 0, 0];
          list.forEach((g, i) => {
            m = 0.9 * m + 0.1 * g;
            v = 0.99 * v + 0.01 * g * g;
            const direction = m / (1 - 0.9 ** (i + 1)) / (Math.sqrt(v / (1 - 0.99 ** (i + 1))) + 1e-6);
            p -= 0.05 * (direction + weightDecay * p);
          });
          expectNear(led<AdamState<Tensor>>(adamW({ lr: 0.05, beta2: 0.99, eps: 1e-6, weightDecay }), from, list), p);
        }),
      ),
      runs(150),
    );
  });

  it("rmsprop follows its formula", () => {
    fc.assert(
      fc.property(start, gradients, momentum, weightDecay, (from, list, momentum, weightDecay) =>
        scope(() => {
          let [p, v, u] = [from, 0, 0];
          for (const gradient of list) {
            const g = gradient + weightDecay * p;
            v = 0.9 * v + 0.1 * g * g;
            u = momentum * u + g / (Math.sqrt(v) + 0.01);
            p -= 0.01 * u;
          }
          expectNear(
            led<RmspropState<Tensor>>(rmsprop({ lr: 0.01, decay: 0.9, eps: 0.01, momentum, weightDecay }), from, list),
            p,
          );
        }),
      ),
      runs(150),
    );
  });
});
