// `--executor`: where the cells of a command are computed.
import { quote } from "../core/index.js";
import type { Dataset } from "../data/index.js";
import type { EngineOptions } from "../engines/index.js";
import { engineForms, engineKind, engineKinds, openEngine, withoutSecrets } from "../engines/index.js";
import { queueKinds } from "../engines/internal.js";
import { field, flagsOf, type Leaf, number, orOf, text, UsageError, whole } from "../fields/index.js";
import type { Executor } from "../runs/index.js";
import { DEVICES } from "./device.js";
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

/** How a queue is used. */
export const queueFields = {
  check: field({
    type: number({ from: 0, to: 1 }),
    default: 0,
    flag: "--check <share>",
    help: "share of what a queue's workers compute that is computed here too, to find those that are wrong",
  }),
  priority: field({
    type: whole(0, { to: 1000 }),
    default: 0,
    flag: "--priority <n>",
    help: "in a queue: 0 comes before 1, and so on",
  }),
  window: field({
    type: whole(1, { to: 10_000 }),
    default: 64,
    flag: "--window <n>",
    help: "cells in a queue at once",
  }),
};

/** The flags that say where a command computes. */
export interface ExecutorFlags extends HandOverFlags {
  readonly executor?: string;
  readonly workers?: number;
  readonly check?: number;
  readonly priority?: number;
  readonly window?: number;
}

/** Refuses flags that contradict each other. */
export function checkExecutor({ executor = engineKinds[0].name, workers, ...over }: ExecutorFlags): void {
  const odd = flagsOf(queueFields).find(({ option }) => over[option as keyof typeof queueFields] !== undefined);
  if (odd && !queueKinds.some((kind) => kind.owns(executor))) {
    throw new UsageError(
      `${odd.name} is about a queue. Add --executor ${queueKinds[0].form} or the like, or leave it out.`,
    );
  }
  checkHandOver(over, engineKind(executor)?.handsOver === true);
  if (workers === undefined || engineKind(executor)?.local !== false) return;
  throw new UsageError(
    `--workers ${workers} runs threads on this machine, which contradicts --executor ${withoutSecrets(executor)}. ` +
      "Leave one of them out.",
  );
}

/** How what computes single episodes is written: it must answer at once, which a cluster does not. */
const episodeKinds = engineKinds.filter(({ handsOver }) => !handsOver);
export const episodeForms = (): string => orOf(episodeKinds.map(({ form }) => form));

/** Refuses, for single episodes, what answers late, and flags that contradict each other. */
export function checkEpisodes({ device, ...flags }: ExecutorFlags & { readonly device?: string }): void {
  const { executor } = flags;
  checkExecutor(flags);
  if (executor === undefined) return;
  const shown = withoutSecrets(executor);
  if (engineKind(executor)?.handsOver) {
    throw new UsageError(
      `--executor ${shown} begins too late to compute single episodes. Pass ${episodeForms()}, or use: synaptape sweep train.`,
    );
  }
  if (device !== undefined && device !== DEVICES[0]) {
    throw new UsageError(`--executor ${shown} contradicts --device ${device}. Leave one of them out.`);
  }
}

/** Those of a command's flags that say where its episodes are computed. */
export const queueOf = (flags: ExecutorFlags): ExecutorFlags =>
  Object.fromEntries(
    ["executor", ...Object.keys(queueFields)]
      .map((name) => [name, flags[name as keyof ExecutorFlags]] as const)
      .filter(([, value]) => value !== undefined),
  );

/** Runs `work` with what computes episodes elsewhere, or with nothing if they run on threads here, and closes it. */
export async function withEpisodes<T>(
  { executor: where, ...flags }: ExecutorFlags,
  data: readonly Dataset[],
  work: (executor: Executor | undefined) => Promise<T>,
): Promise<T> {
  const elsewhere = where !== undefined && engineKind(where)?.local === false;
  const executor = elsewhere ? await openExecutor({ ...flags, executor: where }, { data }) : undefined;
  try {
    return await work(executor);
  } finally {
    await executor?.close();
  }
}

/** Opens what computes the cells of a command. What it has to say goes to standard error. */
export async function openExecutor(
  { executor = engineKinds[0].name, workers, check, priority, window, dryRun, leave }: ExecutorFlags,
  options: Pick<EngineOptions, "data" | "out">,
): Promise<Executor> {
  return openEngine(executor, {
    // The flags of a command may have others of the same names, such as --data.
    ...{ ...options, workers, check, priority, window, dryRun, leave },
    tell: (sentence) => void process.stderr.write(`synaptape: ${sentence}\n`),
  });
}
