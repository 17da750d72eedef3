// The memory of a lifetime's gradient is a straight line in its steps and in the episodes whose losses are added: equal
// numbers of them add equally many bytes, but for the ends of chunks that stay empty.
import { expect, test } from "vitest";
import { Key, memory, random, scope, type Tensor, tensor, valueAndGrad } from "../../src/index.js";
import { initialRule, initialStart, lifetime, logitsOf, lossOf, presets } from "../../src/plasticity/index.js";

const SIZES = [24, 10, 6];
const { config } = presets.rcn;

/** The peak of the arena so far, after the gradient of so many lifetimes of so many steps. */
function peakAfter(steps: number, episodes: number): number {
  scope(() => {
    const labels = tensor(new Int32Array(steps), { dtype: "int32" });
    const stream = { images: random.uniform(Key.of(1), [steps, SIZES[0]]), labels };
    const start = initialStart(Key.of(0), SIZES);
    const one = (rule: ReturnType<typeof initialRule>): Tensor =>
      lossOf(
        logitsOf(lifetime(config, rule, start, stream, { checkpoint: "off" }), stream.images, config.beta),
        labels,
      );
    const loss: typeof one = (rule) =>
      Array.from({ length: episodes }, () => one(rule)).reduce((total, episode) => total.add(episode));
    valueAndGrad(loss, { unused: "zero" })(initialRule(config, SIZES));
  });
  return memory.stats().arenaPeak;
}

test.each([
  ["steps", [60, 120, 180, 240], (count: number) => peakAfter(count, 1)],
  ["episodes", [4, 8, 12, 16], (count: number) => peakAfter(60, count)],
] as const)("equally many %s add equally many bytes", (_, counts, peakOf) => {
  const [a, b, c, d] = counts.map(peakOf);
  expect(b).toBeGreaterThan(a);
  for (const added of [c - b, d - c]) expect(Math.abs(added / (b - a) - 1)).toBeLessThan(0.02);
});
