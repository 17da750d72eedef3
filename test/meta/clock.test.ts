import { join } from "node:path";
import { afterEach, describe, expect, it, vi } from "vitest";
import { readRun, resume, train } from "../../src/meta/index.js";
import { inTemporary, small, tiny } from "./fixtures.js";

afterEach(() => vi.restoreAllMocks());

/** Makes every clock jump by days, backwards as often as forwards, each time it is asked. */
function jump(): void {
  let [asked, at] = [0, 1e12];
  const next = (): number => {
    at += (asked++ % 3 === 0 ? 1 : -1) * 86_400_000 * (1 + (asked % 5));
    return at;
  };
  vi.spyOn(Date, "now").mockImplementation(next);
  vi.spyOn(performance, "now").mockImplementation(next);
}

describe("clocks that jump", () => {
  it("do not change the result of a run, and it can be read and continued", () =>
    inTemporary(async (folder) => {
      const wanted = await train(small, tiny, { out: join(folder, "quiet"), workers: 1 });
      jump();
      const out = join(folder, "run");
      await train(small, { ...tiny, episodes: 3 }, { out, workers: 1 });
      expect(await train(small, tiny, { out: join(folder, "other"), workers: 1 })).toEqual(wanted);
      vi.restoreAllMocks();
      const { metrics } = await readRun(out);
      expect(metrics.map(({ seconds }) => seconds >= 0)).toEqual([true, true, true]);
      jump();
      expect((await resume(small, { out, workers: 1 })).episodes).toBe(3);
      expect((await readRun(join(folder, "other"))).metrics).toHaveLength(tiny.episodes);
    }));
});
