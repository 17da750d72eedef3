// How cells pause: what is told, and that a cell stops between its parts.
import { expect, it } from "vitest";
import { memory, tensor } from "../../src/index.js";
import { Stopped } from "../../src/runs/index.js";
import { inParts } from "../../src/studies/pause.js";

it("a cell in parts tells what is done before each, frees what a part made, and stops between them", async () => {
  const stop = new AbortController();
  const told: number[] = [];
  const next = inParts({ progress: (done: number) => told.push(done), signal: stop.signal } as never, 4);
  const before = memory.stats().live;
  expect(await next(() => tensor([1, 2]).sum().item())).toBe(3);
  expect(memory.stats().live).toBe(before);
  const second = next(() => "not run");
  stop.abort();
  await expect(second).rejects.toBeInstanceOf(Stopped);
  expect(told).toEqual([0, 0.25]);
});
