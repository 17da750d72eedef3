// Results as the ledger keeps them: a line of JSON for each configuration, with the result of every seed. The study
// decides which part of a row is kept; `numerics` is the version of the numerics that computed it.
import { InputError } from "../core/index.js";
import { type Cell, canonical, type DataRef, type Result } from "../runs/index.js";

/** A configuration and its results. */
interface Line {
  readonly kind: string;
  readonly config: unknown;
  readonly data?: DataRef;
  readonly test?: DataRef;
  readonly results: readonly {
    readonly seed: number;
    readonly numerics: number;
    readonly seconds: number;
    readonly needs?: readonly Cell[];
    readonly row: unknown;
  }[];
}

/** A name that all seeds of a configuration share. */
const familyOf = ({ kind, config, data, test }: Cell): string =>
  canonical({ kind, config, data: data?.hash ?? null, test: test?.hash ?? null });

/**
 * Results, reduced to what the study keeps, as the text of a file. A later result of the same cell replaces an earlier
 * one.
 */
export function encodeKept(results: readonly Result[]): string {
  const lines = new Map<string, Map<string, Result>>();
  for (const result of results) {
    const key = familyOf(result.cell);
    const needs = (result.cell.needs ?? []).map((need) => `${familyOf(need)} ${need.seed}`);
    lines.set(key, (lines.get(key) ?? new Map()).set(canonical([result.cell.seed, ...needs]), result));
  }
  return [...lines.values()]
    .map((family) => {
      const all = [...family.values()].sort((a, b) => a.cell.seed - b.cell.seed);
      const { kind, config, data, test } = all[0].cell;
      const line: Line = {
        ...{ kind, config, ...(data && { data }), ...(test && { test }) },
        results: all.map(({ cell: { seed, needs }, numerics, seconds, row }) => ({
          ...{ seed, numerics, seconds, ...(needs && { needs }), row },
        })),
      };
      return `${JSON.stringify(line)}\n`;
    })
    .join("");
}

/**
 * Reads what `encodeKept` wrote.
 *
 * @param name what the error calls the file.
 * @throws InputError for text that it did not write.
 */
export function decodeKept(text: string, name: string): Result[] {
  return text
    .split("\n")
    .filter((line) => line !== "")
    .flatMap((line, i) => {
      try {
        const { kind, config, data, test, results }: Line = JSON.parse(line);
        return results.map(({ seed, numerics, seconds, needs, row }): Result => {
          if (typeof kind !== "string" || !Number.isSafeInteger(seed) || row === undefined)
            throw new TypeError("parts");
          const cell = { kind, config, seed, ...(data && { data }), ...(test && { test }), ...(needs && { needs }) };
          return { cell, numerics, seconds, row };
        });
      } catch (cause) {
        throw new InputError(
          `[studies] ${name} is damaged: line ${i + 1} holds no results. Put back the file that "npm run ledger" wrote.`,
          { cause },
        );
      }
    });
}
