// What `memory` tells of what is held, and of who left it.
import { describe, expect, it } from "vitest";
import { advance, keep, memory, scope, type Tensor, tensor, vjp, zeros } from "../../src/index.js";

describe("memory.leaks", () => {
  it("is empty for functions that free their tensors, including carries of advance", () => {
    let carry = { x: tensor([1, 2, 3]), k: 0 };
    const epoch = (): void => {
      for (let k = 0; k < 10; k++) carry = advance(carry, ({ x, k }) => ({ x: x.mul(0.5), k: k + 1 }));
      tensor(1).dispose();
      using held = keep(tensor([1, 2])); // the argument is a tensor of its own, and stays
      expect(held.size).toBe(2);
      vjp((x: Tensor) => x.square().sum(), carry.x).pullback.dispose();
    };
    const left = memory.leaks(epoch);
    // The argument of keep, and the value that vjp gives beside its pullback.
    expect(left.map(({ shape }) => shape)).toEqual([[2], []]);
    expect(memory.leaks(() => scope(() => zeros([100]).add(1).sum().item()))).toEqual([]);
  });

  it("gives the line, shape and bytes of every tensor that stays", () => {
    const held: unknown[] = [];
    const left = memory.leaks(() => {
      held.push(zeros([8, 4]));
      held.push(scope(() => zeros([5]).add(1)));
      held.push(vjp((x: Tensor) => x.square().sum(), held[1] as Tensor));
    });
    const [matrix, vector, value, pullback] = left;
    expect(matrix).toMatchObject({ shape: [8, 4], bytes: 128 });
    expect(vector).toMatchObject({ shape: [5], bytes: 20 });
    expect(left.map(({ where }) => where)).toEqual(left.map(() => expect.stringMatching(/^accounts\.test\.ts:\d+$/)));
    const lines = left.map(({ where }) => Number(where.split(":")[1]));
    expect(lines[1]).toBe(lines[0] + 1);
    expect([value.shape, pullback.shape]).toEqual([[], []]);
    expect(pullback.bytes).toBeGreaterThan(1000);
  });

  it("refuses asynchronous functions, and passes on what is thrown", () => {
    expect(() => memory.leaks(async () => tensor(1))).toThrow("[memory.leaks] the function is asynchronous");
    expect(() =>
      memory.leaks(() => {
        throw new Error("mine");
      }),
    ).toThrow("mine");
    expect(memory.leaks(() => undefined)).toEqual([]);
  });
});

describe("memory.stats", () => {
  it("counts the tapes of pullbacks", () => {
    const { tapes, arenaBytes } = memory.stats();
    const { pullback } = vjp((x: Tensor) => x.square().sum(), tensor(new Float32Array(1000)));
    expect(memory.stats().tapes).toBe(tapes + 1);
    expect(memory.stats().arenaBytes - arenaBytes).toBeGreaterThanOrEqual(4000);
    pullback.dispose();
    pullback.dispose();
    expect(memory.stats()).toMatchObject({ tapes, arenaBytes });
  });
});
