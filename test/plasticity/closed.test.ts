// Kinds are closed records: what differs by kind is asked of its record, and nobody outside compares a kind's name.
import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { mechanisms } from "../../src/bio/index.js";
import { DEVICES } from "../../src/cli/device.js";
import { PROTOCOLS } from "../../src/data/index.js";
import { taskKinds } from "../../src/meta/task-kinds.js";
import { layerKinds } from "../../src/nn/index.js";
import { motifNames, presets, synapseNames } from "../../src/plasticity/index.js";
import { feedbackNames } from "../../src/plasticity/internal.js";
import { networkKinds, optimizerKinds } from "../../src/studies/bio-transformations/ablation.js";
import { kindsOf, studies } from "../../src/studies/index.js";

/** Fields that share a word with a kind: "linear" is a head and a scale too, and "fixed" a way of time scales. */
const OTHERS = /(?:\bhead|\bscales?)\s*$/;

const cellKinds = studies.flatMap((study) => Object.values(kindsOf(study)).map(({ name }) => name));
const names = [
  ...[...synapseNames(), ...feedbackNames, ...motifNames(), ...Object.keys(presets)],
  ...[...taskKinds, ...studies.map(({ name }) => name), ...cellKinds],
  ...[...Object.keys(layerKinds), ...networkKinds, ...Object.keys(optimizerKinds), ...mechanisms],
  ...[...PROTOCOLS, ...DEVICES],
];
const comparison = new RegExp(`[!=]==?\\s*"(?:${names.join("|")})"|\\bcase "(?:${names.join("|")})"`, "g");

/** The comparisons with a kind's name in a source, as it stands there. */
function comparisonsIn(source: string): string[] {
  return [...source.matchAll(comparison)]
    .filter(({ index }) => !OTHERS.test(source.slice(0, index)))
    .map(({ index, 0: found }) => `${source.slice(0, index).split(/\s/).at(-2)} ${found}`);
}

const sources = readdirSync("src", { recursive: true, encoding: "utf8" })
  .map((file) => join("src", file))
  .filter((file) => file.endsWith(".ts"));

describe("the name of a kind", () => {
  it("is compared in no file outside its record", () => {
    expect(sources.length).toBeGreaterThan(200);
    const found = sources.flatMap((file) =>
      comparisonsIn(readFileSync(file, "utf8")).map((line) => `${file}: ${line}`),
    );
    expect(found).toEqual([]);
  });

  it("is found if it is compared", () => {
    for (const name of names) {
      expect(comparisonsIn(`if (config.kind === "${name}") f();`)).toHaveLength(1);
      expect(comparisonsIn(`const g = x !== "${name}" ? 1 : 2;`)).toHaveLength(1);
      expect(comparisonsIn(`switch (x) { case "${name}": }`)).toHaveLength(1);
    }
    expect(comparisonsIn('if (config.head === "linear") f();')).toEqual([]);
  });
});
