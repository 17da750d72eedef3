// One episode of a meta-batch as a cell: a rule in, the gradient out, both as bits. So any executor can compute the
// episodes of a run, on threads or on other machines, and the rule that is learned stays the same.
import { base64Of, type FloatName, InputError, scope } from "../core/index.js";
import { type Dataset, noImages } from "../data/index.js";
import { ruleParts } from "../plasticity/index.js";
import { partInFiles } from "../plasticity/internal.js";
import { type Cell, type CellKind, cellName, type DataRef, type Executor } from "../runs/index.js";
import { type Failure, travellingFailure } from "../runs/internal.js";
import { hashedPart, isRegression, layerSizes, runOfCell, type TrainConfig } from "./config.js";
import { dataRefOf } from "./data-config.js";
import { DivergedError } from "./diverged.js";
import { type EpisodeResult, runEpisode } from "./episode.js";
import { type EpisodeSetup, rounded, type TimedResult } from "./episode-job.js";
import { loadFloat } from "./load-float.js";
import { eachPart, type Floats, type RuleValues, ruleOf } from "./rule-values.js";
import type { EpisodeRunner } from "./workers.js";

/** The numbers of a leaf: their bits, little-endian, in base64. */
interface LeafBits {
  readonly shape: readonly number[];
  readonly bits: string;
}

/** The configuration of the cell of an episode, without the seed and the images. */
export interface EpisodeCellConfig {
  /** The run's configuration, as in `TrainCellConfig`. */
  readonly run: object;
  /** The episode's number, from 0. */
  readonly episode: number;
  /** The rule, under the names that files give its parts. */
  readonly rule: Readonly<Record<string, readonly LeafBits[]>>;
}

/** The result of an episode. Numbers that JSON does not have are texts. */
export interface EpisodeRow {
  /** The loss of the queries; text for a number that JSON does not have. */
  readonly loss: number | string;
  /** The share of the queries that were answered correctly, or R2 for regression; text as with `loss`. */
  readonly accuracy: number | string;
  /** The gradient, in the leaf order of the rule: bits as in the rule. Empty if the episode diverged. */
  readonly grad: readonly string[];
  /** Why there is no gradient. */
  readonly diverged?: Failure;
}

/** The kind of cell that is one episode. */
export const episodeKind: CellKind<EpisodeCellConfig, EpisodeRow> = {
  name: "meta/episode",
  async run({ config: { run, episode, rule }, seed, data }, { open }) {
    const config = runOfCell(run, seed, data);
    await loadFloat(config.dtype);
    const dataset: Dataset = data ? await open(data) : noImages;
    const sizes = layerSizes(config, dataset);
    const values = eachPart((part) =>
      rule[partInFiles(part)].map(({ shape, bits }) => ({ shape: [...shape], data: floatsOfBits(bits, config.dtype) })),
    );
    try {
      return rowOf(scope(() => runEpisode(config, sizes, dataset, ruleOf(values), episode)));
    } catch (error) {
      if (!(error instanceof DivergedError)) throw error;
      return { loss: "NaN", accuracy: 0, grad: [], diverged: travellingFailure(error) };
    }
  },
};

/** Runs episodes as cells of an executor, all of a batch at once. Their results come in the order of the episodes. */
export function overExecutor({ config, dataset }: EpisodeSetup, executor: Executor): EpisodeRunner {
  const { seed, ...run } = hashedPart(config);
  let data: Promise<DataRef> | undefined;
  const cellOf = async (rule: RuleValues, episode: number): Promise<Cell<EpisodeCellConfig>> => {
    const parts = ruleParts.map((part) => [
      partInFiles(part),
      rule[part].map(({ shape, data }) => ({ shape: [...shape], bits: bitsOf(data) })),
    ]);
    const cell = {
      kind: episodeKind.name,
      config: { run: { ...run, episodes: config.episodes }, episode, rule: Object.fromEntries(parts) },
      seed: seed as number,
    };
    if (isRegression(config.task)) return cell;
    data ??= dataRefOf(dataset, config.data);
    return { ...cell, data: await data };
  };
  return {
    async run(rule, indices, consume, signal = new AbortController().signal) {
      const stop = new AbortController();
      const onAbort = (): void => stop.abort();
      signal.addEventListener("abort", onAbort);
      if (signal.aborted) onAbort();
      const cells = await Promise.all(indices.map((index) => cellOf(rule, index)));
      const submit = async (cell: Cell): Promise<TimedResult> => {
        const began = performance.now();
        const how = { folder: undefined, signal: stop.signal, progress: () => {} };
        const row = (await executor.submit(cell, how)) as EpisodeRow;
        return { ...resultOfRow(row, config), seconds: rounded(Math.max(0, performance.now() - began)) };
      };
      const results = cells.map(submit);
      for (const result of results) result.catch(() => {}); // thrown below, in order
      try {
        await believed(executor, cells, results, submit);
        for (const result of results) consume(await result);
      } finally {
        stop.abort();
        signal.removeEventListener("abort", onAbort);
      }
    },
    async close() {},
  };
}

/** Submits those of a batch again that turn out to be wrong, until none does. What was given before is in use. */
async function believed(
  executor: Executor,
  cells: readonly Cell[],
  results: Promise<TimedResult>[],
  submit: (cell: Cell) => Promise<TimedResult>,
): Promise<void> {
  if (!executor.doubts) return;
  const names = await Promise.all(cells.map((cell) => cellName(cell)));
  for (let again: number[] = names.map((_, i) => i); again.length > 0; ) {
    const ended = await Promise.allSettled(results);
    if (ended.some(({ status }) => status === "rejected")) return;
    const wrong = new Set(await Promise.all((await executor.doubts()).map((cell) => cellName(cell))));
    again = [...names.keys()].filter((i) => wrong.has(names[i]));
    for (const i of again) {
      results[i] = submit(cells[i]);
      results[i].catch(() => {});
    }
  }
  executor.used?.();
}

function rowOf({ loss, accuracy, grad }: EpisodeResult): EpisodeRow {
  return { loss: asJson(loss), accuracy: asJson(accuracy), grad: grad.map(bitsOf) };
}

function resultOfRow({ loss, accuracy, grad, diverged }: EpisodeRow, { clip, dtype }: TrainConfig) {
  if (diverged && clip === "off") {
    const { message, fields } = diverged;
    const { episode, step, layer } = fields as { episode: number; step?: number; layer?: number };
    throw new DivergedError(message, episode, step, layer);
  }
  return {
    ...{ loss: Number(loss), accuracy: Number(accuracy), grad: grad.map((bits) => floatsOfBits(bits, dtype)) },
    ...(diverged ? { diverged } : {}),
  };
}

const asJson = (value: number): number | string => (Number.isFinite(value) ? value : String(value));

/** The bits of numbers, in base64. */
const bitsOf = ({ buffer, byteOffset, byteLength }: Floats): string =>
  base64Of(new Uint8Array(buffer, byteOffset, byteLength));

function floatsOfBits(bits: string, dtype: FloatName): Floats {
  const bytes = Uint8Array.from(atob(bits), (letter) => letter.charCodeAt(0));
  const Floats = dtype === "float64" ? Float64Array : Float32Array;
  if (bytes.length % Floats.BYTES_PER_ELEMENT === 0) return new Floats(bytes.buffer);
  throw new InputError(`[train] the bits of an episode's cell are not whole numbers of ${dtype}. Make it again.`);
}
