// All checks of a reference architecture that need not run it.
import { hierarchyChecks } from "./hierarchy-checks.js";
import type { Bra } from "./model.js";
import { type Check, structureChecks } from "./structure-checks.js";
import { textChecks } from "./text-checks.js";

/** Every check of what is written down: of circuits and connections, of functions, and of their texts. */
export const checks: readonly Check[] = [...structureChecks, ...hierarchyChecks, ...textChecks];

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
