// A whole lifetime and its meta-gradient stay on the GPU and have the bits of the CPU, for every kind of synapse, for any
// checkpoint, alone and among many.
import { afterAll, describe, expect, it } from "vitest";
import { leavesOf } from "../../src/core/index.js";
import type { Gpu } from "../../src/gpu.js";
import { valueAndGrad } from "../../src/index.js";
import { expectAgreement } from "./bits.js";
import { openHere } from "./here.js";
import { configOf, type Episode, episode, kinds, metaLoss } from "./lives.js";

const opened = await openHere();
const gpu = opened as Gpu;
afterAll(() => opened?.close());

const parts = ({ rule, start, stream, queries }: Episode) => [rule, start, stream, queries] as const;

function expectSame(what: string, got: unknown, wanted: unknown): void {
  const leaves = leavesOf("test", wanted);
  leavesOf("test", got).forEach(({ tensor, path }, i) => {
    expectAgreement(`${what}: ${path}`, tensor, leaves[i].tensor, gpu.software);
  });
  expect(leaves.some(({ tensor, path }) => path.startsWith("grad") && tensor.data().some((x) => x !== 0))).toBe(true);
}

describe.skipIf(!opened)("a lifetime on the GPU", () => {
  it.each(Object.keys(kinds))("%s synapses: loss and meta-gradient of 8 steps", async (kind) => {
    const config = configOf(kind);
    const episodes = [0, 1, 2].map((index) => episode(config, 8, index));
    const loss = metaLoss(config);
    const wanted = episodes.map((each) => valueAndGrad(loss, { unused: "zero" })(...parts(each)));

    const stored = gpu.valueAndGrad(loss, { unused: "zero", checkpoint: "off" });
    const all = await stored.all(episodes.map(parts) as never);
    all.forEach((got, i) => {
      expectSame(`episode ${i} of three at once`, got, wanted[i]);
    });
    const again = gpu.valueAndGrad(loss, { unused: "zero", checkpoint: { every: 3 } });
    expectSame("alone, with checkpoints", await again(...parts(episodes[1])), wanted[1]);
    expect(gpu.stats().blocks).toBe(0);
  });

  it("50 steps forward and backward without a readback between them", async () => {
    const config = configOf("chemical");
    const each = episode(config, 50, 4);
    const loss = metaLoss(config);
    const wanted = valueAndGrad(loss, { unused: "zero" })(...parts(each));
    expectSame("50 steps", await gpu.valueAndGrad(loss, { unused: "zero" })(...parts(each)), wanted);
  });
});
