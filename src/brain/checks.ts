// All checks of a reference architecture.
import { hierarchyChecks } from "./hierarchy-checks.js";
import type { Bra } from "./model.js";
import { type Check, structureChecks } from "./structure-checks.js";

/** Every check, by ascending code. */
export const checks: readonly Check[] = [...structureChecks, ...hierarchyChecks];

/** What a check found. */
export interface Finding {
  /** The code of the check, such as "K2". */
  readonly code: string;
  /** What is wrong, and what to do. */
  readonly message: string;
}

/** Everything that breaks a check, in the order of the codes; empty for a sound reference architecture. */
export const checkBra = (bra: Bra): Finding[] =>
  checks.flatMap(({ code, find }) => find(bra).map((message) => ({ code, message })));
