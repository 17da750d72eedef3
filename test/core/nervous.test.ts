// An engine whose collector runs at the worst moment: before each block that is taken from the heap, so that what was
// freed is given away at once; and what is given back is filled with NaN.
import { expect, it } from "vitest";
import { run } from "./process.js";

it("programs keep their bits where everything unreachable is freed before each new block", async () => {
  const { differing, names, collections, freed } = await run(`
    import fc from "fast-check";
    import {
      advance, compile, grad, hvp, jvp, Key, loop, memory, random, scan, scope, tensor, valueAndGrad, vjp, vmap,
    } from "./index.ts";
    import { collector } from "./core/collector.ts";
    import { heap } from "./core/heap.ts";
    import { memoryBuffer } from "./core/runtime.ts";
    import { decode, encode } from "./io/index.ts";
    import { adam } from "./optim/index.ts";
    import { arbProgram } from "./testing/programs.ts";

    const key = Key.of(11);
    const numbers = (tree) => JSON.stringify(tree);
    const x = random.normal(key.fold(0), [5, 4]);
    const w = random.normal(key.fold(1), [4, 3]);
    const loss = (w) => x.matmul(w).tanh().square().mean();
    const drawn = fc.sample(arbProgram(), { seed: 20261129, numRuns: 6 });
    const programs = {
      ...Object.fromEntries(drawn.map((program, i) => ["program " + i, () => {
        const f = (p) => program.run(p);
        const leaves = program.tensors();
        const { value, grad: g } = valueAndGrad(f, { unused: "zero" })(leaves);
        return [value, g, jvp(f, leaves, leaves).tangent, hvp((p) => p.reduce((sum, x) => sum.add(x.square().sum()), f(p)), leaves, leaves)];
      }])),
      chain: () => x.matmul(w).add(1).tanh().mul(x.matmul(w)).sum(0).div(3).exp(),
      pullback: () => { const { value, pullback } = vjp(loss, w); const g = pullback(value); pullback.dispose(); return [value, g]; },
      loop: () => grad((w) => loop(6, w, (w) => w.sub(w.square().mul(0.1)), { checkpoint: { every: 2 } }).sum())(w),
      scan: () => scan(4, w, (w) => [w.mul(0.9), w.sum()]),
      adam: () => {
        const optimizer = adam({ lr: 0.1 });
        let carry = { params: { w }, state: optimizer.init({ w }) };
        for (let k = 0; k < 4; k++) carry = advance(carry, ({ params, state }) => optimizer.step(params, grad(({ w }) => loss(w))(params), state));
        let { params, state } = carry;
        for (let k = 0; k < 3; k++) ({ params, state } = scope(() => optimizer.step(params, grad(({ w }) => loss(w))(params), state)));
        return params;
      },
      vmap: () => vmap((row) => row.matmul(w).tanh().sum())(x),
      compile: () => { const f = compile(loss); const r = [f(w), f(w.mul(2))]; f.dispose(); return r; },
      draws: () => [random.normal(key.fold(2), [7]), random.gamma(key.fold(3), tensor([0.5, 2])), random.beta(key.fold(4), 2, 3, [3])],
      file: () => decode(encode({ w, deep: [{ x }] }), { w, deep: [{ x }] }),
    };

    const calm = Object.fromEntries(Object.entries(programs).map(([name, f]) => [name, numbers(f())]));
    let [collections, freed] = [0, 0];
    const { take, give } = heap;
    heap.take = function (bytes) {
      const before = collector.handles;
      collector.collect();
      collections++;
      freed += before - collector.handles;
      return take.call(heap, bytes);
    };
    heap.give = function (address, bytes) {
      new Uint8Array(memoryBuffer(), address, bytes).fill(0xff);
      give.call(heap, address, bytes);
    };
    const differing = Object.entries(programs).filter(([name, f]) => numbers(f()) !== calm[name]).map(([name]) => name);
    console.log(JSON.stringify({ differing, names: Object.keys(programs).length, collections, freed }));
  `);
  expect(differing).toEqual([]);
  expect(names).toBe(15);
  expect(collections).toBeGreaterThan(100);
  expect(freed).toBeGreaterThan(50);
}, 120_000);
