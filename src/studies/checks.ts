// What functions about studies are given by plain JavaScript: a study, and results of its cells.
import { checkEachMade, checkMade } from "../core/index.js";
import type { Result } from "../runs/index.js";
import type { AnyStudy, Scale } from "./study.js";

/** Throws a TypeError for what lacks the parts of a study that are needed. */
export function checkStudy(op: string, study: AnyStudy, parts: readonly string[]): void {
  checkMade(op, "the study", study, parts, "Give one of `studies`, or one of your own.");
}

/** Throws a TypeError for what is no plan of a study. */
export function checkPlan(op: string, plan: { readonly scale: Scale }): void {
  checkMade(op, "the plan", plan, ["scale"], 'Give one such as { scale: "quick" }.');
}

/** Throws a TypeError for what is no list of results. */
export function checkResults(op: string, results: readonly Result[]): void {
  checkEachMade(op, "the list of results", results, ["cell", "row"], "Give what runStudy() or runCells() returned.");
}
