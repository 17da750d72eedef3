// Episodes of the default network one after the other, timed; in Node and in a page.
import { glyphs } from "../../src/data/index.js";
import { defaultTrainConfig, layerSizes, runEpisode } from "../../src/meta/index.js";
import { initialRule } from "../../src/plasticity/index.js";

/** Milliseconds of each episode, and the gradient of the last one. */
export interface Episodes {
  readonly milliseconds: readonly number[];
  readonly gradient: readonly (readonly number[])[];
}

/** Runs so many episodes after those in which the engine compiles. */
export function episodes(warmUp: number, count: number): Episodes {
  const images = glyphs();
  const config = defaultTrainConfig("rcn");
  const sizes = layerSizes(config, images);
  const rule = initialRule(config.plasticity, sizes);
  const milliseconds: number[] = [];
  let gradient: Episodes["gradient"] = [];
  for (let index = 0; index < warmUp + count; index++) {
    const begin = performance.now();
    const { grad } = runEpisode(config, sizes, images, rule, index);
    if (index >= warmUp) milliseconds.push(performance.now() - begin);
    gradient = grad.map((part) => Array.from(part));
  }
  return { milliseconds, gradient };
}

Object.assign(globalThis, { synaptapeEpisodes: episodes });
