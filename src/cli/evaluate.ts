// `synaptape evaluate`: tests the rule of a run, frozen, on tasks like those it was trained on and on others.
import { join } from "node:path";
import { protocolNamed } from "../data/index.js";
import { type Condition, type EvaluationLine, RETENTION_SHARES, readRun } from "../meta/index.js";
import { evaluationOf, imagesOf, isRegression, retentionCurves, taskName } from "../meta/internal.js";
import { compare, type Estimate, mean } from "../studies/index.js";
import { grouped } from "../studies/internal.js";
import { aloneIn, computed, write } from "./beside-run.js";
import { checkSameImages, type DataFlags, dataOf, openData, openImages } from "./data.js";
import { UsageError } from "./failure.js";
import { percent, say, sayJson, table } from "./output.js";

/** The flags of `evaluate`. */
export interface EvaluateFlags extends DataFlags {
  readonly tasks?: number;
  readonly shots?: number[];
  readonly workers?: number;
  readonly json?: boolean;
}

/** Tasks for each condition, by default. */
export const TASKS = 100;

const REMARKS: Readonly<Record<Condition, string>> = {
  trained: "as in training",
  permuted: "same images, other outputs",
  "new images": "same classes, images never shown",
  "held out": "classes never shown",
  "other data": "other data, at random outputs",
};

/**
 * Tests the rule of the run in `folder`, prints a table or JSON lines, and writes evaluation.jsonl into the folder; for
 * continual tasks also retention.svg.
 */
export async function runEvaluate(folder: string, flags: EvaluateFlags): Promise<void> {
  const { tasks = TASKS, json = false, data } = flags;
  const given = (["prefix", "size", "colour"] as const).find((name) => flags[name] !== undefined);
  if (given && data === undefined) {
    throw new UsageError(`--${given} ${flags[given]} is about the files of --data, which is not given. Add --data.`);
  }
  if (data !== undefined) dataOf(flags); // flags that contradict each other are refused before the run is read
  const contents = await readRun(folder);
  const { config } = contents;
  if (data !== undefined && isRegression(config.task)) {
    throw new UsageError(
      `--data contradicts the run's --task ${taskName(config.task)}, which has no images. Leave it out.`,
    );
  }
  const { shots = [config.shots] } = flags;
  const most = Math.max(config.shots, ...shots);
  // New images come after those that every faithful episode has shown.
  const shown = protocolNamed(config.protocol).shown(config.shots + config.queries);
  const dataset = await openData({ ...config, shots: most }, shown);
  await checkSameImages(folder, contents, dataset);
  const asked = data === undefined ? config.data : dataOf(flags);
  const known = JSON.stringify(asked) === JSON.stringify(config.data);
  const other = known ? undefined : await openImages(asked, most + config.queries);
  const evaluation = await evaluationOf(contents, dataset, { tasks, shots, other });
  const continual = (imagesOf(config.task)?.parts ?? 1) > 1;
  const groups = await aloneIn(folder, async () => {
    const found = await computed(evaluation, folder, [dataset, ...(other ? [other] : [])], flags, (result) => {
      if (json) for (const line of evaluation.linesOf(result)) sayJson(line);
    });
    if (found === undefined) return undefined;
    const lines = found.flatMap(evaluation.linesOf);
    await write(folder, "evaluation.jsonl", lines.map((line) => `${JSON.stringify(line)}\n`).join(""));
    const grouping = [...grouped(lines, ({ condition, shots }) => `${condition} ${shots}`).values()];
    if (continual) await write(folder, "retention.svg", await drawRetention(grouping));
    return grouping;
  });
  if (groups === undefined || json) return;
  for (const line of table(gainTable(groups))) say(line);
  if (continual) reportRetention(groups);
  say();
  say(
    "Both rules are tested on the same tasks, from the same initial weights. A learned rule gains on all kinds of tasks.",
  );
  say("If the gain is limited to tasks as in training, the rule only acts like a learned initialisation.");
  say(`Task by task: ${join(folder, "evaluation.jsonl")}`);
  if (continual) say(`Retention:    ${join(folder, "retention.svg")}`);
}

type Groups = readonly (readonly EvaluationLine[])[];
type Curves = readonly (readonly number[])[];

const spanOf = ({ low, high }: Estimate): string => `${percent(low)} to ${percent(high)}`;

/**
 * A table with a row for each group of lines: the accuracy of both rules, and the gain of the learned one over the
 * initial one.
 */
export function gainTable(groups: Groups): string[][] {
  const rows = groups.map((group) => {
    const [{ condition, data, shots }] = group;
    const [learned, initial] = [group.map((line) => line.learned.accuracy), group.map((line) => line.initial.accuracy)];
    const { difference } = compare(learned, initial);
    return [
      `${condition} (${REMARKS[condition]})`,
      data,
      String(shots),
      String(group.length),
      percent(mean(learned)),
      percent(mean(initial)),
      percent(difference.mean),
      spanOf(difference),
    ];
  });
  const head = ["tasks", "data", "shots", "number", "learned rule", "initial rule", "gain", "98 % interval over tasks"];
  return [head, ...rows];
}

/** The name of a group's retention curve. */
const curveName = ([{ condition, shots }]: readonly EvaluationLine[]): string => `${condition}, ${shots} shots`;

async function drawRetention(groups: Groups): Promise<string> {
  // Plot is slow to load, and other kinds of tasks do not need it.
  const [{ sheet }, { retentionChart }] = await Promise.all([
    import("../report/chart.js"),
    import("../report/retention.js"),
  ]);
  return sheet(
    "Retention",
    groups.map((group) => [retentionChart(`accuracy, ${curveName(group)}`, group)]),
  );
}

/** The retention curves of a group, point by point. */
export function retentionTable(group: readonly EvaluationLine[]): string[][] {
  const [ours, theirs] = [retentionCurves(group, "learned", "first"), retentionCurves(group, "initial", "first")];
  const others = [retentionCurves(group, "learned", "second"), retentionCurves(group, "initial", "second")];
  const rows = RETENTION_SHARES.map((share, point) => {
    const at = (curves: Curves): number[] => curves.map((curve) => curve[point]);
    const known = (curves: Curves): string => percent(mean(at(curves)));
    const { difference } = compare(at(ours), at(theirs));
    const gain = [percent(difference.mean), spanOf(difference)];
    return [`${Math.round(100 * share)} %`, known(ours), known(theirs), ...gain, ...others.map(known)];
  });
  const head = ["of second", "first, learned", "first, initial", "gain", "98 % interval over tasks"];
  return [[...head, "second, learned", "second, initial"], ...rows];
}

function reportRetention(groups: Groups): void {
  for (const group of groups) {
    say();
    say(`Retention, ${curveName(group)}: accuracy on the first classes while the second are learned`);
    for (const line of table(retentionTable(group))) say(line);
  }
}
