// A small network's lifetime and what a GPU is asked about it; used in Node and in a page.
import { Key, oneHot, random, scope, type Tensor, tensor } from "../../src/index.js";
import {
  defaultConfig,
  initialRule,
  initialStart,
  lifetime,
  logitsOf,
  lossOf,
  type PlasticityConfig,
  type Rule,
  type Start,
  type Stream,
} from "../../src/plasticity/index.js";

export const sizes = [9, 7, 6, 5];

/** The kinds of synapse, with all that makes their kernels differ. */
export const kinds: Readonly<Record<string, Partial<PlasticityConfig>>> = {
  linear: { synapse: "linear", motifs: [0, 1, 2, 3, 4, 5, 6, 7, 8, 9] },
  chemical: { synapse: "chemical", chemicals: 3, motifs: [0, 2, 3, 9], bias: "neuron" },
  momentum: {
    synapse: "momentum",
    chemicals: 2,
    motifs: [0, 3, 9],
    bias: "layer",
    feedback: "symmetric",
    scope: "layer",
  },
  gated: { synapse: "gated", chemicals: 2, motifs: [0, 9], feedback: "sign" },
  cascade: { synapse: "cascade", chemicals: 3, motifs: [0, 2], tauMin: 2, feedback: "plastic", feedbackMotifs: [0, 3] },
};

export interface Episode {
  readonly rule: Rule;
  readonly start: Start;
  /** Labels as targets: on a GPU they are numbers like any others. */
  readonly stream: Stream;
  readonly queries: Stream;
}

/** Episode `index`; the rule is the same for all, and no coefficient is 0. */
export function episode(config: PlasticityConfig, steps: number, index: number): Episode {
  return scope(() => {
    const [rules, starts, images, queries] = Key.of(11).split(4);
    const shaken = (list: readonly Tensor[], at: number): Tensor[] =>
      list.map((x, i) => x.add(random.normal(rules.fold(10 * at + i), x.shape, { std: 0.01 })));
    const rule = initialRule(config, sizes);
    const labels = (count: number): Tensor =>
      tensor(
        Int32Array.from({ length: count }, (_, i) => (i * 7 + index) % 5),
        { dtype: "int32" },
      );
    return {
      rule: Object.fromEntries(
        Object.entries(rule).map(([name, list], at) => [name, shaken(list, at)]),
      ) as unknown as Rule,
      start: initialStart(starts.fold(index), sizes),
      stream: { images: random.uniform(images.fold(index), [steps, 9]), labels: oneHot(labels(steps), 5) },
      queries: { images: random.uniform(queries.fold(index), [6, 9]), labels: labels(6) },
    };
  });
}

export const configOf = (kind: string): PlasticityConfig => ({ ...defaultConfig, ...kinds[kind] }) as PlasticityConfig;

/** The loss after a lifetime, as a function of tensors only. */
export function metaLoss(config: PlasticityConfig, every = 1000) {
  return (rule: Rule, start: Start, stream: Stream, queries: Stream): Tensor => {
    const weights = lifetime(config, rule, start, stream, { checkpoint: { every } });
    return lossOf(logitsOf(weights, queries.images, config.beta), queries.labels);
  };
}
