// Runs the episodes of a meta-batch on a GPU, all at once: a single small network does not keep it busy, but many do.
import { disposeTree, type FloatName, InputError, scope } from "../core/index.js";
import type { Gpu, GpuCheckpoint } from "../gpu/index.js";
import { oneHot } from "../ops/index.js";
import { lifetime, logitsOf, lossOf, type Rule, type Start, type Stream } from "../plasticity/index.js";
import type { TrainConfig } from "./config.js";
import { episodeOf, resultOf } from "./episode.js";
import { type EpisodeSetup, guarded, rounded } from "./episode-job.js";
import type { EstimatorName } from "./estimators/kinds.js";
import type { FormName } from "./forms.js";
import { ruleOf } from "./rule-values.js";
import { scoreOf } from "./tasks.js";
import type { EpisodeRunner } from "./workers.js";

/** The type in which GPUs compute. */
const ON_GPU: FloatName = "float32";

/** The estimator that runs there. */
const ON_GPU_BY: EstimatorName = "backprop";

/** The form of its lifetimes. */
const ON_GPU_IN: FormName = "direct";

/** Throws an InputError for a run whose numbers, estimator or form a GPU does not have. */
export function checkOnGpu({ dtype, estimator, form }: Pick<TrainConfig, "dtype" | "estimator" | "form">): void {
  if (form !== ON_GPU_IN) {
    throw new InputError(
      `[train] a GPU computes lifetimes in the ${ON_GPU_IN} form, and the run's \`form\` is ${form}. Leave out ` +
        "`device`, or `form`.",
    );
  }
  if (estimator.kind !== ON_GPU_BY) {
    throw new InputError(
      `[train] a GPU finds meta-gradients by ${ON_GPU_BY}, and the run's \`estimator\` is ${estimator.kind}. Leave out ` +
        "`device`, or `estimator`.",
    );
  }
  if (dtype === ON_GPU) return;
  throw new InputError(
    `[train] a GPU computes in ${ON_GPU}, and the run's \`dtype\` is ${dtype}. Leave out \`device\`, or \`dtype\`.`,
  );
}

/** Runs episodes on `gpu`, which stays open. */
export function onGpu({ config, sizes, dataset }: EpisodeSetup, gpu: Gpu): EpisodeRunner {
  const { plasticity } = config;
  const classes = sizes[sizes.length - 1];
  const live = gpu.valueAndGradAux(
    (rule: Rule, start: Start, stream: Stream, { images, labels }: Stream) => {
      // One segment for the CPU, which runs this once to record the ops; the GPU's checkpoints are set below.
      const weights = lifetime(plasticity, rule, start, stream, { checkpoint: { every: stream.images.shape[0] } });
      const logits = logitsOf(weights, images, plasticity.beta);
      return [lossOf(logits, labels, plasticity.head), logits] as const;
    },
    { unused: "zero", checkpoint: checkpointOf(config) },
  );
  return {
    async run(values, indices, consume) {
      const began = performance.now();
      const rule = ruleOf(values);
      const episodes = indices.map((index) => scope(() => episodeOf(config, sizes, dataset, index)));
      // On the GPU, labels are numbers like any others, so a new task does not need a new program.
      const calls = episodes.map(({ start, stream: { images, labels }, queries }) => {
        const targets = labels.dtype === "int32" ? oneHot(labels, classes) : labels;
        const call: [Rule, Start, Stream, Stream] = [rule, start, { images, labels: targets }, queries];
        return call;
      });
      const used: unknown[] = [episodes, calls];
      try {
        const results = await live.all(calls);
        used.push(results);
        const seconds = rounded(Math.max(0, performance.now() - began) / indices.length);
        results.forEach(({ value, aux, grad }, i) => {
          const accuracy = scoreOf(aux, episodes[i].queries.labels);
          const result = guarded(config, () =>
            resultOf(config, rule, episodes[i], indices[i], { value, accuracy, grad }),
          );
          consume({ ...result, seconds });
        });
      } finally {
        disposeTree(used);
      }
    },
    async close() {},
  };
}

/** What the GPU stores, derived from what the CPU would store. Since their memories differ, only the form is kept. */
function checkpointOf({ checkpoint }: TrainConfig): GpuCheckpoint {
  return typeof checkpoint === "object" && "binomial" in checkpoint ? "auto" : checkpoint;
}
