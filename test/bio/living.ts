// What the tests of whole steps share: random networks, optimizers and mechanisms, and steps by random gradients, which
// are worse than any that a loss gives.
import fc from "fast-check";
import { type Bio, type BioOptions, type BioState, bio, distributions, type mechanisms } from "../../src/bio/index.js";
import { Key, random, type Tensor } from "../../src/index.js";
import { activation, conv2d, dense, flatten, type Network, network, type Params } from "../../src/nn/index.js";
import { adam, adamW, type Optimizer, rmsprop, sgd } from "../../src/optim/index.js";

/** Optimizers by name, all with steps that are large for such networks. */
export const optimizers: Readonly<Record<string, Optimizer<Params, object>>> = {
  sgd: sgd({ lr: 0.3 }),
  momentum: sgd({ lr: 0.2, momentum: 0.9, nesterov: true }),
  adam: adam({ lr: 0.05 }),
  adamW: adamW({ lr: 0.05, weightDecay: 0.1 }),
  rmsprop: rmsprop({ lr: 0.05, momentum: 0.5 }),
};

/** Dense networks with one to three layers of an even number of units, and a small convolutional one. */
export const arbNetwork: fc.Arbitrary<Network> = fc.oneof(
  fc.array(fc.integer({ min: 1, max: 4 }), { minLength: 1, maxLength: 3 }).map((halves) =>
    network({
      input: [5],
      layers: halves.flatMap((half, i) => [
        ...(i > 0 ? [activation("relu")] : []),
        dense(2 * half, { init: "heNormal" }),
      ]),
    }),
  ),
  fc.constant(
    network({
      input: [5, 5, 2],
      layers: [conv2d(4, 3), activation("relu"), conv2d(2, 2, { bias: false }), flatten(), dense(3)],
    }),
  ),
);

const every = fc.integer({ min: 1, max: 3 });
const bounds = fc.tuple(fc.double({ min: 0.1, max: 0.9, noNaN: true }), fc.double({ min: 1.1, max: 3, noNaN: true }));
const unit = fc.double({ min: 0, max: 1, noNaN: true });
const inside = fc.double({ min: 0.05, max: 0.95, noNaN: true });

/** Each mechanism with random options. */
const arbMechanisms = {
  split: fc.constant({ gamma: 2 }),
  scaleGrad: fc.record({ alpha: unit, target: fc.constantFrom("mean" as const, 0.1) }),
  volume: fc.record({ stability: fc.double({ min: 0, max: 5, noNaN: true }), variability: unit, every }),
  fuzzy: fc
    .record({ distribution: fc.constantFrom(...distributions), nu: inside, decay: inside, every, bounds })
    .map(({ bounds: [min, max], ...rest }) => ({ ...rest, min, max })),
  homeostasis: fc.record({ alpha: unit, memory: fc.double({ min: 0, max: 0.9, noNaN: true }), every }),
  crystallize: fc.record({
    threshold: inside,
    damping: inside,
    floor: fc.double({ min: 0, max: 0.5, noNaN: true }),
    every,
  }),
  rejuvenate: fc.record({ dre: fc.double({ min: 0.5, max: 8, noNaN: true }), every }),
  dale: fc.record({
    excitatory: unit,
    exempt: fc.constantFrom("input" as const, "none" as const),
    balance: fc.boolean(),
    method: fc.constantFrom("project" as const, "exponential" as const),
  }),
} satisfies { readonly [M in (typeof mechanisms)[number]]: fc.Arbitrary<BioOptions[M]> };

/** Any of the mechanisms, and those of `always`, with random options. */
export function arbOptions(always: readonly (typeof mechanisms)[number][] = []): fc.Arbitrary<BioOptions> {
  return fc.record(
    { seed: fc.nat(1000), ...arbMechanisms },
    { requiredKeys: ["seed", ...(always as never[])] },
  ) as fc.Arbitrary<BioOptions>;
}

/** A network that lives, with the optimizer of that name. */
export interface Living {
  readonly alive: Bio;
  readonly optimizer: Optimizer<Params, object>;
}

/** Any network with any of the mechanisms and any optimizer. */
export const arbLiving = (always: readonly (typeof mechanisms)[number][] = []): fc.Arbitrary<Living> =>
  fc
    .record({ net: arbNetwork, options: arbOptions(always), name: fc.constantFrom(...Object.keys(optimizers)) })
    .map(({ net, options, name }) => ({ alive: bio(net, options, optimizers[name]), optimizer: optimizers[name] }));

/** Where a training stands. */
export interface Position {
  readonly params: Params;
  readonly state: BioState;
}

/** The start of a training. */
export function begin({ alive }: Living, seed = 0): Position {
  const params = alive.network.init(Key.of(seed));
  return { params, state: alive.init(params) };
}

/** Random gradients for parameters; a third of their elements are 0. */
export function gradientsFor(params: Params, key: Key): Params {
  const draw = (x: Tensor, key: Key): Tensor => {
    const [values, zeros] = key.split();
    return random.normal(values, x.shape).mul(random.bernoulli(zeros, 2 / 3, x.shape));
  };
  return params.map((layer, i) =>
    Object.fromEntries(Object.entries(layer).map(([name, x], j) => [name, draw(x, key.fold(i).fold(j))])),
  );
}

/** One observation, which some mechanisms need, and one step by random gradients. */
export function live({ alive }: Living, { params, state }: Position, key: Key): Position {
  const [images, gradients] = key.split();
  const observed = alive.observe(params, state, random.normal(images, [3, ...alive.network.description.input]));
  return alive.step(params, gradientsFor(params, gradients), observed);
}
