// The outcome of a cell as it is kept on a server: its row or its error, who computed it, and a checksum.
import { canonical } from "../../runs/index.js";
import { asKept, type Failure, sha256 } from "../../runs/internal.js";
import { bytesOf, type Keep, textOf } from "./keep.js";

/** How long a row stays on a server, in seconds: a week. */
export const RESULT_STAYS = 7 * 86_400;

/** How long an error stays there: an hour. */
const FAILURE_STAYS = 3600;

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

/** The row or error that a server has for a cell; undefined if it has none, or damaged bytes. */
export async function keptOutcome(keep: Keep, space: "result" | "other", name: string): Promise<Outcome | undefined> {
  const [bytes] = await keep.get(space, [name]);
  return bytes && (await decodeOutcome(bytes));
}

/** Whether two rows have the same bits. */
export const sameRow = (a: unknown, b: unknown): boolean => canonical(asKept(a)) === canonical(asKept(b));

const checksumOf = (outcome: Outcome): Promise<string> => sha256([canonical(asKept(outcome))]);

/**
 * Keeps the outcome of a worker on a server. A row is kept once; if there is another one with other bits, this one is kept
 * beside it, and the two are in dispute.
 */
export async function keepOutcome(
  keep: Keep,
  name: string,
  outcome: Outcome,
  tell: (sentence: string) => void,
): Promise<void> {
  const bytes = await encodeOutcome(outcome);
  if ("failure" in outcome) return keep.put("failed", name, bytes, FAILURE_STAYS);
  const before = await keep.putOnce("result", name, bytes, RESULT_STAYS);
  const first = before && (await decodeOutcome(before));
  if (!first || !("row" in first) || sameRow(first.row, outcome.row)) return;
  const { by } = outcome;
  tell(`the cell ${name.slice(0, 8)} gave other bits here than at ${first.by}: one of the two machines is wrong.`);
  await keep.put("other", `${name} ${by}`, bytes, RESULT_STAYS);
  await keep.note("dispute", `${name} ${by}`, first.by, RESULT_STAYS);
}
