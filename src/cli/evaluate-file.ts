// `synaptape evaluate FILE`: tests the rule of a file, such as the playground saves, and writes nothing.
import { readFile } from "node:fs/promises";
import { InputError, plain, sameShape } from "../core/index.js";
import { protocolNamed } from "../data/index.js";
import { decodeRule, evaluate, keptRule, layerSizes, type RuleFile } from "../meta/index.js";
import { grouped } from "../studies/internal.js";
import { dataOf, openData } from "./data.js";
import { type EvaluateFlags, gainTable, TASKS } from "./evaluate.js";
import { say, sayJson, table } from "./output.js";

/** Tests the rule in `file` on the images of the flags, the built-in ones by default, and prints a table or JSON lines. */
export async function evaluateFile(file: string, flags: EvaluateFlags): Promise<void> {
  return evaluated(decodeRule(await readFile(file), file), file, flags);
}

/** The same for a learned rule that comes with the package. */
export async function evaluateKept(name: string, flags: EvaluateFlags): Promise<void> {
  return evaluated(keptRule(name), `the rule ${name}`, flags);
}

async function evaluated(
  { config: own, rule, sizes }: RuleFile,
  file: string,
  { tasks = TASKS, json = false, ...flags }: EvaluateFlags,
): Promise<void> {
  const config = { ...own, data: dataOf(flags) };
  const { shots = [config.shots] } = flags;
  const shown = protocolNamed(config.protocol).shown(config.shots + config.queries);
  const dataset = await openData({ ...config, shots: Math.max(config.shots, ...shots) }, shown);
  const wanted = layerSizes(config, dataset);
  if (/neuron|synapse/.test(config.plasticity.bias) && !sameShape(sizes, wanted)) {
    throw new InputError(
      `${plain(file)} has a bias for each ${config.plasticity.bias} of a network of ${sizes.join("-")} units, but these images ` +
        `need ${wanted.join("-")}. Give images of the size and number of classes that the rule was made for.`,
    );
  }
  const onLine = json ? { onLine: sayJson } : {};
  const lines = await evaluate(dataset, config, rule, { tasks, shots, ...onLine });
  if (json) return;
  const groups = [...grouped(lines, ({ condition, shots }) => `${condition} ${shots}`).values()];
  for (const line of table(gainTable(groups))) say(line);
}
