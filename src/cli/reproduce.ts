// `synaptape reproduce`: lists the studies, or runs one: computes the results that are missing, gives its claims their
// verdicts, and writes a report.
import { dirname, join } from "node:path";
import { studyReport } from "../report/study-report.js";
import { openStore } from "../runs/index.js";
import { packageVersion } from "../runs/node.js";
import {
  type AnyStudy,
  type ClaimLine,
  claimTable,
  type Figure,
  imageNeeds,
  runStudy,
  scales,
  type Table,
} from "../studies/index.js";
import { knownStudies, NOT_RUN, takeOlder } from "../studies/internal.js";
import { openImagesOfStudy } from "./data.js";
import { checkExecutor, openExecutor } from "./executor.js";
import { failureLines } from "./failure.js";
import { unlessHandedOver } from "./handed-over.js";
import { duration, linesOf, say, sayJson, table } from "./output.js";
import { writeReport } from "./report.js";
import { type Named, OUT, type ReproduceFlags } from "./reproduce-flags.js";
import { sayStopped, stepsOf, underBar } from "./under-bar.js";

/** Prints the studies: name, claims, time at each scale, and the names of their parts. */
export function listStudies(json: boolean): void {
  if (json) {
    for (const { name, about, basis, claims, effort, parts = {} } of knownStudies()) {
      sayJson({ study: name, about, basis, claims: claims.length, effort, parts: Object.keys(parts) });
    }
    return;
  }
  const rows = knownStudies().map(({ name, claims, basis, effort }) => [
    ...[name, String(claims.length), basis],
    ...scales.map((scale) => duration(effort[scale].seconds)),
  ]);
  for (const line of table([["study", "claims", "basis", ...scales], ...rows])) say(line);
  say("\nTimes are for one core. Run a study: synaptape reproduce <study> [--scale smoke|quick|full]");
  for (const { name, parts } of knownStudies()) {
    if (parts) say(`Or a part of ${name}: synaptape reproduce ${Object.keys(parts).join("|")}|all`);
  }
}

/** Runs a study, or parts of it, and prints its claims with their verdicts. A law that does not hold is a failure. */
export async function reproduce({ study, parts, scale, config }: Named, flags: ReproduceFlags): Promise<void> {
  const { json = false, seeds } = flags;
  checkExecutor(flags);
  const out = flags.out ?? join(OUT, study.name);
  const plan = { scale, config, parts, seeds };
  const needs = imageNeeds(study, plan);
  const opened = needs && (await openImagesOfStudy(flags, needs));
  const whole = { ...plan, ...(opened && { images: opened.images }) };
  const store = await openStore(out);
  const notes = await takeOlder(study, whole, store, flags.out ?? dirname(out));
  for (const note of notes) process.stderr.write(`synaptape: ${note}\n`);
  const executor = await openExecutor(flags, { data: opened?.datasets ?? [], out });
  const work = underBar(
    json,
    (bar, signal) => runStudy(study, whole, { store, executor, signal, onProgress: stepsOf(bar) }),
    () => executor.close(),
  );
  const handed = await unlessHandedOver(json, work);
  if (!handed) return;
  const { found, code } = handed;
  if (code !== undefined) return sayStopped(code);
  const figures = study.figures?.(found.results as never) ?? [];
  const claims = parts ? found.claims.filter(({ reason }) => reason !== NOT_RUN) : found.claims;
  const report = join(out, "report.html");
  await writeReport(report, studyReport(study, { claims, figures, version: packageVersion() }));
  const ended = { cells: found.results.length, failed: found.failures.length, results: join(out, "results"), report };
  if (parts)
    tellTables(
      figures.filter(({ name }) => parts.includes(name)),
      json,
    );
  if (json) {
    for (const claim of claims) sayJson(claim);
    sayJson({ done: found.failures.length === 0, study: study.name, scale, ...ended });
  } else tell(study, claims, { scale, ...ended });
  for (const line of failureLines(found.failures)) process.stderr.write(`synaptape: ${line}\n`);
  const broken = found.claims.some(({ source, verdict }) => source === "law" && verdict === "does not hold");
  if (broken || found.failures.length > 0) process.exitCode = 1;
}

/** Prints the tables of figures; as JSON, one line per row. */
function tellTables(figures: readonly Figure[], json: boolean): void {
  for (const { name, title, rows } of figures) {
    const tables = rows.flat().filter((drawing): drawing is Table => drawing.kind === "table");
    if (!json) say(`${title}\n`);
    for (const drawn of tables) {
      if (json) {
        for (const row of drawn.rows)
          sayJson({ figure: name, ...Object.fromEntries(drawn.columns.map(({ head }, i) => [head, row[i]])) });
      } else {
        for (const line of linesOf(drawn)) say(line);
        say();
      }
    }
  }
}

interface Ended {
  readonly scale: string;
  readonly cells: number;
  readonly results: string;
  readonly report: string;
}

function tell({ name, basis }: AnyStudy, claims: readonly ClaimLine[], { scale, cells, results, report }: Ended): void {
  say(`${name}, ${scale}: ${cells} cells. Basis: ${basis}.`);
  say();
  for (const line of linesOf(claimTable(claims))) say(line);
  say(`\nResults  ${results}`);
  say(`Report   ${report}`);
}
