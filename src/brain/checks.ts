// All checks of a reference architecture that do not run it.

import { hierarchyChecks } from "./hierarchy-checks.js";
import { checkIsBra } from "./interfaces.js";
import type { Bra } from "./model.js";
import { type Check, structureChecks } from "./structure-checks.js";
import { textChecks } from "./text-checks.js";

/** All checks of the data: of circuits and connections, of functions, and of their texts. */
export const checks: readonly Check[] = [...structureChecks, ...hierarchyChecks, ...textChecks];

/** What a check found. */
export interface Finding {
  /** The code of the check, such as "K2". */
  readonly code: string;
  /** What is wrong, and what to do about it. */
  readonly message: string;
}

/**
 * The findings of all checks, in the order of the checks; empty for a sound reference architecture.
 *
 * @example
 * checkBra(cerebellum); // []
 * const broken = { ...cerebellum, circuits: cerebellum.circuits.slice(1) };
 * checkBra(broken)[0].code; // "K2"
 */
export function checkBra(bra: Bra): Finding[] {
  checkIsBra("checkBra", bra);
  return checks.flatMap(({ code, find }) => find(bra).map((message) => ({ code, message })));
}
