// The allocator against a model: a map of the blocks that are in use. Only addresses matter, so every run has a heap of
// its own over the same memory.
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { blockBytes, Heap } from "../../src/core/heap.js";
import { kernels, memoryBytes } from "../../src/core/runtime.js";
import { runs } from "../laws/settings.js";

interface Block {
  readonly address: number;
  readonly bytes: number;
}
interface Model {
  blocks: Block[];
}

function expectSound({ blocks }: Model, heap: Heap): void {
  const sorted = [...blocks].sort((a, b) => a.address - b.address);
  let free = kernels().heapBase();
  let used = 0;
  for (const { address, bytes } of sorted) {
    expect(address % 16).toBe(0);
    expect(address).toBeGreaterThanOrEqual(free);
    free = address + Math.max(bytes, 1);
    used += blockBytes(bytes);
  }
  expect(free).toBeLessThanOrEqual(memoryBytes());
  expect([heap.blocks, heap.used]).toEqual([blocks.length, used]);
}

class Allocate implements fc.Command<Model, Heap> {
  constructor(readonly bytes: number) {}
  check = (): boolean => true;
  run(model: Model, heap: Heap): void {
    model.blocks.push({ address: heap.allocate(this.bytes), bytes: this.bytes });
    expectSound(model, heap);
  }
  toString = (): string => `allocate(${this.bytes})`;
}

class Release implements fc.Command<Model, Heap> {
  constructor(readonly which: number) {}
  check = ({ blocks }: Readonly<Model>): boolean => blocks.length > 0;
  run(model: Model, heap: Heap): void {
    const [{ address, bytes }] = model.blocks.splice(this.which % model.blocks.length, 1);
    heap.release(address, bytes);
    expectSound(model, heap);
  }
  toString = (): string => `release(${this.which})`;
}

const sizes = fc.oneof(
  fc.integer({ min: 0, max: 200 }),
  fc.integer({ min: 0, max: 5000 }),
  fc.integer({ min: 4000, max: 400_000 }),
  fc.constantFrom(0, 16, 64, 65, 4095, 4096, 4097, 65_536),
);

describe("Heap", () => {
  it("never lets blocks overlap, keeps them aligned and counts them", () => {
    const commands = fc.commands(
      [
        sizes.map((bytes) => new Allocate(bytes)),
        sizes.map((bytes) => new Allocate(bytes)),
        fc.nat(50).map((i) => new Release(i)),
      ],
      { maxCommands: 60, size: "max" },
    );
    fc.assert(
      fc.property(commands, (list) => {
        fc.modelRun(() => ({ model: { blocks: [] }, real: new Heap() }), list);
      }),
      runs(50),
    );
  });

  it("needs no additional memory the second time", () => {
    fc.assert(
      fc.property(fc.array(sizes, { maxLength: 30, size: "max" }), fc.nat(), (list, turn) => {
        const heap = new Heap();
        const round = (): void => {
          const blocks = list.map((bytes) => ({ address: heap.allocate(bytes), bytes }));
          const order = blocks.map((_, i) => blocks[(i * 7 + turn) % blocks.length]);
          for (const { address, bytes } of new Set([...order, ...blocks])) heap.release(address, bytes);
        };
        round();
        const before = memoryBytes();
        for (let i = 0; i < 5; i++) round();
        expect(memoryBytes()).toBe(before);
        expect([heap.used, heap.blocks]).toEqual([0, 0]);
      }),
      runs(60),
    );
  });

  it("merges neighbours, in whatever order they are freed", () => {
    const several = fc
      .integer({ min: 2, max: 12 })
      .chain((n) => fc.shuffledSubarray([...new Array(n).keys()], { minLength: n }));
    fc.assert(
      fc.property(several, (order) => {
        const heap = new Heap();
        const bytes = 40_000;
        const first = order.map(() => heap.allocate(bytes));
        const lowest = Math.min(...first);
        expect(Math.max(...first) - lowest).toBe((order.length - 1) * bytes);
        for (const i of order) heap.release(first[i], bytes);
        expect(heap.allocate(order.length * bytes)).toBe(lowest);
      }),
      runs(40),
    );
  });

  it("gives large blocks the range that fits best", () => {
    const heap = new Heap();
    const wall = (): number => heap.allocate(8192);
    const [wide, , narrow] = [heap.allocate(100_000), wall(), heap.allocate(50_000), wall()];
    heap.release(wide, 100_000);
    heap.release(narrow, 50_000);
    expect(heap.allocate(49_000)).toBe(narrow);
    expect(heap.allocate(99_000)).toBe(wide);
  });

  it("wastes at most a quarter of a small block, and 15 bytes of a large one", () => {
    fc.assert(
      fc.property(fc.integer({ min: 64, max: 1_000_000 }), (bytes) => {
        const block = blockBytes(bytes);
        expect(block % 16).toBe(0);
        expect(block).toBeGreaterThanOrEqual(bytes);
        expect(block - bytes).toBeLessThan(bytes > 4096 ? 16 : Math.max(16, bytes / 4 + 1));
        expect(blockBytes(block)).toBe(block);
      }),
      runs(300),
    );
  });
});
