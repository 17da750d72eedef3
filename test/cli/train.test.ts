import { execFile } from "node:child_process";
import { appendFileSync, cpSync, existsSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { commandLine, objects, TINY } from "./fixtures.js";

const { folder, main, refusal, run, start } = commandLine();

/** The ruleHash that a run with these flags ends in. */
async function hashOf(...flags: string[]): Promise<string> {
  const { code, stdout, stderr } = await run("train", "--json", ...flags);
  expect({ code, stderr }).toEqual({ code: 0, stderr: "" });
  const last = objects(stdout).at(-1);
  expect(last).toMatchObject({ done: true });
  return last?.ruleHash as string;
}

describe("train", () => {
  it("prints one JSON object per episode and a last one", async () => {
    const { code, stdout, stderr } = await run("train", ...TINY, "--episodes", "4", "--out", "json", "--json");
    expect({ code, stderr }).toEqual({ code: 0, stderr: "" });
    const [last, ...episodes] = objects(stdout).reverse();
    expect(episodes.reverse().map(({ episode }) => episode)).toEqual([1, 2, 3, 4]);
    for (const line of episodes) {
      expect(Object.keys(line)).toEqual(["episode", "loss", "accuracy", "seconds"]);
      for (const value of Object.values(line)) expect(value).toEqual(expect.any(Number));
    }
    const mean = episodes.reduce((sum, { accuracy }) => sum + (accuracy as number), 0) / 4;
    expect(last).toEqual({
      done: true,
      episodes: 4,
      meanAccuracyLast50: expect.closeTo(mean, 12),
      ruleHash: expect.stringMatching(/^[0-9a-f]{64}$/),
    });
    expect(readdirSync(join(folder, "json")).sort()).toEqual([
      "checkpoint.safetensors",
      "config.json",
      "metrics.jsonl",
    ]);
  });

  it("is quiet if it is piped: a summary, and nothing on standard error", async () => {
    const { code, stdout, stderr } = await run(
      "train",
      "--hidden",
      "8",
      "--shots",
      "2",
      "--queries",
      "2",
      "--episodes",
      "100",
      "--preset",
      "bio",
      "--seed",
      "3",
    );
    expect({ code, stderr }).toEqual({ code: 0, stderr: "" });
    expect(stdout).toMatch(/^Learned a plasticity rule \(bio\) on glyphs: 100 episodes, /);
    expect(stdout).toMatch(/^ {2}first 50 episodes +[\d.]+ %$/m);
    expect(stdout).toMatch(/^ {2}last 50 episodes +[\d.]+ %$/m);
    expect(stdout).toMatch(/^ {2}guessing +20\.0 % /m);
    expect(stdout).toMatch(/^Run folder {2}runs\/bio-glyphs-seed3$/m);
    expect(stdout).toMatch(/^ruleHash {4}[0-9a-f]{64}$/m);
    expect(stdout).toMatch(
      /^Try next {4}npx synaptape train --preset fa .*--seed 3 .*on the same tasks, for comparison/m,
    );
    expect(stdout.split("\n").length).toBeLessThan(15);
  });

  it("gives the same rule for the same seed with any workers and checkpoints, and another rule for another seed", async () => {
    const flags = [...TINY, "--episodes", "6", "--meta-batch", "2"];
    const [first, again, threads, recomputed, other] = await Promise.all([
      hashOf(...flags, "--out", "h1", "--workers", "1"),
      hashOf(...flags, "--out", "h2", "--workers", "1"),
      hashOf(...flags, "--out", "h3", "--workers", "2"),
      hashOf(...flags, "--out", "h4", "--checkpoint", "every:3"),
      hashOf(...flags, "--out", "h5", "--seed", "1"),
    ]);
    expect([again, threads, recomputed]).toEqual([first, first, first]);
    expect(other).not.toBe(first);
  });

  it("writes the configuration that the flags say", async () => {
    const flags =
      "--rule chemical --chemicals 3 --motifs 0,9 --scope layer --bias neuron --feedback symmetric --hidden 5,4 --protocol strict --ways 3 --shots 1 --queries 1 --episodes 2 --meta-batch 2 --lr 2e-3 --l1 0.5 --clip 4.5 --dtype float64 --seed 8 --workers 1 --checkpoint bytes:100000 --out flags";
    expect((await run("train", ...flags.split(" "))).code).toBe(0);
    expect(JSON.parse(readFileSync(join(folder, "flags/config.json"), "utf8"))).toMatchObject({
      preset: "rcn",
      plasticity: {
        synapse: "chemical",
        chemicals: 3,
        motifs: [0, 9],
        scope: "layer",
        bias: "neuron",
        feedback: "symmetric",
      },
      hidden: [5, 4],
      data: { source: "glyphs" },
      protocol: "strict",
      ways: 3,
      shots: 1,
      queries: 1,
      episodes: 2,
      metaBatch: 2,
      learningRate: 2e-3,
      l1: 0.5,
      clip: 4.5,
      dtype: "float64",
      seed: 8,
      checkpoint: { bytes: 100000 },
    });
  });

  it("stops with the episode, the step and the layer named when numbers overflow", async () => {
    const sentence = await refusal(
      1,
      "train",
      "--preset",
      "pool",
      "--lr",
      "10",
      "--clip",
      "off",
      ...TINY,
      "--out",
      "diverged",
    );
    expect(sentence).toMatch(/^episode \d+ diverged: .*layer \d.*step \d.*Lower --lr/);
    expect(existsSync(join(folder, "diverged/checkpoint.safetensors"))).toBe(true);
  });
});

describe("the run's folder", () => {
  it("is refused if it holds a run or anything else", async () => {
    const flags = [...TINY, "--episodes", "1"];
    await hashOf(...flags, "--out", "taken");
    const before = readFileSync(join(folder, "taken/checkpoint.safetensors"));
    expect(await refusal(1, "train", ...flags, "--out", "taken")).toMatch(
      /taken holds a run\. Continue it with --resume taken, or choose another --out\./,
    );
    expect(readFileSync(join(folder, "taken/checkpoint.safetensors"))).toEqual(before);
    mkdirSync(join(folder, "full"));
    writeFileSync(join(folder, "full/notes.txt"), "mine");
    expect(await refusal(1, "train", ...flags, "--out", "full")).toMatch(/full is not empty and holds no run/);
    expect(readdirSync(join(folder, "full"))).toEqual(["notes.txt"]);
  });

  it("is refused if it cannot be written", async () => {
    const flags = [...TINY, "--episodes", "1"];
    writeFileSync(join(folder, "file"), "");
    expect(await refusal(1, "train", ...flags, "--out", "file/run")).toMatch(/file\/run: a part of the path is a file/);
    expect(await refusal(1, "train", ...flags, "--out", "file")).toMatch(/file, not a folder/);
    if (existsSync("/proc/self")) {
      expect(await refusal(1, "train", ...flags, "--out", "/proc/run")).toMatch(
        /a run cannot be set up in \/proc\/run: /,
      );
    }
  });

  it("is left unchanged if the disk is full", async () => {
    if (process.platform === "win32") return;
    // The shell's limit on the size of files stands for a full disk.
    const line = `ulimit -f 1; exec "${process.execPath}" "${main}" train --hidden 12 --shots 2 --episodes 1 --bias synapse --out disk`;
    const { code, stderr } = await new Promise<{ code: unknown; stderr: string }>((done) => {
      execFile("bash", ["-c", line], { cwd: folder }, (error, _, text) => done({ code: error?.code, stderr: text }));
    });
    expect(code).toBe(1);
    expect(stderr).toMatch(/^synaptape: a run cannot be set up in disk: [^\n]+\n$/);
    expect(existsSync(join(folder, "disk"))).toBe(false);
  });
});

describe("--resume", () => {
  it("refuses folders that are not runs, and damaged runs", async () => {
    mkdirSync(join(folder, "nothing"));
    expect(await refusal(1, "train", "--resume", "nothing")).toMatch(/nothing is not a run: it has no config\.json/);
    expect(await refusal(1, "train", "--resume", "no-such-run")).toMatch(/no-such-run is not a run/);
    await hashOf(...TINY, "--episodes", "2", "--out", "whole");
    const damaged = (name: string, change: (path: string) => void): Promise<string> => {
      const copy = `damaged-${name}`;
      cpSync(join(folder, "whole"), join(folder, copy), { recursive: true });
      change(join(folder, copy));
      return refusal(1, "train", "--resume", copy);
    };
    const flip = (path: string): void => {
      const bytes = readFileSync(join(path, "checkpoint.safetensors"));
      bytes[bytes.length - 3] ^= 1;
      writeFileSync(join(path, "checkpoint.safetensors"), bytes);
    };
    const cut = (path: string): void => {
      const bytes = readFileSync(join(path, "checkpoint.safetensors"));
      writeFileSync(join(path, "checkpoint.safetensors"), bytes.subarray(0, 100));
    };
    expect(await damaged("flipped", flip)).toMatch(/checkpoint\.safetensors is damaged/);
    expect(await damaged("cut", cut)).toMatch(/checkpoint\.safetensors/);
    expect(await damaged("config", (path) => writeFileSync(join(path, "config.json"), "{"))).toMatch(/config\.json/);
  });

  it("continues after a kill in the middle, to the same rule as without the kill", async () => {
    const flags = [...TINY, "--episodes", "200", "--meta-batch", "2", "--json"];
    const whole = hashOf(...flags, "--out", "uninterrupted");
    const running = start(["train", ...flags, "--out", "killed"]);
    await running.lines(5);
    running.process.kill("SIGKILL");
    const killed = await running.ended;
    expect(objects(killed.stdout).at(-1)).not.toHaveProperty("done");
    appendFileSync(join(folder, "killed/metrics.jsonl"), '{"episode":'); // as if killed while writing
    expect(await hashOf("--resume", "killed")).toBe(await whole);
  });

  it.each([
    ["SIGINT", 130],
    ["SIGTERM", 143],
  ] as const)("continues after %s, which stops with code %i and says how to continue", async (signal, code) => {
    const flags = [...TINY, "--episodes", "200"];
    const whole = hashOf(...flags, "--out", `unstopped-${code}`);
    const running = start(["train", ...flags, "--json", "--out", `stopped ${code}`]);
    await running.lines(3);
    running.process.kill(signal);
    const stopped = await running.ended;
    expect(stopped.code).toBe(code);
    const last = objects(stopped.stdout).at(-1);
    expect(last).toMatchObject({ done: false, episodes: expect.any(Number) });
    expect(stopped.stderr).toBe(
      `Stopped after episode ${last?.episodes} of 200. Continue with:\n  npx synaptape train --resume 'stopped ${code}'\n`,
    );
    expect(await hashOf("--resume", `stopped ${code}`)).toBe(await whole);
  });

  it("ends at once on a second signal", async () => {
    const running = start([
      "train",
      "--shots",
      "20",
      "--episodes",
      "50",
      "--json",
      "--out",
      "twice",
      "--meta-batch",
      "2",
      "--workers",
      "2",
    ]);
    await running.lines(2);
    running.process.kill("SIGINT");
    setTimeout(() => running.process.kill("SIGINT"), 50);
    expect((await running.ended).code).toBe(130);
  });
});

describe("standard output that nobody reads any more", () => {
  it("ends the run without a word, in a state to resume", async () => {
    const flags = [...TINY, "--episodes", "300"];
    const running = start(["train", ...flags, "--json", "--out", "unread"]);
    await running.lines(2);
    running.process.stdout?.destroy();
    expect(await running.ended).toMatchObject({ code: 141, stderr: "" });
    expect((await run("train", "--resume", "unread")).code).toBe(0);
  });
});

describe.skipIf(!existsSync("/usr/bin/script"))("on a terminal", () => {
  it("shows a bar with episode, moving accuracy, loss and time left, takes it away and sums up", async () => {
    const line = `"${process.execPath}" "${main}" train ${TINY.join(" ")} --episodes 30 --out terminal`;
    const output = await new Promise<string>((done) => {
      execFile("script", ["-qec", line, "/dev/null"], { cwd: folder }, (_, stdout) => done(stdout));
    });
    expect(output).toMatch(/█*░+ \d+\/30 {2}accuracy [\d.]+ % \(last 50\) {2}loss [\d.]+ {2}\d+ s left/);
    expect(output.lastIndexOf("\u001b[?25h")).toBeGreaterThan(output.lastIndexOf("\u001b[?25l")); // the cursor is back
    expect(output).toMatch(/Learned a plasticity rule \(rcn\) on small\/train: 30 episodes/);
  });
});
