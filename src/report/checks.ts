// What functions that draw are given by plain JavaScript: figures and runs.
import { checkEachMade, checkKind, checkMade, quote } from "../core/index.js";
import type { Drawing, Figure } from "../studies/index.js";
import type { Evidence } from "../studies/internal.js";

/** What a drawing of each kind cannot be without. */
const PARTS: { readonly [K in Drawing["kind"]]: readonly string[] } = {
  curves: ["quantity", "series", "domain"],
  points: ["quantity", "rows"],
  heat: ["title", "seeds", "rows", "columns"],
  "log-points": ["quantity", "rows"],
  parallel: ["axes"],
  diagram: ["label", "nodes", "edges"],
  motion: ["label", "hue", "frames", "seconds"],
  maps: ["label", "hue", "columns", "maps"],
  table: ["columns", "rows"],
  heading: ["text"],
  note: ["text"],
};

/** Throws a TypeError for what is no figure, or holds what is no drawing. */
export function checkFigure(op: string, figure: Pick<Figure, "rows">, parts: readonly string[] = ["rows"]): void {
  checkMade(op, "the figure", figure, parts, `Give an object with ${parts.join(", ")}: see Figure.`);
  checkKind(op, "`rows` of the figure", figure.rows, "a list");
  for (const row of figure.rows) {
    checkKind(op, "a row of the figure", row, "a list");
    for (const drawing of row) checkDrawing(op, drawing);
  }
}

function checkDrawing(op: string, drawing: Drawing): void {
  const kind: unknown = drawing?.kind;
  if (typeof kind !== "string" || !Object.hasOwn(PARTS, kind)) {
    throw new TypeError(`[${op}] a drawing has the kind ${quote(kind)}. Give one of ${Object.keys(PARTS).join(", ")}.`);
  }
  const parts = PARTS[kind as Drawing["kind"]];
  checkMade(op, `a drawing of the kind ${kind}`, drawing, parts, `Give it ${parts.join(", ")}.`);
}

/** Throws for what are no runs, or none at all. */
export function checkEvidence(op: string, evidence: readonly Evidence[]): void {
  const cure = "Read them with readEvidence().";
  checkEachMade(op, "the list of runs", evidence, ["label", "config", "runs"], cure);
  if (evidence.length === 0 || evidence.some(({ runs }) => runs.length === 0)) {
    throw new RangeError(`[${op}] there is no run. Give at least one.`);
  }
}
