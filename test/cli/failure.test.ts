import { afterEach, describe, expect, it, vi } from "vitest";
import { failureOf, UsageError } from "../../src/cli/failure.js";
import { InputError, MemoryError } from "../../src/core/errors.js";
import { DivergedError } from "../../src/meta/index.js";

afterEach(() => vi.unstubAllEnvs());

describe("failureOf", () => {
  it("gives misuse code 2 and what comes from outside code 1, each as one sentence without the bracket", () => {
    expect(failureOf(new UsageError("--lr is odd."))).toEqual({ message: "--lr is odd.", code: 2 });
    expect(failureOf(new InputError("[run] a holds\na run."))).toEqual({ message: "a holds a run.", code: 1 });
    expect(failureOf(new MemoryError("[memory] too big."))).toEqual({ message: "too big.", code: 1 });
    expect(failureOf(new DivergedError("[train] episode 3 diverged.", 3))).toEqual({
      message: "episode 3 diverged.",
      code: 1,
    });
  });

  it("puts the system's errors into words", () => {
    const error = Object.assign(new Error("ENOSPC: write"), { code: "ENOSPC", syscall: "write", path: "runs/a" });
    expect(failureOf(error)).toEqual({
      message: "runs/a cannot be used: no space is left on the device. Put that right and try again.",
      code: 1,
    });
  });

  it("says what is too large for the engine, as the engine itself says it", () => {
    for (const attempt of [
      () => new ArrayBuffer(2 ** 53 - 1),
      () => new Float64Array(2 ** 50),
      () => "x".repeat(2 ** 30),
    ]) {
      let thrown: unknown;
      try {
        attempt();
      } catch (error) {
        thrown = error;
      }
      expect(failureOf(thrown).message).toMatch(/^the JavaScript engine cannot hold so much at once \(.+\)\. Use less/);
      expect(failureOf(thrown).code).toBe(1);
    }
    // A length that no size leads to is a mistake of ours.
    expect(failureOf(new RangeError("Invalid typed array length: -1")).message).toMatch("this is a bug");
  });

  it("calls a bug a bug, with its stack only where SYNAPTAPE_DEBUG asks for it", () => {
    const bug = new TypeError("x is not a function");
    expect(failureOf(bug).code).toBe(1);
    expect(failureOf(bug).message).toMatch(
      /^x is not a function \(this is a bug in synaptape\)\. Run it again with SYN/,
    );
    expect(failureOf(bug).message).not.toContain("\n");
    expect(failureOf("thrown text").message).toMatch(/^thrown text \(this is a bug/);
    vi.stubEnv("SYNAPTAPE_DEBUG", "1");
    expect(failureOf(bug).message).toContain(bug.stack);
  });
});
