// Runs of versions that did not have cells yet, in folders named runs/<label>-seed<n>. Finished runs are read as
// results.
import { type RunContents, rowOfRun, type TrainCellConfig, trainCell, trainKind } from "../../meta/index.js";
import { contentsOf, refOf } from "../../meta/internal.js";
import { type Cell, cellName, NUMERICS } from "../../runs/index.js";
import type { Older } from "../study.js";
import { labelOf } from "./experiments.js";
import { measuredEvery } from "./parts.js";

/** The results of these cells that are in `folder`. */
export async function olderRuns(folder: string, cells: readonly Cell[]): Promise<Older> {
  const [results, notes]: [Older["results"][number][], string[]] = [[], []];
  for (const candidate of cells) {
    if (candidate.kind !== trainKind.name) continue;
    const cell = candidate as Cell<TrainCellConfig>;
    const label = labelOf(cell);
    const place = `${folder}/runs/${label}-seed${cell.seed}`;
    const contents = label && (await contentsOf(place).catch((error: Error) => error));
    if (contents === undefined) continue;
    const odd =
      contents instanceof Error ? contents.message.replace(/^\[[^\]]*\] /, "") : await differs(contents, cell);
    if (odd !== undefined || contents instanceof Error) {
      notes.push(`${place} is not used: ${odd}`);
      continue;
    }
    const seconds = contents.metrics.reduce((sum, { seconds }) => sum + seconds, 0);
    results.push({ cell, numerics: NUMERICS, row: await rowOfRun(contents), seconds });
  }
  return { results, notes };
}

/** Why a run differs from what a cell computes; undefined if it does not. */
async function differs(
  { config, images, metrics, diagnoses }: RunContents,
  cell: Cell<TrainCellConfig>,
): Promise<string | undefined> {
  const { episodes } = cell.config.run as { readonly episodes: number };
  const own = trainCell({ ...config, episodes }, refOf(config.data, images), cell.config.diagnostics ?? undefined);
  if (own.data?.hash !== cell.data?.hash) return "it was trained on other images.";
  if ((await cellName(own)) !== (await cellName(cell))) return "its settings differ.";
  if (metrics.length !== episodes) return `it has ${metrics.length} episodes, and ${episodes} are asked for.`;
  const every = measuredEvery(labelOf(cell)!);
  const due = every === undefined ? 0 : Math.ceil(episodes / every);
  return diagnoses.length === due ? undefined : "its networks were not measured.";
}
