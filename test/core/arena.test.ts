import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { Arena, type Mark } from "../../src/core/arena.js";
import { heap } from "../../src/core/heap.js";
import { runs } from "../laws/settings.js";

interface Block {
  readonly address: number;
  readonly bytes: number;
}
type Action = { readonly allocate: number } | "mark" | "release" | "trim";

const actions: fc.Arbitrary<Action> = fc.oneof(
  {
    weight: 6,
    arbitrary: fc.record({
      allocate: fc.oneof(fc.integer({ min: 0, max: 300 }), fc.integer({ min: 0, max: 600_000 })),
    }),
  },
  { weight: 2, arbitrary: fc.constant<Action>("mark") },
  { weight: 2, arbitrary: fc.constant<Action>("release") },
  { weight: 1, arbitrary: fc.constant<Action>("trim") },
);

describe("Arena", () => {
  it("stacks blocks that do not overlap, and frees them by marks", () => {
    fc.assert(
      fc.property(fc.array(actions, { maxLength: 60, size: "max" }), (list) => {
        const [arena, held] = [new Arena(), heap.used];
        const marks: { mark: Mark; count: number; used: number }[] = [];
        let blocks: Block[] = [];
        for (const action of list) {
          if (action === "mark") marks.push({ mark: arena.mark(), count: blocks.length, used: arena.used });
          else if (action === "release") {
            const last = marks.pop();
            if (!last) continue;
            arena.release(last.mark);
            blocks = blocks.slice(0, last.count);
            expect(arena.used).toBe(last.used);
          } else if (action === "trim") arena.trim();
          else {
            const { allocate: bytes } = action;
            const address = arena.allocate(bytes);
            expect(address % 16).toBe(0);
            for (const other of blocks) {
              const apart = address >= other.address + other.bytes || other.address >= address + bytes;
              expect(apart || bytes === 0 || other.bytes === 0).toBe(true);
            }
            blocks.push({ address, bytes });
          }
          const inBlocks = blocks.reduce((sum, { bytes }) => sum + bytes, 0);
          expect(arena.used).toBeGreaterThanOrEqual(inBlocks);
          expect(arena.bytes).toBeGreaterThanOrEqual(arena.used);
          expect(heap.used - held).toBe(arena.bytes);
        }
        while (marks.length > 1) marks.pop();
        arena.release(marks[0]?.mark ?? { chunk: -1, top: 0 });
        arena.release({ chunk: -1, top: 0 });
        arena.trim();
        expect([arena.used, arena.bytes, heap.used]).toEqual([0, 0, held]);
      }),
      runs(150),
    );
  });

  it("uses the same chunks again after a release", () => {
    const arena = new Arena();
    const fill = (): number[] => [100, 300_000, 10, 900_000, 16].map((bytes) => arena.allocate(bytes));
    const mark = arena.mark();
    const first = fill();
    const { bytes } = arena;
    for (let i = 0; i < 10; i++) {
      arena.release(mark);
      expect(fill()).toEqual(first);
    }
    expect(arena.bytes).toBe(bytes);
  });
});
