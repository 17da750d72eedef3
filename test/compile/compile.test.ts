// Compiled functions: the bits of the same function run as it is, whatever it is made of, and plain words where it
// cannot be compiled.
import { afterEach, describe, expect, it, vi } from "vitest";
import {
  type Checkpoint,
  compile,
  crossEntropy,
  grad,
  hvp,
  jacobian,
  jvp,
  Key,
  keep,
  loop,
  memory,
  random,
  scan,
  scope,
  sum,
  type Tensor,
  tensor,
  valueAndGrad,
  vjp,
  vmap,
  where,
} from "../../src/index.js";
import { bitsOf } from "../../src/testing/arrays.js";

const key = Key.of(3);
const draw = (index: number, shape: readonly number[]): Tensor => random.normal(key.fold(index), shape);

/** Compares a function with what it compiles to, on the arguments it is traced with and on others. */
function expectSameBits<A extends readonly unknown[]>(f: (...args: A) => readonly Tensor[], ...calls: A[]): void {
  using fast = compile(f);
  for (const args of calls) expect(bitsOf([...fast(...args)])).toEqual(bitsOf([...f(...args)]));
}

interface Rule {
  readonly rate: Tensor;
  readonly decay: Tensor;
}

const w0 = draw(0, [8, 8]).mul(0.3);
const x = draw(1, [5, 8]);
const t = draw(2, [5, 8]).tanh();
const rule = (k: number): Rule => ({ rate: tensor(0.01 * k), decay: tensor(0.02 / k) });

const lifetime =
  (checkpoint: Checkpoint, steps = 12) =>
  (r: Rule): Tensor => {
    const end = loop(
      steps,
      w0,
      (w) => {
        const y = x.matmul(w).tanh();
        return w.add(x.transpose().matmul(t.sub(y)).mul(r.rate)).sub(w.mul(r.decay));
      },
      { checkpoint },
    );
    return x.matmul(end).tanh().sub(t).square().mean();
  };

describe("a compiled function gives the bits of the function", () => {
  it("for plain programs, also with other arguments than those of the trace", () => {
    const f = (a: Tensor, b: Tensor): Tensor[] => [a.matmul(b).add(1).tanh(), sum(a.mul(a)), b.transpose()];
    expectSameBits(f, [draw(4, [3, 5]), draw(5, [5, 2])], [draw(6, [3, 5]), draw(7, [5, 2])], [x.matmul(w0), w0]);
  });

  it.each(["auto", "off", { every: 5 }, { bytes: 4000 }, { binomial: 2 }] as const)(
    "for values and gradients of loops, checkpoint %j",
    (checkpoint) => {
      const slope = valueAndGrad(lifetime(checkpoint));
      expectSameBits(
        (r: Rule) => {
          const found = slope(r);
          return [found.value, found.grad.rate, found.grad.decay];
        },
        [rule(1)],
        [rule(2)],
        [rule(3)],
      );
    },
  );

  it("for scans, second derivatives, forward mode, Jacobians, pullbacks and batches", () => {
    const f = lifetime("off", 3);
    const parts = ({ rate, decay }: Rule): Tensor[] => [rate, decay];
    const summed = (r: Rule): Tensor => parts(grad(f)(r)).reduce((a, b) => a.add(b.square()));
    for (const g of [
      (r: Rule) => parts(hvp(f, r, rule(5))),
      (r: Rule) => parts(grad(summed)(r)),
      (r: Rule) => [jvp(f, r, rule(5)).tangent],
      (r: Rule) => [jacobian((v: Tensor) => v.mul(r.rate).tanh())(x) as Tensor],
      (r: Rule) => {
        const { value, pullback } = vjp((v: Tensor) => v.mul(r.rate).tanh(), x);
        using back = pullback;
        return [value, back(t)];
      },
      (r: Rule) => [vmap((row: Tensor) => sum(row.mul(r.rate)).tanh())(x)],
      (r: Rule) => [...scan(4, w0, (w) => [w.mul(r.rate).tanh(), sum(w)] as const)],
    ]) {
      expectSameBits(g, [rule(1)], [rule(2)]);
    }
  });

  it("when a sum of cotangents meets infinities", () => {
    const f = grad((c: Tensor, v: Tensor) => sum(where(v.greater(0), v.mul(c), v.mul(c).mul(0))));
    const infinite = tensor([1, Number.NEGATIVE_INFINITY, 2]);
    expectSameBits((c: Tensor, v: Tensor) => [f(c, v)], [tensor(2), tensor([1, -1, 2])], [tensor(2), infinite]);
  });

  it("for constants made after something as large was freed", () => {
    const f = (v: Tensor): Tensor => scope(() => grad((u: Tensor) => sum(u.square().square()))(v));
    expectSameBits(
      (v: Tensor) => [f(v).mul(tensor(new Float32Array(2000).fill(2)))],
      [draw(8, [2000])],
      [draw(9, [2000])],
    );
  });

  it("for draws from keys that it closes over, and for constants that it makes", () => {
    expectSameBits(
      (v: Tensor) => [
        v.add(random.normal(key, [8])).mul(tensor([1, 2, 3, 4, 5, 6, 7, 8])),
        random.integers(key, [8], { high: 9 }),
        random.permutation(key, v),
      ],
      [draw(8, [8])],
      [draw(9, [8])],
    );
  });

  it("if memory grows in the middle", () => {
    using fast = compile((v: Tensor) => v.matmul(w0).tanh());
    const wanted = bitsOf([x.matmul(w0).tanh()]);
    fast(x);
    using _ = keep(scope(() => draw(0, [memory.stats().memoryBytes / 4])));
    expect(bitsOf([fast(x)])).toEqual(wanted);
  });
});

describe("its arguments and results", () => {
  it("are traced once for each combination of shapes, types, structure and plain values", () => {
    const trace = vi.fn((p: { v: Tensor; by: number }) => p.v.mul(p.by));
    using fast = compile(trace);
    const v = tensor([1, 2]);
    for (let k = 0; k < 3; k++) {
      expect(fast({ v, by: 2 }).toArray()).toEqual([2, 4]);
      expect(fast({ v, by: 3 }).toArray()).toEqual([3, 6]);
      expect(fast({ v: tensor([[1]]), by: 2 }).toArray()).toEqual([[2]]);
    }
    expect(trace).toHaveBeenCalledTimes(3);
    expect(Object.is(fast({ v: tensor([1]), by: 0 }).item(), 0)).toBe(true);
    expect(Object.is(fast({ v: tensor([1]), by: -0 }).item(), -0)).toBe(true);
  });

  it("keep their classes, and classes with the same fields are told apart", () => {
    class Once {
      constructor(readonly v: Tensor) {}
      times = (): number => 1;
    }
    class Pair {
      constructor(readonly v: Tensor) {}
      get factor(): number {
        return 2;
      }
    }
    class Triple {
      constructor(readonly v: Tensor) {}
      get factor(): number {
        return 3;
      }
    }
    using fast = compile((p: Pair | Triple) => p.v.mul(p.factor));
    expect(fast(new Pair(tensor(1))).item()).toBe(2);
    expect(fast(new Triple(tensor(1))).item()).toBe(3);
    using wrap = compile((v: Tensor) => ({ pair: new Pair(v.add(1)), name: "a", count: 2 }));
    for (const n of [1, 2]) {
      const { pair, name, count } = wrap(tensor(n));
      expect([pair instanceof Pair, pair.v.item(), name, count]).toEqual([true, n + 1, "a", 2]);
    }
    expect(() => compile((o: Once) => o.v)(new Once(tensor(1)))).toThrow(
      /is a function.*Let the compiled function close/s,
    );
  });

  it("are the same tensors if the function passes them through, and one tensor if it returns one twice", () => {
    const outside = tensor([7]);
    using fast = compile((v: Tensor) => {
      const made = v.add(1);
      return { v, outside, made, again: made };
    });
    for (const n of [1, 2]) {
      const given = tensor([n]);
      const back = fast(given);
      expect([back.v === given, back.outside === outside, back.made === back.again]).toEqual([true, true, true]);
      expect(back.made.toArray()).toEqual([n + 1]);
    }
  });

  it("are not changed by later calls", () => {
    using fast = compile((v: Tensor) => v.add(1));
    const [a, b] = [fast(tensor([1])), fast(tensor([2]))];
    expect([a.toArray(), b.toArray()]).toEqual([[2], [3]]);
  });

  it("run the function itself inside a transform, also within another compiled function", () => {
    const square = compile((v: Tensor) => sum(v.square()));
    using _ = square;
    square(x);
    expect(bitsOf([grad((v: Tensor) => square(v))(x)])).toEqual(bitsOf([x.mul(2)]));
    expect(jvp(square, tensor([3]), tensor([1])).tangent.item()).toBe(6);
    expect(vmap((v: Tensor) => square(v))(tensor([[1], [2]])).toArray()).toEqual([1, 4]);
    expectSameBits((v: Tensor) => [grad((u: Tensor) => square(u))(v), square(v)], [x], [t]);
  });

  it("are checked at each call as they are eagerly", () => {
    using fast = compile((v: Tensor, labels: Tensor) => crossEntropy(v, labels));
    const logits = draw(1, [2, 3]);
    const labels = (list: number[]): Tensor => tensor(list, { dtype: "int32" });
    fast(logits, labels([0, 1]));
    expect(() => fast(logits, labels([0, 3]))).toThrow(/label 3 at 1 is outside the 3 classes/);
    expect(bitsOf([fast(logits, labels([2, 1]))])).toEqual(bitsOf([crossEntropy(logits, labels([2, 1]))]));
  });
});

describe("what cannot be compiled is refused with the cure", () => {
  it.each([
    ["item()", (v: Tensor) => v.mul(v.item())],
    ["data()", (v: Tensor) => v.mul(v.add(1).data()[0])],
    ["data()", (v: Tensor) => (v.toArray() ? v : v)],
    ["data()", (v: Tensor) => (String(v) ? v : v)],
  ])("%s of a tensor that is computed", (how, f) => {
    const before = memory.stats();
    expect(() => compile(f)(tensor([2]))).toThrow(
      `[compile] the function reads numbers while it runs (${how}, called at compile.test.ts:`,
    );
    expect(memory.stats().compiledBytes).toBe(before.compiledBytes);
  });

  it("except that the numbers of tensors from outside are constants", () => {
    const factor = tensor(3);
    using fast = compile((v: Tensor) => v.mul(factor.item()));
    for (const n of [1, 2]) expect(fast(tensor([n])).toArray()).toEqual([3 * n]);
  });

  it("keeping a tensor, a key, a function, a promise", async () => {
    expect(() => compile((v: Tensor) => keep(v))(x)).toThrow(/^\[compile\] keep\(\) .*Return the tensor/);
    expect(() => compile((k: Key) => random.normal(k, [2]))(key)).toThrow(/is a Key\. Draw outside/);
    expect(() => compile((f: () => Tensor) => f())(() => x)).toThrow(/Let the compiled function close over it/);
    expect(() => compile((v: Tensor) => () => v)(x)).toThrow(/^\[compile\] the result is a function\. Return tensors/);
    expect(() => compile(async (v: Tensor) => v)(x)).toThrow(/asynchronous/);
    expect(() => compile(3 as never)).toThrow(/^\[compile\] 3 is not a function/);
    expect(() => compile((v: Tensor) => v, { programs: 0 })).toThrow(/`programs` is 0. Give a whole number/);
  });

  it("numbers that change at each call", () => {
    using fast = compile((v: Tensor, by: number) => v.mul(by), { programs: 3 });
    for (const by of [1, 2, 3, 1]) fast(x, by);
    expect(() => fast(x, 4)).toThrow(/would need program 4, but the limit is 3\. Pass numbers that change as tensors/);
    expect(fast(x, 2).shape).toEqual([5, 8]);
  });

  it("a tensor that it closes over and that has been freed", () => {
    const outside = keep(tensor([1]));
    using fast = compile((v: Tensor) => v.add(outside));
    fast(tensor([1]));
    outside.dispose();
    expect(() => fast(tensor([1]))).toThrow(/was disposed/);
  });

  it("a tensor that leaves the function other than as a result", () => {
    let escaped: Tensor | undefined;
    using fast = compile((v: Tensor) => {
      escaped = v.add(1);
      return escaped;
    });
    fast(tensor([1]));
    expect(() => escaped!.item()).toThrow(/died with its scope/);
  });
});

describe("its memory", () => {
  afterEach(() => vi.restoreAllMocks());

  it("is counted, does not grow over many calls, and is given back", () => {
    const before = memory.stats();
    const fast = compile((r: Rule) => valueAndGrad(lifetime("off", 2))(r).grad.rate);
    const r = rule(1);
    scope(() => void fast(r));
    const traced = memory.stats();
    expect(traced.compiledBytes).toBeGreaterThan(before.compiledBytes);
    expect(traced.persistentBytes - before.persistentBytes).toBeGreaterThanOrEqual(
      traced.compiledBytes - before.compiledBytes,
    );
    for (let k = 0; k < 100_000; k++) scope(() => void fast(r));
    expect(memory.stats()).toEqual(traced);
    fast.dispose();
    expect(memory.stats().compiledBytes).toBe(before.compiledBytes);
    expect(memory.stats().live - before.live).toBe(2);
    expect(fast(r).size).toBe(1);
    fast.dispose();
  });

  it("is no more than that of an eager run, apart from one chunk of its arenas", () => {
    const f = valueAndGrad(lifetime("off", 50));
    const r = rule(1);
    const [before] = [memory.stats()];
    using fast = compile(f);
    scope(() => void fast(r));
    const { compiledBytes } = memory.stats();
    const tape = 50 * 10 * 8 * 8 * 4;
    expect(compiledBytes - before.compiledBytes).toBeLessThan(4 * tape);
  });

  it("is given back if the trace throws, also if pullbacks are left in it", () => {
    const before = memory.stats();
    expect(() =>
      compile((v: Tensor) => {
        vjp((u: Tensor) => u.square(), v);
        return v.mul(v.item());
      })(tensor([2])),
    ).toThrow(/reads numbers/);
    expect(memory.stats().compiledBytes).toBe(before.compiledBytes);
    const y = scope(() => draw(1, [100, 100]).matmul(draw(2, [100, 100])));
    expect(y.alive).toBe(true);
  });

  it("is listed by memory.leaks", () => {
    const held: unknown[] = [];
    const left = memory.leaks(() => {
      const fast = compile((v: Tensor) => sum(v));
      scope(() => void fast(x));
      held.push(fast);
    });
    expect(left).toMatchObject([{ shape: [] }]);
    expect(left[0].bytes).toBeGreaterThan(x.bytes);
  });
});
