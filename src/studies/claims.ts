// The claims of a study against its results: what the table, the JSON lines and the ledger show.
import type { Result } from "../runs/index.js";
import type { AnyStudy, Claim, Measured, Verdict } from "./study.js";

/** A claim with its verdict. */
export interface ClaimLine {
  readonly study: string;
  readonly claim: string;
  readonly statement: string;
  readonly source: Claim<unknown>["source"];
  readonly verdict: Verdict;
  /** What was measured; null where there was nothing. */
  readonly value: number | null;
  readonly low: number | null;
  readonly high: number | null;
  readonly seeds: number;
  readonly published: number | string | null;
}

/** Every claim of the study, in its order. */
export function judged(study: AnyStudy, results: readonly Result[]): ClaimLine[] {
  return study.claims.map((claim) => {
    const measured: Measured | undefined = claim.measure(results as never);
    const { value = null, low = null, high = null, seeds = 0 } = measured ?? {};
    return {
      ...{ study: study.name, claim: claim.label, statement: claim.statement, source: claim.source },
      verdict: measured ? claim.holds(measured) : "open",
      ...{ value, low, high, seeds, published: claim.published?.value ?? null },
    };
  });
}

/** The head of the table of claims. */
export const CLAIM_HEAD = ["claim", "source", "published", "ours", "98 % interval", "seeds", "verdict"];

const short = (x: number): string =>
  x === 0 || Math.abs(x) >= 1e-3 ? String(Number(x.toPrecision(4))) : x.toExponential(2);

/** A claim as a row under `CLAIM_HEAD`. */
export function claimRow({ statement, source, published, value, low, high, seeds, verdict }: ClaimLine): string[] {
  return [
    statement,
    source,
    published === null ? "-" : String(published),
    value === null ? "-" : short(value),
    low === null || high === null ? "-" : `${short(low)} to ${short(high)}`,
    String(seeds),
    verdict,
  ];
}
