// Every study, a line each.
import { InputError, quote } from "../core/index.js";
import { bioTransformations } from "./bio-transformations/study.js";
import type { AnyStudy } from "./study.js";

/** All studies, in the order in which they are listed. */
export const studies: readonly AnyStudy[] = [bioTransformations];

/** The study of this name. Throws an InputError that lists them if there is none. */
export function studyNamed(name: string): AnyStudy {
  const found = studies.find((study) => study.name === name);
  if (found) return found;
  throw new InputError(
    `[studies] no study is called ${quote(name)}. There are ${studies.map((s) => s.name).join(", ")}.`,
  );
}
