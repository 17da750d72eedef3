// The address of a queue, as commands take it.
import { quote } from "../core/index.js";
import { withoutSecrets } from "../engines/index.js";
import { queueKinds } from "../engines/internal.js";
import { orOf, UsageError } from "../fields/index.js";

/** The flags of `worker` that were given. */
export interface WorkerFlags {
  readonly engine?: string;
  readonly workers?: number;
  readonly lease?: number;
  readonly module?: string;
  readonly json?: boolean;
}

/** How queues are written. */
export const queueForms = orOf(queueKinds.map(({ form }) => form));

/** Reads the address of a queue, which is never repeated with its password. */
export function queueAddress(given: string): string {
  if (queueKinds.some((kind) => kind.owns(given))) return given;
  throw new UsageError(`--engine is ${quote(withoutSecrets(given))}. Pass ${queueForms}.`);
}
