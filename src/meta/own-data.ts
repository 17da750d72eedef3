// Images that a program gave itself: a run that learned on them does not say that it was the built-in characters.

import type { Dataset } from "../data/index.js";
import { isGlyphs } from "../data/internal.js";
import { isRegression, type TrainConfig } from "./config.js";

/** What a configuration has as `data.source` for images that came from no folder; the prefix is then their name. */
export const OWN_DATA = "images of a program";

/** The configuration as it is written down for a run on this dataset. */
export function withOwnData(config: TrainConfig, dataset: Dataset): TrainConfig {
  if (config.data.source !== "glyphs" || isRegression(config.task) || isGlyphs(dataset)) return config;
  return { ...config, data: { source: OWN_DATA, prefix: dataset.name } };
}
