// Numbers that stay on a GPU: the same bits as sent each time, in every mix of the two, with nothing sent twice and nothing left.
import fc from "fast-check";
import { afterAll, describe, expect, it } from "vitest";
import { leavesOf } from "../../src/core/index.js";
import { type Gpu, GpuLostError, GpuUnsupportedError, open, type Placed, PlacedError } from "../../src/gpu.js";
import "../../src/float64/index.js";
import { cast, crossEntropy, scope, type Tensor, tensor, zeros } from "../../src/index.js";
import { binding, openHere } from "./here.js";
import { configOf, type Episode, episode, metaLoss } from "./lives.js";

const opened = await openHere();
const gpu = opened as Gpu;
afterAll(() => opened?.close());

const numbersOf = (tree: unknown): unknown[] =>
  leavesOf("test", tree).map(({ path, tensor }) => [path, tensor.shape, tensor.dtype, [...tensor.data()]]);

const float = fc.float({ noNaN: true }).filter((x) => x === 0 || Math.abs(x) >= 2 ** -126);

/** A tensor of up to three axes. */
const anyTensor = fc
  .tuple(fc.array(fc.integer({ min: 1, max: 4 }), { maxLength: 3 }), fc.boolean())
  .chain(([shape, whole]) => {
    const size = shape.reduce((all, length) => all * length, 1);
    const numbers = fc.array<number>(whole ? fc.integer({ min: -999, max: 999 }) : float, {
      minLength: size,
      maxLength: size,
    });
    return numbers.map((list) =>
      whole ? tensor(Int32Array.from(list), { shape, dtype: "int32" }) : tensor(Float32Array.from(list), { shape }),
    );
  });

const pair = (): fc.Arbitrary<number[]> => fc.array(float, { minLength: 6, maxLength: 6 });
const parts = ({ rule, start, stream, queries }: Episode) => [rule, start, stream, queries] as const;

describe.skipIf(!opened)("numbers that stay on the GPU", () => {
  it("come back as they went, in the same structure", async () => {
    const trees = fc.dictionary(fc.constantFrom("a", "b", "c"), fc.oneof(anyTensor, fc.array(anyTensor)));
    await fc.assert(
      fc.asyncProperty(trees, async (tree) => {
        const placed = await gpu.put(tree as Record<string, Tensor>);
        const got = await placed.get();
        expect(numbersOf(got)).toEqual(numbersOf(tree));
        expect(placed.bytes).toBe(leavesOf("test", tree).reduce((sum, { tensor }) => sum + tensor.bytes, 0));
        placed.dispose();
        expect(gpu.stats().blocks).toBe(0);
      }),
      { numRuns: 25 },
    );
  });

  it("count as if they were sent, in any mix and number of calls, and kept results too", async () => {
    const f = gpu.compile((p: { x: Tensor; y: Tensor }, z: Tensor) => {
      const out = p.x.mul(z).add(p.y);
      return { out, again: out, z, turned: out.transpose() };
    });
    const call = fc.record({ x: pair(), y: pair(), z: pair(), first: fc.nat(2), second: fc.nat(2) });
    await fc.assert(
      fc.asyncProperty(fc.array(call, { minLength: 1, maxLength: 16 }), pair(), async (list, shared) => {
        const of = (numbers: number[]): Tensor => tensor(Float32Array.from(numbers), { shape: [2, 3] });
        const shareds = [await gpu.put({ x: of(shared), y: of(list[0].y) }), await gpu.put(of(shared))] as const;
        const owned: Placed<unknown>[] = [...shareds];
        const plain: [{ x: Tensor; y: Tensor }, Tensor][] = [];
        const mixed: Parameters<typeof f>[] = [];
        for (const { x, y, z, first, second } of list) {
          // 0: sent, 1: there, 2: there for all calls.
          const p = first === 2 ? { x: of(shared), y: of(list[0].y) } : { x: of(x), y: of(y) };
          const q = of(second === 2 ? shared : z);
          const [there, also] = [await gpu.put(p), await gpu.put(q)];
          owned.push(there, also);
          plain.push([p, q]);
          mixed.push([[p, there, shareds[0]][first] as typeof there, [q, also, shareds[1]][second] as Tensor]);
        }
        const wanted = await f.all(plain);
        expect((await f.all(mixed)).map(numbersOf)).toEqual(wanted.map(numbersOf));
        const kept = await f.keep(...mixed[0]);
        expect(numbersOf(await kept.get())).toEqual(numbersOf(wanted[0]));
        kept.dispose();
        for (const placed of owned) placed.dispose();
        expect(gpu.stats().blocks).toBe(0);
      }),
      { numRuns: 20 },
    );
  });

  it("are learned there: steps that each take the result of the one before", async () => {
    const step = gpu.valueAndGrad((w: Tensor, x: Tensor) => x.matmul(w).tanh().square().sum());
    const move = gpu.compile((w: Tensor, { grad }: { value: Tensor; grad: Tensor }) => w.sub(grad.mul(0.1)));
    const [first, x] = [tensor([[0.5], [-1]]), tensor([[1, 2]])];
    let here = first;
    const images = await gpu.put(x);
    let w: Placed<Tensor> = await gpu.put(first);
    const received: number[] = [];
    for (let k = 0; k < 4; k++) here = await move(here, await step(here, x));
    for (let k = 0; k < 4; k++) {
      const result = await step.keep(w, images);
      const next = await move.keep(w, result);
      w.dispose();
      result.dispose();
      w = next;
      received.push(gpu.stats().received);
    }
    // Nothing comes back.
    expect(received[3]).toBe(received[0]);
    expect((await w.get()).toArray()).toEqual(here.toArray());
    w.dispose();
    images.dispose();
    expect(gpu.stats().blocks).toBe(0);
  });

  it("hold zeros for what does not reach the result, and whole numbers that a program depends on", async () => {
    const loss = gpu.valueAndGrad(
      (p: { w: Tensor; idle: Tensor }, labels: Tensor) => crossEntropy(p.w, labels).mean(),
      {
        unused: "zero",
      },
    );
    const p = { w: tensor([[1, 2, 3]]), idle: tensor([4, 5]) };
    const labels = tensor(Int32Array.of(2), { dtype: "int32" });
    const wanted = await loss(p, labels);
    const [there, bad] = [await gpu.put(labels), await gpu.put(tensor(Int32Array.of(3), { dtype: "int32" }))];
    const kept = await loss.keep(p, there);
    expect(numbersOf(await kept.get())).toEqual(numbersOf(wanted));
    await expect(loss(p, bad)).rejects.toThrow(/label 3 is outside the 3 classes/);
    const returned = gpu.compile((x: Tensor) => ({ x, same: x }));
    const whole = await returned.keep(there);
    expect(numbersOf(await whole.get())).toEqual(numbersOf({ x: labels, same: labels }));
    for (const placed of [there, bad, kept, whole]) placed.dispose();
    expect(gpu.stats().blocks).toBe(0);
  });

  it("spare a lifetime what it sends: only constants go, however many pixels and episodes", async () => {
    const config = configOf("chemical");
    const episodes = [0, 1, 2].map((index) => episode(config, 4, index));
    const run = gpu.valueAndGrad(metaLoss(config), { unused: "zero" });
    const sentBy = async (calls: Parameters<typeof run.all>[0]): Promise<{ sent: number; results: unknown[] }> => {
      const { sent } = gpu.stats();
      const results = await run.all(calls);
      return { sent: gpu.stats().sent - sent, results: results.map(numbersOf) };
    };
    const plain = await sentBy(episodes.map(parts));
    const rule = await gpu.put(episodes[0].rule);
    const one = await sentBy(episodes.map(({ start, stream, queries }) => [rule, start, stream, queries]));
    const rest = await Promise.all(
      episodes.map(async ({ start, stream, queries }) => ({
        start: await gpu.put(start),
        stream: await gpu.put(stream),
        queries: await gpu.put(queries),
      })),
    );
    const none = await sentBy(rest.map(({ start, stream, queries }) => [rule, start, stream, queries]));
    expect([one.results, none.results]).toEqual([plain.results, plain.results]);
    expect(one.sent).toBeLessThan(plain.sent);
    // Eight numbers an episode, of the 472 that it sends otherwise.
    expect(none.sent).toBeLessThanOrEqual(3 * 32);
    for (const placed of [rule, ...rest.flatMap((each) => Object.values(each))]) placed.dispose();
    expect(gpu.stats().blocks).toBe(0);
  });

  it("outlive the scope of the tensors that they come from, and calls that are under way outlive their disposal", async () => {
    const pending = scope(() => [gpu.put(tensor([1, 2, 3]).mul(2))]).map((promise) => promise);
    const [placed] = await Promise.all(pending);
    const f = gpu.compile((x: Tensor) => x.neg().exp().neg());
    const wanted = await f(tensor([2, 4, 6]));
    const result = f(placed);
    placed.dispose();
    expect((await result).toArray()).toEqual(wanted.toArray());
    expect([placed.alive, gpu.stats().blocks]).toEqual([false, 0]);
  });

  it("say so when they are gone or elsewhere, and when they cannot be there", async () => {
    const f = gpu.compile((x: Tensor) => x.neg());
    const placed = await gpu.put(tensor([1, 2]));
    const other = await open({ modes: ["webgpu"], binding });
    const elsewhere = await other.put(tensor([1, 2]));
    await expect(f(elsewhere)).rejects.toThrow(PlacedError);
    await expect(f(elsewhere)).rejects.toThrow(/another GPU/);
    await other.close();
    await expect(elsewhere.get()).rejects.toThrow(GpuLostError);
    await expect(other.put(tensor([1]))).rejects.toThrow(GpuLostError);
    elsewhere.dispose();
    placed.dispose();
    placed.dispose();
    await expect(f(placed)).rejects.toThrow(PlacedError);
    await expect(placed.get()).rejects.toThrow(/were disposed/);
    await expect(gpu.put({ a: zeros([0, 2]) })).rejects.toThrow(GpuUnsupportedError);
    await expect(gpu.put(cast(tensor([1]), "float64"))).rejects.toThrow(/float32/);
    const nested = gpu.compile((p: { x: Tensor }) => p.x.neg());
    await expect(nested({ x: await gpu.put(tensor([1])) } as never)).rejects.toThrow(TypeError);
  });
});
