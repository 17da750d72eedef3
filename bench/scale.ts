// What volunteers' browsers could compute, from figures measured here: see docs/scale.md, whose tables and figures this
// benchmark writes.
import { spawnSync } from "node:child_process";
import { writeFileSync } from "node:fs";
import { type Bench, bestAndMedian, figure } from "./harness.js";
import { MEASURED, writeScale } from "./scale/document.js";
import { measure } from "./scale/measured.js";

const onPath = (name: string): boolean => spawnSync("sh", ["-c", `command -v ${name}`]).status === 0;

export const scaleBench: Bench = async function* () {
  const missing = ["redis-server", "redis-cli", "chromium"].find((name) => !onPath(name));
  if (missing !== undefined) return console.error(`bench: scale is skipped, since there is no ${missing} here.`);
  const measured = await measure();
  writeFileSync(MEASURED, `${JSON.stringify(measured, null, 1)}\n`);
  writeScale(measured);
  const { episodeMs, pageMs, ...figures } = measured;
  const [node, page] = [episodeMs, pageMs].map((times) => bestAndMedian(times).median);
  yield { bench: "scale", node: figure(node), page: figure(page), ...figures };
};
