// The outcome of a cell as it is kept on a server: its row or its error, who computed it, and a checksum.
import { canonical } from "../../runs/index.js";
import { asKept, type Failure, sha256 } from "../../runs/internal.js";
import { bytesOf, textOf } from "./keep.js";

/** What came of a cell. */
export type Outcome = { readonly by: string } & ({ readonly row: unknown } | { readonly failure: Failure });

/** An outcome as bytes. The row must be as files keep it. */
export async function encodeOutcome(outcome: Outcome): Promise<Uint8Array> {
  return bytesOf(JSON.stringify({ ...outcome, checksum: await checksumOf(outcome) }));
}

/** The outcome in these bytes; undefined for bytes that are damaged. */
export async function decodeOutcome(bytes: Uint8Array): Promise<Outcome | undefined> {
  try {
    const { checksum, ...outcome } = JSON.parse(textOf(bytes)) as Outcome & { readonly checksum: string };
    return typeof outcome.by === "string" && checksum === (await checksumOf(outcome)) ? outcome : undefined;
  } catch {
    return undefined;
  }
}

/** Whether two rows have the same bits. */
export const sameRow = (a: unknown, b: unknown): boolean => canonical(asKept(a)) === canonical(asKept(b));

const checksumOf = (outcome: Outcome): Promise<string> => sha256([canonical(asKept(outcome))]);
