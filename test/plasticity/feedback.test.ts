// Ways back: what each is by definition, and what plastic feedback weights come to.
import { describe, expect, it } from "vitest";
import { Key, random, scope, type Tensor, tensor } from "../../src/index.js";
import {
  checkConfig,
  defaultConfig,
  emptyRule,
  initialRule,
  initialStart,
  lifetime,
  live,
  type PlasticityConfig,
  type Rule,
  type Stream,
  signalsOf,
} from "../../src/plasticity/index.js";
import { bitsOf } from "../laws/oracle.js";

const sizes = [8, 7, 6, 4];
const key = Key.of(31);

function streamOf(steps: number, low = 0): Stream {
  const images = random.uniform(key.fold(1), [steps, sizes[0]], { low, high: 1 });
  const labels = tensor(
    Array.from({ length: steps }, (_, i) => key.fold(2).integer(i, 4)),
    { dtype: "int32" },
  );
  return { images, labels };
}

/** The angle between two matrices as vectors, in degrees. */
function angle(a: Tensor, b: Tensor): number {
  return scope(() => {
    const cosine = a.mul(b).sum().item() / Math.sqrt(a.square().sum().item() * b.square().sum().item());
    return (Math.acos(Math.min(1, cosine)) * 180) / Math.PI;
  });
}

const config = (own: Partial<PlasticityConfig>): PlasticityConfig => ({ ...defaultConfig, ...own });

describe("feedback", () => {
  it("direct: every layer's error comes straight from the output's", () => {
    const start = initialStart(key, sizes, { feedback: "direct" });
    expect(start.feedback.map(({ shape }) => shape)).toEqual([
      [4, 8],
      [4, 7],
      [4, 6],
    ]);
    const { images } = streamOf(1);
    const target = tensor([0, 1, 0, 0]);
    const own = config({ feedback: "direct", inputGate: "one" });
    const signals = signalsOf(start.weights, start.feedback, images.row(0), target, own);
    const output = signals[2].y.sub(target);
    const wanted = start.feedback[0].matvec(output, true);
    expect(bitsOf([signals[0].ePre])).toEqual(bitsOf([wanted]));
    // What lies between does not matter.
    const other = signalsOf(
      start.weights,
      [start.feedback[0], ...start.feedback.slice(1).map((b) => b.mul(-3))],
      images.row(0),
      target,
      own,
    );
    expect(bitsOf([other[0].ePre])).toEqual(bitsOf([wanted]));
    expect(bitsOf([other[1].ePre])).not.toEqual(bitsOf([signals[1].ePre]));
  });

  it("sign: with the magnitudes of the weights it is symmetric, whatever the signs of B", () => {
    const { weights } = initialStart(key, sizes);
    const stream = streamOf(1);
    const [rule] = [initialRule(defaultConfig, sizes)];
    const bitsAfter = (feedback: PlasticityConfig["feedback"], B: readonly Tensor[]): number[][] =>
      bitsOf(lifetime(config({ feedback }), rule, { weights, feedback: B }, stream));
    const symmetric = bitsAfter("symmetric", weights);
    expect(bitsAfter("sign", weights)).toEqual(symmetric);
    expect(
      bitsAfter(
        "sign",
        weights.map((w) => w.mul(-1)),
      ),
    ).toEqual(symmetric);
    expect(
      bitsAfter(
        "fixed",
        weights.map((w) => w.mul(-1)),
      ),
    ).not.toEqual(symmetric);
  });

  it.each([
    ["linear", 1],
    ["chemical", 1],
    ["chemical", 3],
    ["momentum", 1],
    ["momentum", 3],
  ] as const)(
    "plastic: a %s rule of zeros with %i chemicals equals fixed feedback to the bit",
    (feedbackSynapse, n) => {
      const start = initialStart(key, sizes);
      const stream = streamOf(20);
      const forward = { motifs: [0, 2, 9], initialP0: 0.05 };
      const fixed = config(forward);
      const plastic = config({
        ...forward,
        ...{ feedback: "plastic", feedbackSynapse, feedbackMotifs: [0, 1, 2, 3, 9, "hebb"], feedbackChemicals: n },
      });
      const life = live(plastic, initialRule(plastic, sizes), start, stream);
      expect(bitsOf(life.weights)).toEqual(bitsOf(lifetime(fixed, initialRule(fixed, sizes), start, stream)));
      expect(bitsOf(life.feedback)).toEqual(bitsOf(start.feedback));
    },
  );

  it("plastic: Kolen and Pollack's rule shrinks B - W by the decay at every step, and the angle to 0", () => {
    const own = config({ motifs: [0, 3], feedback: "plastic", feedbackMotifs: [0, 3] });
    const start = initialStart(key, sizes);
    const [rate, decay, steps] = [0.05, 0.02, 500];
    const same = [tensor([[rate, decay]])];
    const rule: Rule = { ...emptyRule, P: same, feedbackP: same };
    const { weights, feedback } = live(own, rule, start, streamOf(steps));
    weights.forEach((w, l) => {
      const before = start.feedback[l].sub(start.weights[l]);
      const left = feedback[l].sub(w).square().sum().item() / before.square().sum().item();
      expect(Math.sqrt(left) / (1 - decay) ** steps).toBeCloseTo(1, 1);
      expect(angle(start.feedback[l], start.weights[l])).toBeGreaterThan(60);
    });
    // What is learned keeps the weights of the last layer away from 0, so there the angle says something.
    expect(angle(feedback[2], weights[2])).toBeLessThan(1);
    const still = live(own, { ...rule, feedbackP: [tensor([[0, 0]])] }, start, streamOf(steps));
    expect(angle(still.feedback[2], still.weights[2])).toBeGreaterThan(20);
  });

  it("plastic: Hebb's rule about the means, on noise, makes B a mirror of W", () => {
    const shape = [12, 10];
    const [own, start] = [
      // No motif with a coefficient: W stays.
      config({
        ...{ motifs: [0], initialP0: 0, feedback: "plastic", feedbackMotifs: ["hebb", 3] },
        ...{ head: "linear", inputGate: "one" },
      }),
      initialStart(key, [...shape].reverse()),
    ];
    const steps = 1500;
    const images = random.normal(key.fold(5), [steps, shape[1]], { std: 0.5 });
    const labels = tensor(new Float32Array(steps * shape[0]), { shape: [steps, shape[0]] });
    const rule: Rule = { ...emptyRule, P: [tensor([[0]])], feedbackP: [tensor([[0.02, 0.005]])] };
    const { weights, feedback } = live(own, rule, start, { images, labels });
    expect(bitsOf(weights)).toEqual(bitsOf(start.weights));
    expect(angle(start.feedback[0], weights[0])).toBeGreaterThan(70);
    expect(angle(feedback[0], weights[0])).toBeLessThan(25);
  });

  it.each([
    [{ feedbackMotifs: [] }, "feedback: no motif is on"],
    [{ feedbackMotifs: [0, 10] }, "feedback: motif 10 does not exist"],
    [{ feedbackMotifs: ["hepp"] }, 'no motif is called "hepp": there are hebb'],
    [{ feedbackChemicals: 2 }, "feedback: the linear rule has no chemicals; 2 were asked for."],
    [{ feedbackSynapse: "gated" }, 'feedback weights are held by linear, chemical, momentum, not "gated".'],
  ] as const)("refuses %j", (wrong, message) => {
    const bad = { ...defaultConfig, feedback: "plastic", ...wrong } as PlasticityConfig;
    expect(() => checkConfig(bad)).toThrow(`[plasticity] ${message}`);
    // Not read otherwise.
    expect(() => checkConfig({ ...bad, feedback: "fixed" })).not.toThrow();
  });
});
