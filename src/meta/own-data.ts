// Images that a program passes in. The configuration of such a run must not name the built-in characters.

import type { Dataset } from "../data/index.js";
import { isGlyphs } from "../data/internal.js";
import { isRegression, type TrainConfig } from "./config.js";
import { dataAt } from "./data-config.js";

/** The `data.source` of a configuration for images that did not come from a folder; the prefix is then their name. */
export const OWN_DATA = "images of a program";

/** The configuration that is written for a run on this dataset. */
export function withOwnData(config: TrainConfig, dataset: Dataset): TrainConfig {
  if (config.data.source !== "glyphs" || isRegression(config.task) || isGlyphs(dataset)) return config;
  return { ...config, data: dataAt(OWN_DATA, dataset.name) };
}
