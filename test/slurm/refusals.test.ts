// What the command line refuses about Slurm, each in one sentence. No Slurm is needed, nor found.
import { existsSync, mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { newSubmission, partsOf } from "../../src/engines/slurm/manifest.js";
import { commandLine, TINY } from "../cli/fixtures.js";

const { folder, refusal, start } = commandLine();
const SWEEP = ["sweep", "train", ...TINY, "--vary", "lr=1e-2", "--episodes", "2", "--out", "out"];

/** What a command says that runs where there is no Slurm. */
async function withoutSlurm(...args: string[]): Promise<string> {
  const empty = join(folder, "empty");
  mkdirSync(empty, { recursive: true });
  const { code, stdout, stderr } = await start(args, { PATH: empty }).ended;
  expect({ code, stdout }).toEqual({ code: 1, stdout: "" });
  expect(stderr).toMatch(/^synaptape: [^\n]+\n$/);
  return stderr;
}

describe("without Slurm", () => {
  it.each([[], ["--dry-run"], ["--leave"]])("a sweep says so, and submits nothing: %s", async (...flags) => {
    const said = await withoutSlurm(...SWEEP, "--executor", "slurm", ...flags);
    expect(said).toContain("there is no scontrol on this machine. Use --executor slurm on a machine of the cluster");
    expect(existsSync(join(folder, "out", "slurm"))).toBe(false);
  });
});

describe("flags for Slurm", () => {
  it.each([
    [2, [...SWEEP, "--dry-run"], /^--dry-run is for engines that take the work over\. Add --executor slurm/],
    [2, [...SWEEP, "--leave", "--executor", "threads"], /^--leave is for engines/],
    [2, [...SWEEP, "--executor", "slurm", "--workers", "2"], /^--workers 2 runs threads on this machine/],
    [
      2,
      [...SWEEP.filter((word) => !/^--vary|^lr=/.test(word)), "--ask", "--executor", "slurm", "--leave"],
      /^--ask answers each question/,
    ],
    [1, [...SWEEP, "--executor", "slurm:speed=2"], /^there is no setting "speed=2"\. Write slurm:partition=long/],
    [1, [...SWEEP, "--executor", "slurm:tasks=0"], /^tasks is "0"\. Pass a whole number from 1/],
  ] as const)("are refused when they do not fit: %i %j", async (code, args, said) => {
    expect(await refusal(code, ...args)).toMatch(said);
  });
});

describe("a task", () => {
  it("refuses a manifest that is gone, or of another version", async () => {
    expect(await refusal(1, "slurm-task", "gone/slurm/1/manifest.jsonl")).toMatch(
      /^gone\/slurm\/1\/manifest\.jsonl cannot be read: its folder does not exist\. Submit the command again\.$/,
    );
    const cells = [{ kind: "meta/train", config: null, seed: 0 }];
    const { manifest } = partsOf(await newSubmission(join(folder, "old"), { cpus: 1, cells }));
    writeFileSync(manifest, readFileSync(manifest, "utf8").replace(/"version":"[^"]*"/, '"version":"0.0.1"'));
    expect(await refusal(1, "slurm-task", manifest)).toMatch(
      /manifest\.jsonl was written by version 0\.0\.1, numerics \d+, kernels [\da-f]{8}, and this is version /,
    );
  });
});
