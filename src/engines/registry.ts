// All kinds of engines, and the one that a text names.
import { InputError, quote } from "../core/index.js";
import { orOf } from "../fields/index.js";
import type { Executor } from "../runs/index.js";
import type { EngineKind, EngineOptions } from "./kind.js";
import { queueKinds } from "./queue-kinds.js";
import { withoutSecrets } from "./secrets.js";
import { slurmKind } from "./slurm/slurm-kind.js";
import { threadsKind } from "./threads-kind.js";

/** Every kind, the default first. */
export const engineKinds: readonly EngineKind[] = [threadsKind, slurmKind, ...queueKinds];

/** How engines are written, for messages: "threads, redis://host or ...". */
export const engineForms = (): string => orOf(engineKinds.map(({ form }) => form));

/** The kind of engine that a text names, if there is one. */
export const engineKind = (where: string): EngineKind | undefined => engineKinds.find((kind) => kind.owns(where));

/**
 * Opens the engine that a text names, such as "threads".
 *
 * @throws InputError for a text that names none, and where the engine cannot be reached.
 */
export async function openEngine(where: string, options: EngineOptions = {}): Promise<Executor> {
  const kind = engineKind(where);
  if (kind) return kind.open(where, options);
  throw new InputError(`[engine] there is no engine ${quote(withoutSecrets(where))}. Give ${engineForms()}.`);
}
