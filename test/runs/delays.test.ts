// Locks where file operations are delayed at random, so that those of several owners interleave in all orders.
import { readdir, readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { setTimeout } from "node:timers/promises";
import fc from "fast-check";
import { describe, expect, it, vi } from "vitest";
import { InputError } from "../../src/index.js";
import { lockFolder } from "../../src/runs/node.js";
import { inTemporary } from "../meta/fixtures.js";

/** How long the next operations wait, in milliseconds, over and over; none if empty. */
const delays = vi.hoisted((): { list: readonly number[]; next: number } => ({ list: [], next: 0 }));

vi.mock("node:fs/promises", async (original) => {
  type Operation = (...args: never[]) => Promise<unknown>;
  const actual = await original<Record<string, unknown>>();
  const wait = async (): Promise<void> => {
    if (delays.list.length > 0) await setTimeout(delays.list[delays.next++ % delays.list.length]);
  };
  // Before and after: a result that comes late is as bad as an operation that does.
  const delayed =
    (f: Operation): Operation =>
    async (...args) => {
      await wait();
      const result = await f(...args);
      await wait();
      return result;
    };
  const names = ["link", "lstat", "open", "readdir", "readFile", "rename", "rm", "stat"];
  return { ...actual, ...Object.fromEntries(names.map((name) => [name, delayed(actual[name] as Operation)])) };
});

/** Leaves the lock of a process that has ended. */
async function leaveDeadLock(folder: string): Promise<void> {
  await lockFolder(folder);
  const file = join(folder, ".lock");
  const holder = JSON.parse(await readFile(file, "utf8"));
  await writeFile(file, JSON.stringify({ ...holder, began: "1", token: "dead" }));
}

describe("locks under delayed file operations", () => {
  it("have one holder at a time, and refuse the others in a sentence", () =>
    fc.assert(
      fc.asyncProperty(
        fc.array(fc.integer({ min: 0, max: 3 }), { minLength: 5, maxLength: 40, size: "max" }),
        fc.boolean(),
        fc.integer({ min: 2, max: 4 }),
        async (list, afterDeath, owners) =>
          inTemporary(async (folder) => {
            if (afterDeath) await leaveDeadLock(folder);
            Object.assign(delays, { list, next: 0 });
            let [holding, most, held] = [0, 0, 0];
            const take = async (): Promise<void> => {
              const lock = await lockFolder(folder).catch((error: unknown) => {
                expect(error).toBeInstanceOf(InputError);
                expect((error as Error).message).toMatch(/^\[lock\] .* is in use by process \d+/);
                return undefined;
              });
              if (!lock) return;
              held++;
              most = Math.max(most, ++holding);
              await lock.check();
              await setTimeout(1);
              await lock.check();
              holding--;
              await lock.release();
            };
            await Promise.all(Array.from({ length: owners }, take)).finally(() => Object.assign(delays, { list: [] }));
            expect(most).toBe(1);
            expect(held).toBeGreaterThan(0);
            expect((await readdir(folder)).filter((name) => name.startsWith(".lock"))).toEqual([]);
          }),
      ),
      { numRuns: 60 },
    ));
});
