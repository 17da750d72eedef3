// The address of a queue, as commands take it.
import { quote } from "../core/index.js";
import { withoutSecrets } from "../engines/index.js";
import { type QueueKind, queueKinds } from "../engines/internal.js";
import { orOf, UsageError } from "../fields/index.js";
import type { ModuleFlags } from "./own-module.js";

/** The flags of `worker` that were given. */
export interface WorkerFlags extends ModuleFlags {
  readonly engine?: string;
  readonly workers?: number;
  readonly lease?: number;
}

/** How queues are written. */
export const queueForms = orOf(queueKinds.map(({ form }) => form));

/** The kind of queue that an address names. The address is never repeated with its password. */
export function queueKindOf(address: string): QueueKind {
  const kind = queueKinds.find((each) => each.owns(address));
  if (kind) return kind;
  throw new UsageError(`--engine is ${quote(withoutSecrets(address))}. Pass ${queueForms}.`);
}

/** Reads the address of a queue. */
export function queueAddress(given: string): string {
  queueKindOf(given);
  return given;
}

/** Connects to a queue: the one that is given, or else that of SYNAPTAPE_ENGINE. */
export async function connectQueue(engine: string | undefined) {
  const where = engine ?? process.env.SYNAPTAPE_ENGINE;
  if (where === undefined)
    throw new UsageError("no queue is named. Pass --engine, such as --engine redis://host:6379.");
  return queueKindOf(where).connect(where);
}
