// `synaptape reproduce`: the list of studies, and a study run: what is missing is computed, and its claims get verdicts.

import { availableParallelism } from "node:os";
import { join } from "node:path";
import { openStore, type Result } from "../runs/index.js";
import {
  type AnyStudy,
  CLAIM_HEAD,
  type ClaimLine,
  claimRow,
  imageNeeds,
  runStudy,
  type Scale,
  scales,
  studies,
  studyThreads,
} from "../studies/index.js";
import { duration, say, sayJson, table } from "./output.js";
import { startWorkBar } from "./progress.js";
import { watchSignals } from "./signals.js";
import { type OpenedImages, openStudyImages } from "./study-images.js";

/** The flags of a study that were given. */
export interface StudyFlags {
  readonly scale?: Scale;
  readonly seeds?: number;
  readonly workers?: number;
  readonly data?: string;
  readonly out?: string;
  readonly json?: boolean;
}

/** Prints the studies: name, claims, time at each scale, and what each is about. */
export function listStudies(json: boolean): void {
  if (json) {
    for (const { name, about, basis, claims, effort } of studies) {
      sayJson({ study: name, about, basis, claims: claims.length, effort });
    }
    return;
  }
  const rows = studies.map(({ name, claims, basis, effort }) => [
    name,
    String(claims.length),
    basis,
    ...scales.map((scale) => `${duration(effort[scale].seconds)}`),
  ]);
  for (const line of table([["study", "claims", "basis", ...scales], ...rows])) say(line);
  say("\nRun one: synaptape reproduce <study> [--scale smoke|quick|full]. The figures of recurrent chemical networks:");
  say("synaptape reproduce fig1, fig2, fig3, fig4, baselines or all.");
}

/** Runs a study and prints its claims with their verdicts. A law that does not hold is a failure. */
export async function reproduceStudy(study: AnyStudy, flags: StudyFlags): Promise<void> {
  const { scale = "quick", json = false, seeds } = flags;
  const out = flags.out ?? join("reproduction", study.name);
  const needs = imageNeeds(study, { scale });
  const opened: OpenedImages | undefined = needs && (await openStudyImages(flags.data ?? "glyphs", needs.perClass));
  const bar = startWorkBar({ quiet: json });
  const watch = watchSignals(
    () => bar.note("stopping"),
    () => bar.end(),
  );
  const executor = studyThreads(flags.workers ?? availableParallelism(), { data: opened?.datasets ?? [] });
  const plan = { scale, ...(seeds !== undefined && { seeds }), ...(opened && { images: opened.images }) };
  const found = await runStudy(study, plan, {
    store: await openStore(out),
    executor,
    signal: watch.signal,
    onProgress: ({ part, note, secondsLeft }) =>
      bar.step(part, `${note ?? "starting"}${secondsLeft === undefined ? "" : `  ${duration(secondsLeft)} left`}`),
  }).finally(async () => {
    bar.end();
    watch.end();
    await executor.close();
  });
  const code = watch.code();
  if (code !== undefined) {
    process.stderr.write("Stopped. The same command goes on from here.\n");
    process.exitCode = code;
    return;
  }
  tell(study, found.claims, found.results, { scale, json, out });
  for (const { cell, error } of found.failures) {
    process.stderr.write(`synaptape: the cell of seed ${cell.seed} failed: ${(error as Error).message}\n`);
  }
  const broken = found.claims.some(({ source, verdict }) => source === "law" && verdict === "does not hold");
  if (broken || found.failures.length > 0) process.exitCode = 1;
}

function tell(
  study: AnyStudy,
  claims: readonly ClaimLine[],
  results: readonly Result[],
  { scale, json, out }: { readonly scale: Scale; readonly json: boolean; readonly out: string },
): void {
  if (json) {
    for (const claim of claims) sayJson(claim);
    sayJson({ done: true, study: study.name, scale, cells: results.length, results: join(out, "results") });
    return;
  }
  say(`${study.name}, ${scale}: ${results.length} cells. Basis: ${study.basis}.`);
  say();
  for (const line of table([CLAIM_HEAD, ...claims.map(claimRow)])) say(line);
  say(`\nResults  ${join(out, "results")}`);
}
