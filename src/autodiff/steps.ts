// What a loop is made of, as the tape sees it: steps on the leaves of the carry.
import type { Tensor } from "../core/index.js";

/** What a step gives: the next carry and what it keeps of the way, as leaves. */
export interface StepResult {
  readonly carry: readonly Tensor[];
  readonly kept: readonly Tensor[];
}

/** One step on leaves; it checks that the carry keeps its structure and shapes. */
export type Step = (carry: readonly Tensor[], index: number) => StepResult;

/** The steps `from` (included) to `to` (excluded). */
export interface Steps {
  readonly from: number;
  readonly to: number;
  readonly step: Step;
  /** What runs them, for messages. */
  readonly op: string;
  /** Names of the carry's leaves, for messages. */
  readonly names: readonly string[];
}
