// `synaptape report`: a report on runs, as one HTML file.
import { readdir, readFile } from "node:fs/promises";
import { basename, dirname, join } from "node:path";
import { InputError, plain } from "../core/index.js";
import type { Dataset } from "../data/index.js";
import { glyphNames } from "../data/index.js";
import type { TrainConfig } from "../meta/index.js";
import { imagesOf } from "../meta/internal.js";
import { readEvidence } from "../report/folders.js";
import { type ReportExtras, runReport } from "../report/run-report.js";
import { sampleAnswers } from "../report/samples.js";
import { dataHash } from "../runs/index.js";
import { explained, writeAside } from "../runs/node.js";
import type { Evidence } from "../studies/internal.js";
import { openData } from "./data.js";
import { say, sayJson } from "./output.js";

/** The flags of `report` that were given. */
export interface ReportFlags {
  readonly out?: string;
  readonly json?: boolean;
}

/** Writes the report on the runs in these folders. */
export async function report(folders: readonly string[], { out, json = false }: ReportFlags): Promise<void> {
  const evidence = await readEvidence(folders);
  const file = out ?? join(folders[0], "report.html");
  await writeReport(file, runReport(evidence, await extrasOf(evidence)));
  const runs = evidence.reduce((sum, each) => sum + each.runs.length, 0);
  if (json) sayJson({ report: file, configurations: evidence.length, runs });
  else say(`Report on ${runs} ${runs === 1 ? "run" : "runs"}: ${file}`);
}

/** Writes a report so that the file always holds the whole old report or the whole new one. */
export async function writeReport(file: string, html: string): Promise<void> {
  await writeAside(dirname(file), basename(file), html).catch((error: unknown) => {
    throw explained(error, `${file} cannot be written`, "Choose another --out.");
  });
}

/**
 * What a report shows besides the runs: a task of the first configuration's kind, given to every configuration that
 * draws the same tasks. If the images are gone, the report says so.
 */
async function extrasOf(evidence: readonly Evidence[]): Promise<ReportExtras> {
  const { config, images: hash } = evidence[0];
  if (!imagesOf(config.task)?.shown) return {};
  let images: Dataset;
  try {
    images = await openData(config);
  } catch (error) {
    return { samples: `No images are shown: ${(error as Error).message.replace(/^\[[^\]]*\] /, "")}` };
  }
  if (hash !== undefined && config.data.source !== "glyphs" && (await dataHash(images)) !== hash) {
    return {
      samples: `No images are shown: those in ${config.data.source} are not the ones that the runs were trained on.`,
    };
  }
  return {
    samples: sampleAnswers(evidence, images),
    dataset: images.name,
    classNames: images.classNames ?? (await classNames(config.data)),
  };
}

/** The largest class and code point that a line of a mapping file may hold. */
const MOST_CLASSES = 65_535;
const LAST_CODE_POINT = 0x10ffff;

/**
 * The names of the classes: those of the built-in set, or those in a file *mapping.txt next to the images, as in
 * EMNIST.
 */
async function classNames({ source }: TrainConfig["data"]): Promise<readonly string[] | undefined> {
  if (source === "glyphs") return glyphNames;
  const files = await readdir(source).catch(() => []); // the source may be a file, which has no such neighbour
  const name = files.find((file) => file.endsWith("mapping.txt"));
  if (name === undefined) return undefined;
  const names: string[] = [];
  for (const [, index, code] of (await readFile(join(source, name), "utf8")).matchAll(/^(\d+) (\d+)/gm)) {
    const [place, point] = [Number(index), Number(code)];
    if (place > MOST_CLASSES || point > LAST_CODE_POINT) {
      throw new InputError(
        `[report] ${plain(join(source, name))} has the line ${plain(`${index} ${code}`, 40)}, which names no class. ` +
          "A line is the number of a class and the code point of its character: correct it, or remove the file.",
      );
    }
    names[place] = String.fromCodePoint(point);
  }
  return names;
}
