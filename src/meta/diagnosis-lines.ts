// diagnostics.jsonl: one line of JSON for each episode that was measured; see `Diagnosis`.
import type { Lines } from "../runs/internal.js";
import type { Diagnosis } from "./diagnose.js";

/**
 * The fields that are lists in every measurement. Fields that were added later are not required, since older files lack
 * them.
 */
const LISTS = [
  ...(["errorAngles", "feedbackAngles", "orthonormality", "leak", "weights"] as const),
  ...(["chemicals", "saturated", "timeConstants", "P", "K"] as const),
] satisfies (keyof Diagnosis)[];

/** How measurements are written. */
export const diagnosisLines: Lines<Diagnosis> = {
  file: "diagnostics.jsonl",
  checksum: "diagnostics",
  encode: (diagnosis) => JSON.stringify(diagnosis),
  decode(line) {
    try {
      const diagnosis: Diagnosis = JSON.parse(line);
      const whole = Number.isSafeInteger(diagnosis.episode) && LISTS.every((name) => Array.isArray(diagnosis[name]));
      return whole ? diagnosis : undefined;
    } catch {
      return undefined;
    }
  },
  stepOf: ({ episode }) => episode,
};
