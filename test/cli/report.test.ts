import { existsSync, mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { commandLine, objects, TINY } from "./fixtures.js";

const { folder, refusal, run } = commandLine();
const train = (...flags: string[]) => run("train", ...TINY, "--episodes", "4", ...flags);

/** What a report says, without its charts and tags. */
const wordsOf = (file: string): string =>
  readFileSync(join(folder, file), "utf8")
    .replace(/<(style|svg).*?<\/\1>/gs, "")
    .replace(/<[^>]*>/g, " ")
    .replace(/\s+/g, " ");

describe("report", () => {
  it("groups runs that differ in the seed, and says where it wrote", async () => {
    for (const seed of ["0", "1"]) {
      await train("--preset", "rcn", "--seed", seed, "--out", `two/rcn-seed${seed}`);
      await train("--preset", "bio", "--seed", seed, "--out", `two/bio-seed${seed}`);
    }
    const runs = ["two/rcn-seed0", "two/rcn-seed1", "two/bio-seed1", "two/bio-seed0"];
    const { code, stdout, stderr } = await run("report", ...runs, "--out", "two.html", "--json");
    expect({ code, stderr }).toEqual({ code: 0, stderr: "" });
    expect(objects(stdout)).toEqual([{ report: "two.html", configurations: 2, runs: 4 }]);
    const words = wordsOf("two.html");
    expect(words).toMatch(/rcn 2 \d\.\d{3} \d\.\d{3} to \d\.\d{3}/);
    expect(words).toMatch(/bio − rcn [+−]\d\.\d{3} .* 2 no claim: 2 seeds are too few/);
    expect(words).toContain("A task that no run was trained on");
    expect(words).toContain("Time constants");
  });

  it("is written to the first run's folder, replaces the one before, and leaves no other file", async () => {
    await train("--preset", "bio", "--out", "alone");
    const first = await run("report", "alone");
    expect(first).toMatchObject({ code: 0, stdout: "Report on 1 run: alone/report.html\n", stderr: "" });
    const html = readFileSync(join(folder, "alone/report.html"));
    writeFileSync(join(folder, "alone/report.html"), "old");
    await run("report", "alone");
    expect(readFileSync(join(folder, "alone/report.html")).equals(html)).toBe(true);
    expect(readdirSync(join(folder, "alone")).filter((name) => name.startsWith("."))).toEqual([]);
    // The run is what it was.
    expect((await run("train", "--resume", "alone")).code).toBe(0);
  });

  it("says so if the images are missing", async () => {
    mkdirSync(join(folder, "moved"));
    for (const name of readdirSync(join(folder, "small"))) {
      writeFileSync(join(folder, "moved", name), readFileSync(join(folder, "small", name)));
    }
    await run("train", ...TINY.map((f) => (f === "small" ? "moved" : f)), "--episodes", "2", "--out", "orphan");
    rmSync(join(folder, "moved"), { recursive: true });
    expect((await run("report", "orphan")).code).toBe(0);
    expect(wordsOf("orphan/report.html")).toMatch(/No images are shown: .*moved does not exist/);
  });

  it("names the line of a mapping file that names no class", async () => {
    mkdirSync(join(folder, "mapped"));
    for (const name of readdirSync(join(folder, "small"))) {
      writeFileSync(join(folder, "mapped", name), readFileSync(join(folder, "small", name)));
    }
    await run("train", ...TINY.map((f) => (f === "small" ? "mapped" : f)), "--episodes", "2", "--out", "named");
    for (const line of ["0 1114112", "4294967295 65", `0 ${"9".repeat(400)}`]) {
      writeFileSync(join(folder, "mapped/x-mapping.txt"), `${line}\n`);
      expect(await refusal(1, "report", "named")).toMatch(
        /mapped\/x-mapping\.txt has the line .* which names no class\./,
      );
    }
    writeFileSync(join(folder, "mapped/x-mapping.txt"), "0 65\n1 66\n");
    expect((await run("report", "named")).code).toBe(0);
  });

  it("refuses what it cannot report on", async () => {
    expect(await refusal(2, "report")).toMatch(/missing required argument 'runs'/);
    expect(await refusal(1, "report", "nowhere")).toMatch(/nowhere is not a run: it has no config\.json/);
    await train("--preset", "bio", "--out", "once");
    expect(await refusal(1, "report", "once", "--out", "no/such/place.html")).toMatch(
      /no\/such\/place\.html cannot be written: its folder does not exist\. Choose another --out\./,
    );
    await train("--preset", "bio", "--out", "same");
    expect(await refusal(1, "report", "once", "same")).toMatch(/is the same run as another of the folders/);
    expect(existsSync(join(folder, "once/report.html"))).toBe(false);
  });
});
