// `train --tensorboard`: the event file holds what metrics.jsonl does, also after a stop and a resume.
import { readdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { eventIn, recordsIn } from "../io/read-events.js";
import { commandLine, TINY } from "./fixtures.js";

const { folder, refusal, run } = commandLine();

/** The events of the run in this folder: the head, and the numbers by step. */
function eventsOf(out: string): { form: string | undefined; steps: [number, Record<string, number>][] } {
  const at = join(folder, out, "tensorboard");
  const files = readdirSync(at);
  expect(files).toEqual([expect.stringContaining("tfevents")]); // by which tools find them
  const [head, ...events] = recordsIn(readFileSync(join(at, files[0]))).map(eventIn);
  return { form: head.form, steps: events.map(({ step, numbers }) => [step, numbers]) };
}

/** What metrics.jsonl has, in the form of events. */
const metricsOf = (out: string): [number, Record<string, number>][] =>
  readFileSync(join(folder, out, "metrics.jsonl"), "utf8")
    .trim()
    .split("\n")
    .map((line) => {
      const { episode, loss, accuracy, seconds, clipped = 1 } = JSON.parse(line);
      const numbers = { accuracy, ...(loss === null ? {} : { loss }), seconds, "meta-gradient times": clipped };
      return [episode, Object.fromEntries(Object.entries(numbers).map(([name, x]) => [name, Math.fround(x)]))];
    });

describe("train --tensorboard", () => {
  it("writes every episode once, and goes on after a resume with those that were before it", async () => {
    const flags = ["train", ...TINY, "--preset", "bio", "--tensorboard", "--lr", "0.05", "--json"];
    expect(await run(...flags, "--episodes", "3", "--out", "seen")).toMatchObject({ code: 0, stderr: "" });
    expect(eventsOf("seen")).toEqual({ form: "brain.Event:2", steps: metricsOf("seen") });
    const config = join(folder, "seen", "config.json");
    writeFileSync(config, readFileSync(config, "utf8").replace('"episodes": 3', '"episodes": 5'));
    expect((await run("train", "--resume", "seen", "--tensorboard", "--json")).code).toBe(0);
    const { steps } = eventsOf("seen");
    expect(steps.map(([step]) => step)).toEqual([1, 2, 3, 4, 5]);
    expect(steps).toEqual(metricsOf("seen"));
  });

  it("changes nothing about the run, and says so where it cannot write", async () => {
    const flags = ["train", ...TINY, "--preset", "bio", "--episodes", "2", "--json"];
    const [first, second] = [
      await run(...flags, "--out", "plain"),
      await run(...flags, "--tensorboard", "--out", "with"),
    ];
    const last = ({ stdout }: { stdout: string }): string => stdout.trim().split("\n").at(-1) as string;
    expect(last(second)).toBe(last(first));
    expect(readdirSync(join(folder, "plain"))).not.toContain("tensorboard");
    writeFileSync(join(folder, "plain", "tensorboard"), "in the way");
    const config = join(folder, "plain", "config.json");
    writeFileSync(config, readFileSync(config, "utf8").replace('"episodes": 2', '"episodes": 3'));
    expect(await refusal(1, "train", "--resume", "plain", "--tensorboard")).toMatch(
      /tensorboard\/events\.out\.tfevents\.synaptape cannot be written: .*leave --tensorboard out/,
    );
  });
});
