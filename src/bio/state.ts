// What a layer's synapses remember from step to step: the factors of their rates, their signs, and the activity of
// their units. All of it is tensors, so it is saved, loaded and carried through a loop with the parameters.

import type { Key, Tensor } from "../core/index.js";
import { add, full, mul, ones, sum, where, zeros } from "../ops/index.js";
import { alongAxis } from "./axes.js";
import type { BioConfig } from "./config.js";
import { crystallize } from "./crystallize.js";
import { daleSigns, referenceSigns } from "./dale.js";
import { agedRates, fuzzyRates } from "./fuzzy.js";
import { homeostaticRates, scaleGrad, volumeRates } from "./rates.js";
import type { Site } from "./sites.js";

/** What the synapses of one layer remember. Only what the active mechanisms need is present. */
export interface SynapseState {
  /** Rates that differ from synapse to synapse, of the weights' shape. */
  readonly fuzzy?: Tensor;
  /** Rates that fall with size, of the weights' shape. */
  readonly volume?: Tensor;
  /** Factors that scale units' updates towards one length, along the axis of postsynaptic units. */
  readonly scaling?: Tensor;
  /** Rates of settled synapses, of the weights' shape. */
  readonly crystal?: Tensor;
  /** Rates that fall with activity, one for each postsynaptic unit, along their axis. */
  readonly homeostasis?: Tensor;
  /** The product of all of these, so that a step needs only one multiplication. */
  readonly rate?: Tensor;
  /** Signs of presynaptic units, along their axis. */
  readonly signs?: Tensor;
  /** How active each postsynaptic unit was, shape (n_post). */
  readonly activity?: Tensor;
  /** How many synapses have been replaced so far, shape []. */
  readonly reborn?: Tensor;
}

/** A layer among those with synapses. */
export interface Layer {
  /** Its site. */
  readonly site: Site;
  /** Its index among them, from 0. */
  readonly index: number;
  /** How many there are. */
  readonly count: number;
}

/** Whether any mechanism depends on the activity of units. */
export const needsActivity = (config: BioConfig): boolean =>
  config.homeostasis !== false || (config.fuzzy !== false && config.fuzzy.distribution === "activity");

/**
 * The signs of a layer with this weight, of its type; undefined if Dale's principle is off or the layer is exempt. Reference: all layers except the
 * last have signs.
 */
export function signsOf(
  config: BioConfig,
  key: Key,
  { site, index, count }: Layer,
  { dtype }: Tensor,
): Tensor | undefined {
  const { dale, reference } = config;
  if (!dale) return undefined;
  if (reference)
    return index === count - 1 ? undefined : referenceSigns(key, site.shape, site.pre, site.post, { dtype });
  if (index === 0 && dale.exempt === "input") return undefined;
  return daleSigns(key, site.shape, site.pre, dale.excitatory, { dtype });
}

/** The product of the factors that are present. */
function withRate(state: SynapseState): SynapseState {
  const { scaling, homeostasis, volume, fuzzy, crystal } = state;
  const units = scaling && homeostasis ? mul(scaling, homeostasis) : (scaling ?? homeostasis);
  const factors = [volume, fuzzy, crystal, units].filter((factor) => factor !== undefined);
  return factors.length === 0 ? state : { ...state, rate: factors.reduce((a, b) => mul(a, b)) };
}

/** What `fuzzyRates` needs to know about a layer. */
const contextOf = (config: BioConfig, { site, index, count }: Layer, weight: Tensor, activity?: Tensor) => ({
  weight,
  layer: index,
  layers: count,
  post: site.post,
  reference: config.reference,
  ...(activity && { activity }),
});

/** The state before the first step. `fixed` is the layer's permanent key, as in `renewed`. */
export function firstState(config: BioConfig, fixed: Key, layer: Layer, weight: Tensor, signs?: Tensor): SynapseState {
  const { fuzzy, volume, crystallize, homeostasis, rejuvenate, scaleGrad, reference } = config;
  const { site } = layer;
  const [fuzzyKey, volumeKey] = fixed.split();
  // The published code damps the fuzzy rates themselves.
  const own = crystallize && !(reference && fuzzy);
  const units = (): Tensor => alongAxis(ones([site.shape[site.post]], weight), site.shape.length, site.post);
  return withRate({
    ...(fuzzy && { fuzzy: fuzzyRates(fuzzy, fuzzyKey, contextOf(config, layer, weight)) }),
    ...(volume && { volume: volumeRates(volume, volumeKey, weight, reference) }),
    ...(own && { crystal: ones(site.shape, weight) }),
    ...(homeostasis && { homeostasis: units() }),
    ...(scaleGrad && { scaling: units() }),
    ...(signs && { signs }),
    ...(needsActivity(config) && { activity: zeros([site.shape[site.post]], weight) }),
    ...(rejuvenate && { reborn: full([], 0, weight) }),
  });
}

/**
 * The state after drawing or computing again all factors that are due at step `step`, counted from 1. This comes before
 * the update, which they regulate.
 *
 * @param key the step's own.
 * @param fixed the layer's permanent key, so that a synapse which is faster than another of its size stays faster.
 */
export function renewed(
  config: BioConfig,
  { key, fixed, step }: { key: Key; fixed: Key; step: number },
  layer: Layer,
  state: SynapseState,
  weight: Tensor,
): SynapseState {
  const { fuzzy, volume, homeostasis, reference } = config;
  const [fuzzyKey, volumeKey] = key.split();
  const due = ({ every }: { every: number }): boolean => step % every === 0;
  const changed: { -readonly [K in keyof SynapseState]?: Tensor } = {};
  if (volume && due(volume)) changed.volume = volumeRates(volume, volumeKey, weight, reference);
  if (homeostasis && due(homeostasis)) {
    changed.homeostasis = homeostaticRates(homeostasis, state.activity!, weight.rank, layer.site.post);
  }
  if (fuzzy && due(fuzzy)) {
    const { distribution, every } = fuzzy;
    if (distribution === "temporal") changed.fuzzy = agedRates(fuzzy, fuzzyKey, state.fuzzy!, step / every);
    if (distribution === "activity") {
      changed.fuzzy = fuzzyRates(fuzzy, fuzzyKey, contextOf(config, layer, weight, state.activity));
    }
    if (distribution === "weight-adaptive" && !reference) {
      changed.fuzzy = fuzzyRates(fuzzy, fixed.split()[0], contextOf(config, layer, weight));
    }
  }
  return Object.keys(changed).length === 0 ? state : withRate({ ...state, ...changed });
}

/**
 * The state after measuring the lengths of units' updates (in the published order: gradients) for scaling, if that is
 * due.
 */
export function scaled(
  config: BioConfig,
  step: number,
  layer: Layer,
  state: SynapseState,
  signal: () => Tensor,
): SynapseState {
  const options = config.scaleGrad;
  if (!options || step % options.every !== 0) return state;
  return withRate({ ...state, scaling: scaleGrad(options, signal(), layer.site.post) });
}

/**
 * The state after checking which synapses have settled, if that is due. This comes after the update, and affects later
 * ones.
 */
export function crystallized(
  config: BioConfig,
  step: number,
  state: SynapseState,
  weight: Tensor,
  gradient: Tensor,
): SynapseState {
  const { crystallize: options, reference } = config;
  if (!options || step % options.every !== 0) return state;
  const held = state.crystal ? "crystal" : "fuzzy";
  return withRate({ ...state, [held]: crystallize(options, state[held]!, weight, gradient, reference) });
}

/**
 * The state after synapses were replaced where `reborn` is 1: these are not crystallised, and their rates are drawn
 * again.
 */
export function afterRebirth(
  config: BioConfig,
  key: Key,
  layer: Layer,
  state: SynapseState,
  weight: Tensor,
  reborn: Tensor,
): SynapseState {
  const { fuzzy } = config;
  const counted = { ...state, reborn: add(state.reborn!, sum(reborn)) };
  if (config.reference) return counted;
  const context = contextOf(config, layer, weight, state.activity);
  return withRate({
    ...counted,
    ...(state.crystal && { crystal: where(reborn, 1, state.crystal) }),
    ...(fuzzy && { fuzzy: where(reborn, fuzzyRates(fuzzy, key, context), state.fuzzy!) }),
  });
}
