import { afterEach, describe, expect, it, vi } from "vitest";
import { fail, failureLines, failureOf, UsageError } from "../../src/cli/failure.js";
import { InputError, MemoryError } from "../../src/core/errors.js";
import { DivergedError } from "../../src/meta/index.js";

afterEach(() => {
  vi.unstubAllEnvs();
  vi.restoreAllMocks();
});

describe("failureOf", () => {
  it("gives misuse exit code 2 and outside causes exit code 1, each as one sentence without the bracket", () => {
    expect(failureOf(new UsageError("--lr is odd."))).toEqual({ message: "--lr is odd.", code: 2 });
    expect(failureOf(new InputError("[run] a holds\na run."))).toEqual({ message: "a holds a run.", code: 1 });
    expect(failureOf(new DivergedError("[train] episode 3 diverged.", 3))).toEqual({
      message: "episode 3 diverged.",
      code: 1,
    });
  });

  it("treats nothing that comes from outside as a bug, and everything else as one", () => {
    const outside = ["InputError", "DivergedError", "EngineError", "ThreadError"];
    for (const name of [...outside, "GpuUnsupportedError", "GpuLostError"]) {
      const error = Object.assign(new Error(`[place] the ${name} happened.`), { name });
      expect(failureOf(error)).toEqual({ message: `the ${name} happened.`, code: 1 });
    }
    for (const name of ["TypeError", "RangeError", "Error", ""]) {
      const error = Object.assign(new Error("it happened."), { name });
      expect(failureOf(error).message).toContain("this is a bug");
    }
  });

  it("says of memory that ran out what a command can do, not what a program could", () => {
    const said = "[memory] a block of 8 bytes does not fit: the memory has 4. Raise configure({ maximumBytes }).";
    for (const error of [
      new MemoryError(said),
      new MemoryError("[memory] a block of 8 bytes does not fit: the memory has 4."),
    ])
      expect(failureOf(error)).toEqual({
        message:
          "a block of 8 bytes does not fit: the memory has 4. Use less data, smaller networks or fewer --workers, or a machine with more memory.",
        code: 1,
      });
  });

  it("calls the library's options by their flags, both those of a run and those of how it is carried out", () => {
    const said = "[train] `metaBatch` is 3 and `workers` 4; put `nothing` and `train.queries` right.";
    expect(failureOf(new InputError(said)).message).toBe(
      "--meta-batch is 3 and --workers 4; put `nothing` and --queries right.",
    );
  });

  it("removes a bracket only at the beginning, and joins lines", () => {
    expect(failureOf(new InputError("a [b] c")).message).toBe("a [b] c");
    expect(failureOf(new InputError("[a] [b] c  \n  d\ne")).message).toBe("[b] c d e");
  });

  it("names the file that a system error is about, or says that it is a system error", () => {
    const error = (code: string, path?: string) => Object.assign(new Error(code), { code, syscall: "open", path });
    expect(failureOf(error("EACCES", "a/b")).message).toMatch(/^a\/b cannot be used: /);
    expect(failureOf(error("EACCES")).message).toMatch(/^a file cannot be used: /);
  });

  it("is printed on one line of standard error, and sets the exit code", () => {
    const before = process.exitCode;
    let said = "";
    vi.spyOn(process.stderr, "write").mockImplementation((text) => {
      said += text;
      return true;
    });
    try {
      for (const [error, code] of [
        [new UsageError("--lr is odd."), 2],
        [new InputError("[run] no."), 1],
      ] as const) {
        said = "";
        fail(error);
        expect([said, process.exitCode]).toEqual([`synaptape: ${failureOf(error).message}\n`, code]);
      }
    } finally {
      process.exitCode = before;
    }
  });

  it("puts the system's errors into words", () => {
    const error = Object.assign(new Error("ENOSPC: write"), { code: "ENOSPC", syscall: "write", path: "runs/a" });
    expect(failureOf(error)).toEqual({
      message: "runs/a cannot be used: no space is left on the device. Correct that and try again.",
      code: 1,
    });
  });

  it("repeats the engine's own words for what is too large for it", () => {
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
      expect(failureOf(thrown).message).toMatch(/^the data are too large for the JavaScript engine \(.+\)\. Use less/);
      expect(failureOf(thrown).code).toBe(1);
    }
    // A length that no size leads to is a mistake of ours.
    expect(failureOf(new RangeError("Invalid typed array length: -1")).message).toMatch("this is a bug");
  });

  it("reports a bug as a bug, with its stack only if SYNAPTAPE_DEBUG is set", () => {
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

describe("failureLines", () => {
  const cell = (seed: number) => ({ kind: "mine", seed });
  const threads = new InputError("[workers] the threads' code is not there.");

  it("tells once what befell several cells, in the words of the command line", () => {
    const failures = [
      { cell: cell(0), error: threads },
      { cell: cell(1), error: new InputError("[train] `metaBatch` is 3.") },
      { cell: cell(2), error: threads },
      { cell: cell(3), error: new InputError(threads.message) },
    ];
    expect(failureLines(failures)).toEqual([
      "the cell of seed 0 of mine and 2 more cells failed: the threads' code is not there.",
      "the cell of seed 1 of mine failed: --meta-batch is 3.",
    ]);
    expect(failureLines(failures.slice(2))[0]).toContain("the cell of seed 2 of mine and 1 more cell failed");
    expect(failureLines([])).toEqual([]);
  });
});
