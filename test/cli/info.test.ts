import { readFileSync } from "node:fs";
import { describe, expect, it } from "vitest";
import { configuration } from "../../src/core/index.js";
import { commandLine, objects } from "./fixtures.js";

const { run } = commandLine();
const { maximumBytes, tapeBytes } = configuration();
const { version } = JSON.parse(readFileSync(new URL("../../package.json", import.meta.url), "utf8"));

describe("info", () => {
  it("tells version, engine, memory and backends", async () => {
    // A GPU's loader may complain on standard error where it finds no driver.
    const { code, stdout } = await run("info");
    expect(code).toBe(0);
    expect(stdout).toMatch(new RegExp(`^synaptape +${version}$`, "m"));
    expect(stdout).toMatch(/^engine +Node \d+\.\d+\.\d+ \(V8 /m);
    expect(stdout).toMatch(/^backend wasm +can run$/m);
    expect(stdout).toMatch(/^backend gpu +(can run \(webgpu on .+\)|cannot run: no GPU answered\. webgpu: .+)$/m);
  });

  it("tells it as one JSON object", async () => {
    const [facts, ...rest] = objects((await run("info", "--json")).stdout);
    expect(rest).toEqual([]);
    expect(facts).toMatchObject({
      version,
      engine: { name: "Node", version: process.versions.node, v8: process.versions.v8 },
      simd: true,
      cores: expect.any(Number),
      memory: { linearBytes: 16 * 2 ** 20, linearMaximumBytes: maximumBytes, tapeBytes },
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
