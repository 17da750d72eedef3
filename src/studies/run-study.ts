// Runs a study: computes the cells whose results are not in the store, and compares the claims with all results.
import { InputError, quote } from "../core/index.js";
import { complete, Place } from "../fields/index.js";
import { type Cell, type CellKind, type QueueOptions, type Result, runCells, type Store } from "../runs/index.js";
import { checkPlan, checkResults, checkStudy } from "./checks.js";
import { type ClaimLine, judged } from "./claims.js";
import { type AnyStudy, type ImageNeeds, type Images, type Scale, scales } from "./study.js";

/** What is run of a study. */
export interface StudyPlan {
  /** How much is run. */
  readonly scale: Scale;
  /** Settings that differ from those of the scale. */
  readonly config?: Readonly<Record<string, unknown>>;
  /** How many seeds, starting from 0; by default those of the scale. */
  readonly seeds?: number | undefined;
  /** The images, for a study that needs some. */
  readonly images?: Images | undefined;
  /** Names of the study's parts; by default all. */
  readonly parts?: readonly string[] | undefined;
}

/** The outcome of running a study. */
export interface StudyOutcome {
  /** The results, reduced to what the study keeps, in the order of the cells. */
  readonly results: readonly Result[];
  /** Every claim with its verdict. */
  readonly claims: readonly ClaimLine[];
  /** The cells that failed, with their errors. */
  readonly failures: readonly { readonly cell: Cell; readonly error: unknown }[];
  /** Whether it was stopped early. */
  readonly stopped: boolean;
}

/**
 * All kinds of a study's cells, for an executor.
 *
 * @example
 * const study = studyNamed("sparse-representations");
 * const executor = here(kindsOf(study));
 * kindsOf(study).map(({ name }) => name); // ["sparse-representations", "sparse-representations/exact"]
 */
export function kindsOf(study: AnyStudy): CellKind[] {
  checkStudy("kindsOf", study, ["name"]);
  const { name, run, kinds = [] } = study;
  return [...(run ? [{ name, run: (cell: Cell, context: never) => run(cell, context) }] : []), ...kinds];
}

/** The settings of a plan, each checked. */
function configOf(op: string, study: AnyStudy, plan: StudyPlan) {
  checkStudy(op, study, ["cells", "effort", "fields"]);
  checkPlan(op, plan);
  const { scale, config = {} } = plan;
  if (!scales.includes(scale)) {
    throw new InputError(
      `[${study.name}] no scale is called ${quote(scale)}. Choose a \`scale\` of ${scales.join(", ")}.`,
    );
  }
  const given = { ...study.effort[scale].config, ...config };
  return complete(study.fields, given, new Place(`[${study.name}] `, "", "code"));
}

/**
 * Which images a plan needs; undefined for a study that uses none.
 *
 * @example
 * imageNeeds(studyNamed("bio-transformations"), { scale: "smoke" }); // { perClass: 4, test: true }
 * imageNeeds(studyNamed("sparse-representations"), { scale: "smoke" }); // undefined
 */
export function imageNeeds(study: AnyStudy, plan: StudyPlan): ImageNeeds | undefined {
  const config = configOf("imageNeeds", study, plan);
  return study.images?.(plan.scale, config);
}

/**
 * The cells of a plan, in order.
 *
 * @example cellsOf(studyNamed("sparse-representations"), { scale: "smoke", seeds: 2 }).length // 3
 */
export function cellsOf(study: AnyStudy, plan: StudyPlan): readonly Cell[] {
  const config = configOf("cellsOf", study, plan);
  const { scale, images, parts } = plan;
  return study.cells({
    scale,
    config,
    seeds: Array.from({ length: plan.seeds ?? study.effort[scale].seeds }, (_, seed) => seed),
    ...(images && { images }),
    ...(parts && { parts }),
  });
}

/**
 * Results, reduced to what the study keeps.
 *
 * @example
 * const study = studyNamed("sparse-representations");
 * const cells = cellsOf(study, { scale: "smoke", seeds: 1 });
 * const { results } = await runCells(cells, { store: memoryStore(), executor: here(kindsOf(study)) });
 * keptResults(study, results).length; // 2
 */
export function keptResults(study: AnyStudy, results: readonly Result[]): Result[] {
  checkStudy("keptResults", study, ["name"]);
  checkResults("keptResults", results);
  return results.map((result) => ({ ...result, row: study.kept ? study.kept(result.row, result.cell) : result.row }));
}

/**
 * Puts into a store the results of a plan's cells that older versions left in a folder.
 *
 * @returns sentences about results that cannot be used.
 */
export async function takeOlder(
  study: AnyStudy,
  plan: StudyPlan,
  store: Store,
  folder: string,
): Promise<readonly string[]> {
  if (!study.older) return [];
  const missing: Cell[] = [];
  for (const cell of cellsOf(study, plan)) if (!(await store.get(cell))) missing.push(cell);
  const { results, notes } = await study.older(folder, missing);
  for (const result of results) await store.put(result);
  return notes;
}

/**
 * Runs a study and gives its results with its claims. Cells that failed are among the outcome's failures.
 *
 * @example
 * const study = studyNamed("sparse-representations");
 * const options = { store: memoryStore(), executor: here(kindsOf(study)) };
 * const { claims, failures } = await runStudy(study, { scale: "smoke" }, options);
 * [claims.length, failures.length]; // [13, 0]
 */
export async function runStudy(study: AnyStudy, plan: StudyPlan, options: QueueOptions): Promise<StudyOutcome> {
  const { results, ...rest } = await runCells(cellsOf(study, plan), options);
  const kept = keptResults(study, results);
  return { ...rest, results: kept, claims: judged(study, kept) };
}
