// `--executor`: where the cells of a command are computed.
import { quote } from "../core/index.js";
import type { EngineOptions } from "../engines/index.js";
import { engineForms, engineKind, engineKinds, openEngine, withoutSecrets } from "../engines/index.js";
import { field, type Leaf, text, UsageError } from "../fields/index.js";
import type { Executor } from "../runs/index.js";
import { checkHandOver, type HandOverFlags } from "./handed-over.js";

/** The text that names an engine. It may hold a password, so it is never repeated as it is. */
const where: Leaf<string> = {
  ...text(),
  text: {
    get allowed() {
      return engineForms();
    },
    read(given) {
      if (engineKind(given)) return given;
      throw new UsageError(`--executor is ${quote(withoutSecrets(given))}. Pass ${engineForms()}.`);
    },
  },
};

/** The flag, as a row of a table. */
export const executorField = field({
  type: where,
  default: engineKinds[0].name,
  flag: "--executor <where>",
  help: `what computes the runs: ${engineForms()}`,
});

/** The flags that say where a command computes. */
export interface ExecutorFlags extends HandOverFlags {
  readonly executor?: string;
  readonly workers?: number;
}

/** Refuses flags that contradict each other. */
export function checkExecutor({ executor = engineKinds[0].name, workers, ...over }: ExecutorFlags): void {
  checkHandOver(over, engineKind(executor)?.handsOver === true);
  if (workers === undefined || engineKind(executor)?.local !== false) return;
  throw new UsageError(
    `--workers ${workers} runs threads on this machine, which contradicts --executor ${withoutSecrets(executor)}. ` +
      "Leave one of them out.",
  );
}

/** Opens what computes the cells of a command. What it has to say goes to standard error. */
export async function openExecutor(
  { executor = engineKinds[0].name, workers, dryRun, leave }: ExecutorFlags,
  options: Pick<EngineOptions, "data" | "out">,
): Promise<Executor> {
  return openEngine(executor, {
    ...options,
    ...{ workers, dryRun, leave },
    tell: (sentence) => void process.stderr.write(`synaptape: ${sentence}\n`),
  });
}
