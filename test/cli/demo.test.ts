import { mkdtempSync, readdirSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, expect, it, vi } from "vitest";
import { demo } from "../../src/cli/demo.js";

const folder = mkdtempSync(join(tmpdir(), "synaptape-demo-"));

afterEach(() => {
  vi.restoreAllMocks();
  rmSync(folder, { recursive: true });
});

it("compares the rule before and after training with guessing and feedback alignment, in a new folder each time", async () => {
  let printed = "";
  vi.spyOn(process.stdout, "write").mockImplementation((text) => {
    printed += text;
    return true;
  });
  const settings = { episodes: 3, trials: 2, metaBatch: 1, hidden: [8], folder: join(folder, "runs") };
  await demo(settings);
  const shares =
    /the rule, before +[\d.]+ %.*\n +guessing +20\.0 %.*\n +feedback alignment +[\d.]+ %.*\n +the rule, after +[\d.]+ %/;
  expect(printed).toMatch(shares);
  expect(printed).toMatch(/Run folder {2}\S+demo-1 {2}\(and \S+demo-1-fa\)/);
  expect(printed).toContain("Try next    npx synaptape train");
  await demo(settings);
  expect(readdirSync(join(folder, "runs")).sort()).toEqual(["demo-1", "demo-1-fa", "demo-2", "demo-2-fa"]);
});
