// Runs a study: computes the cells that the store lacks, and holds the claims against all results.
import { complete, Place } from "../fields/index.js";
import { type CellKind, type QueueOptions, type QueueOutcome, runCells } from "../runs/index.js";
import { type ClaimLine, judged } from "./claims.js";
import type { AnyStudy, Images, Scale } from "./study.js";

/** What is run. */
export interface StudyPlan {
  readonly scale: Scale;
  /** Settings that differ from the defaults. */
  readonly config?: Readonly<Record<string, unknown>>;
  /** How many seeds, from 0 on; by default those of the scale. */
  readonly seeds?: number;
  readonly images?: Images;
}

/** A study's cells as a kind, for an executor. */
export function kindOfStudy(study: AnyStudy): CellKind {
  return { name: study.name, run: (cell, context) => study.run(cell, context) };
}

/** The cells of a plan, in order. */
export function cellsOf(study: AnyStudy, { scale, config = {}, seeds, images }: StudyPlan) {
  const count = seeds ?? study.effort[scale].seeds;
  return study.cells({
    scale,
    config: complete(study.fields, config, new Place(`[${study.name}] `, "", "code")),
    seeds: Array.from({ length: count }, (_, seed) => seed),
    ...(images && { images }),
  });
}

/** Runs a study and gives its results with its claims. Cells that failed are among the outcome's failures. */
export async function runStudy(
  study: AnyStudy,
  plan: StudyPlan,
  options: QueueOptions,
): Promise<QueueOutcome & { readonly claims: readonly ClaimLine[] }> {
  const outcome = await runCells(cellsOf(study, plan), options);
  return { ...outcome, claims: judged(study, outcome.results) };
}
