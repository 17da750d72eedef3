// The measures against plain float64 loops over the weights of the same lifetime, and their place in a run's folder.
import { readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { Key, scope } from "../../src/index.js";
import { drawEpisode } from "../../src/meta/episode.js";
import {
  angle,
  type Diagnosis,
  diagnose,
  type RuleValues,
  readRun,
  resume,
  ruleOf,
  train,
} from "../../src/meta/index.js";
import { newLearner } from "../../src/meta/learner.js";
import { live } from "../../src/plasticity/index.js";
import { inTemporary, small, tiny, tinySizes } from "./fixtures.js";

const config = { ...tiny, plasticity: { ...tiny.plasticity, motifs: [0, 2, 3, 9] } };
const { rule } = newLearner(config, tinySizes);
rule.P[0].data.set([0.05, -0.02, 0.001, 0.01, 0.02, 0.01, -0.002, 0.003]);

type Matrix = number[][];
const times = (w: Matrix, x: number[]): number[] => w.map((row) => row.reduce((sum, a, j) => sum + a * x[j], 0));
const turned = (w: Matrix): Matrix => w[0].map((_, j) => w.map((row) => row[j]));
const degrees = (a: number[], b: number[]): number => {
  const dot = (x: number[], y: number[]): number => x.reduce((sum, v, i) => sum + v * y[i], 0);
  return (Math.acos(dot(a, b) / Math.sqrt(dot(a, a) * dot(b, b))) * 180) / Math.PI; // reference
};

/** Mean errors by layer, and E1 by layer, of the queries of episode `index`. */
function twin(index: number): { angles: number[]; e1: number[] } {
  return scope(() => {
    const { start, stream, queries } = drawEpisode(config, Key.of(config.seed).fold(index), tinySizes, small);
    const life = live(config.plasticity, ruleOf(rule), start, stream);
    const nested = (list: typeof life.weights): Matrix[] => list.map((w) => w.toArray() as Matrix);
    const [weights, feedback] = [nested(life.weights), nested(life.feedback)];
    const images = queries.images.toArray() as Matrix;
    const labels = queries.labels.data();
    const beta = config.plasticity.beta;
    const mean = (paths: Matrix[]): number[][] => {
      const sums: number[][] = [];
      images.forEach((image, row) => {
        const y = [image];
        weights.forEach((w, layer) => {
          const z = times(w, y[layer]);
          const last = layer === weights.length - 1;
          const top = Math.max(...z);
          const total = z.reduce((sum, v) => sum + Math.exp(v - top), 0); // reference
          const softplus = (v: number): number => Math.max(v, 0) + Math.log1p(Math.exp(-beta * Math.abs(v))) / beta; // reference
          y.push(z.map((v) => (last ? Math.exp(v - top) / total : softplus(v)))); // reference
        });
        const e: number[][] = [];
        e[weights.length] = y[weights.length].map((p, unit) => p - Number(unit === labels[row]));
        for (let layer = weights.length - 1; layer >= 0; layer--) {
          const back = times(turned(paths[layer]), e[layer + 1]);
          e[layer] = back.map((v, i) => v * (1 - Math.exp(-beta * y[layer][i]))); // reference
        }
        e.forEach((values, at) => {
          sums[at] = values.map((v, i) => (sums[at]?.[i] ?? 0) + v);
        });
        if (paths === feedback) {
          weights.forEach((w, layer) => {
            const [z, u] = [times(w, y[layer]), times(turned(w), y[layer + 1])];
            const far = times(w, u);
            e1[layer] += z.reduce((sum, v, i) => sum + (v - far[i]) ** 2, 0);
          });
        }
      });
      return sums;
    };
    const e1 = weights.map(() => 0);
    const [sent, right] = [mean(feedback), mean(weights)];
    return { angles: sent.map((e, at) => degrees(e, right[at])), e1 };
  });
}

const measure = (change: object = {}): Diagnosis =>
  scope(() => diagnose({ ...config, ...change }, tinySizes, small, ruleOf(rule), 2));

describe("diagnose", () => {
  it("agrees with float64 loops on the angles of errors and on E1", () => {
    const { errorAngles, orthonormality } = measure();
    const { angles, e1 } = twin(2);
    expect(errorAngles).toHaveLength(3);
    errorAngles.forEach((found, at) => {
      expect(Math.abs((found as number) - angles[at])).toBeLessThan(at === 2 ? 0.05 : 1e-2);
    });
    orthonormality.forEach((found, layer) => {
      expect(Math.abs(found / e1[layer] - 1)).toBeLessThan(1e-4);
    });
    expect(errorAngles[1]).toBeGreaterThan(10); // or the test says nothing
  });

  it("gives the lengths of P and K, entry by entry of the rule", () => {
    const own = { ...config, plasticity: { ...config.plasticity, scope: "layer" as const } };
    const { rule } = newLearner(own, tinySizes);
    rule.P.forEach(({ data }, entry) => {
      data.set(data.map((_, i) => (entry + 1) * 0.01 * (i % 3)));
    });
    rule.K.forEach(({ data }, entry) => {
      data.set(data.map((_, i) => (entry + 1) * 0.02 * (i % 2)));
    });
    const found = scope(() => diagnose(own, tinySizes, small, ruleOf(rule), 0));
    for (const part of ["P", "K"] as const) {
      const wanted = rule[part].map(({ data }) => Math.hypot(...data));
      expect(wanted).toHaveLength(2);
      for (const [entry, length] of found[part].entries()) expect(length).toBeCloseTo(wanted[entry], 10);
      expect(found[part]).toHaveLength(2);
    }
    expect(found.episode).toBe(1);
  });

  it.each(["fixed", "sign", "plastic", "direct"] as const)(
    "gives the angles between %s feedback and the weights at the end, if they have the same shape",
    (feedback) => {
      const own = { ...config, plasticity: { ...config.plasticity, feedback } };
      const { rule } = newLearner(own, tinySizes);
      for (const { data } of rule.feedbackP) data.fill(0.01);
      const { feedbackAngles } = scope(() => diagnose(own, tinySizes, small, ruleOf(rule), 1));
      const wanted = scope(() => {
        const { start, stream } = drawEpisode(own, Key.of(own.seed).fold(1), tinySizes, small);
        const life = live(own.plasticity, ruleOf(rule), start, stream);
        return life.weights.map((w, layer) => {
          const back = life.feedback[layer];
          return String(back.shape) === String(w.shape) ? degrees([...back.data()], [...w.data()]) : null;
        });
      });
      expect(wanted.map((found) => found === null)).toEqual([feedback === "direct", false]);
      feedbackAngles.forEach((found, layer) => {
        if (wanted[layer] === null) expect(found).toBeNull();
        else expect(found).toBeCloseTo(wanted[layer], 4);
      });
    },
  );

  it("reports no saturation and no fixed time scales for a rule that has none", () => {
    for (const change of [
      { synapse: "gated" },
      { synapse: "linear", chemicals: 1 },
      { scales: "learned" },
      { normalise: "columns" },
    ]) {
      const own = { ...tiny, plasticity: { ...tiny.plasticity, ...change } } as typeof tiny;
      const { rule } = newLearner(own, tinySizes);
      const found = scope(() => diagnose(own, tinySizes, small, ruleOf(rule), 0));
      expect([found.saturated, found.timeConstants], JSON.stringify(change)).toEqual([[null, null], []]);
      expect(found.chemicals.map(({ length }) => length)).toEqual(change.synapse === "linear" ? [0, 0] : [2, 2]);
    }
  });

  it("reports no angle between errors if feedback is symmetric", () => {
    const { errorAngles, feedbackAngles } = measure({ plasticity: { ...config.plasticity, feedback: "symmetric" } });
    for (const found of [...errorAngles, ...feedbackAngles]) expect(found as number).toBeLessThan(0.05);
  });

  it("measures the leak of chemicals that nothing drives, and their time constants", () => {
    const still = structuredClone(rule);
    still.P[0].data.fill(0);
    const found = scope(() => diagnose(config, tinySizes, small, ruleOf(still), 0));
    // Of two chemicals with equal shares one stays and the other keeps 0.98 of itself a step, for six steps.
    for (const leak of found.leak) expect(leak).toBeCloseTo((1 + 0.98 ** 6) / 2, 5);
    expect(found.timeConstants).toEqual([1, 50]);
    expect(found.saturated).toEqual([0, 0]);
    expect(found.P).toEqual([0]);
    found.chemicals.forEach(([fast, slow], layer) => {
      expect(slow / fast).toBeCloseTo(0.98 ** 6, 5);
      expect(found.weights[layer]).toBeCloseTo((fast + slow) / 2, 4);
    });
  });

  it("counts the synapses whose tanh is saturated: |K h| > 1 in the last step, if nothing else drives them", () => {
    const wild = structuredClone(rule);
    wild.P[0].data.fill(0);
    wild.K[0].data.set([0.5, -3, 2, 8]);
    // A slow chemical that keeps half of itself: what it keeps must be taken off before tanh is known.
    const own = { ...config, plasticity: { ...config.plasticity, tauMax: 2 } };
    const { saturated } = scope(() => diagnose(own, tinySizes, small, ruleOf(wild), 0));
    scope(() => {
      const { start, stream } = drawEpisode(config, Key.of(config.seed).fold(0), tinySizes, small);
      const before = { ...stream, labels: stream.labels.view([stream.labels.size - 1]) };
      const { layers } = live(own.plasticity, ruleOf(wild), start, before);
      layers.forEach(({ h }, layer) => {
        const [fast, slow] = h[0].toArray() as number[][][];
        const drives = fast.flatMap((row, i) => {
          return row.flatMap((x, j) => [0.5 * x - 3 * slow[i][j], 2 * x + 8 * slow[i][j]]);
        });
        const share = drives.filter((q) => Math.abs(q) > 1).length / drives.length;
        expect(share).toBeGreaterThan(0.05);
        expect(share).toBeLessThan(0.95);
        // A synapse on the very edge may fall on either side.
        expect(Math.abs((saturated[layer] as number) - share)).toBeLessThan(0.002);
      });
    });
  });

  describe("time scales of the last step", () => {
    const withPlasticity = (change: object) => ({ ...tiny, plasticity: { ...tiny.plasticity, ...change } });
    /** Diagnoses a rule of this configuration after `change` has set its numbers. */
    const measured = (change: object, set: (rule: RuleValues) => void = () => {}): Diagnosis => {
      const own = withPlasticity(change);
      const { rule } = newLearner(own, tinySizes);
      set(rule);
      return scope(() => diagnose(own, tinySizes, small, ruleOf(rule), 1));
    };
    const [fast, slow] = [1, Math.fround(1 / 50)];
    const constants = [1 / fast, 1 / slow];
    const kept = [1, Math.fround(1 - 1 / 50)];

    it("are the fixed ones, to the bit, if nothing changes them", () => {
      for (const change of [{}, { scales: "learned" }, { synapse: "gated" }, { scales: "learned", scope: "layer" }]) {
        const { effectiveTimeConstants, effectiveKept } = measured(change);
        expect(effectiveTimeConstants, JSON.stringify(change)).toEqual([constants, constants]);
        expect(effectiveKept).toEqual([kept, kept]);
      }
    });

    it("are those that a rule has learned, layer by layer", () => {
      const found = measured({ scales: "learned", scope: "layer" }, ({ tau }) => tau[1].data.set([0, 0.02]));
      const logit = (z: number, a: number): number => 1 / (1 + Math.exp(-(Math.log(z / (1 - z)) + a))); // reference
      expect(found.effectiveTimeConstants[0]).toEqual(constants);
      expect(found.effectiveTimeConstants[1][1]).toBeCloseTo(1 / logit(1 / 50, 0.64), 3);
      expect(found.effectiveKept[1][1]).toBeCloseTo(logit(1 - 1 / 50, -0.64), 5);
      expect(found.timeConstants).toEqual([]);
    });

    it("are those of the gates in the last step, computed from the state before it", () => {
      // Chemical 1 alone has gates that can open: the constant of its Z is rows' last column.
      const found = measured({ synapse: "gated" }, ({ s }) => s[0].data.set([0.05], s[0].data.length - 1));
      const z = 1 / (1 + 49 * Math.exp(-32 * 0.05)); // reference
      for (const own of found.effectiveTimeConstants) expect(own[1]).toBeCloseTo(1 / z, 3);
      expect(found.effectiveKept).toEqual([kept, kept]);

      // A gate that sees the weight: Z differs from synapse to synapse, and is that of the weights before the last step.
      const own = withPlasticity({ synapse: "gated" });
      const { rule } = newLearner(own, tinySizes);
      const width = rule.s[0].shape[1];
      rule.s[0].data[3 * width + 2] = 0.5;
      const seeing = scope(() => diagnose(own, tinySizes, small, ruleOf(rule), 1));
      scope(() => {
        const { start, stream } = drawEpisode(own, Key.of(own.seed).fold(1), tinySizes, small);
        const before = { ...stream, labels: stream.labels.view([stream.labels.size - 1]) };
        const { weights } = live(own.plasticity, ruleOf(rule), start, before);
        weights.forEach((w, layer) => {
          const z = [...w.data()].map((weight) => 1 / (1 + 49 * Math.exp(-16 * weight))).sort((a, b) => a - b); // reference
          expect(seeing.effectiveTimeConstants[layer][1]).toBeCloseTo(1 / z[(z.length - 1) >> 1], 3);
        });
      });
    });

    it("are absent if chemicals have none, and are also measured for a lifetime of one step", () => {
      const found = measured({ synapse: "linear", chemicals: 1 });
      expect([found.effectiveTimeConstants, found.effectiveKept]).toEqual([
        [[], []],
        [[], []],
      ]);
      const one = { ...tiny, ways: 1, shots: 1 };
      const { rule } = newLearner(one, tinySizes);
      expect(scope(() => diagnose(one, tinySizes, small, ruleOf(rule), 0)).effectiveTimeConstants[0]).toEqual(
        constants,
      );
    });
  });

  it("gives an angle in degrees, and none for a vector of length 0", () => {
    expect(angle([1, 0], [0, 2])).toBeCloseTo(90, 10);
    expect(angle([1, 1], [-2, -2])).toBeCloseTo(180, 5);
    expect(angle([0, 0], [1, 0])).toBeNull();
  });
});

describe("a run with diagnostics", () => {
  it("has the bits of a run without, a line at the chosen interval of episodes, and the same lines after a stop", () =>
    inTemporary(async (folder) => {
      const plain = await train(small, tiny, { workers: 1 });
      const heard: Diagnosis[] = [];
      const whole = join(folder, "whole");
      const options = { workers: 1, diagnostics: 2 };
      expect(await train(small, tiny, { ...options, out: whole, onDiagnosis: (d) => heard.push(d) })).toEqual(plain);
      expect(heard.map(({ episode }) => episode)).toEqual([1, 3, 5]);
      // Each is of the rule that the episode was lived under.
      for (const [at, { episode }] of heard.entries()) {
        const before = episode === 1 ? undefined : { ...tiny, episodes: episode - 1 };
        const { rule } = before ? await train(small, before, { workers: 1 }) : newLearner(tiny, tinySizes);
        expect(heard[at]).toEqual(scope(() => diagnose(tiny, tinySizes, small, ruleOf(rule), episode - 1)));
      }
      const text = await readFile(join(whole, "diagnostics.jsonl"), "utf8");
      expect(text).toBe(heard.map((d) => `${JSON.stringify(d)}\n`).join(""));

      const out = join(folder, "run");
      const stop = new AbortController();
      const onEpisode = ({ episode }: { episode: number }) => episode === 3 && stop.abort();
      await train(small, tiny, { ...options, out, signal: stop.signal, onEpisode });
      await writeFile(join(out, "diagnostics.jsonl"), `${text.split("\n").slice(0, 3).join("\n")}\n{"epi`); // as after a kill
      expect(await resume(small, { ...options, out })).toEqual(plain);
      expect(await readFile(join(out, "diagnostics.jsonl"), "utf8")).toBe(text);
      await writeFile(join(out, "diagnostics.jsonl"), text.replace(/^.*\n/, "{}\n"));
      const damaged = /diagnostics\.jsonl is damaged: line 1 is not a measurement\. Put back a copy, or remove it\./;
      await expect(readRun(out)).rejects.toThrow(damaged);
      await expect(resume(small, { ...options, out })).rejects.toThrow(damaged);
      await expect(train(small, tiny, { workers: 1, diagnostics: 0 })).rejects.toThrow(
        "`diagnostics` is 0. Make it a whole",
      );
    }));
});
