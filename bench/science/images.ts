// How much it matters which 60 images of each class a run sees: a frozen rule on the same tasks, in everything but the
// images. The published protocol shows the first 60 of each class in every episode, so the images are the same for all
// seeds, and no interval over seeds holds what they do.
//
//   npx tsx bench/science/images.ts DIR PREFIX [draws] [tasks]     writes images.json beside it
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { Key, scope } from "../../src/core/index.js";
import { type Dataset, openFolder } from "../../src/data/index.js";
import { evaluateRule } from "../../src/meta/episode.js";
import { layerSizes, type RuleValues, ruleOf } from "../../src/meta/index.js";
import { eachPart } from "../../src/meta/rule-values.js";
import { FOLDER, readKept } from "./kept.js";

/** What images.json holds: query accuracies, a task each. */
export interface ImageSets {
  /** The rule: an experiment and the seed that it was learned with. */
  readonly rule: string;
  readonly tasks: number;
  /** With the images that the runs saw. */
  readonly first: readonly number[];
  /** With other images, a list for each draw. */
  readonly others: readonly (readonly number[])[];
}

const LABEL = "rcn-2";

/** The same images, each class in another order, which the draw and the class alone decide. */
function shuffled(dataset: Dataset, draw: number): Dataset {
  const byClass = dataset.byClass.map((images, c) => {
    const order = Key.of(draw).fold(c).permutation(images.length);
    return images.map((_, i) => images[order[i]]);
  });
  return { ...dataset, byClass };
}

async function main(source: string, prefix: string, draws = 24, tasks = 60): Promise<void> {
  const dataset = await openFolder(source, prefix);
  const evidence = readKept().evidence.find(({ label }) => label === LABEL);
  if (!evidence) throw new Error(`no run of ${LABEL} is kept`);
  const [{ seed, rule: learned }] = evidence.runs;
  const config = { ...evidence.config, seed };
  const sizes = layerSizes(config, dataset);
  const values = eachPart((part) => (learned as Partial<RuleValues>)[part] ?? []);
  const accuracies = (images: Dataset): number[] =>
    Array.from({ length: tasks }, (_, task) =>
      scope(() => Number(evaluateRule(config, sizes, images, ruleOf(values), [task])[0].accuracy.toFixed(3))),
    );
  const first = accuracies(dataset);
  const others: number[][] = [];
  for (let draw = 1; draw <= draws; draw++) {
    others.push(accuracies(shuffled(dataset, draw)));
    console.error(`${draw} of ${draws}`);
  }
  const found: ImageSets = { rule: `L = 2, seed ${seed}`, tasks, first, others };
  writeFileSync(join(FOLDER, "images.json"), `${JSON.stringify(found)}\n`);
}

if (import.meta.url === `file://${process.argv[1]}`) {
  const [, , source, prefix, ...counts] = process.argv;
  await main(source, prefix, ...counts.map(Number));
}
