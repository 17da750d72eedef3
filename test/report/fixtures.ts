// Evidence made up for tests of reports: curves that rise and level off, rules of the right shapes.
import { Key } from "../../src/core/index.js";
import { scope } from "../../src/index.js";
import { type Diagnosis, type RuleValues, trainCell, valuesOf } from "../../src/meta/index.js";
import { dataAt, refOf } from "../../src/meta/internal.js";
import { initialRule } from "../../src/plasticity/index.js";
import type { Result } from "../../src/runs/index.js";
import type { Evidence } from "../../src/studies/internal.js";
import {
  configOf,
  experiments,
  type Label,
  type Setting,
} from "../../src/studies/recurrent-chemical-networks/experiments.js";
import { measuredEvery } from "../../src/studies/recurrent-chemical-networks/parts.js";
import type { KeptRun } from "../../src/studies/training/evidence.js";

/** The published setting, so that published numbers are set beside. */
export const publishedSetting: Setting = {
  data: dataAt("/data/emnist"),
  hidden: [170, 130, 100, 70],
  ways: 5,
  shots: 50,
  queries: 10,
  episodes: 180,
};

/** Made-up runs of an experiment. Its seeds end near `level`. */
export function madeUp(label: Label, level: number, seeds = 5, setting = publishedSetting): Evidence {
  const config = configOf(label, setting, 0);
  const key = Key.of(Object.keys(experiments).indexOf(label));
  const runs = Array.from({ length: seeds }, (_, seed) => {
    const own = key.fold(seed);
    const noise = (i: number): number => own.uniform(i) - 0.5;
    const end = level + 0.04 * noise(0);
    const accuracy = Array.from({ length: setting.episodes }, (_, i) => {
      const risen = end * (1 - 0.96 ** i) + 0.1 * noise(i + 1);
      return Math.min(1, Math.max(0, Math.round(50 * risen) / 50));
    });
    const rule = scope(() => valuesOf(initialRule({ ...config.plasticity, bias: "none" }, [4, 3, 3, 3, 3, 2])));
    const shaken = (list: RuleValues["P"], scale: number) =>
      list.map(({ shape, data }, leaf) => ({
        shape,
        data: data.map((x, i) => x + scale * noise(1000 + 97 * leaf + i)),
      }));
    return {
      seed,
      accuracy,
      loss: accuracy.map((a, i) => 3.8 * (1 - a) + 0.2 * noise(500 + i)),
      ...((shown) => ({ rule: shown, whole: { ...rule, ...shown } }))({
        P: shaken(rule.P, 0.05),
        K: shaken(rule.K, 0.1),
      }),
      measured: measuredEvery(label) === undefined ? [] : measurements(own, setting.episodes),
    };
  });
  return { label, config, runs };
}

/** Made-up measures: angles that fall, weights that leak. The first episode has no angle at layer 3. */
function measurements(key: Key, episodes: number): Diagnosis[] {
  const layers = [0, 1, 2, 3, 4];
  return Array.from({ length: Math.ceil(episodes / 2) }, (_, i) => {
    const noise = (j: number): number => key.uniform(5000 + 20 * i + j);
    return {
      episode: 2 * i + 1,
      errorAngles: [...layers.map((l) => (i === 0 && l === 3 ? null : 90 - 8 * l * (1 - 0.97 ** i) + noise(l))), 0],
      feedbackAngles: layers.map(() => 90),
      orthonormality: layers.map((l) => 100 * (l + 1) * 0.99 ** i + noise(l)),
      leak: layers.map((l) => 1 - 0.05 * l + 0.1 * noise(l)),
      weights: layers.map((l) => 10 + l),
      chemicals: layers.map(() => []),
      saturated: layers.map(() => null),
      timeConstants: [],
      effectiveTimeConstants: layers.map(() => []),
      effectiveKept: layers.map(() => []),
      P: [0.01 + 0.001 * i],
      K: [],
    };
  });
}

/** Made-up runs of every experiment. */
export const everything = (seeds = 5): Evidence[] =>
  (Object.keys(experiments) as Label[]).map((label, i) => madeUp(label, 0.6 + 0.015 * (i % 12), seeds));

/** The same as results of cells, as the study keeps them. */
export const resultsOf = (evidence: readonly Evidence[]): Result<KeptRun>[] =>
  evidence.flatMap(({ label, config, images, runs }) =>
    runs.map(({ seed, accuracy, loss, rule, measured }) => {
      const data = refOf(config.data, images ?? "made up");
      const leaves = (part: "P" | "K") =>
        rule[part].map((leaf) => ({ shape: leaf.shape, data: Array.from(leaf.data) }));
      return {
        cell: trainCell({ ...config, seed }, data, measuredEvery(label as Label)),
        ...{ numerics: 1, seconds: 1 },
        row: {
          ...{ accuracy, guarded: [], rule: { P: leaves("P"), K: leaves("K") } },
          loss: loss.map((each) => (Number.isNaN(each) ? null : each)),
          measured: measured.map(({ episode, errorAngles }) => ({ episode, errorAngles })),
        },
      };
    }),
  );
