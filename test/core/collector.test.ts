// What nobody holds is freed, also in the middle of a synchronous loop; what was disposed is not freed twice. In processes
// of their own, since all of it depends on when the engine collects.
import { describe, expect, it } from "vitest";
import { run } from "./process.js";

describe("the collector", () => {
  it("keeps memory from growing in a synchronous loop that only drops its carries", async () => {
    const { most, live } = await run(`
      import { memory, scope, tensor, zeros } from "./index.ts";
      let carry = zeros([1024, 256]);
      let [most, live] = [0, 0];
      for (let k = 0; k < 2000; k++) {
        carry = scope(() => carry.add(1));
        most = Math.max(most, memory.stats().persistentBytes);
        live = Math.max(live, memory.stats().live);
      }
      if (carry.row(0).data()[0] !== 2000) throw new Error("wrong");
      let small = tensor(0);
      for (let k = 0; k < 200000; k++) small = scope(() => small.add(1));
      live = Math.max(live, memory.stats().live);
      console.log(JSON.stringify({ most, live }));
    `);
    expect(most).toBeLessThan(80 * 2 ** 20);
    expect(live).toBeLessThan(40_000);
  }, 60_000);

  it.each([
    ["advance", "carry = advance(carry, (xs) => xs.map((x) => x.add(1)));"],
    ["dispose", "const old = carry; carry = scope(() => old.map((x) => x.add(1))); for (const x of old) x.dispose();"],
  ])(
    "keeps no handles of a synchronous loop that frees them by %s",
    async (_, step) => {
      const { grown, value, asked } = await run(`
      import { advance, scope, tensor } from "./index.ts";
      const ask = queueMicrotask;
      let asked = 0;
      globalThis.queueMicrotask = (task) => { asked++; ask(task); };
      let carry = Array.from({ length: 600 }, () => tensor(0));
      const heap = () => { globalThis.gc(); globalThis.gc(); return process.memoryUsage().heapUsed; };
      const after = (steps) => { for (let k = 0; k < steps; k++) { ${step} } return heap(); };
      const before = after(100);
      const grown = after(600) - before;
      console.log(JSON.stringify({ grown, value: carry[0].item(), asked }));
    `);
      expect(value).toBe(700);
      // Each step makes 600 handles of some 300 bytes; the engine keeps a few thousand for a while.
      expect(grown).toBeLessThan(8 * 2 ** 20);
      expect(asked).toBe(1); // what is to be done at the next rest waits once
    },
    60_000,
  );

  it("does not collect for large pullbacks that are disposed before the next one is made", async () => {
    const { most, majors } = await run(`
      import { constants, PerformanceObserver } from "node:perf_hooks";
      import { memory, scope, vjp, zeros } from "./index.ts";
      let majors = 0;
      const count = (list) => {
        for (const { detail } of list.getEntries()) if (detail.kind === constants.NODE_PERFORMANCE_GC_MAJOR) majors++;
      };
      const observer = new PerformanceObserver(count);
      observer.observe({ entryTypes: ["gc"] });
      const x = zeros([2 ** 20]);
      let most = 0;
      for (let k = 0; k < 30; k++) {
        scope(() => {
          const { pullback } = vjp((x) => { let y = x; for (let i = 0; i < 32; i++) y = y.mul(0.9).exp(); return y.sum(); }, x);
          most = Math.max(most, memory.stats().tapes);
          pullback.dispose();
        });
      }
      await new Promise((done) => setTimeout(done, 100));
      console.log(JSON.stringify({ most, majors }));
    `);
    expect(most).toBe(1);
    expect(majors).toBeLessThan(15); // one for each pullback, if what is new counted as garbage
  }, 60_000);

  it("never frees a block that was already disposed", async () => {
    const found = await run(`
      import { memory, tensor, zeros } from "./index.ts";
      const turn = () => new Promise((done) => setTimeout(done, 2));
      const wrong = [];
      for (let k = 0; k < 60; k++) {
        let old = zeros([64]).add(k);
        old.dispose();
        // Takes the block that was just freed; a second freeing would give it away under this one.
        const now = tensor(Float32Array.from({ length: 64 }, (_, i) => i + k));
        old = undefined;
        globalThis.gc();
        await turn();
        const others = Array.from({ length: 8 }, () => zeros([64]));
        if (now.data().some((x, i) => x !== i + k)) wrong.push(k);
        for (const x of [now, ...others]) x.dispose();
        if (memory.stats().live < 0 || memory.stats().persistentBytes < 0) wrong.push(-k);
      }
      console.log(JSON.stringify({ wrong, live: memory.stats().live }));
    `);
    expect(found.wrong).toEqual([]);
  }, 60_000);

  it("says who holds the memory, and gives the cure, when it runs out", async () => {
    const { message, usable } = await run(`
      import { configure, scope, zeros } from "./index.ts";
      configure({ maximumBytes: 64 * 2 ** 20 });
      const history = [];
      let x = zeros([64, 64]);
      let message = "";
      function remember() {
        x = scope(() => x.add(1));
        history.push(x);
      }
      try { for (;;) remember(); } catch (error) { message = error.name + ": " + error.message; }
      const steps = history.length;
      history.length = 0;
      for (let k = 0; k < 10; k++) x = scope(() => x.add(1));
      console.log(JSON.stringify({ message, usable: steps > 100 && x.data().every((value) => value === steps + 10) }));
    `);
    expect(message).toMatch(
      /^MemoryError: \[memory\] a block of \d+ bytes does not fit\. Outside of scopes \d+ tensors hold 6\d\.\d MiB; about (\d+) of them, .* MiB, come from program\.mjs:\d+\. In a loop of your own write carry = advance\(carry, step\)/,
    );
    expect(usable).toBe(true);
  }, 60_000);

  it("frees the tape of a pullback that was dropped", async () => {
    const { bytes } = await run(`
      import { keep, memory, tensor, vjp } from "./index.ts";
      const w = keep(tensor([1, 2, 3]));
      for (let i = 0; i < 3000; i++) {
        vjp((x) => x.square().sum(), w);
        if (i % 100 === 0) { globalThis.gc(); await new Promise((done) => setTimeout(done, 1)); }
      }
      console.log(JSON.stringify({ bytes: memory.stats().memoryBytes }));
    `);
    expect(bytes).toBeLessThan(128 * 2 ** 20);
  }, 60_000);

  it("may run between any two ops without changing a bit", async () => {
    const found = await run(`
      import { grad, Key, random, valueAndGrad } from "./index.ts";
      import { adam } from "./optim/index.ts";
      const train = (collect) => {
        const [a, b] = Key.of(7).split();
        const x = random.normal(b, [5, 4]);
        let params = { w: random.normal(a, [4, 3]) };
        const optimizer = adam({ lr: 0.1 });
        let state = optimizer.init(params);
        for (let k = 0; k < 12; k++) {
          collect();
          const { grad: g } = valueAndGrad(({ w }) => { collect(); const y = x.matmul(w); collect(); return y.tanh().square().mean(); })(params);
          collect();
          ({ params, state } = optimizer.step(params, g, state));
        }
        return [...params.w.data()];
      };
      const uncollected = train(() => {});
      const nervous = train(() => globalThis.gc());
      console.log(JSON.stringify({ same: JSON.stringify(uncollected) === JSON.stringify(nervous) }));
    `);
    expect(found.same).toBe(true);
  }, 60_000);
});
