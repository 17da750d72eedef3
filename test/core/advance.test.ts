// Loops by hand: the carry that `advance` made is freed when the next one is there, and nothing else is.
import fc from "fast-check";
import { describe, expect, it, onTestFinished } from "vitest";
import { collector } from "../../src/core/index.js";
import {
  advance,
  configure,
  grad,
  keep,
  loop,
  MemoryError,
  memory,
  scope,
  type Tensor,
  tensor,
} from "../../src/index.js";
import { adam } from "../../src/optim/index.js";

const bytes = () => memory.stats().persistentBytes;

describe("advance", () => {
  it("gives the same results as the steps without it, and holds one carry", () => {
    const optimizer = adam({ lr: 0.1 });
    const loss = ({ w }: { w: Tensor }) => w.square().sum();
    const start = { w: tensor([1, -2, 3]) };
    let plain = { params: start, state: optimizer.init(start) };
    let carry = { ...plain, step: 0 };
    carry = advance(carry, ({ params, state, step }) => ({
      ...optimizer.step(params, grad(loss)(params), state),
      step: step + 1,
    }));
    const after = [bytes(), memory.stats().live];
    for (let k = 1; k < 200; k++) {
      carry = advance(carry, ({ params, state, step }) => ({
        ...optimizer.step(params, grad(loss)(params), state),
        step: step + 1,
      }));
      expect([bytes(), memory.stats().live]).toEqual(after);
    }
    for (let k = 0; k < 200; k++) plain = optimizer.step(plain.params, grad(loss)(plain.params), plain.state);
    expect(carry.params.w.data()).toEqual(plain.params.w.data());
    expect(carry.step).toBe(200);
    expect(start.w.alive).toBe(true);
  });

  it("says so if a tensor of an earlier carry is used, and in debug mode where the carry was replaced", () => {
    const [before, after] = [advance(tensor([1, 2]), (x) => x.add(1)), (x: Tensor) => x.add(1)];
    advance(before, after);
    expect(() => before.add(1)).toThrow(
      /^\[advance\] this \[2\] tensor was replaced by advance\(\)\. Use the carry that it returned, or keep\(\).* \(configure\(\{ debug: true \}\)/,
    );
    configure({ debug: true });
    onTestFinished(() => configure({ debug: false }));
    const first = tensor([1, 2]);
    const second = advance(first, (x) => x.add(1));
    const third = advance(second, (x) => x.add(1));
    expect(first.data()).toEqual(Float32Array.of(1, 2));
    expect(third.data()).toEqual(Float32Array.of(3, 4));
    expect(() => second.add(1)).toThrow(
      /^\[advance\] this \[2\] tensor, made at [^,]+, was replaced by advance\(\) at advance\.test\.ts:\d+\. Use the carry that it returned, or keep\(\)/,
    );
    let deep = advance({ a: { b: { c: { d: [third.add(0)] } } } }, (x) => ({
      a: { b: { c: { d: [x.a.b.c.d[0].add(1)] } } },
    }));
    const old = deep.a.b.c.d[0];
    deep = advance(deep, (x) => ({ a: { b: { c: { d: [x.a.b.c.d[0].add(1)] } } } }));
    expect(() => old.item()).toThrow("[item] the tensor has shape [2]");
    expect(() => old.data()).toThrow(/replaced by advance\(\) at advance\.test\.ts:\d+\./);
    const held = keep(third);
    advance(third, (x) => x.mul(2));
    expect(held.data()).toEqual(Float32Array.of(3, 4));
  });

  it("never frees what the next carry holds, whichever tensors share a block", () => {
    // A carry of three places, whose next place is taken from an old one (whole or as a view), or computed.
    const move = fc.record({
      from: fc.nat(2),
      how: fc.constantFrom("same", "view", "new", "view of new"),
    });
    fc.assert(
      fc.property(fc.array(fc.tuple(move, move, move), { minLength: 1, maxLength: 12 }), (steps) => {
        let carry = [0, 10, 20].map((x) => tensor([x, x + 1, x + 2, x + 3]));
        let model = carry.map((x) => Array.from(x.data()));
        for (const places of steps) {
          const before = carry;
          carry = advance(carry, (old) =>
            places.map(({ from, how }) => {
              const x = old[from];
              if (how === "same") return x;
              if (how === "view") return x.reshape([2, 2]).reshape([4]);
              return how === "new" ? x.add(1) : x.add(1).reshape([2, 2]).reshape([4]);
            }),
          );
          model = places.map(({ from, how }) => model[from].map((x) => (how.includes("new") ? x + 1 : x)));
          expect(carry.map((x) => Array.from(x.data()))).toEqual(model);
          for (const old of before) if (carry.some((x) => x.base === old.base)) expect(old.alive).toBe(true);
        }
      }),
      { seed: 20261128, numRuns: 60 },
    );
  });

  it("leaves the carry as it was if the step throws", () => {
    const first = advance(tensor(1), (x) => x.add(1));
    const before = bytes();
    expect(() =>
      advance(first, (x) => {
        x.mul(3);
        throw new Error("no");
      }),
    ).toThrow("no");
    expect(first.item()).toBe(2);
    expect(bytes()).toBe(before);
  });

  it("does not grow inside a scope, and frees nothing while a gradient is recorded", () => {
    scope(() => {
      let x = advance(tensor([1, 2]), (x) => x.mul(2));
      const before = memory.stats().arenaBytes;
      for (let k = 0; k < 100; k++) x = advance(x, (x) => x.add(1));
      expect(memory.stats().arenaBytes).toBe(before);
      expect(x.data()).toEqual(Float32Array.of(102, 104));
    });
    const twice = (x: Tensor) =>
      advance(
        advance(x, (x) => x.square()),
        (x) => x.mul(3),
      ).sum();
    expect(grad(twice)(tensor([1, 2])).data()).toEqual(Float32Array.of(6, 12));
    const inLoop = grad((x: Tensor) =>
      loop(3, x, (x) => advance(x, (x) => x.mul(2)), { checkpoint: { every: 1 } }).sum(),
    );
    expect(inLoop(tensor([1, 2])).data()).toEqual(Float32Array.of(8, 8));
  });

  it("never frees tensors of the caller, even if a carry holds them for a while", () => {
    const zero = tensor([0, 0]);
    let kept = zero;
    let carry = { x: zero, k: 0 };
    for (let k = 0; k < 10; k++) {
      carry = advance(carry, ({ x, k }) => {
        if (k === 5) kept = keep(x);
        return k === 5 ? { x: kept, k: k + 1 } : { x: k % 3 === 0 ? zero : x.add(1), k: k + 1 };
      });
    }
    expect([zero.toArray(), kept.toArray(), carry.k]).toEqual([[0, 0], [1, 1], 10]);
  });

  it("leaves nothing of a loop in a scope when the scope ends", () => {
    const start = tensor([1, 2]);
    const [before, { live }] = [bytes(), memory.stats()];
    for (let outer = 0; outer < 20; outer++) {
      const last = scope(() => {
        let x = start;
        for (let k = 0; k < 5; k++) x = advance(x, (x) => scope(() => x.add(1)));
        expect(memory.stats().live).toBe(live);
        return x;
      });
      expect(last.toArray()).toEqual([6, 7]);
      last.dispose();
    }
    expect([bytes(), memory.stats().live]).toEqual([before, live]);
  });

  it("frees nothing of the outer loop in an inner one", () => {
    let outer = advance(tensor([1, 2]), (x) => x.mul(1));
    for (let k = 0; k < 4; k++) {
      outer = advance(outer, (x) => {
        let inner = x;
        for (let i = 0; i < 3; i++) inner = advance(inner, (y) => y.add(1));
        expect(x.alive).toBe(true);
        return inner.sub(x).add(x);
      });
    }
    expect(outer.toArray()).toEqual([13, 14]);
  });

  it("leaves the carry as it was, and nothing else, if there is no room for the next one", () => {
    const first = advance([tensor([1]), tensor([2])], (x) => x.map((leaf) => leaf.add(0)));
    collector.collect();
    const { memoryBytes, live } = memory.stats();
    const before = bytes();
    configure({ maximumBytes: memoryBytes + 2 ** 20 });
    try {
      const grow = (): unknown =>
        advance(first, ([a, b]) => [a.add(1), ...Array.from({ length: 40 }, () => b.broadcastTo([2 ** 18]).add(0))]);
      expect(grow).toThrow(MemoryError);
    } finally {
      configure({ maximumBytes: 2 ** 32 });
    }
    expect(first.map((x) => x.item())).toEqual([1, 2]);
    // Nothing of it waits for the collector either.
    expect([bytes(), memory.stats().live]).toEqual([before, live]);
  });

  it("refuses asynchronous steps", () => {
    expect(() => advance(tensor(1), (async (x: Tensor) => x) as never)).toThrow(
      "[advance] the function is asynchronous",
    );
  });
});
