// A network whose synapses live while its weights stand still, so that what a mechanism does is seen alone.
import { type BioOptions, type BioState, bio } from "../../src/bio/index.js";
import { Key, random, type Tensor, zeros } from "../../src/index.js";
import { activation, dense, network, type Params } from "../../src/nn/index.js";
import { sgd } from "../../src/optim/index.js";

/** Three layers of one shape, so that their draws can be compared. */
export const net = network({
  input: [6],
  layers: [
    dense(6, { init: "normal" }),
    activation("relu"),
    dense(6, { init: "normal" }),
    dense(6, { init: "normal" }),
  ],
});
/** An optimizer that goes nowhere. */
export const still = sgd({ lr: 0 });
export const numbers = (x: Tensor): number[] => [...x.data()];
export const text = (x: Tensor): string => numbers(x).join(" ");
/** Gradients of 0. */
export const nothing = (params: Params): Params =>
  params.map((layer) => Object.fromEntries(Object.entries(layer).map(([name, x]) => [name, zeros(x.shape)])));

/** The states after each step of a training with these gradients; units are observed before each. */
export function statesOf(options: BioOptions, steps: number, gradients = nothing, optimizer = still) {
  const alive = bio(net, options, optimizer);
  let params = alive.network.init(Key.of(0));
  let state = alive.init(params);
  const all: { params: Params; state: BioState }[] = [{ params, state }];
  for (let step = 0; step < steps; step++) {
    const seen = alive.observe(params, state, random.normal(Key.of(step), [5, 6]));
    ({ params, state } = alive.step(params, gradients(params), seen));
    all.push({ params, state });
  }
  return all;
}
