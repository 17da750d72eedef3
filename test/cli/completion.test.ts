// The completion of shells, asked in the shells themselves where they are installed; and narrow terminals.
import { execFileSync, spawnSync } from "node:child_process";
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { folded, table } from "../../src/cli/output.js";
import { presets } from "../../src/plasticity/index.js";
import { commandLine } from "./fixtures.js";

const { folder, run } = commandLine();

/** How each shell says what it offers for words, of which the last is being typed. */
const shells: Readonly<Record<string, (script: string, words: readonly string[]) => string>> = {
  bash: (script, words) =>
    `source ${script}; COMP_WORDS=(${words.map((word) => `"${word}"`).join(" ")}); COMP_CWORD=${words.length - 1}; _synaptape; printf '%s\\n' "\${COMPREPLY[@]}"`,
  zsh: (script, words) =>
    `compdef() { :; }; compadd() { shift; print -l -- "$@"; }; _files() { :; }; source ${script}; words=(${words.map((word) => `"${word}"`).join(" ")}); CURRENT=${words.length}; _synaptape`,
  fish: (script, words) => `source ${script}; complete -C '${words.join(" ")}' | string split -f1 \\t`,
};

const installed = Object.keys(shells).filter((shell) => spawnSync(shell, ["-c", ":"]).status === 0);

describe("completion", () => {
  it.each(installed)("offers commands, flags and words in %s", async (shell) => {
    const { code, stdout } = await run("completion", shell);
    expect(code).toBe(0);
    const script = join(folder, `completion.${shell}`);
    writeFileSync(script, stdout);
    const offered = (...words: string[]): string[] =>
      execFileSync(shell, ["-c", shells[shell](script, ["synaptape", ...words])], { encoding: "utf8" })
        .trim()
        .split("\n");
    expect(offered("tr")).toContain("train");
    expect(offered("train", "--ep")).toContain("--episodes");
    expect(offered("sweep", "train", "--va")).toContain("--vary");
    expect(
      offered("train", "--preset", "rcn-")
        .filter((word) => word.startsWith("rcn-"))
        .sort(),
    ).toEqual(
      Object.keys(presets)
        .filter((name) => name.startsWith("rcn-"))
        .sort(),
    );
  });
});

describe("a narrow terminal", () => {
  it("gets tables as lists, and no line is longer than it unless one word is", () => {
    const rows = [
      ["study", "claims", "time"],
      ["rich-and-lazy-learning-of-networks", "13", "2 h 30 min"],
    ];
    expect(table(rows, 40)).toEqual(["rich-and-lazy-learning-of-networks", "  claims: 13", "  time: 2 h 30 min"]);
    expect(table(rows, 80)[1]).toBe("rich-and-lazy-learning-of-networks      13  2 h 30 min");
  });

  it("folds long lines to the right of where they begin, and loses no word", async () => {
    const { stdout } = await run("train", "--help");
    const narrow = folded(stdout, 40);
    expect(narrow.split(/\s+/)).toEqual(stdout.split(/\s+/));
    expect(narrow.split("\n").filter((line) => line.length > 40 && line.trim().includes(" "))).toEqual([]);
  });
});
