// npm run ledger [STUDY FOLDER]: writes the pages of docs/studies and their figures from the results that are kept there.
// With STUDY and FOLDER, what `synaptape reproduce STUDY --scale full --out FOLDER` had, its results are kept first, beside
// those that are or in their place. Of a folder that holds no result at full scale, those at quick scale are kept.
import { existsSync, readdirSync, readFileSync, writeFileSync } from "node:fs";
import { basename, join } from "node:path";
import { openData } from "../../src/data/index.js";
import { filled, type KeptImages, ledgerParts, ledgerTable } from "../../src/report/ledger.js";
import { cellName, type DataRef, dataHash, openStore, type Result } from "../../src/runs/index.js";
import { type AnyStudy, cellsOf, keptResults, studies, studyNamed } from "../../src/studies/index.js";
import { decodeKept, encodeKept } from "../../src/studies/internal.js";

/** Where all of it is, from the root of the repository. */
export const FOLDER = "docs/studies";

/** What is kept of a study. */
export function readKept(name: string, folder = FOLDER): { results: Result[]; images: KeptImages[] } {
  const file = join(folder, name, "results.jsonl");
  const images = join(folder, name, "images.json");
  return {
    results: existsSync(file) ? decodeKept(readFileSync(file, "utf8"), file) : [],
    images: existsSync(images) ? JSON.parse(readFileSync(images, "utf8")) : [],
  };
}

/**
 * All files of the ledger by path within its folder, from what is kept and the prose of the pages. A study gets its place
 * when it has a page.
 */
export function ledgerFiles(folder = FOLDER): Record<string, string> {
  const page = (...path: string[]): string => readFileSync(join(folder, ...path, "README.md"), "utf8");
  const made = studies
    .filter(({ name }) => existsSync(join(folder, name, "README.md")))
    .map((study) => {
      const { results, images } = readKept(study.name, folder);
      return { name: study.name, ...ledgerParts(study, results, images) };
    });
  const files: Record<string, string> = { "README.md": filled(page(), { ledger: ledgerTable(made) }) };
  for (const { name, parts, files: figures } of made) {
    files[join(name, "README.md")] = filled(page(name), parts);
    for (const [file, svg] of Object.entries(figures)) files[join(name, file)] = svg;
  }
  return files;
}

/** What there is to say of images in a folder. */
async function imagesIn({ source, prefix, size, colour }: DataRef): Promise<KeptImages> {
  const dataset = await openData(source, { prefix, size, colour });
  const counts = dataset.byClass.map(({ length }) => length);
  return {
    name: dataset.name,
    images: counts.reduce((sum, count) => sum + count, 0),
    classes: dataset.classes,
    perClass: [Math.min(...counts), Math.max(...counts)],
    sha256: await dataHash(dataset),
  };
}

/** The scales whose results are kept, the first that a folder has. */
export const KEPT_SCALES = ["full", "quick"] as const;

/** What a reproduction adds to a page. */
interface Found {
  readonly results: readonly Result[];
  /** The names of what the study computes at other scales only: a page has one scale. */
  readonly others: ReadonlySet<string>;
}

/** The results of a study in the folder of a reproduction, at the largest scale that it has. */
async function resultsIn(study: AnyStudy, from: string): Promise<Found> {
  const store = await openStore(from);
  const names = readdirSync(join(from, "results")).filter((name) => name.endsWith(".json"));
  const cells = names.map((name) => JSON.parse(readFileSync(join(from, "results", name), "utf8")).cell);
  const train: DataRef | undefined = cells.find(({ data }) => data)?.data;
  const test: DataRef | undefined = cells.find((cell) => cell.test)?.test;
  const images = train && { train, ...(test && { test }) };
  const seeds = Math.max(...cells.map(({ seed }) => seed)) + 1;
  const plans = KEPT_SCALES.map((scale) => cellsOf(study, { scale, seeds, ...(images && { images }) }));
  for (const plan of plans) {
    const found: Result[] = [];
    for (const cell of plan) {
      if (!names.includes(`${await cellName(cell)}.json`)) continue;
      const result = await store.get(cell);
      if (result) found.push(result);
    }
    // Cells that all scales share are no scale of their own.
    if (!found.some(({ cell }) => cell.kind === study.name)) continue;
    const own = new Set(await Promise.all(plan.map((cell) => cellName(cell))));
    const all = await Promise.all(plans.flat().map((cell) => cellName(cell)));
    return { results: found, others: new Set(all.filter((name) => !own.has(name))) };
  }
  return { results: [], others: new Set() };
}

/** A reference that names no folder of this machine. */
const placeless = (data: DataRef): DataRef => ({ ...data, source: basename(data.source) });

/** Keeps the results of a reproduction too. */
async function keep(study: AnyStudy, from: string, folder = FOLDER): Promise<void> {
  const { results: added, others } = await resultsIn(study, from);
  const { results, images } = readKept(study.name, folder);
  const before: Result[] = [];
  for (const result of results) if (!others.has(await cellName(result.cell))) before.push(result);
  const refs = new Map(
    added.flatMap(({ cell: { data, test } }) => [data, test].flatMap((ref) => (ref ? [[ref.hash, ref] as const] : []))),
  );
  for (const [hash, ref] of refs) {
    if (ref.source !== "glyphs" && !images.some(({ sha256 }) => sha256 === hash)) images.push(await imagesIn(ref));
  }
  const shown = keptResults(study, added).map((result) => ({ ...result, cell: withoutPlaces(result.cell) }));
  writeFileSync(join(folder, study.name, "results.jsonl"), encodeKept([...before, ...shown]));
  if (images.length > 0) {
    writeFileSync(join(folder, study.name, "images.json"), `${JSON.stringify(images, undefined, 2)}\n`);
  }
  console.log(`${study.name}: ${added.length} results of ${from} are kept`);
}

/** A cell whose images, and those of the cells that it needs, name no folder of this machine. */
function withoutPlaces(cell: Result["cell"]): Result["cell"] {
  const { data, test, needs, ...rest } = cell;
  return {
    ...rest,
    ...(data && { data: placeless(data) }),
    ...(test && { test: placeless(test) }),
    ...(needs && { needs: needs.map(withoutPlaces) }),
  };
}

if (import.meta.url === `file://${process.argv[1]}`) {
  const [, , name, from] = process.argv;
  if (name !== undefined && from === undefined) throw new Error("ledger: give a study and the folder of its results.");
  if (name !== undefined) await keep(studyNamed(name), from);
  for (const [file, content] of Object.entries(ledgerFiles())) writeFileSync(join(FOLDER, file), content);
}
