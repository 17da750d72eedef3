// A life that is stepped through: always the bits of one that runs at once, forward and back.
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { Key, memory, tensor } from "../../src/index.js";
import { ruleOf } from "../../src/meta/index.js";
import { initialStart, live, presets, signalsOf } from "../../src/plasticity/index.js";
import { imagesOf } from "../../src/play/images.js";
import { Life } from "../../src/play/life.js";
import { PIXELS } from "../../src/play/limits.js";
import { sizesOf, stepsOf } from "../../src/play/setup.js";
import { small } from "./setups.js";

/** The weights after `at` images, from one call. */
function atOnce(setup: ReturnType<typeof small>, at: number) {
  const { stream } = imagesOf(setup);
  const images = tensor(stream.images.slice(0, at * PIXELS), { shape: [at, PIXELS] });
  const labels = tensor(stream.labels.slice(0, at), { dtype: "int32" });
  const start = initialStart(Key.of(setup.seed), sizesOf(setup), setup.plasticity);
  return live(setup.plasticity, ruleOf(setup.rule), start, { images, labels });
}

describe("a life", () => {
  const names = Object.keys(presets) as (keyof typeof presets)[];
  it.each(names)("steps to the bits of one call, whichever way it goes: %s", async (preset) => {
    const setup = small(preset);
    const life = new Life(setup);
    const way = [3, 20, 0, 7, 6, 13];
    for (const at of way) life.seek(at);
    expect(life.at).toBe(13);
    const { weights, layers } = atOnce(setup, 13);
    weights.forEach((w, layer) => {
      const view = life.view(layer);
      expect(view.weights).toEqual(w.data());
      expect(view.chemicals.flatMap((h) => [...h])).toEqual(layers[layer].h.flatMap((h) => [...h.data()]));
    });
    const stepped = new Life(setup);
    for (let i = 0; i < 13; i++) stepped.step();
    expect(await stepped.hash()).toBe(await life.hash());
    expect(life.accuracies.slice(0, 14)).toEqual(stepped.accuracies.slice(0, 14));
    expect(life.answers.slice(0, 13)).toEqual(stepped.answers.slice(0, 13));
    life.end();
    stepped.end();
  });

  it("shows what the network sees before it learns: the signals of its weights", () => {
    const setup = small("bio");
    const life = new Life(setup);
    life.seek(4);
    const { weights, feedback } = atOnce(setup, 4);
    const { images, labels } = imagesOf(setup).stream;
    const image = tensor(images.slice(4 * PIXELS, 5 * PIXELS));
    const target = tensor([0, 1, 2, 3].map((c) => Number(c === labels[4])));
    const signals = signalsOf(weights, feedback, image, target, setup.plasticity);
    const view = life.view(1);
    expect(view).toMatchObject({ at: 4, image: 4, label: labels[4] });
    expect(view.activities[2]).toEqual(signals[1].y.data());
    expect(view.errors[1]).toEqual(signals[0].e.data());
    expect(view.prediction.reduce((sum, p) => sum + p, 0)).toBeCloseTo(1, 5);
    life.end();
  });

  it("goes nowhere beyond its ends", () => {
    const life = new Life(small("fa"));
    life.seek(-5);
    expect(life.at).toBe(0);
    life.seek(1e9);
    life.step();
    expect(life.at).toBe(stepsOf(life.setup));
    expect(life.view(2).image).toBe(stepsOf(life.setup) - 1);
    life.end();
  });

  it("leaves nothing behind", () => {
    const before = memory.stats().live;
    fc.assert(
      fc.property(fc.array(fc.integer({ min: 0, max: 20 }), { maxLength: 6, size: "max" }), (way) => {
        const life = new Life(small("plastic"));
        for (const at of way) {
          life.seek(at);
          life.view(0);
        }
        life.end();
        expect(memory.stats().live).toBe(before);
      }),
      { numRuns: 10 },
    );
  });

  it.each([
    [{ shots: 1e9 }, /shots|images of each character is 1000000000/],
    [{ hidden: [1e6] }, /width of a hidden layer is 1000000/],
    [{ characters: [] }, /number of characters is 0/],
    [
      { characters: Array.from({ length: 3 }, () => ({ kind: "glyph", glyph: 47 }) as const) },
      /takes whole numbers from 0 to 46/,
    ],
    [{ seed: -1 }, /seed is -1/],
  ])("refuses what a page should not run: %o", (odd, sentence) => {
    expect(() => new Life({ ...small(), ...odd })).toThrow(sentence);
  });

  it("refuses numbers that do not belong to its structure", () => {
    const { rule, ...rest } = small();
    expect(() => new Life({ ...rest, rule: { ...rule, K: [] } })).toThrow(/has nothing as K/);
    const P = rule.P.map(({ shape, data }) => ({ shape, data: data.map(() => Number.NaN) }));
    expect(() => new Life({ ...rest, rule: { ...rule, P } })).toThrow(/NaN/);
  });
});
