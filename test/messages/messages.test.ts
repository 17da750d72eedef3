// No message repeats more of a value than a reader wants: every public function is called with absurd values (a text of
// 10,000 characters, as many axes, control characters) in every place, and what it throws is short and printable.
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it, vi } from "vitest";
import * as core from "../../src/index.js";
import { computed } from "../timing.js";
import { absurd, faultOf, huge, nosy, placesIn, withAt } from "./absurd.js";
import { calls } from "./calls.js";
import { type Callable, functions } from "./functions.js";

const { Key, tensor } = core;
const x = tensor([
  [1, 2],
  [3, 4],
]);

/** Arguments that many functions take, tried where no call is written down. */
const usual: readonly unknown[] = [x, 1, Key.of(1), (t: unknown) => t, { w: x }, [x, x], "text"];

/** Calls that get as far as possible, one after the other in each place absurd. */
function* wrongCalls(name: string, f: Callable): Generator<readonly [string, readonly unknown[]]> {
  const written = calls[name] ?? [];
  const arity = Math.min(4, Math.max(1, f.length));
  const tried = usual.flatMap((first, i) => [
    [first],
    ...(arity > 1 ? [0, 1].map((j) => [first, ...new Array(arity - 1).fill(usual[(i + j) % usual.length])]) : []),
  ]);
  const odds = Object.entries(absurd).slice(0, written.length > 0 ? undefined : 3);
  for (const args of [...written, ...(written.length > 0 ? [] : tried)]) {
    const deep = written.length > 0 ? 3 : 1;
    const { options, asked } = nosy();
    try {
      Promise.resolve(f(...args, options)).catch(() => undefined);
    } catch {
      // Only which options it asked for counts.
    }
    const more = Object.fromEntries([...asked].map((option) => [option, undefined]));
    const call = asked.size > 0 ? [...args, more] : args;
    for (const [what, odd] of odds) {
      for (const place of placesIn(call, 1 + deep).slice(1)) {
        yield [`${what} at ${place.join(".")}`, withAt(call, place, odd) as readonly unknown[]];
      }
      yield [`${what} after the others`, [...args, odd]];
    }
  }
}

/** What was thrown, by what was asked, if it is too long or unprintable. */
async function complaints(
  wrong: Iterable<readonly [string, () => unknown]>,
): Promise<{ faults: string[]; thrown: number }> {
  const faults: string[] = [];
  let thrown = 0;
  for (const [what, call] of wrong) {
    const start = computed();
    try {
      await core.scope(() => [call()] as never)[0];
    } catch (error) {
      thrown++;
      const taken = computed() - start;
      if (taken > 5000) faults.push(`${what}: took ${taken.toFixed(0)} ms`);
      const fault = error instanceof Error ? faultOf(error.message) : "threw what is no error";
      if (fault) faults.push(`${what}: ${fault}`);
    }
    if (faults.length >= 20) break;
  }
  return { faults, thrown };
}

const folder = mkdtempSync(join(tmpdir(), "synaptape-messages-"));
beforeAll(() => {
  vi.spyOn(console, "warn").mockImplementation(() => undefined);
});
afterAll(() => {
  vi.restoreAllMocks();
  rmSync(folder, { recursive: true, force: true });
});

describe("messages are short and printable", () => {
  it.each(functions)(
    "of %s",
    async (name, f) => {
      function* wrong(): Generator<readonly [string, () => unknown]> {
        for (const [what, args] of wrongCalls(name, f)) yield [what, () => f(...args)];
      }
      expect((await complaints(wrong())).faults).toEqual([]);
    },
    120_000,
  );

  it.each(
    Object.getOwnPropertyNames(core.Tensor.prototype).filter(
      (name) =>
        name !== "constructor" &&
        typeof Object.getOwnPropertyDescriptor(core.Tensor.prototype, name)?.value === "function",
    ),
  )("of the method %s of tensors", async (name) => {
    const method = (core.Tensor.prototype as unknown as Record<string, Callable>)[name];
    function* wrong(): Generator<readonly [string, () => unknown]> {
      for (const [what, odd] of Object.entries(absurd)) {
        for (const args of [[odd], [x, odd], [1, odd], [0, 1, odd]]) {
          yield [
            `${what}, ${args.length}`,
            () =>
              method.call(
                tensor([
                  [1, 2],
                  [3, 4],
                ]),
                ...args,
              ),
          ];
        }
      }
    }
    expect((await complaints(wrong())).faults).toEqual([]);
  });

  it("also with a huge first argument; most of these calls are refused, so there are messages to check", async () => {
    const refused = await complaints(
      Object.entries(calls).flatMap(([name, [args]]) => {
        const f = functions.find(([each]) => each === name)?.[1];
        if (!f) throw new Error(`there is no function ${name}`);
        return Object.entries(huge).map(([what, odd]) => [what, () => f(odd, ...args.slice(1))] as const);
      }),
    );
    expect(refused.faults).toEqual([]);
    expect(refused.thrown).toBeGreaterThan(0.7 * Object.keys(calls).length * Object.keys(huge).length);
  });
});
