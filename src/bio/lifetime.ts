// Dale's principle through a lifetime of plasticity, whose weights are (nOut, nIn): a presynaptic unit is a column there.

import type { Key, Tensor } from "../core/index.js";
import { type BioOptions, bioConfig } from "./config.js";
import { daleSigns, enforceDale, imposeDale } from "./dale.js";

/** What a lifetime under Dale's principle begins with, and what keeps it lawful. */
export interface DaleLifetime {
  /** Initial weights that obey. */
  readonly weights: readonly Tensor[];
  /** The signs of each layer, (1, nIn); none where it is exempt. */
  readonly signs: readonly (Tensor | undefined)[];
  /** The option `constrain` of `lifetime` and `live`: the nearest weights that obey. */
  readonly constrain: (weight: Tensor, layer: number) => Tensor;
}

/**
 * Dale's principle for `lifetime` of `synaptape/plasticity`, from its initial weights:
 *
 * ```ts
 * const start = initialStart(Key.of(0), sizes);
 * const { weights, constrain } = daleLifetime(Key.of(1), start.weights);
 * const end = lifetime(config, rule, { ...start, weights }, stream, { constrain });
 * ```
 *
 * After every step weights of the wrong sign are 0, whatever the rule wants, and what the rest of the lifetime depends on
 * is differentiated through that. Chemicals stay free: a synapse held at 0 comes back when they turn.
 *
 * @param dale as the field `dale` of `BioOptions`; a step is always projected.
 * @throws RangeError as `bioConfig`.
 */
export function daleLifetime(key: Key, weights: readonly Tensor[], dale: BioOptions["dale"] = true): DaleLifetime {
  const { dale: config } = bioConfig({ dale });
  const signs = weights.map((weight, layer) =>
    config && !(layer === 0 && config.exempt === "input")
      ? daleSigns(key.fold(layer), weight.shape, 1, config.excitatory)
      : undefined,
  );
  return {
    signs,
    weights: weights.map((weight, layer) => {
      const own = signs[layer];
      return own && config ? imposeDale(weight, own, config.balance) : weight;
    }),
    constrain: (weight, layer) => {
      const own = signs[layer];
      return own ? enforceDale(weight, own) : weight;
    },
  };
}
