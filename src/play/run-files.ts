// The folder of a run, as a person gives it to a page: its files by name.
import { InputError, plain } from "../core/index.js";
import { decodeSafetensors, parseJson, textOf } from "../io/index.js";
import { type EpisodeReport, parseTrainConfig } from "../meta/index.js";
import { metricsLines, ruleIn } from "../meta/internal.js";
import { sha256 } from "../runs/internal.js";
import { checkSetup, type Setup } from "./setup.js";

/** Files by their names, without those of folders. */
export type RunFiles = Readonly<Record<string, Uint8Array>>;

/** What a run's folder says. */
export interface ReadRun {
  /** The life of now under the rule that the run has learned. */
  readonly setup: Setup;
  /** The report of each episode. */
  readonly metrics: readonly EpisodeReport[];
}

const NEEDED = ["config.json", "checkpoint.safetensors", "metrics.jsonl"] as const;

/**
 * Reads a run's folder.
 *
 * @param setup the life of now, which then goes on under the run's rule.
 * @throws InputError naming the file that is missing or broken.
 */
export async function readFiles(files: RunFiles, setup: Setup): Promise<ReadRun> {
  const missing = NEEDED.find((name) => !Object.hasOwn(files, name));
  if (missing) throw new InputError(`[play] there is no ${missing}. Give the whole folder of a run.`);
  const [config, checkpoint, metrics] = NEEDED.map((name) => files[name]);
  const { plasticity, hidden } = parseTrainConfig(parseJson(textOf(config, NEEDED[0]), NEEDED[0]));
  const { tensors, metadata } = decodeSafetensors(checkpoint, NEEDED[1]);
  const { checksum, ...about } = metadata;
  const head = JSON.stringify([about, Object.entries(tensors).map(([name, { shape }]) => [name, shape])]);
  if (checksum !== (await sha256([head, ...Object.values(tensors).map(({ data }) => data)]))) {
    throw new InputError(`[play] ${NEEDED[1]} is damaged: its checksum is wrong. Give a whole copy of the folder.`);
  }
  const next = { ...setup, plasticity, hidden, rule: ruleIn("rule", tensors) };
  checkSetup(next);
  const lines = textOf(metrics, NEEDED[2])
    .split("\n")
    .filter((line) => line !== "");
  const rows = lines.slice(0, Number(about.episodes)).map((line, i) => {
    const row = metricsLines.decode(line);
    if (row?.episode === i + 1) return row;
    throw new InputError(`[play] line ${i + 1} of ${plain(NEEDED[2])} is damaged. Give a whole copy of the folder.`);
  });
  return { setup: next, metrics: rows };
}
