// diagnostics.jsonl: one line of JSON for each episode that was measured; see `Diagnosis`.
import { readFile, stat } from "node:fs/promises";
import { join } from "node:path";
import { InputError } from "../core/index.js";
import { explained, systemCode, writeAside } from "../runs/internal.js";
import type { Diagnosis } from "./diagnose.js";

/** The file's name. */
export const DIAGNOSTICS = "diagnostics.jsonl";

/** The line of a diagnosis. */
export const lineOf = (diagnosis: Diagnosis): string => `${JSON.stringify(diagnosis)}\n`;

/** A line of diagnostics.jsonl, without its end, and what it says. */
export interface Measurement {
  readonly line: string;
  readonly diagnosis: Diagnosis;
}

/**
 * The diagnoses of episodes that a checkpoint includes, without a torn line. They are appended before the checkpoint is
 * replaced, so none that belongs there is missing.
 */
export async function measurements(folder: string, episodes: number): Promise<Measurement[]> {
  const file = join(folder, DIAGNOSTICS);
  const text = await readFile(file, "utf8").catch((error: unknown) => {
    if (systemCode(error) === "ENOENT") return "";
    throw explained(error, `${file} cannot be read`, "Put it back, or take it away.");
  });
  const whole = text.split("\n").slice(0, -1);
  const all = whole.map((line, i) => {
    const diagnosis = diagnosisIn(line);
    if (diagnosis) return { line, diagnosis };
    throw new InputError(
      `[run] ${file} is damaged: line ${i + 1} is no measurement. Put back a copy, or take it away.`,
    );
  });
  return all.filter(({ diagnosis }) => diagnosis.episode <= episodes);
}

/** Takes away the other lines: those episodes are measured again, to the same numbers. */
export async function cutDiagnostics(folder: string, episodes: number): Promise<void> {
  const kept = (await measurements(folder, episodes)).map(({ line }) => `${line}\n`).join("");
  const { size } = await stat(join(folder, DIAGNOSTICS)).catch(() => ({ size: 0 }));
  if (Buffer.byteLength(kept) !== size) await writeAside(folder, DIAGNOSTICS, kept);
}

/** The fields that every measurement is a list in; those that came later are not asked of older files. */
const LISTS = [
  ...(["errorAngles", "feedbackAngles", "orthonormality", "leak", "weights"] as const),
  ...(["chemicals", "saturated", "timeConstants", "P", "K"] as const),
] satisfies (keyof Diagnosis)[];

/** What a line says; undefined if it is no measurement. */
function diagnosisIn(line: string): Diagnosis | undefined {
  try {
    const diagnosis: Diagnosis = JSON.parse(line);
    const whole = Number.isSafeInteger(diagnosis.episode) && LISTS.every((name) => Array.isArray(diagnosis[name]));
    return whole ? diagnosis : undefined;
  } catch {
    return undefined;
  }
}
