// Dale's principle during a lifetime of plasticity, whose weights are (nOut, nIn): there a presynaptic unit is a
// column.

import { checkTensors } from "../autodiff/index.js";
import { checkKey, checkKind, type Key, type Tensor } from "../core/index.js";
import { type BioOptions, bioConfig } from "./config.js";
import { daleSigns, enforceDale, imposeDale } from "./dale.js";

/** The initial weights of a lifetime under Dale's principle, and the function that enforces it. */
export interface DaleLifetime {
  /** Initial weights that obey Dale's principle. */
  readonly weights: readonly Tensor[];
  /** The signs of each layer, (1, nIn); undefined for a layer that is exempt. */
  readonly signs: readonly (Tensor | undefined)[];
  /** The option `constrain` of `lifetime` and `live`: returns the nearest weights that obey. */
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
 * After every step, weights of the wrong sign are set to 0, whatever the rule would do, and derivatives pass through
 * this. Chemicals are not constrained: a synapse held at 0 comes back when their sum changes sign.
 *
 * @param dale like the field `dale` of `BioOptions`; steps are always projected.
 * @throws RangeError in the cases in which `bioConfig` throws.
 */
export function daleLifetime(key: Key, weights: readonly Tensor[], dale: BioOptions["dale"] = true): DaleLifetime {
  checkKey("daleLifetime", key);
  checkKind("daleLifetime", "the second argument", weights, "a list");
  checkTensors("daleLifetime", weights);
  const { dale: config } = bioConfig({ dale });
  const signs = weights.map((weight, layer) =>
    config && !(layer === 0 && config.exempt === "input")
      ? daleSigns(key.fold(layer), weight.shape, 1, config.excitatory, { dtype: weight.dtype })
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
