// What the command line refuses. Most of it is refused in this process: the same program, without the start of an engine.
import { existsSync } from "node:fs";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it, vi } from "vitest";
import { failureOf } from "../../src/cli/failure.js";
import { runProgram } from "../../src/cli/program.js";
import { commandLine } from "./fixtures.js";

const { folder, run, start } = commandLine();

/** Arguments and what the sentence must say. */
const cases: [string, RegExp][] = [
  ["trian", /unknown command 'trian' \(Did you mean train\?\)\. See synaptape --help\./],
  ["help nothing", /there is no command "nothing"/],
  ["--nothing", /unknown option '--nothing'\. See synaptape --help\./],
  ["train --epsiodes 3", /unknown option '--epsiodes' \(Did you mean --episodes\?\)\. See synaptape train --help\./],
  ["train here", /too many arguments/],
  ["info --jsn", /unknown option '--jsn'/],
  ["verify --jsn", /unknown option '--jsn'/],
  ["demo --json", /unknown option '--json'/],
  ["train --lr", /'--lr <x>' argument missing/],
  ["train --out --json", /--out has no value: "--json" follows it\./],
  // Values: the flag, the value, and what is allowed.
  ["train --lr abc", /--lr is "abc"\. Pass a number above 0/],
  ["train --lr 0", /--lr is "0"\. Pass a number above 0/],
  ["train --lr -1", /--lr is "-1"/],
  ["train --lr NaN", /--lr is "NaN"/],
  ["train --lr Infinity", /--lr is "Infinity"/],
  ["train --lr 1e9", /--lr is "1e9"\. Pass a number above 0 and at most 10/],
  ["train --clip 0.5", /--clip is "0\.5"\. Pass off, or a number from 1 to 1000000/],
  ["train --clip on", /--clip is "on"/],
  ["train --seed -1", /--seed is "-1"\. Pass a whole number from 0 to 2\^53 - 1\./],
  ["train --seed 9007199254740993", /--seed is "9007199254740993"/],
  ["train --seed 1.5", /--seed is "1\.5"/],
  ["train --workers 0", /--workers is "0"\. Pass a whole number from 1 to 256\./],
  ["train --workers 1000", /--workers is "1000"/],
  ["sweep train --executor mysql://me:pw@host/db", /--executor is "mysql:\/\/host\/db"\. Pass threads/],
  ["reproduce fig1 --executor mysql://me:pw@host", /--executor is "mysql:\/\/host"\. Pass threads/],
  ["train --ways 0", /--ways is "0"/],
  ["train --shots 2.5", /--shots is "2\.5"/],
  ["train --queries x", /--queries is "x"/],
  ["train --episodes 0", /--episodes is "0"/],
  ["train --episodes 1e3", /--episodes is "1e3"/],
  ["train --meta-batch 0", /--meta-batch is "0"/],
  ["train --chemicals 0", /--chemicals is "0"/],
  ["train --motifs 0,10", /--motifs is "0,10"\. Pass different whole numbers from 0 to 9/],
  ["train --motifs 1,1", /--motifs is "1,1"/],
  ["train --motifs ,", /--motifs is ","/],
  ["train --hidden 0", /--hidden is "0"/],
  ["train --hidden 10,,10", /--hidden is "10,,10"/],
  [
    "train --preset rnc",
    /--preset is "rnc"\. Did you mean rcn\? Pass fa, bp, bio, pool, rcn, rcn-layer, .* or pool-own\./,
  ],
  ["train --rule quadratic", /--rule is "quadratic"\. Pass linear, chemical, momentum, gated, cascade(,| or) /],
  ["train --scope all", /--scope is "all"/],
  ["train --bias all", /--bias is "all"/],
  ["train --feedback none", /--feedback is "none"/],
  ["train --motifs 0,hepp", /--motifs is "0,hepp"\. Pass different whole numbers from 0 to 9, or hebb/],
  [
    "train --feedback-motifs 0,3",
    /--feedback-motifs is about plastic feedback, but the feedback is fixed\. Add --feedback plastic/,
  ],
  ["train --rule cascade --tau-min 1", /a cascade's steps swing with a tauMin of 1/],
  ["train --readout softmax --initial-chemicals first", /The flags do not go together: .* needs v_0 = 1/],
  ["train --protocol lax", /--protocol is "lax"\. Pass faithful or strict\./],
  ["train --checkpoint every", /--checkpoint is "every"\. Pass auto, off, every:K/],
  ["train --checkpoint every:0", /--checkpoint is "every:0"/],
  ["train --checkpoint bytes:-5", /--checkpoint is "bytes:-5"/],
  ["train --diagnostics 0", /--diagnostics is "0"\. Pass a whole number from 1/],
  ["evaluate", /^Give the folder of a run, the file of a rule, or --rule with the name of one/],
  ["card", /^Give the folders of runs, or --rule with the name of a learned rule/],
  ["evaluate run --tasks 0", /--tasks is "0"\. Pass a whole number from 1 to 1000000\./],
  ["evaluate run --shots 1,1", /--shots is "1,1"/],
  ["evaluate run --shots 0", /--shots is "0"/],
  ["evaluate run --prefix test --data glyphs", /--prefix test .* contradicts --data glyphs, the built-in set\./],
  ["reproduce fig1 --prefix test", /--prefix test .* contradicts --data glyphs, the built-in set\./],
  ["evaluate run --prefix test", /--prefix test is about the files of --data, which is not given\./],
  ["evaluate run --data --json", /--data has no value/],
  ["train --task sort", /--task is "sort"\. Pass classify, continual, sinusoid, teacher or two-timescale\./],
  ["train --task two-timescale --segment 5", /--segment is "5"\. Pass the shortest and the longest/],
  ["train --task two-timescale --segment 9,3", /--segment is "9,3"/],
  ["train --task teacher --inputs 0", /--inputs is "0"/],
  // Contradictions: both flags.
  ["train --task sinusoid --data emnist", /--data contradicts --task sinusoid, which has no images\./],
  ["train --task teacher --ways 5", /--ways contradicts --task teacher, which has no classes\./],
  ["train --task teacher --segment 5,15", /--segment contradicts --task teacher/],
  ["train --estimator magic", /--estimator is "magic"\. Pass backprop, truncated, truncated:K, forward/],
  ["train --estimator truncate", /Did you mean truncated\?/],
  ["train --estimator truncated:0", /--estimator is "truncated:0"/],
  ["train --estimator es:5", /--estimator is "es:5"/],
  ["train --estimator es --noise 0", /--noise is "0"\. Pass a number above 0 and at most 1000, such as 0\.001/],
  ["train --noise 0.1", /--noise contradicts --estimator backprop, which has no noise/],
  ["train --inputs 3", /--inputs contradicts --task classify/],
  ["train --preset bio --rule chemical", /--preset bio is a linear rule.*--rule chemical.*--preset rcn or rcn-layer/],
  ["train --rule linear --chemicals 3", /--chemicals 3 contradicts --rule linear/],
  ["train --preset fa --chemicals 2", /--chemicals 2 contradicts --preset fa/],
  ["train --rule linear --bias layer", /--bias layer contradicts --rule linear/],
  ["train --prefix test", /--prefix test.*contradicts --data glyphs/],
  ["train --data glyphs --prefix test", /--prefix test.*contradicts --data glyphs/],
  ["train --l1 -1", /--l1 is "-1"\. Pass a number from 0 to 1000, such as 1\.5\./],
  ["train --l1 NaN", /--l1 is "NaN"/],
  ["train --l1 1e4", /--l1 is "1e4"/],
  ["train --resume a --lr 0.1", /--resume.*cannot be combined with --lr\./],
  ["train --resume a --out b --meta-batch 2", /--resume.*cannot be combined with --out, --meta-batch\./],
  ["train --resume a --episodes 9", /--resume.*cannot be combined with --episodes\./],
];

/** The sentence that the program, run in this process, refuses these arguments with, after which it has printed nothing. */
async function refused(...args: string[]): Promise<string> {
  const printed = vi.spyOn(process.stdout, "write").mockImplementation(() => true);
  try {
    await runProgram(args);
  } catch (error) {
    const { message, code } = failureOf(error);
    expect({ code, calls: printed.mock.calls }).toEqual({ code: 2, calls: [] });
    expect(message).toMatch(/^[^\n]+$/);
    return message;
  } finally {
    printed.mockRestore();
  }
  throw new Error(`${args.join(" ")} was not refused`);
}

describe("misuse", () => {
  const before = process.cwd();
  beforeAll(() => process.chdir(folder));
  afterAll(() => process.chdir(before));

  it.each(cases)("refuses %s with code 2", async (line, sentence) => {
    expect(await refused(...line.split(" "))).toMatch(sentence);
    expect(existsSync(join(folder, "runs"))).toBe(false);
  });

  it("refuses an empty value", async () => {
    expect(await refused("train", "--out", "")).toMatch(/--out is ""\. Pass a folder\./);
  });

  it.each(["trian", "train --lr abc", "train --prefix test"])(
    "is reported by the process as it is here: %s",
    async (line) => {
      const args = line.split(" ");
      expect(await start(args).ended).toEqual({
        code: 2,
        stdout: "",
        stderr: `synaptape: ${await refused(...args)}\n`,
      });
    },
  );
});

describe("help", () => {
  it("mentions every flag of train and every preset", async () => {
    const { code, stdout, stderr } = await run("train", "--help");
    expect({ code, stderr }).toEqual({ code: 0, stderr: "" });
    const flags =
      "rule preset chemicals motifs scope bias feedback feedback-rule feedback-motifs feedback-chemicals tau-min tau-max scales coupling readout initial-chemicals normalise hidden task inputs outputs segment data prefix protocol ways shots queries episodes meta-batch lr l1 clip estimator pairs noise seed workers diagnostics checkpoint out resume json help";
    for (const flag of flags.split(" ")) expect(stdout).toMatch(new RegExp(`^ +--${flag}\\b`, "m"));
    for (const preset of [
      "fa",
      "bp",
      "bio",
      "pool",
      "rcn",
      "rcn-layer",
      "rcn-momentum",
      "dfa",
      "plastic",
      "rcn-gated",
    ]) {
      expect(stdout).toMatch(new RegExp(`^ +${preset} `, "m"));
    }
    expect(Math.max(...stdout.split("\n").map((line) => line.length))).toBeLessThanOrEqual(100);
  });

  it("is printed by --help, by help <command>, and without a command", async () => {
    const [none, flag, train, verify] = await Promise.all([
      run(),
      run("--help"),
      run("help", "train"),
      run("verify", "--help"),
    ]);
    expect(none).toEqual(flag);
    expect(none.code).toBe(0);
    for (const command of ["train", "verify", "info", "demo"])
      expect(none.stdout).toMatch(new RegExp(`^  ${command} `, "m"));
    expect(train.stdout).toContain("--episodes");
    expect(verify.stdout).toContain("[files...]");
  });
});
