// `synaptape card`: a page and a file about a learned rule, and the rule itself.
import { mkdir } from "node:fs/promises";
import { basename, join, resolve } from "node:path";
import { InputError, plain, quote } from "../core/index.js";
import { type Dataset, protocolNamed } from "../data/index.js";
import {
  encodeRule,
  keptRule,
  layerSizes,
  type RunContents,
  readRun,
  ruleHash,
  type TrainConfig,
} from "../meta/index.js";
import {
  askedOf,
  differences,
  inquiryOf,
  isRegression,
  type OtherImages,
  settingsOf,
  shotsOf,
} from "../meta/internal.js";
import { cardReport } from "../report/card-report.js";
import { explained, packageFile, packageVersion } from "../runs/node.js";
import { type AskedRun, type Card, cardOf, withoutPaths } from "../studies/internal.js";
import { aloneIn, computed, write } from "./beside-run.js";
import { checkSameImages, dataOf, openData, openImages } from "./data.js";
import { say, sayJson } from "./output.js";

/** The flags of `card`. */
export interface CardFlags {
  readonly out?: string;
  readonly name?: string;
  readonly others?: string;
  readonly tasks?: number;
  readonly shots?: number[];
  readonly workers?: number;
  readonly json?: boolean;
}

/** Tasks for each seed and setting, by default. */
const TASKS = 20;

/** A run and its folder. */
interface Found {
  readonly folder: string;
  readonly contents: RunContents;
}

/** The files of a card. */
const FILES = { page: "card.html", card: "card.json", rule: "rule.safetensors" } as const;

/** Writes the card of a rule that comes with the package, which was measured before it was kept. */
export async function writeKept(name: string, { out = name, json = false }: CardFlags): Promise<void> {
  const files = { [FILES.rule]: encodeRule(keptRule(name)), [FILES.card]: packageFile(`rules/${name}/card.json`) };
  const bytes = files[FILES.card];
  if (bytes === undefined) {
    throw new InputError(`[card] the card of ${name} is missing in the package. Install synaptape again.`);
  }
  const card: Card = JSON.parse(new TextDecoder().decode(bytes));
  await writeFiles(out, { ...files, [FILES.page]: cardReport(card) });
  if (json)
    sayJson({ card: out, runs: card.runs.length, tasks: card.tasks, accuracy: card.scores[0]?.learned ?? null });
  else say(`Card of ${name}: ${join(out, FILES.page)}`);
}

/** Measures the rules of these runs, and writes their card. */
export async function runCard(folders: readonly string[], flags: CardFlags): Promise<void> {
  const { tasks = TASKS, json = false, out = join(folders[0], "card") } = flags;
  const runs = await readRuns(folders);
  const [{ folder, contents }] = runs;
  const { config, images } = contents;
  const shots = flags.shots ?? shotsOf(config);
  const dataset = await opened(config, shots, folder, contents);
  const others = isRegression(config.task) ? [] : await openOthers(config, flags.others);
  const asked = askedOf(config, dataset, { others, shots });
  const answered: AskedRun[] = [];
  for (const { folder, contents } of runs) {
    const inquiry = await inquiryOf(contents, asked.probes, { dataset, tasks });
    const data = [dataset, ...others.map((each) => each.dataset)];
    const results = await aloneIn(folder, () => computed(inquiry, folder, data, flags));
    if (results === undefined) return;
    const { config, rule, metrics } = contents;
    answered.push({
      config,
      rule,
      ruleHash: await ruleHash(rule),
      episodes: metrics,
      answers: inquiry.answers(results),
    });
  }
  const name = flags.name ?? basename(resolve(folder)).replace(/-seed\d+$/, "");
  const found = { name, version: packageVersion(), data: dataset.name, images, tasks, asked, runs: answered };
  const card = await cardOf(found);
  const sizes = layerSizes(config, dataset);
  await writeFiles(out, {
    [FILES.rule]: encodeRule({ config: withoutPaths(config), sizes, rule: contents.rule }),
    [FILES.card]: `${JSON.stringify(card, null, 1)}\n`,
    [FILES.page]: cardReport(card),
  });
  if (json) sayJson({ card: out, runs: runs.length, tasks, accuracy: card.scores[0]?.learned ?? null });
  else
    say(`Card of ${runs.length} ${runs.length === 1 ? "run" : "runs"}, ${tasks} tasks each: ${join(out, FILES.page)}`);
}

/** Writes files into a folder, which is made if it is not there. */
async function writeFiles(
  out: string,
  files: Readonly<Record<string, string | Uint8Array | undefined>>,
): Promise<void> {
  await mkdir(out, { recursive: true }).catch((error: unknown) => {
    throw explained(error, `${plain(out)} cannot be made`, "Choose another --out.");
  });
  for (const [name, content] of Object.entries(files)) if (content !== undefined) await write(out, name, content);
}

/** The runs in these folders, in ascending order of the seeds; they must differ in nothing else. */
async function readRuns(folders: readonly string[]): Promise<readonly Found[]> {
  const runs: Found[] = [];
  for (const folder of new Set(folders.map((path) => path.replace(/[\\/]+$/, "")))) {
    const contents = await readRun(folder);
    if (contents.metrics.length === 0) {
      throw new InputError(`[card] ${plain(folder)} has no finished episode yet. Run it first.`);
    }
    runs.push({ folder, contents });
  }
  const [first, ...rest] = runs;
  const settings = ({ contents: { config, images } }: Found): object => ({ ...settingsOf(config), seed: 0, images });
  for (const other of rest) {
    const odd = differences(settings(first), settings(other))[0];
    if (odd === undefined) continue;
    throw new InputError(
      `[card] ${plain(other.folder)} has ${quote(odd[2])} as its ${odd[0]}, but ${plain(first.folder)} has ${quote(odd[1])}. ` +
        "Give runs that differ in the seed only, or a card of each.",
    );
  }
  const sorted = [...runs].sort((a, b) => a.contents.config.seed - b.contents.config.seed);
  sorted.slice(1).forEach(({ folder, contents }, i) => {
    const before = sorted[i];
    if (contents.config.seed !== before.contents.config.seed) return;
    throw new InputError(
      `[card] ${plain(folder)} and ${plain(before.folder)} have the same seed, ${contents.config.seed}. Pass only one of them.`,
    );
  });
  return sorted;
}

/** The images of training, with as many of each class as the tasks need. */
async function opened(
  config: TrainConfig,
  shots: readonly number[],
  folder: string,
  contents: RunContents,
): Promise<Dataset> {
  const shown = protocolNamed(config.protocol).shown(config.shots + config.queries);
  // Files have what they have; of the built-in characters as many are drawn as are asked for.
  const most = config.data.source === "glyphs" ? Math.max(config.shots, ...shots) : config.shots;
  const dataset = await openData({ ...config, shots: most }, shown);
  await checkSameImages(folder, contents, dataset);
  return dataset;
}

/** The built-in characters, if the run was not trained on them, and the images that a list of paths names. */
async function openOthers(config: TrainConfig, list = ""): Promise<OtherImages[]> {
  const paths = list.split(",").filter((path) => path !== "");
  const named = [...new Set([...(config.data.source === "glyphs" ? [] : ["glyphs"]), ...paths])];
  const shown = protocolNamed(config.protocol).shown(config.shots + config.queries);
  return Promise.all(
    named.map(async (path): Promise<OtherImages> => {
      const data = dataOf({ data: path });
      return { dataset: await openImages(data, config.shots + config.queries + shown), data };
    }),
  );
}
