// Combines all mechanisms around any optimizer, for parameters of any structure.

import {
  checkEachMade,
  fromNumbers,
  holding,
  Key,
  kernelsOf,
  type Leaf,
  leavesOf,
  plain,
  sameShape,
  scope,
  showShape,
  type Tensor,
  type TreeOf,
  tracer,
  withLeaves,
} from "../core/index.js";
import { add, mul } from "../ops/index.js";
import { type Optimizer, optimizerAt, type Scheduled, type Stepped } from "../optim/index.js";
import { checkOptimizer } from "../optim/internal.js";
import { type BioConfig, type BioOptions, bioConfig, bioDefaults, type RejuvenateConfig } from "./config.js";
import { daleViolations, imposeDale } from "./dale.js";
import { forget } from "./forget.js";
import { type Rejuvenated, rejuvenate, rejuvenateReference } from "./rejuvenate.js";
import { placesOf, type Site } from "./sites.js";
import {
  afterRebirth,
  crystallized,
  firstState,
  type Layer,
  needsActivity,
  renewed,
  type SynapseState,
  scaled,
  signsOf,
} from "./state.js";
import { type Lawful, move, obey, propose, regulate, regulateGradient, remodel, updatedBy } from "./step-stages.js";

/** What is remembered from step to step. It consists only of tensors, so it can be the carry of a loop and be saved. */
export interface BioState {
  /** Steps done: int32, shape []. */
  readonly step: Tensor;
  /** How often activity was observed: int32, shape []. */
  readonly observations: Tensor;
  /** What the optimizer remembers. */
  readonly optimizer: object;
  /** What the synapses remember, for each layer that has any. */
  readonly synapses: readonly SynapseState[];
}

/**
 * An optimizer with biological mechanisms. Made by `bio` or, for parameters that are not those of a network, by
 * `bioOptimizer`.
 */
export interface BioOptimizer<P> extends Optimizer<P, BioState> {
  /** All options, with the defaults. */
  readonly config: BioConfig;
  /** Where the synapses are. */
  readonly sites: readonly Site[];
  /**
   * Parameters to begin with, made from those of any network of this kind, trained or not: weights get the signs of
   * Dale's principle, |w| s, and those of split layers are divided by the root of gamma, so that outputs that are sums
   * of gamma units keep their size. Returns the same parameters if both mechanisms are off.
   */
  convert(params: P): P;
  /**
   * The state before the first step.
   *
   * @throws RangeError for parameters that are not the network's, or that break Dale's principle: `convert` them first.
   */
  init(params: P): BioState;
  /**
   * The parameters and the state after one step: first the optimizer's step, then everything else in the order of
   * `step-stages.ts`.
   *
   * @throws RangeError, naming the parameter, for gradients that are missing, of another shape, infinite or NaN, or if
   * activity is needed and was never observed; TypeError in a function that is being compiled, because the number of the
   * step decides what is done. Compile the gradient instead.
   */
  step(params: P, grads: P, state: BioState): Stepped<P, BioState>;
  /**
   * The state with these activities remembered, one (n_post) for each of `sites`: "activity" rates and homeostasis
   * depend on them.
   */
  remember(state: BioState, activities: readonly Tensor[]): BioState;
}

/**
 * Adds the mechanisms that `options` turns on to any optimizer, for parameters of any structure whose weights are at
 * `sites`. `split` changes a network, which `bio` does; here it has no effect.
 *
 * @throws RangeError for options outside their range (see `bioConfig`), or if there is no site.
 * @example
 * const net = network({ input: [4], layers: [dense(3), activation("relu"), dense(2)] });
 * Object.keys(bioOptimizer(sitesOf(net), { dale: { excitatory: 0.8 } }, sgd({ lr: 0.1 }))); // ["config", "sites", "convert", "init", "step", "remember"]
 */
export function bioOptimizer<P extends TreeOf<P>>(
  sites: readonly Site[],
  options: BioOptions,
  optimizer: Scheduled<P>,
): BioOptimizer<P> {
  checkEachMade("bio", "the list of sites", sites, ["path", "pre", "post"], "Make it with sitesOf().");
  if (typeof optimizer !== "function") checkOptimizer("bio", "the optimizer", optimizer);
  const config = bioConfig(options);
  if (sites.length === 0) throw new RangeError("[bio] there are no weights: give at least one site.");
  const layers = sites.map((site, index): Layer => ({ site, index, count: sites.length }));
  const [signKey, fixedKey, stepKey] = Key.of(config.seed).split(3);
  const signsAt = (layer: Layer, weight: Tensor): Tensor | undefined =>
    signsOf(config, signKey.fold(layer.index), layer, weight);

  const convert = (params: P): P =>
    scope(() => {
      const places = placesOf("bio.convert", sites, params);
      const weights = weightsAt(params, places).map((weight, i) => {
        const signs = signsAt(layers[i], weight);
        return signs ? imposeDale(weight, signs, balances(config)) : weight;
      });
      return { converted: withWeights(params, places, weights) };
    }).converted;

  const init = (params: P): BioState =>
    scope(() => {
      const weights = weightsAt(params, placesOf("bio.init", sites, params));
      const synapses = layers.map((layer, i) => {
        const signs = signsAt(layer, weights[i]);
        const wrong = signs ? daleViolations(weights[i], signs) : 0;
        if (wrong > 0) {
          throw new RangeError(
            `[bio.init] "${plain(layer.site.path)}" breaks Dale's principle in ${wrong} places. Begin with convert(params).`,
          );
        }
        return firstState(config, fixedKey.fold(i), layer, weights[i], signs);
      });
      const none = (): Tensor => fromNumbers([0], [], "int32");
      return { step: none(), observations: none(), optimizer: optimizerAt(optimizer, 0).init(params), synapses };
    });

  const remember = (state: BioState, activities: readonly Tensor[]): BioState => {
    if (!needsActivity(config)) return state;
    checkNotTraced("bio.observe");
    // The published code counts forever.
    const kept = config.reference ? 1 : (config.homeostasis || bioDefaults.homeostasis).memory;
    return scope(() => ({
      ...state,
      observations: fromNumbers([state.observations.item() + 1], [], "int32"),
      synapses: state.synapses.map((synapses, i) => ({
        ...synapses,
        activity: add(mul(synapses.activity!, kept), activities[i]),
      })),
    }));
  };

  const step = (params: P, grads: P, state: BioState): Stepped<P, BioState> =>
    scope(() => {
      checkNotTraced("bio.step");
      const places = placesOf("bio.step", sites, params);
      const weights = weightsAt(params, places);
      checkGradients(leavesOf("bio.step", params), grads);
      const count = state.step.item() + 1;
      checkActivity(config, count, state.observations);
      const keys = layers.map((_, i) => stepKey.fold(count).fold(i).split(3));
      // What each layer's synapses remember, updated in the course of the step.
      const now = layers.map((layer, i) => {
        const when = { key: keys[i][0], fixed: fixedKey.fold(i), step: count };
        return renewed(config, when, layer, state.synapses[i], weights[i]);
      });
      /** Measures a layer's update, or gradient, if that is due, and returns the rates to multiply it by. */
      const rateOf =
        (i: number) =>
        (signal: () => Tensor): Tensor | undefined => {
          now[i] = scaled(config, count, layers[i], now[i], signal);
          return now[i].rate;
        };

      const gradients = weightsAt(grads, places).map((g, i) =>
        regulateGradient(g, config.reference ? rateOf(i) : undefined),
      );
      const given = withWeights(
        grads,
        places,
        gradients.map(({ gradient }) => gradient),
      );
      // It is held, so its temporaries are freed with those of this step, and its results are not copied twice.
      const stepped = holding(true, () => optimizerAt(optimizer, count - 1).step(params, given, state.optimizer));
      const nexts = weightsAt(stepped.params, places);

      let memory = stepped.state;
      const lawful = layers.map((layer, i): Lawful => {
        const { signs } = now[i];
        const [weight, next] = [weights[i], nexts[i]];
        const updated = config.reference
          ? updatedBy(gradients[i], next)
          : move(regulate(propose(weight, next), rateOf(i)), exponential(config) ? signs : undefined);
        now[i] = crystallized(config, count, now[i], weight, gradients[i].gradient);
        const remodelled = remodel(updated, (weight) => {
          if (!config.rejuvenate || count % config.rejuvenate.every !== 0) return weight;
          const [, chance, draw] = keys[i];
          const replaced = replacedIn(config, { chance, draw }, layer.site, weight, signs);
          now[i] = afterRebirth(config, draw.fold(0), layer, now[i], replaced.weight, replaced.reborn);
          if (!config.reference) memory = forget(memory, params, layer.site.path, replaced.reborn);
          return replaced.weight;
        });
        return obey(remodelled, signs);
      });
      return {
        params: withWeights(
          stepped.params,
          places,
          lawful.map(({ weight }) => weight),
        ),
        state: {
          step: fromNumbers([count], [], "int32"),
          observations: state.observations,
          optimizer: memory,
          synapses: now,
        },
      };
    });
  return { config, sites, convert, init, step, remember };
}

/** The weights of all sites. */
function weightsAt(params: unknown, places: readonly number[]): Tensor[] {
  const leaves = leavesOf("bio", params);
  return places.map((place) => leaves[place].tensor);
}

/** The parameters with the weights of all sites replaced. */
function withWeights<P>(params: P, places: readonly number[], weights: readonly Tensor[]): P {
  const leaves = leavesOf("bio", params).map(({ tensor }) => tensor);
  places.forEach((place, i) => {
    leaves[place] = weights[i];
  });
  return withLeaves(params, leaves);
}

const balances = ({ dale }: BioConfig): boolean => dale !== false && dale.balance;
const exponential = ({ dale }: BioConfig): boolean => dale !== false && dale.method === "exponential";

/** A layer's weights with some synapses replaced. */
function replacedIn(
  config: BioConfig,
  { chance, draw }: { chance: Key; draw: Key },
  site: Site,
  weight: Tensor,
  signs: Tensor | undefined,
): Rejuvenated {
  const { rejuvenate: options, reference } = config;
  if (reference) return rejuvenateReference(options as RejuvenateConfig, chance, weight);
  const fresh = site.draw(draw);
  return rejuvenate(
    options as RejuvenateConfig,
    chance,
    weight,
    signs ? imposeDale(fresh, signs, balances(config)) : fresh,
  );
}

/** Throws unless there is a finite gradient for every parameter. */
function checkGradients(params: readonly Leaf[], grads: unknown): void {
  const given = new Map(leavesOf("bio.step: gradients", grads).map(({ path, tensor }) => [path, tensor]));
  for (const { path, tensor } of params) {
    const name = path === "" ? "the parameter" : `"${plain(path)}"`;
    const gradient = given.get(path);
    if (!gradient) {
      throw new RangeError(`[bio.step] the gradient of ${name} is missing. Pass the tree that grad gave.`);
    }
    if (!sameShape(gradient.shape, tensor.shape)) {
      throw new RangeError(
        `[bio.step] the gradient of ${name} has shape ${showShape(gradient.shape)}, the parameter ` +
          `${showShape(tensor.shape)}. Pass the tree that grad gave for these parameters.`,
      );
    }
    const odd = kernelsOf(gradient).countNonFinite(gradient.address, gradient.size);
    if (odd > 0) {
      throw new RangeError(
        `[bio.step] ${odd} elements of the gradient of ${name} are infinite or no number. ` +
          "Lower the learning rate, or find the first with firstNaN of synaptape/debug.",
      );
    }
  }
}

/** Throws a TypeError if the step is being compiled. */
function checkNotTraced(call: string): void {
  if (!tracer) return;
  throw new TypeError(
    `[compile] ${call} cannot be compiled: the number of the step decides which mechanisms are due and what they draw, and a ` +
      "replay would repeat the first step. Compile the gradient, compile(valueAndGrad(loss)), and take the step outside.",
  );
}

/** Throws if a mechanism that is due at this step depends on activity and none was observed. */
function checkActivity({ homeostasis, fuzzy }: BioConfig, step: number, observations: Tensor): void {
  if (observations.item() > 0) return;
  const waiting = [
    homeostasis && { field: "homeostasis", every: homeostasis.every },
    fuzzy && fuzzy.distribution === "activity" && { field: 'fuzzy.distribution "activity"', every: fuzzy.every },
  ];
  for (const due of waiting) {
    if (!due || step % due.every !== 0) continue;
    throw new RangeError(
      `[bio.step] ${due.field} follows activity, and none was observed before step ${step}. ` +
        `Call observe(params, state, x) at least once in ${due.every} steps.`,
    );
  }
}
