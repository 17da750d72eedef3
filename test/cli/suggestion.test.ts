// What a run suggests next is true: it can be run as it stands, on the same tasks, also where its folder is taken.
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { commandLine, TINY } from "./fixtures.js";

const { folder, run } = commandLine();

/** Runs a command, and returns the folder of its run and the arguments of the command that it suggests. */
async function follow(args: readonly string[]): Promise<{ out: string; next: string[] }> {
  const { code, stdout, stderr } = await run(...args);
  expect({ code, stderr }, args.join(" ")).toEqual({ code: 0, stderr: "" });
  const [, out] = /^Run folder {2}(.*)$/m.exec(stdout) ?? [];
  const [, next] = /^Try next {4}npx synaptape (.*) {3}\(/m.exec(stdout) ?? [];
  // What a shell makes of the words: quotes stand around some of them.
  return { out, next: [...next.matchAll(/'([^']*)'|(\S+)/g)].map(([, quoted, plain]) => quoted ?? plain) };
}

const configOf = (out: string) => JSON.parse(readFileSync(join(folder, out, "config.json"), "utf8"));

/** What two runs must share to be compared. */
const sharedBy = (out: string) => {
  const { hidden, task, data, protocol, ways, shots, queries, episodes, metaBatch, clip, seed } = configOf(out);
  return { hidden, task, data, protocol, ways, shots, queries, episodes, metaBatch, clip, seed };
};

const NUMBERS = ["--hidden", "6", "--shots", "8", "--queries", "4"];

describe("the command that a run suggests", () => {
  it.each<[string, string[]]>([
    ["the defaults of a preset", [...TINY, "--preset", "bio", "--episodes", "2"]],
    ["feedback alignment itself", [...TINY, "--preset", "fa", "--episodes", "2", "--seed", "7"]],
    [
      "other settings of everything",
      [
        ...TINY,
        "--preset",
        "rcn",
        "--ways",
        "3",
        "--episodes",
        "3",
        "--meta-batch",
        "2",
        "--clip",
        "off",
        "--lr",
        "0.01",
      ],
    ],
    [
      "built-in characters",
      ["--hidden", "6", "--shots", "1", "--queries", "1", "--protocol", "strict", "--episodes", "1"],
    ],
    ["two parts", [...TINY, "--task", "continual", "--ways", "2", "--episodes", "2"]],
    ["sines", [...NUMBERS, "--task", "sinusoid", "--episodes", "2"]],
    ["a teacher", [...NUMBERS, "--task", "teacher", "--inputs", "3", "--outputs", "2", "--episodes", "2"]],
    ["a changing teacher", ["--task", "two-timescale", "--segment", "3,9", "--shots", "12", "--episodes", "2"]],
  ])(
    "after a run of %s trains on the same tasks, whether or not the usual folder name is taken",
    async (name, flags) => {
      const out = `first ${name}`;
      const args = ["train", ...flags, "--out", out];
      const first = await follow(args);
      const second = await follow(first.next);
      expect(sharedBy(second.out)).toEqual(sharedBy(out));
      expect(configOf(second.out).preset).not.toBe(configOf(out).preset);
      // The folder is there now, so the same run suggests another one.
      const again = await follow([...args.slice(0, -1), `again ${name}`]);
      expect(again.next.at(-2)).toBe("--out");
      const third = await follow(again.next);
      expect(sharedBy(third.out)).toEqual(sharedBy(out));
      expect(third.out).not.toBe(second.out);
    },
  );

  it("names the folder of the images by its absolute path", async () => {
    const { next } = await follow([
      "train",
      ...TINY,
      "--preset",
      "pool",
      "--episodes",
      "1",
      "--seed",
      "9",
      "--out",
      "p q",
    ]);
    expect(next[next.indexOf("--data") + 1]).toBe(join(folder, "small"));
  });
});
