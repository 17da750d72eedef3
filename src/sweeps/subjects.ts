// The subjects of the package: meta-training, the mechanisms of bio, and every study.
import { complete, Place } from "../fields/index.js";
import { type TrainConfig, type TrainRow, trainCell } from "../meta/index.js";
import type { DataRef, Result } from "../runs/index.js";
import {
  type AnyStudy,
  bySeed,
  cellsOf,
  type Images,
  keptResults,
  type Measured,
  mean,
  meanOf,
  type StudyPlan,
} from "../studies/index.js";
import {
  type Arm,
  bioCells,
  bioTransformations,
  checkPlan,
  checkStudy,
  type Outcome,
  type Setting,
} from "../studies/internal.js";
import { type Settings, withSettings } from "./settings.js";
import type { Subject } from "./subject.js";

/** Episodes at the end of a run over which its accuracy is averaged. */
const LAST = 50;

/** The mean over the seeds of each of the numbers that `values` gives. */
function means(results: readonly Result[], values: Subject["values"]): Readonly<Record<string, Measured>> {
  const names = [...new Set(results.flatMap((result) => Object.keys(values(result))))];
  const measured = names.map((name) => [name, meanOf(bySeed(results, (result) => values(result)[name]))] as const);
  return Object.fromEntries(measured.filter((entry): entry is [string, Measured] => entry[1] !== undefined));
}

/** The images of a run: always the same, or found by its configuration. Left out for tasks without images. */
export type ImagesOfRun = DataRef | ((config: TrainConfig) => DataRef | undefined | Promise<DataRef | undefined>);

/**
 * Meta-trainings. A trial is measured by its accuracy: the mean of the last 50 episodes, over the seeds.
 *
 * ```ts
 * const images = glyphs({ perClass: 80 });
 * const subject = trainSubject(defaultTrainConfig("rcn"), await dataRef(images, "glyphs", "80"));
 * ```
 *
 * @param base the configuration that the settings change, or a function that makes one from the settings. Its own seed
 * is not used.
 */
export function trainSubject(base: TrainConfig | ((settings: Settings) => TrainConfig), images?: ImagesOfRun): Subject {
  const configOf = typeof base === "function" ? base : (settings: Settings) => withSettings(base, settings);
  const rowOf = ({ row }: Result): TrainRow => row as TrainRow;
  const values = (result: Result) => ({ accuracy: mean(rowOf(result).accuracy.slice(-LAST)) });
  return {
    name: "train",
    async cells(settings, seeds) {
      const config = configOf(settings);
      const data = typeof images === "function" ? await images(config) : images;
      return Array.from({ length: seeds }, (_, seed) => trainCell({ ...config, seed }, data));
    },
    values,
    measures: (results) => means(results, values),
    ranked: true,
    curve: { quantity: "accuracy", domain: [0, 1], of: (result) => rowOf(result).accuracy },
  };
}

/**
 * Trainings with and without the mechanisms of `synaptape/bio`. A trial is measured by the accuracy of each arm.
 *
 * @example
 * const train = await dataRef(glyphs({ perClass: 4 }), "glyphs", "4");
 * const setting = { network: "mlp", optimizer: "adam", epochs: 3, batchSize: 64, reference: false } as const;
 * const arms: Arm[] = [
 *   { name: "plain", mechanisms: [] },
 *   { name: "Dale", mechanisms: ["dale"] },
 * ];
 * const subject = bioSubject(setting, arms, { train });
 * (await subject.cells({}, 2)).length; // 4
 */
export function bioSubject(setting: Setting, arms: readonly Arm[], images: Images): Subject {
  const values = ({ row }: Result) => {
    const { arm, accuracy } = row as Outcome;
    return { [`accuracy, ${arm}`]: accuracy };
  };
  return {
    name: "bio",
    cells(settings, seeds) {
      const given = withSettings(setting, settings);
      const whole = complete(bioTransformations.fields, given, new Place("[bio] ", "", "code")) as Setting;
      return bioCells(
        whole,
        arms,
        Array.from({ length: seeds }, (_, seed) => seed),
        images,
      );
    },
    values,
    measures: (results) => means(results, values),
    ranked: true,
  };
}

/**
 * A study. A trial is measured by what its claims measure.
 *
 * @example
 * const study = studyNamed("sparse-representations");
 * const subject = studySubject(study, { scale: "smoke" });
 * (await subject.cells({}, 2)).length; // 3
 */
export function studySubject(study: AnyStudy, given: Omit<StudyPlan, "seeds" | "parts">): Subject {
  checkStudy("studySubject", study, ["name", "cells", "claims"]);
  checkPlan("studySubject", given);
  const { config = {}, ...plan } = given;
  return {
    name: study.name,
    cells: (settings, seeds) => cellsOf(study, { ...plan, config: withSettings(config, settings), seeds }),
    values: () => ({}),
    measures(results) {
      const kept = keptResults(study, results);
      const measured = study.claims.map(({ label, measure }) => [label, measure(kept as never)] as const);
      return Object.fromEntries(measured.filter((entry): entry is [string, Measured] => entry[1] !== undefined));
    },
    ranked: false,
  };
}
