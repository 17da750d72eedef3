// A run of a pool: how its coefficients move while it is learned, and what the rule that it ends with is without each of
// its motifs.
import { type RuleValues, ruleHash, type TrainConfig, train } from "../../meta/index.js";
import { accuracyOn, withoutMotif } from "../../meta/internal.js";
import { type Cell, type Context, Stopped, yieldToEvents } from "../../runs/index.js";
import { sixDigits } from "../training/evidence.js";
import { configOf, type Label, type Setting } from "./pools.js";

/** A cell: a pool, and what its run is. */
export interface PathConfig extends Omit<Setting, "data"> {
  readonly pool: Label;
  /** Tasks on which the frozen rule is tried without each motif. */
  readonly trials: number;
}

/** What a cell gives. */
export interface PathRow {
  /** The share of queries answered correctly, one number per episode. */
  readonly accuracy: readonly number[];
  /** The mean cross-entropy of the queries and the penalty, one number per episode; null if the episode diverged. */
  readonly loss: readonly (number | null)[];
  /** Episodes at which the guard acted. */
  readonly guarded: readonly number[];
  /** After how many episodes the coefficients were written down. */
  readonly at: readonly number[];
  /** Then, the coefficients P: all entries, row by row, with a column for each motif. */
  readonly path: readonly (readonly number[])[];
  /** The mean accuracy of the frozen rule on new tasks. */
  readonly whole: number;
  /** The same without each of its motifs, in the order of the columns. */
  readonly without: readonly number[];
  readonly ruleHash: string;
}

/** The coefficients are written down every so many episodes. */
const EVERY = 10;

/** A share of a cell's time; the rest are trials. */
const TRAINED = 0.9;

/** The run of a cell. */
export const runOf = ({ config: { pool, trials: _, ...setting }, seed }: Cell<PathConfig>): TrainConfig =>
  configOf(pool, { ...setting, data: configOf(pool, setting as Setting, 0).data }, seed);

const coefficients = ({ P }: RuleValues): number[] => P.flatMap(({ data }) => [...data].map(sixDigits));

/** Learns the rule of a cell, and tries it without its motifs. */
export async function pathCell(cell: Cell<PathConfig>, context: Context): Promise<PathRow> {
  const { config, data } = cell;
  const [run, dataset] = [runOf(cell), await context.open(data!)];
  const [accuracy, loss, guarded]: [number[], (number | null)[], number[]] = [[], [], []];
  const [at, path]: [number[], number[][]] = [[], []];
  const learned = await train(dataset, run, {
    ...{ workers: 1, signal: context.signal },
    onEpisode: (report) => {
      accuracy.push(sixDigits(report.accuracy));
      loss.push(Number.isFinite(report.loss) ? sixDigits(report.loss) : null);
      if (report.clipped !== undefined) guarded.push(report.episode);
      context.progress((TRAINED * report.episode) / run.episodes, `${config.pool}: episode ${report.episode}`);
    },
    onRule: (rule, episodes) => {
      if (episodes % EVERY !== 0 && episodes !== run.episodes) return;
      at.push(episodes);
      path.push(coefficients(rule));
    },
  });
  if (learned.stopped) throw new Stopped();
  const { motifs } = run.plasticity;
  const tried = [learned.rule, ...motifs.map((_, column) => withoutMotif(learned.rule, column))];
  const means: number[] = [];
  for (const [i, rule] of tried.entries()) {
    let sum = 0;
    for (let task = 0; task < config.trials; task++) {
      sum += accuracyOn(run, dataset, rule, task);
      await yieldToEvents();
      if (context.signal.aborted) throw new Stopped();
    }
    means.push(sixDigits(sum / config.trials));
    context.progress(TRAINED + ((1 - TRAINED) * (i + 1)) / tried.length, `${config.pool}: without motifs`);
  }
  const [whole, ...without] = means;
  return { accuracy, loss, guarded, at, path, whole, without, ruleHash: await ruleHash(learned.rule) };
}
