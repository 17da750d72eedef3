// What volunteers' browsers could compute, from figures measured here: see docs/scale.md, whose tables and figures this
// benchmark writes.
import { writeFileSync } from "node:fs";
import { type Bench, bestAndMedian, figure } from "./harness.js";
import { MEASURED, writeScale } from "./scale/document.js";
import { measure } from "./scale/measured.js";

export const scaleBench: Bench = async function* () {
  const measured = await measure();
  writeFileSync(MEASURED, `${JSON.stringify(measured, null, 1)}\n`);
  writeScale(measured);
  const { episodeMs, pageMs, ...figures } = measured;
  const [node, page] = [episodeMs, pageMs].map((times) => bestAndMedian(times).median);
  yield { bench: "scale", node: figure(node), page: figure(page), ...figures };
};
