// The retention curve of continual tasks as a chart: accuracy on the first classes while the second are learned.
import { type EvaluationLine, RETENTION_SHARES } from "../meta/index.js";
import { retentionCurves } from "../meta/internal.js";
import type { Series } from "../studies/index.js";
import { curveChart } from "./curves.js";

/**
 * Draws the curves of one condition: both parts under both rules, those of the initial rule dashed; intervals are over
 * tasks.
 */
export function retentionChart(title: string, lines: readonly EvaluationLine[]): string {
  const draw = (rule: "learned" | "initial", side: "first" | "second"): Series => ({
    name: rule === "learned" ? `${side} classes` : `${side} classes, initial rule`,
    hue: side === "first" ? "s5" : "s1",
    curves: retentionCurves(lines, rule, side),
    dashed: rule === "initial",
  });
  const series = (["learned", "initial"] as const).flatMap((rule) => [draw(rule, "first"), draw(rule, "second")]);
  return curveChart({
    quantity: title,
    series: series.filter(({ curves }) => curves.length > 0),
    domain: [0, 1],
    at: RETENTION_SHARES.map((share) => 100 * share),
    axis: "% of the second part",
    window: 1,
    width: 560,
  });
}
