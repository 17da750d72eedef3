import { describe, expect, it } from "vitest";
import { explain } from "../../src/debug/index.js";
import { type Checkpoint, loop, memory, type Tensor, tensor } from "../../src/index.js";

interface Net {
  readonly w: Tensor;
  readonly b: Tensor;
}

const net: Net = {
  w: tensor([
    [1, 2, 3],
    [4, 5, 6],
  ]),
  b: tensor([1, 2, 3]),
};
const x = tensor([[1, 2]]);

describe("explain", () => {
  it("lists ops, shapes and bytes, and their sum", () => {
    const text = explain((p: Net, input: Tensor) => input.matmul(p.w).add(p.b).tanh().row(0).sum(), net, x);
    expect(text.split("\n").map((line) => line.replace(/ +/g, " "))).toEqual([
      "parameter w [2, 3]",
      "parameter b [3]",
      "matmul [1, 2] [2, 3] -> [1, 3] 12 B",
      "add [1, 3] [3] -> [1, 3] 12 B",
      "tanh [1, 3] -> [1, 3] 12 B",
      "row [1, 3] -> [3] view",
      "sum [3] -> [] 4 B",
      "saved 40 B in 5 entries; recomputed 0 B in 0 ops",
    ]);
  });

  const through = (checkpoint: Checkpoint) => (w: Tensor) => loop(10, w, (c) => c.mul(2).tanh(), { checkpoint }).sum();

  it("describes a step once", () => {
    const lines = explain(through("off"), tensor([1, 2])).split("\n");
    expect(lines[1]).toBe("step 0 to step 9, 10 times the same:");
    expect(lines.slice(2, 4).map((line) => line.trim().split(" ")[0])).toEqual(["mulScalar", "tanh"]);
    expect(lines.at(-1)).toMatch(/^saved \d+ B in 21 entries; recomputed 0 B in 0 ops$/);
  });

  it("shows what segments store and what is run again", () => {
    const at = tensor([1, 2]);
    const { arenaPeak: _, memoryBytes: __, ...before } = memory.stats();
    const lines = explain(through({ every: 4 }), at).split("\n");
    expect(lines.filter((line) => line.startsWith("segment"))).toEqual([
      expect.stringMatching(/steps 0 to 3: 8 B stored; 8 ops again, \d+ B recomputed$/),
      expect.stringMatching(/steps 4 to 7: 8 B stored; 8 ops again/),
      expect.stringMatching(/steps 8 to 9: 8 B stored; 4 ops again/),
    ]);
    expect(lines.at(-1)).toMatch(/^saved 28 B in 4 entries; recomputed \d+ B in 20 ops$/);
    expect(explain(through({ binomial: 3 }), at)).toContain(
      "steps 0 to 9: 8 B stored; 20 ops again, 160 B recomputed, binomially with 3 carries",
    );
    expect(memory.stats()).toMatchObject(before);
  });

  it("refuses whatever is not a tree of tensors", () => {
    expect(() => explain((() => x) as never, { w: 3 } as never)).toThrow('[explain] "w" is a number, not a tensor.');
  });
});
