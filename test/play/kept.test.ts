// The rules that come with the package, in the playground: theirs to the bit, wherever a life goes, and known again by their
// numbers alone.
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { Key, tensor } from "../../src/index.js";
import { decodeRule, encodeRule, keptRule, keptRules, ruleHash, ruleOf } from "../../src/meta/index.js";
import { initialStart, live, ruleParts } from "../../src/plasticity/index.js";
import { acts } from "../../src/play/acts.js";
import { changed } from "../../src/play/edit.js";
import { imagesOf } from "../../src/play/images.js";
import { keptNameOf, keptSetup } from "../../src/play/kept.js";
import { learnedSetup } from "../../src/play/learned.js";
import { Life } from "../../src/play/life.js";
import { PIXELS } from "../../src/play/limits.js";
import { trainConfigOf } from "../../src/play/setup.js";
import { addressOf, sharedIn } from "../../src/play/share.js";
import { small } from "./setups.js";

describe.each(keptRules)("the kept rule $name", ({ name, hash }) => {
  const setup = keptSetup(small(), name);

  it("brings the network and the number of images with which it was learned, and keeps characters and seed", () => {
    const { config, sizes } = keptRule(name);
    expect(setup).toMatchObject({ hidden: sizes.slice(1, -1), shots: config.shots, plasticity: config.plasticity });
    const { characters, seed } = small();
    expect(setup).toMatchObject({ characters, seed });
  });

  it("gives a life the weights that the package gives it", () => {
    const { config, rule, sizes } = keptRule(name);
    const life = new Life(setup);
    life.seek(9);
    const { images, labels } = imagesOf(setup).stream;
    const stream = {
      images: tensor(images.slice(0, 9 * PIXELS), { shape: [9, PIXELS] }),
      labels: tensor(labels.slice(0, 9), { dtype: "int32" }),
    };
    const start = initialStart(Key.of(setup.seed), [...sizes.slice(0, -1), setup.characters.length], config.plasticity);
    const { weights } = live(config.plasticity, ruleOf(rule), start, stream);
    weights.forEach((w, layer) => {
      expect(life.view(layer).weights).toEqual(w.data());
    });
    life.end();
  });

  it("comes through an address to the bit, and is known again", async () => {
    const opened = sharedIn(addressOf({ setup, at: 3 }));
    expect(opened).toEqual({ setup, at: 3 });
    expect(await ruleHash(opened.setup.rule)).toBe(hash);
    expect(acts.begin(opened.setup).choice).toBe(name);
  });

  it("is known again when it was saved and opened as a file", () => {
    const { config, rule } = decodeRule(encodeRule({ ...keptRule(name), config: trainConfigOf(setup) }));
    expect(keptNameOf({ ...config, rule })).toBe(name);
  });

  it("is another rule as soon as one of its numbers or its structure changes", () => {
    const leaves = ruleParts.flatMap((part) => setup.rule[part].map((leaf, i) => ({ part, i, leaf })));
    const moved = fc
      .constantFrom(...leaves)
      .chain(({ part, i, leaf }) =>
        fc.record({ part: fc.constant(part), i: fc.constant(i), at: fc.nat(leaf.data.length - 1) }),
      );
    fc.assert(
      fc.property(moved, ({ part, i, at }) => {
        const put = setup.rule[part].map(({ shape, data }, leaf) => ({
          shape,
          data: data.map((value, place) => (leaf === i && place === at ? value + 1 : value)),
        }));
        expect(keptNameOf({ ...setup, rule: { ...setup.rule, [part]: put } })).toBeUndefined();
      }),
      { numRuns: 30 },
    );
    expect(keptNameOf(changed(setup, { plasticity: { feedback: "symmetric" } }))).toBeUndefined();
    expect(keptNameOf(setup)).toBe(name);
  });

  it("stays itself in a network that it fits, and says in a sentence that it does not fit another", () => {
    expect(keptNameOf(changed(setup, { hidden: setup.hidden.map((units) => units - 1), shots: 3 }))).toBe(name);
    const shallow = () => changed(setup, { hidden: [64, 32] });
    if (setup.plasticity.scope === "shared") expect(keptNameOf(shallow())).toBe(name);
    else
      expect(shallow).toThrow(
        `the rule ${name} does not fit a network of 784-64-32-4 units: the rule has coefficients`,
      );
  });
});

describe("the choice of rules", () => {
  it("has a life of any preset under no kept rule", () => {
    expect(keptNameOf(learnedSetup("bio"))).toBeUndefined();
    expect(keptNameOf(small("rcn-layer"))).toBeUndefined();
  });

  it("goes from any rule to a kept one and back", () => {
    for (const { name } of keptRules) {
      expect(keptNameOf(acts.choose(learnedSetup("rcn-momentum"), name))).toBe(name);
      const back = acts.choose(keptSetup(small(), name), "rcn");
      expect(back.rule).toEqual(learnedSetup("rcn").rule);
    }
  });
});
