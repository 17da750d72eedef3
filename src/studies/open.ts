// Measurements that cannot be compared with a claim: their verdict is "open", with the reason.
import type { Result } from "../runs/index.js";
import type { Measured } from "./study.js";

/** A measurement that is open for this reason, if there is one. */
export const withOpen = (measured: Measured | undefined, open: string | undefined): Measured | undefined =>
  measured && (open === undefined ? measured : { ...measured, open });

/** Why results of the built-in characters are open where a claim is about other images; undefined for other results. */
export const openForGlyphs = (results: readonly Result<unknown>[]): string | undefined =>
  results.some(({ cell }) => cell.data?.source === "glyphs") ? "other images" : undefined;
