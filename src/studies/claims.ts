// Compares the claims of a study with its results, which is what the table, the JSON lines and the ledger show.
import { checkKind, checkMade } from "../core/index.js";
import { NUMERICS, type Result } from "../runs/index.js";
import { checkResults, checkStudy } from "./checks.js";
import type { Table } from "./figure.js";
import type { AnyStudy, Claim, Measured, Verdict } from "./study.js";

/** A claim with its verdict. */
export interface ClaimLine {
  /** The study's name. */
  readonly study: string;
  /** The claim's label. */
  readonly claim: string;
  /** The claim as a sentence. */
  readonly statement: string;
  /** As in `Claim`. */
  readonly source: Claim<unknown>["source"];
  /** What the results say about it. */
  readonly verdict: Verdict;
  /** What was measured; null if nothing was. */
  readonly value: number | null;
  /** The lower end of its interval; null if there is none. */
  readonly low: number | null;
  /** The upper end of its interval; null if there is none. */
  readonly high: number | null;
  /** How many seeds it was measured over. */
  readonly seeds: number;
  /** What was published; null if nothing was. */
  readonly published: number | string | null;
  /** Why it is open, if the reason is not just that there are too few seeds. */
  readonly reason?: string;
  /**
   * The oldest version of the numerics among the results, if that is not today's. Such results are kept until they are
   * computed again.
   */
  readonly numerics?: number;
}

/** The reason of a claim about cells none of which were run. */
export const NOT_RUN = "nothing that it needs was run";

/**
 * Every claim of the study, in the study's order, from results as `kept` reduces them.
 *
 * @example
 * const study = studyNamed("sparse-representations");
 * const cells = cellsOf(study, { scale: "smoke", seeds: 1 });
 * const { results } = await runCells(cells, { store: memoryStore(), executor: here(kindsOf(study)) });
 * const [first] = judged(study, keptResults(study, results));
 * first.verdict; // "holds"
 */
export function judged(study: AnyStudy, results: readonly Result[]): ClaimLine[] {
  checkStudy("judged", study, ["name", "claims"]);
  checkResults("judged", results);
  const oldest = Math.min(NUMERICS, ...results.map(({ numerics }) => numerics));
  return study.claims.map((claim) => {
    const measured: Measured | undefined = claim.measure(results as never);
    const { value = Number.NaN, low, high, seeds = 0, open } = measured ?? {};
    return {
      ...{ study: study.name, claim: claim.label, statement: claim.statement, source: claim.source },
      verdict: measured && open === undefined ? claim.holds(measured) : "open",
      ...{ value: numberOf(value), low: numberOf(low), high: numberOf(high), seeds },
      published: claim.published?.value ?? null,
      ...(open !== undefined && { reason: open }),
      ...(!measured && { reason: NOT_RUN }),
      ...(oldest < NUMERICS && { numerics: oldest }),
    };
  });
}

const numberOf = (value = Number.NaN): number | null => (Number.isFinite(value) ? value : null);

/** The columns of the table of claims. */
const COLUMNS: Table["columns"] = [
  { head: "claim", text: true },
  { head: "source", text: true },
  ...["published", "ours", "98 % interval", "seeds"].map((head) => ({ head })),
  { head: "verdict", text: true },
];

/**
 * A table of claims with their verdicts, one row per claim.
 *
 * @example
 * const study = studyNamed("sparse-representations");
 * const claims = judged(study, []); // before anything was run
 * claimTable(claims).columns.map(({ head }) => head); // ["claim", "source", "published", "ours", "98 % interval", "seeds", "verdict"]
 */
export function claimTable(claims: readonly ClaimLine[]): Table {
  checkKind("claimTable", "what it is given", claims, "a list");
  return { kind: "table", columns: COLUMNS, rows: claims.map(claimRow) };
}

const short = (x: number): string =>
  x === 0 || Math.abs(x) >= 1e-3 ? String(Number(x.toPrecision(4))) : x.toExponential(2);

/**
 * A claim as a row of `claimTable`.
 *
 * @example
 * const study = studyNamed("sparse-representations");
 * const [first] = judged(study, []); // before anything was run
 * claimRow(first).slice(1); // ["law", "-", "-", "-", "0", "open: nothing that it needs was run"]
 */
export function claimRow(line: ClaimLine): string[] {
  checkMade("claimRow", "the claim", line, ["statement", "value", "verdict"], "Give a line that judged() returns.");
  const { statement, source, published, value, low, high, seeds, verdict, reason, numerics } = line;
  const said = reason === undefined ? verdict : `${verdict}: ${reason}`;
  return [
    statement,
    source,
    published === null ? "-" : String(published),
    value === null ? "-" : short(value),
    low === null || high === null ? "-" : `${short(low)} to ${short(high)}`,
    String(seeds),
    numerics === undefined ? said : `${said} (older: version ${numerics} of the numbers)`,
  ];
}
