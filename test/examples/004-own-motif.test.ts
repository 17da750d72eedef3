// A plasticity motif of one's own in ten lines: the BCM rule (Bienenstock, Cooper and Munro 1982, Journal of
// Neuroscience 2:32), checked, meta-learned beside the pseudo-gradient, and refused where it is not local.
import { describe, expect, it } from "vitest";
import { glyphs } from "../../src/data/index.js";
import { Key, random, tensor } from "../../src/index.js";
import { defaultTrainConfig, parseTrainConfig, ruleHash, train } from "../../src/meta/index.js";
import { checkMotif, defineMotif, initialStart, lifetime, ruleFrom } from "../../src/plasticity/index.js";
import { relativeError } from "../laws/oracle.js";

defineMotif({
  name: "bcm",
  summary: "y (y - theta) x, theta the layer's mean square activity (Bienenstock, Cooper and Munro 1982)",
  scalars: { theta: ({ y }) => y.square().mean() },
  term: ({ y, yPre }, { theta }) => y.mul(y.sub(theta)).mul(yPre),
});

const base = defaultTrainConfig("rcn");
const config = {
  ...base,
  hidden: [12, 9],
  ...{ ways: 2, shots: 2, queries: 2, episodes: 3 },
  plasticity: { ...base.plasticity, motifs: [0, 2, "bcm", 9] },
};

describe("a user-defined motif", () => {
  it("has the gradient that differences give", () => {
    expect(() => checkMotif("bcm")).not.toThrow();
  });

  it("moves weights as its equation says", () => {
    const linear = { ...defaultTrainConfig("fa").plasticity, motifs: ["bcm"] };
    const start = initialStart(Key.of(1), [5, 3]);
    const images = random.uniform(Key.of(2), [1, 5]);
    const stream = { images, labels: tensor([1], { dtype: "int32" }) };
    const [after] = lifetime(linear, ruleFrom({ P: [[[0.5]]] }), start, stream);
    const [w, x] = [start.weights[0].toArray() as number[][], [...images.data()]];
    const z = w.map((row) => row.reduce((sum, own, j) => sum + own * x[j], 0));
    const total = z.reduce((sum, own) => sum + Math.exp(own), 0);
    const y = z.map((own) => Math.exp(own) / total);
    const theta = y.reduce((sum, own) => sum + own * own, 0) / 3;
    const wanted = w.map((row, i) => row.map((own, j) => own + 0.5 * y[i] * (y[i] - theta) * x[j]));
    expect(relativeError(after.data(), wanted.flat())).toBeLessThan(1e-6);
  });

  it("is learned like any other, named in the configuration, to the same bits each time", async () => {
    const { rule } = await train(glyphs(), config, { workers: 1 });
    expect(rule.P[0].shape).toEqual([2, 4]);
    // Both chemicals' coefficients have left the 0 at which they began.
    for (const at of [2, 6]) expect(Math.abs(rule.P[0].data[at])).toBeGreaterThan(1e-5);
    const read = parseTrainConfig(JSON.parse(JSON.stringify(config)));
    expect(read.plasticity.motifs).toEqual([0, 2, "bcm", 9]);
    const again = await train(glyphs(), read, { workers: 1 });
    expect(await ruleHash(again.rule)).toBe(await ruleHash(rule));
  });

  it("is refused if it looks at other synapses", () => {
    const total = (): void =>
      defineMotif({ name: "greedy", summary: "", term: ({ w, yPre }) => yPre.mul(w.sum(1, true)) });
    expect(total).toThrow('motif "greedy" is not local: synapse');
  });
});
