// Finds studies by name.
import { InputError, quote } from "../core/index.js";
import * as all from "./all.js";
import type { AnyStudy } from "./study.js";

/** All studies, in alphabetical order of their names. */
export const studies: readonly AnyStudy[] = Object.values<AnyStudy>(all).sort((a, b) => (a.name < b.name ? -1 : 1));

/**
 * The study of this name. Throws an InputError that lists them if there is none.
 *
 * @example
 * const study = studyNamed("sparse-representations");
 * study.papers[0].year; // 2016
 */
export function studyNamed(name: string): AnyStudy {
  const found = studies.find((study) => study.name === name);
  if (found) return found;
  throw new InputError(
    `[studies] no study is called ${quote(name)}. There are ${studies.map((s) => s.name).join(", ")}.`,
  );
}
