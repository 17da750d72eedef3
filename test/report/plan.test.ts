import { mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { checkTasks, glyphs } from "../../src/data/index.js";
import { readRun, resume, train } from "../../src/meta/index.js";
import { configOf, experiments, type Label, labelsOf, type Setting } from "../../src/report/experiments.js";
import { makespan, planJobs, prepare } from "../../src/report/plan.js";
import { inTemporary, small } from "../meta/fixtures.js";

const setting: Setting = {
  data: { source: "glyphs", prefix: "train" },
  hidden: [8],
  ways: 2,
  shots: 2,
  queries: 2,
  episodes: 3,
};

describe("experiments", () => {
  it("are the published ones", () => {
    const published: Setting = {
      ...setting,
      hidden: [170, 130, 100, 70],
      ways: 5,
      shots: 50,
      queries: 10,
      episodes: 180,
    };
    const of = (label: Label) => configOf(label, published, 0);
    expect(of("bio")).toMatchObject({ plasticity: { motifs: [0, 2, 9] }, learningRate: 1e-3, protocol: "faithful" });
    expect(of("linear-7").plasticity).toMatchObject({ synapse: "linear", motifs: [0, 1, 2, 3, 4, 8, 9] });
    expect(of("rcn-5")).toMatchObject({ plasticity: { chemicals: 5, initialP0: 1e-3 }, learningRate: 4e-4 });
    expect(of("layer-2")).toMatchObject({ plasticity: { scope: "layer", initialP0: 1e-2 }, learningRate: 1e-3 });
    expect(of("synapse-5")).toMatchObject({
      plasticity: { bias: "synapse", chemicals: 5, initialChemicals: "own", coupling: "scaled" },
      learningRate: 5e-4,
      clip: 10,
    });
    expect(of("momentum-10").plasticity).toMatchObject({ synapse: "momentum", chemicals: 10 });
    expect(of("bp").plasticity).toMatchObject({ motifs: [0], feedback: "symmetric" });
    expect(of("ehebb").plasticity.motifs).toEqual([0, 2]);
    expect(of("oja").plasticity.motifs).toEqual([0, 9]);
    expect(of("pool")).toMatchObject({ l1: 1.5, plasticity: { motifs: [0, 1, 2, 3, 4, 5, 6, 7, 8, 9] } });
    checkTasks(glyphs(), { protocol: "faithful", ways: 5, shots: 50, queries: 10 });
  });

  it("are shared between figures", () => {
    const all = labelsOf(["fig1", "fig2", "fig3", "fig4", "baselines"]);
    expect(new Set(all).size).toBe(all.length);
    expect([...all].sort()).toEqual(Object.keys(experiments).sort());
    expect(labelsOf(["fig2"])).toEqual(["rcn-2", "layer-2"]);
  });
});

describe("a plan", () => {
  it("knows what is there, makes what is not, and lengthens what is too short", async () => {
    await inTemporary(async (out) => {
      mkdirSync(join(out, "runs"));
      const plan = (of: Setting) => planJobs(out, ["bio", "rcn-1"], 2, of, small);
      const fresh = await plan(setting);
      expect(fresh.map(({ label, seed, done }) => `${label} ${seed} ${done}`)).toEqual([
        ...["bio 0 0", "rcn-1 0 0", "bio 1 0", "rcn-1 1 0"],
      ]);
      for (const job of fresh) await prepare(job, small);
      await resume(small, { out: fresh[1].folder, workers: 1 });
      expect((await plan(setting)).map(({ done }) => done)).toEqual([0, 3, 0, 0]);

      const longer = await plan({ ...setting, episodes: 5 });
      for (const job of longer) await prepare(job, small);
      await resume(small, { out: longer[1].folder, workers: 1 });
      const whole = await train(small, longer[1].config, { workers: 1 });
      const { rule, metrics } = await readRun(longer[1].folder);
      expect(metrics.length).toBe(5);
      expect(rule).toEqual(whole.rule);
      // Fewer episodes than there are: nothing to do.
      expect((await plan({ ...setting, episodes: 2 }))[1].done).toBe(5);
      await prepare((await plan({ ...setting, episodes: 2 }))[1], small);
      expect(JSON.parse(readFileSync(join(longer[1].folder, "config.json"), "utf8")).episodes).toBe(5);
    });
  });

  it("refuses a folder with another run, or other images", async () => {
    await inTemporary(async (out) => {
      mkdirSync(join(out, "runs"));
      const plan = (of: Setting, data = small) => planJobs(out, ["bio"], 1, of, data);
      await prepare((await plan(setting))[0], small);
      await expect(plan({ ...setting, shots: 1 })).rejects.toThrow(
        /bio-seed0 holds a run with other settings than asked for\. Choose another --out/,
      );
      await expect(plan(setting, glyphs({ perClass: 6 }))).rejects.toThrow(/holds a run with other images/);
      writeFileSync(join(out, "runs/bio-seed0/checkpoint.safetensors"), "no");
      await expect(plan(setting)).rejects.toThrow(/checkpoint\.safetensors/);
    });
  });

  it("takes at least the work over the lanes and the longest piece, and at most both together", () => {
    const costs = fc.array(fc.double({ min: 0, max: 100, noNaN: true }), { minLength: 1, maxLength: 30 });
    fc.assert(
      fc.property(costs, fc.integer({ min: 1, max: 8 }), (pieces, lanes) => {
        const total = pieces.reduce((sum, piece) => sum + piece, 0);
        const longest = Math.max(...pieces);
        const span = makespan(pieces, lanes);
        expect(span).toBeGreaterThanOrEqual(Math.max(total / lanes, longest) - 1e-9);
        expect(span).toBeLessThanOrEqual(total / lanes + longest + 1e-9);
      }),
    );
    expect(makespan([3, 1, 1, 1], 2)).toBe(3);
    expect(makespan([], 3)).toBe(0);
  });
});
