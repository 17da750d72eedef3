// `synaptape evaluate`: the rule of a run, frozen, on the tasks that it was trained on and on others.
import { join } from "node:path";
import { isRegression } from "../meta/config.js";
import { type Condition, type EvaluationLine, evaluate, retentionCurves, trialsOf } from "../meta/evaluate.js";
import { RETENTION_SHARES, readRun } from "../meta/index.js";
import { imagesOf } from "../meta/task-kinds.js";

import { writeAside } from "../runs/internal.js";
import { compare, type Estimate, grouped, mean } from "../studies/index.js";
import { checkPrefix, checkSameImages, openData, openImages, sourceOf } from "./data.js";
import { UsageError } from "./failure.js";
import { percent, say, sayJson, table } from "./output.js";
import { startProgress } from "./progress.js";

/** The flags of `evaluate`. */
export interface EvaluateFlags {
  readonly data?: string;
  readonly prefix?: string;
  readonly tasks?: number;
  readonly shots?: number[];
  readonly json?: boolean;
}

/** Tasks for each condition, if the flag does not say. */
export const TASKS = 100;

const REMARKS: Readonly<Record<Condition, string>> = {
  trained: "as in training",
  permuted: "same images, other outputs",
  "new images": "same classes, images never shown",
  "held out": "classes never shown",
  "other data": "other data, at random outputs",
};

/**
 * Tries the rule of the run in `folder`, prints a table or JSON lines, and writes evaluation.jsonl into the folder; of
 * continual tasks retention.svg too.
 */
export async function runEvaluate(folder: string, flags: EvaluateFlags): Promise<void> {
  const { tasks = TASKS, json = false, data, prefix = "train" } = flags;
  if (flags.prefix !== undefined && data === undefined) {
    throw new UsageError(`--prefix ${prefix} chooses among the files of --data, which is not given. Add --data.`);
  }
  checkPrefix(flags.prefix, data);
  const contents = await readRun(folder);
  const { config, rule } = contents;
  if (data !== undefined && isRegression(config.task)) {
    throw new UsageError(`--data contradicts the run's --task ${config.task.kind}, which has no images. Leave it out.`);
  }
  const { shots = [config.shots] } = flags;
  const most = Math.max(config.shots, ...shots);
  // New images are those after the ones that every faithful episode has shown.
  const shown = config.protocol === "faithful" ? config.shots + config.queries : 0;
  const dataset = await openData({ ...config, shots: most }, shown);
  await checkSameImages(folder, contents, dataset);
  const asked = data === undefined ? config.data : { source: sourceOf(data), prefix };
  const known = asked.source === config.data.source && asked.prefix === config.data.prefix;
  const other = known ? undefined : await openImages(asked, most + config.queries);
  let done = 0;
  const total = tasks * shots.length * trialsOf(config, dataset, other).length;
  const progress = startProgress(total, { quiet: json });
  const onLine = (line: EvaluationLine): void => {
    done++;
    progress.step({ episode: done, ...line.learned });
    if (json) sayJson(line);
  };
  const lines = await evaluate(dataset, config, rule, { tasks, shots, other, onLine }).finally(() => progress.end());
  await writeAside(folder, "evaluation.jsonl", lines.map((line) => `${JSON.stringify(line)}\n`).join(""));
  const groups = [...grouped(lines, ({ condition, shots }) => `${condition} ${shots}`).values()];
  const continual = (imagesOf(config.task)?.parts ?? 1) > 1;
  if (continual) await writeAside(folder, "retention.svg", await drawRetention(groups));
  if (json) return;
  report(groups);
  if (continual) reportRetention(groups);
  say();
  say("Both rules live the same tasks from the same initial weights. A rule gains on all of them; what is an");
  say("initialisation in disguise gains on the tasks as in training only.");
  say(`Task by task: ${join(folder, "evaluation.jsonl")}`);
  if (continual) say(`Retention:    ${join(folder, "retention.svg")}`);
}

type Groups = readonly (readonly EvaluationLine[])[];
type Curves = readonly (readonly number[])[];

const spanOf = ({ low, high }: Estimate): string => `${percent(low)} to ${percent(high)}`;

function report(groups: Groups): void {
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
  for (const line of table([head, ...rows])) say(line);
}

/** How a group's retention curve is called. */
const curveName = ([{ condition, shots }]: readonly EvaluationLine[]): string => `${condition}, ${shots} shots`;

async function drawRetention(groups: Groups): Promise<string> {
  // Plot takes a while to load, which other tasks need not wait for.
  const [{ sheet }, { retentionChart }] = await Promise.all([
    import("../report/chart.js"),
    import("../report/retention.js"),
  ]);
  return sheet(
    "Retention",
    groups.map((group) => [retentionChart(`share right, ${curveName(group)}`, group)]),
  );
}

/** The retention curves, point by point. */
function reportRetention(groups: Groups): void {
  const head = ["of second", ...["first, learned", "first, initial", "gain", "98 % interval over tasks"]];
  for (const group of groups) {
    const [ours, theirs] = [retentionCurves(group, "learned", "first"), retentionCurves(group, "initial", "first")];
    const others = [retentionCurves(group, "learned", "second"), retentionCurves(group, "initial", "second")];
    const rows = RETENTION_SHARES.map((share, point) => {
      const at = (curves: Curves): number[] => curves.map((curve) => curve[point]);
      const known = (curves: Curves): string => percent(mean(at(curves)));
      const { difference } = compare(at(ours), at(theirs));
      const gain = [percent(difference.mean), spanOf(difference)];
      return [`${Math.round(100 * share)} %`, known(ours), known(theirs), ...gain, ...others.map(known)];
    });
    say();
    say(`Retention, ${curveName(group)}: what is known of the first classes while the second are learned`);
    for (const line of table([[...head, "second, learned", "second, initial"], ...rows])) say(line);
  }
}
