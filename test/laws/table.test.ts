import { readdirSync } from "node:fs";
import { describe, expect, it } from "vitest";
import { table } from "./table.js";

interface Found {
  readonly where: string;
  readonly record: { readonly name: string };
}

async function recordsIn(folder: string): Promise<Found[]> {
  const url = new URL(`../../src/${folder}/`, import.meta.url);
  const files = readdirSync(url).filter((file) => file.endsWith(".ts"));
  const found = await Promise.all(
    files.map(async (file) => {
      const exports = Object.values(await import(new URL(file, url).href)) as Partial<Record<string, unknown>>[];
      return exports
        .filter((value) => typeof value === "object" && value !== null && "shapes" in value && "vjp" in value)
        .map((record) => ({ where: `${folder}/${file}`, record: record as unknown as Found["record"] }));
    }),
  );
  return found.flat();
}

describe("the table of ops", () => {
  it.each(["autodiff", "ops", "plasticity"])("has every record that src/%s exports", async (folder) => {
    const found = await recordsIn(folder);
    expect(found.length).toBeGreaterThan(2);
    const held = found.filter(({ record }) => record.name !== "gammaSlope"); // of first order alone; see test/ops/gamma
    for (const { where, record } of held) expect(table, `${record.name} of ${where}`).toContain(record);
  });

  it("has each name once", () => {
    const names = table.map(({ name }) => name);
    expect(new Set(names).size).toBe(names.length);
  });

  it("has a domain for all ops except those through which no derivative passes", () => {
    expect(table.filter(({ domain }) => domain.length === 0).map(({ name }) => name)).toEqual([
      "stop",
      "greater",
      "equal",
      "floorDiv",
      "argmax",
      "argsort",
      "cumMaxPlaces",
      "lastWrites",
      "largestWrites",
      "searchsorted",
      "toInteger",
      "toFloat",
      // Its derivative passes in another type than the laws compute in; test/float64 has it.
      "toDouble",
      "motifSquares",
    ]);
  });
});
