// What is asked of a page while it is at something else.
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { newQueue } from "../../src/play/page/clock.js";

describe("what is asked for while something is under way", () => {
  const topics = fc.array(fc.constantFrom(undefined, "moment", "size"), { minLength: 1, maxLength: 12 });

  it("is done in order, but of each topic only the last", async () => {
    await fc.assert(
      fc.asyncProperty(topics, async (asked) => {
        const done: number[] = [];
        const { soon, busy } = newQueue((sentence) => expect.fail(sentence));
        const work = (i: number) => async (): Promise<void> => {
          await null;
          done.push(i);
        };
        await Promise.all([soon(work(-1)), ...asked.map((topic, i) => soon(work(i), topic))]);
        const wanted = [...asked.keys()].filter((i) => asked[i] === undefined || asked.lastIndexOf(asked[i]) === i);
        expect(done).toEqual([-1, ...wanted]);
        expect(busy()).toBe(false);
      }),
    );
  });

  it("goes on after work that failed, which is told", async () => {
    const [told, done]: [string[], number[]] = [[], []];
    const { soon } = newQueue((sentence) => told.push(sentence));
    const failing = soon(async () => {
      throw new Error("it broke");
    });
    void soon(async () => void done.push(1));
    await failing;
    expect([told, done]).toEqual([["it broke"], [1]]);
  });
});
