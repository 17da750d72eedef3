// Measures how much it matters which images of each class a run sees, by testing a frozen rule on tasks that differ only
// in the images. The published protocol shows the first images of each class in every episode, so all seeds see the same
// images, and intervals over seeds do not include their effect.
import { Key, scope } from "../../core/index.js";
import type { Dataset } from "../../data/index.js";
import {
  configOfCell,
  evaluateRule,
  layerSizes,
  ruleOf,
  ruleOfRow,
  type TrainCellConfig,
  type TrainRow,
} from "../../meta/index.js";
import { type Cell, type CellKind, Stopped, yieldToEvents } from "../../runs/index.js";

/** Which images: those that the run saw (draw 0), or another draw of them. */
export interface DrawConfig {
  readonly draw: number;
  readonly tasks: number;
}

/** Query accuracies, one per task. */
export interface DrawRow {
  readonly accuracy: readonly number[];
}

/** The same images, with those of each class in another order, which depends only on the draw and the class. */
export function shuffled(dataset: Dataset, draw: number): Dataset {
  if (draw === 0) return dataset;
  const byClass = dataset.byClass.map((images, c) => {
    const order = Key.of(draw).fold(c).permutation(images.length);
    return images.map((_, i) => images[order[i]]);
  });
  return { ...dataset, byClass };
}

/** The cell of a draw, under the rule of a run. */
export const drawCell = (run: Cell<TrainCellConfig>, config: DrawConfig): Cell<DrawConfig> => ({
  ...{ kind: drawKind.name, config, seed: run.seed, needs: [run] },
  ...(run.data && { data: run.data }),
});

/** Tests a rule on a draw of the images. */
export const drawKind: CellKind<DrawConfig, DrawRow> = {
  name: "recurrent-chemical-networks/draw",
  async run({ config: { draw, tasks }, data, needs = [] }, { row, open, progress, signal }) {
    const config = configOfCell(needs[0] as Cell<TrainCellConfig>);
    const dataset = shuffled(await open(data!), draw);
    const sizes = layerSizes(config, dataset);
    const rule = ruleOfRow(row(0) as TrainRow);
    const accuracy: number[] = [];
    for (let task = 0; task < tasks; task++) {
      accuracy.push(scope(() => evaluateRule(config, sizes, dataset, ruleOf(rule), [task])[0].accuracy));
      progress((task + 1) / tasks, `draw ${draw}: task ${task + 1}`);
      await yieldToEvents();
      if (signal.aborted) throw new Stopped();
    }
    return { accuracy };
  },
};
