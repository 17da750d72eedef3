// `--device gpu` on the command line, as processes of their own: golden cases, training to the same rule, and refusals.
import { describe, expect, it } from "vitest";
import { commandLine, objects } from "../cli/fixtures.js";
import { openHere } from "./here.js";

const { run, refusal, start } = commandLine();
const gpu = await openHere();
const software = gpu?.software ?? false;
await gpu?.close();

const golden = (name: string): string =>
  new URL(`../../src/plasticity/golden/cases/${name}.json`, import.meta.url).pathname;

describe.skipIf(!gpu)("--device gpu", () => {
  it("verify: golden cases of each kind of synapse, within the tolerances of the CPU", async () => {
    const names = ["linear-layer-symmetric", "momentum-tanh", "rcn-layer", "rcn-synapse-bias"];
    const { code, stdout } = await run("verify", "--device", "gpu", "--json", ...names.map(golden));
    const onGpu = objects(stdout);
    expect({ code, cases: onGpu.map((result) => result.case) }).toEqual({ code: 0, cases: names });
    for (const result of onGpu) expect(result.ok).toBe(true);
    if (software) expect(onGpu).toEqual(objects((await run("verify", "--json", ...names.map(golden))).stdout));
  });

  it("train: runs a meta-batch at once and gets the same rule as the CPU", async () => {
    const flags = ["--data", "small", "--preset", "rcn", "--hidden", "6", "--shots", "1", "--queries", "1"];
    const tiny = ["train", ...flags, "--meta-batch", "3", "--episodes", "6", "--json"];
    const outcome = (stdout: string) =>
      objects(stdout).map(({ loss, accuracy, ruleHash }) => ({ loss, accuracy, ruleHash }));
    const there = await run(...tiny, "--out", "there", "--device", "gpu");
    const here = await run(...tiny, "--out", "here");
    expect([there, here]).toMatchObject([{ code: 0 }, { code: 0 }]);
    if (software) expect(outcome(there.stdout)).toEqual(outcome(here.stdout));
    else expect(objects(there.stdout)[0].loss).toBeCloseTo(objects(here.stdout)[0].loss as number, 4);
  });

  // The native binding was seen to hang in this short-lived process, twice in some forty; why is not known yet.
  it("info names the adapter", { retry: 2, timeout: 40_000 }, async () => {
    const [{ backends }] = objects((await run("info", "--json")).stdout);
    expect(backends).toContainEqual({ name: "gpu", available: true, adapter: expect.stringMatching(/^webgpu on ./) });
  });
});

describe("--device", () => {
  it("is refused together with --workers, and for unknown devices", async () => {
    expect(await refusal(2, "train", "--device", "gpu", "--workers", "2")).toMatch(/--workers 2 .*--device gpu/);
    expect(await refusal(2, "verify", "--device", "cuda")).toMatch(/--device is "cuda". Pass wasm or gpu/);
  });

  it("says what was tried if no driver answers", async () => {
    const { code, stderr } = await start(["verify", "--device", "gpu"], { VK_ICD_FILENAMES: "/none" }).ended;
    expect(code).toBe(1);
    expect(stderr).toMatch(
      /^synaptape: --device gpu: no GPU answered\. webgpu: no adapter answers; .*leave --device out\.$/m,
    );
  });
});
