import { readFileSync } from "node:fs";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { tapeShare } from "../../src/cli/tape.js";
import { configuration } from "../../src/core/index.js";
import { commandLine, objects } from "./fixtures.js";

const { run, start } = commandLine();
const { maximumBytes, tapeBytes } = configuration();
const { version } = JSON.parse(readFileSync(new URL("../../package.json", import.meta.url), "utf8"));

describe("the tape's share of a machine", () => {
  const whole = (max: number) => fc.integer({ min: 1, max });

  it("is a quarter of the free memory for all cores together, at least the library's default and at most 2 GiB", () => {
    fc.assert(
      fc.property(whole(2 ** 42), whole(256), (free, cores) => {
        const share = tapeShare(free, cores, tapeBytes);
        expect(share).toBeGreaterThanOrEqual(tapeBytes);
        expect(share).toBeLessThanOrEqual(2 * 2 ** 30);
        if (share > tapeBytes) expect(share * cores).toBeLessThanOrEqual(free / 4);
        expect(tapeShare(2 * free, cores, tapeBytes)).toBeGreaterThanOrEqual(share);
      }),
    );
    expect(tapeShare(16 * 2 ** 30, 4, tapeBytes)).toBe(2 ** 30);
  });
});

describe("info", () => {
  it("shows version, engine, memory and backends", async () => {
    // A GPU's loader may complain on standard error where it finds no driver.
    const { code, stdout } = await run("info");
    expect(code).toBe(0);
    expect(stdout).toMatch(new RegExp(`^synaptape +${version}$`, "m"));
    expect(stdout).toMatch(/^engine +Node \d+\.\d+\.\d+ \(V8 /m);
    expect(stdout).toMatch(/^backend wasm +can run$/m);
    expect(stdout).toMatch(/^backend gpu +(can run \(webgpu on .+\)|cannot run: no GPU answered\. webgpu: .+)$/m);
  });

  it("prints them as one JSON object", async () => {
    const [facts, ...rest] = objects((await start(["info", "--json"]).ended).stdout);
    expect(rest).toEqual([]);
    const { tapeBytes: share, machineBytes } = facts.memory as Record<string, number>;
    expect(share).toBeGreaterThanOrEqual(tapeBytes);
    expect(share * (facts.cores as number)).toBeLessThanOrEqual(
      Math.max(machineBytes / 4, tapeBytes * (facts.cores as number)),
    );
    expect(facts).toMatchObject({
      version,
      engine: { name: "Node", version: process.versions.node, v8: process.versions.v8 },
      simd: true,
      cores: expect.any(Number),
      memory: { linearBytes: 16 * 2 ** 20, linearMaximumBytes: maximumBytes, tapeBytes: expect.any(Number) },
      backends: [
        { name: "wasm", available: true },
        expect.objectContaining({ name: "gpu", available: expect.any(Boolean) }),
      ],
    });
  });

  it("prints its version", async () => {
    expect((await run("--version")).stdout).toBe(`${version}\n`);
  });
});
