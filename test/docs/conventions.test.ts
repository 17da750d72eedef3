// docs/conventions.md says what is computed where mathematics leaves a choice. Its column "here" is read and computed again.
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import * as synaptape from "../../src/index.js";
import { grad, type Tensor, tensor } from "../../src/index.js";

const page = readFileSync(join(import.meta.dirname, "../../docs/conventions.md"), "utf8");
const rows = page
  .split("\n")
  .map((line) => line.split(/(?<!\\)\|/).map((cell) => cell.trim()))
  .filter((cells) => cells.length === 8 && cells[2].startsWith("`"));

/** What the code of a row sees beside the public names. */
const names = {
  ...synaptape,
  t: (values: number[]) => tensor(values),
  int: (values: number[]) => tensor(values, { dtype: "int32" }),
  d: (f: (x: Tensor) => Tensor, at: number[]) => grad((x: Tensor) => f(x).sum(), { unused: "zero" })(tensor(at)),
};

const shown = (x: number): string =>
  Object.is(x, -0) ? "-0" : String(Number.isInteger(x) ? x : Number(x.toPrecision(6)));

function answerTo(code: string): string {
  const f = new Function(...Object.keys(names), `"use strict"; return ${code};`);
  let answer: Tensor;
  try {
    answer = f(...Object.values(names)) as Tensor;
  } catch (error) {
    expect((error as Error).message).toMatch(/^\[\w+\] /);
    return "error";
  }
  return Array.from(answer.data(), shown).join(", ");
}

describe("the conventions", () => {
  it.each(rows.map(([, where, code, here]) => [where, code, here] as const))("%s: %s", (_, code, here) => {
    expect(answerTo(code.slice(1, -1))).toBe(here);
  });

  it("are all there, each once, beside those of the peers", () => {
    expect(rows.length).toBeGreaterThan(55);
    expect(new Set(rows.map(([, where]) => where)).size).toBe(rows.length);
    for (const [, where, , , numpy, jax, torch] of rows) {
      expect(`${numpy}${jax}${torch}`, where).not.toBe("");
    }
  });
});
