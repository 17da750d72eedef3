// Lifetimes whose bits are hashed, through the built package alone.
import { Key, random, tensor } from "synaptape";
import { dualLifetime, initialRule, initialStart, lifetime, logitsOf, lossOf, presets } from "synaptape/plasticity";

/** A network, images and labels for it, and coefficients at which every motif and chemical has its say. */
export function life(config, sizes, steps, type = {}) {
  const [startKey, imageKey, ruleKey] = Key.of(7).split(3);
  const images = random.uniform(imageKey, [steps, sizes[0]], type);
  const labels = tensor(
    Int32Array.from({ length: steps }, (_, i) => i % sizes.at(-1)),
    { dtype: "int32" },
  );
  const start = initialStart(startKey, sizes, {}, type);
  const rule = Object.fromEntries(
    Object.entries(initialRule(config, sizes, type)).map(([part, list], p) => [
      part,
      list.map((leaf, i) => leaf.add(random.normal(ruleKey.fold(p).fold(i), leaf.shape, { std: 1e-3, ...type }))),
    ]),
  );
  const metaFrom = (start) => (rule) => {
    const weights = lifetime(config, rule, start, { images, labels });
    return lossOf(logitsOf(weights, images, config.beta), labels);
  };
  const dual = (rule) => {
    const lives = dualLifetime(config, start, { images, labels }, images);
    return lossOf(lives.outputs(lives.live(rule)), labels);
  };
  return { metaFrom, meta: metaFrom(start), dual, rule, start };
}

const allMotifs = [0, 1, 2, 3, 4, 5, 6, 7, 8, 9];
/** Rules of three kinds of synapse. */
export const kinds = {
  linear: presets.pool.config,
  chemical: { ...presets.rcn.config, motifs: allMotifs, chemicals: 3, bias: "neuron" },
  momentum: { ...presets["rcn-momentum"].config, scope: "layer", feedback: "symmetric", chemicals: 5 },
};
