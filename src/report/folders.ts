// Reads runs from their folders, as evidence.
import { checkKind, InputError } from "../core/index.js";
import { readRun, type TrainConfig } from "../meta/index.js";
import { type Evidence, familyOf, type RunRecord, recordOf, streamOf } from "../studies/internal.js";

/**
 * The runs in these folders, grouped by configuration. A group is named like its folders, up to "-seed"; if these names
 * differ, it is named by the preset. Needs Node.
 *
 * @param folders the folders of runs, as `train` and the command line write them.
 * @returns a group for each configuration, in the order of the folders; its runs in ascending order of the seeds.
 * @throws InputError for a folder that is no run, a run without an episode, or two runs of the same seed.
 * @example
 * const html = runReport(await readEvidence(["runs/rcn-glyphs-seed0", "runs/rcn-glyphs-seed1"]));
 */
export async function readEvidence(folders: readonly string[]): Promise<Evidence[]> {
  checkKind("readEvidence", "the list of folders", folders, "a list");
  for (const folder of folders) checkKind("readEvidence", "a folder", folder, "text");
  const [{ basename, join, resolve }, { stat }] = await Promise.all([import("node:path"), import("node:fs/promises")]);
  const groups = new Map<string, { names: string[]; configs: TrainConfig[]; images: string; runs: RunRecord[] }>();
  for (const folder of new Set(folders.map((path) => resolve(path)))) {
    const contents = await readRun(folder);
    const { config, metrics, images } = contents;
    if (metrics.length === 0) throw new InputError(`[report] ${folder} has no finished episode yet. Run it first.`);
    const key = `${familyOf(config)} ${streamOf({ config, images })}`;
    const group = groups.get(key) ?? { names: [], configs: [], images, runs: [] };
    groups.set(key, group);
    if (group.runs.some(({ seed }) => seed === config.seed)) {
      throw new InputError(
        `[report] ${folder} is the same run as another of the folders: configuration and seed agree. Pass only one of them.`,
      );
    }
    group.names.push(basename(folder).replace(/-seed\d+$/, ""));
    group.configs.push(config);
    const { mtime } = await stat(join(folder, "metrics.jsonl"));
    group.runs.push({ ...recordOf(contents), ended: mtime.toISOString() });
  }
  const all = [...groups.values()].map(({ names, configs, images, runs }) => ({
    label: new Set(names).size === 1 ? names[0] : configs[0].preset,
    config: configs[0],
    images,
    runs: runs.sort((a, b) => a.seed - b.seed),
  }));
  return all.map((evidence, i) => {
    const same = all.filter(({ label }, j) => j < i && label === evidence.label).length;
    return same === 0 ? evidence : { ...evidence, label: `${evidence.label} (${same + 1})` };
  });
}
