// Checksums of the lines of a run, which its checkpoint holds: a digit that changes on the disk is found.
import { createHash, type Hash } from "node:crypto";
import { InputError } from "../core/index.js";
import type { Position } from "./checkpoint.js";

/** SHA-256, so far, of the lines that the checkpoint includes. */
export interface Digests {
  readonly metrics: Hash;
  readonly diagnostics: Hash;
}

/** Those of no lines. */
export const newDigests = (): Digests => ({ metrics: createHash("sha256"), diagnostics: createHash("sha256") });

/** What the checkpoint says of them. */
export const digestsOf = ({ metrics, diagnostics }: Digests): Pick<Position, "metrics" | "diagnostics"> => ({
  metrics: metrics.copy().digest("hex"),
  diagnostics: diagnostics.copy().digest("hex"),
});

/** The digests of what is there. Throws an InputError where the checkpoint says other ones; older ones say none. */
export function checkedDigests(
  position: Position,
  found: readonly { readonly part: keyof Digests; readonly file: string; readonly text: string }[],
): Digests {
  const digests = newDigests();
  for (const { part, file, text } of found) {
    digests[part].update(text);
    const wanted = position[part];
    if (wanted === undefined || wanted === digests[part].copy().digest("hex")) continue;
    throw new InputError(
      `[run] ${file} is damaged: its checksum is not the one in the checkpoint. Put back a copy, or begin a run anew.`,
    );
  }
  return digests;
}
