// A network whose synapses differ, settle, vanish, grow and keep their signs, trained by an ordinary optimizer.

import { type Key, scope, type Tensor } from "../core/index.js";
import type { ApplyOptions, Hook, LayerKind, Network, Params } from "../nn/index.js";
import { abs, greater, mean, mul } from "../ops/index.js";
import type { Scheduled } from "../optim/index.js";
import { otherAxes } from "./axes.js";
import { type BioOptions, bioConfig } from "./config.js";
import { type BioOptimizer, type BioState, bioOptimizer } from "./optimizer.js";
import { sitesOf } from "./sites.js";
import { splitNetwork } from "./split.js";
import { needsActivity } from "./state.js";

/** A network with biological mechanisms in its synapses, and the optimizer that trains it. */
export interface Bio extends BioOptimizer<Params> {
  /**
   * The network to train, with split connections if these are on; its `init` gives parameters that `convert` was
   * applied to.
   */
  readonly network: Network;
  /** The network that it was made from. */
  readonly original: Network;
  /**
   * The state after observing how active the network's units are on a batch [n, ...input]: for each unit, the share of
   * examples (and places in an image) at which its output before the activation function is above 0.01. Reference: at
   * which its absolute value is above 0.01, which in a dense layer is nearly always, so that all units counted as
   * equally active.
   */
  observe(params: Params, state: BioState, x: Tensor, options?: ApplyOptions): BioState;
  /**
   * For `train` and `fit`: observes every batch in the forward pass that is made anyway, if any mechanism depends on
   * activity.
   */
  readonly hook: Hook<readonly []>;
}

/** An output above this counts as activity (published: BioModule._update_activity_dependent_rates). */
const ACTIVE = 0.01;

/**
 * Adds to the synapses of a network the mechanisms that `options` turns on, around any optimizer:
 *
 * ```ts
 * const alive = bio(net, { dale: true, fuzzy: { distribution: "lognormal" } }, adam({ lr: 1e-3 }));
 * let params = alive.network.init(Key.of(0)); // or alive.convert(params) for a network that is already trained
 * let state = alive.init(params);
 * for (const { x, labels } of batches) {
 *   const { grad } = valueAndGrad((p: Params) => crossEntropy(alive.network.apply(p, x), labels).mean())(params);
 *   ({ params, state } = alive.step(params, grad, state));
 * }
 * ```
 *
 * It is an optimizer to `fit` and `train` too: `fit(alive.network, params, examples, { optimizer: alive, hook: alive.hook })`
 * with the options that these need.
 *
 * With everything off a step is the optimizer's, to the bit. Biases and other parameters are always the optimizer's.
 *
 * @param kinds the kinds of layers that the network was made with besides `layerKinds`; needed by `split` only.
 * @throws RangeError for options outside their range (see `bioConfig`), a network without weights, and layers that `split`
 * cannot group.
 */
export function bio(
  net: Network,
  options: BioOptions,
  optimizer: Scheduled<Params>,
  kinds: Readonly<Record<string, LayerKind>> = {},
): Bio {
  const config = bioConfig(options);
  const gamma = config.split ? config.split.gamma : 1;
  const split = gamma > 1 ? splitNetwork(net, gamma, kinds) : net;
  const isSplit = (layer: number): boolean => split.layers[layer].description !== net.layers[layer].description;
  const smaller = 1 / Math.sqrt(gamma);
  const sites = sitesOf(split, (layer) => (isSplit(layer) ? smaller : 1));
  const core = bioOptimizer<Params>(sites, options, optimizer);

  const convert = (params: Params): Params =>
    scope(() =>
      core.convert(
        params.map((layer, i) =>
          isSplit(i)
            ? Object.fromEntries(Object.entries(layer).map(([name, tensor]) => [name, mul(tensor, smaller)]))
            : layer,
        ),
      ),
    );
  const network: Network = { ...split, init: (key: Key) => scope(() => convert(split.init(key))) };

  const observe = (params: Params, state: BioState, x: Tensor, options?: ApplyOptions): BioState =>
    scope(() => remembered(state, network.activations(params, x, options)));

  const remembered = (state: BioState, results: readonly Tensor[]): BioState => {
    const activities = sites.map(({ layer }) => {
      const y = results[layer];
      return mean(greater(config.reference ? abs(y) : y, ACTIVE), otherAxes(y.rank, y.rank - 1));
    });
    return core.remember(state, activities);
  };

  const watches = needsActivity(config);
  const hook: Hook<readonly []> = {
    watches,
    init: () => [],
    step: ({ after, optimizer, state, activations }) => ({
      params: after,
      optimizer: watches ? remembered(optimizer as BioState, activations) : optimizer,
      state,
    }),
  };
  return { ...core, network, original: net, convert, observe, hook };
}
