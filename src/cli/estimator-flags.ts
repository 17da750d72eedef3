// What the flags of `train` say about the estimator of meta-gradients.
import { type AnyFields, givenIn, UsageError } from "../fields/index.js";
import type { EstimatorConfig } from "../meta/index.js";
import { estimatorTables } from "../meta/internal.js";
import { estimatorFlags, type TrainFlags } from "./flags.js";

/** The estimator that the flags describe. Throws a UsageError for settings that it does not have. */
export function estimatorOf(flags: TrainFlags, base: EstimatorConfig): EstimatorConfig {
  const chosen = (flags.estimator as EstimatorConfig | undefined) ?? base;
  const fields: AnyFields = estimatorTables[chosen.kind];
  const odd = estimatorFlags.find(({ key, option }) => flags[key] !== undefined && !Object.hasOwn(fields, option));
  if (odd) {
    throw new UsageError(
      `${odd.name} contradicts --estimator ${chosen.kind}, which has no ${odd.option}. Leave one of them out, or use ` +
        "--estimator es or pes.",
    );
  }
  return { ...chosen, ...givenIn(fields, flags) } as EstimatorConfig;
}
