// The code of a thread that computes cells of studies, and episodes of runs. It is a separate entry point of the build; see
// `executor.ts`.
import { episodeKind } from "../meta/index.js";
import { diagnosisKind, loadSameParts } from "../meta/internal.js";
import type { CellKind } from "../runs/index.js";
import { serveKinds } from "../runs/internal.js";
import { knownStudies, makeOwnStudies } from "./own.js";
import { kindsOf } from "./run-study.js";

serveKinds(async ({ parts }) => {
  await loadSameParts(parts);
  await makeOwnStudies();
  const kinds = new Map<string, CellKind>(
    knownStudies()
      .flatMap(kindsOf)
      .map((kind) => [kind.name, kind]),
  );
  return [...kinds.values(), episodeKind as CellKind, diagnosisKind as CellKind];
});
