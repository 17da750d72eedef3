// Buffers that are used again, on a device that is only counted: whatever is asked for and left in whatever order.
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { type BufferMaker, Pool } from "../../src/gpu/pool.js";

const RESULT = 0x84;
const OTHER = 0x88;

interface Counted {
  readonly size: number;
  destroy(): void;
}

const step = fc.oneof(
  fc.record({ make: fc.constantFrom(4, 8, 12, 64), usage: fc.constantFrom(RESULT, RESULT, RESULT, OTHER) }),
  fc.record({ leave: fc.nat() }),
  fc.record({ program: fc.boolean() }),
);

describe("buffers that are used again", () => {
  it("belong to one result at a time, never take more than was in use, and are gone after the last program", () => {
    fc.assert(
      fc.property(fc.array(step, { maxLength: 60 }), (steps) => {
        const there = new Set<Counted>();
        const device: BufferMaker = {
          createBuffer({ size }) {
            const buffer = { size, destroy: () => void there.delete(buffer) };
            there.add(buffer);
            return buffer;
          },
        };
        const pool = Pool.of(device);
        expect(Pool.of(device)).toBe(pool);
        const used: { readonly buffer: Counted; readonly usage: number }[] = [];
        const bytes = (buffers: Iterable<Counted>): number => [...buffers].reduce((sum, { size }) => sum + size, 0);
        let [programs, most] = [0, 0];
        for (const each of steps) {
          if ("make" in each) {
            const buffer = device.createBuffer({ size: each.make, usage: each.usage });
            expect([buffer.size, there.has(buffer)]).toEqual([each.make, true]);
            expect(used.map(({ buffer }) => buffer)).not.toContain(buffer);
            used.push({ buffer, usage: each.usage });
          } else if ("leave" in each) {
            const [left] = used.splice(each.leave % Math.max(1, used.length), 1);
            left?.buffer.destroy();
            if (left?.usage === OTHER) expect(there.has(left.buffer)).toBe(false);
          } else if (each.program) {
            pool.begin();
            programs++;
          } else if (programs > 0) {
            pool.end();
            programs--;
          }
          const others = bytes(used.filter(({ usage }) => usage === OTHER).map(({ buffer }) => buffer));
          const now = bytes(used.map(({ buffer }) => buffer)) - others;
          most = Math.max(most, now);
          expect(bytes(there) - others).toBeLessThanOrEqual(programs > 0 ? most : now);
        }
      }),
    );
  });

  it("are made once if each is left before the next is asked for", () => {
    let made = 0;
    const device: BufferMaker = { createBuffer: ({ size }) => ({ size, destroy: () => void made++ }) };
    const pool = Pool.of(device);
    pool.begin();
    for (let i = 0; i < 9; i++) device.createBuffer({ size: 4, usage: RESULT }).destroy();
    expect(made).toBe(0);
    pool.end();
    expect(made).toBe(1);
  });
});
