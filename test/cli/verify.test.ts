import { mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { commandLine, objects } from "./fixtures.js";

const { folder, refusal, run } = commandLine();

/** The parsed JSON of a built-in case. */
// biome-ignore lint/suspicious/noExplicitAny: the tests damage it in every way
const golden = (name: string): any =>
  JSON.parse(readFileSync(new URL(`../../src/plasticity/golden/cases/${name}.json`, import.meta.url), "utf8"));

/** Writes a file to the test's folder and gives its path. */
function file(name: string, content: unknown): string {
  const path = join(folder, name);
  writeFileSync(path, typeof content === "string" ? content : JSON.stringify(content));
  return path;
}

describe("verify", () => {
  it("passes all ten built-in cases within tolerance", async () => {
    const { code, stdout, stderr } = await run("verify", "--json");
    expect({ code, stderr }).toEqual({ code: 0, stderr: "" });
    const results = objects(stdout);
    expect(results).toHaveLength(10);
    for (const result of results) {
      expect(result).toMatchObject({ case: expect.any(String), ok: true });
      expect(result.lossError).toBeLessThan(1e-6);
      const errors = Object.values(result.gradError as Record<string, number>);
      expect(Math.max(...errors)).toBeLessThan(result.case === "full-size-50-steps" ? 1e-3 : 1e-5);
    }
    const { gradError } = results.find((result) => result.case === "rcn-layer") as { gradError: object };
    expect(Object.keys(gradError)).toEqual(["P", "K", "v", "b"]);
  });

  it("prints a table and a last line", async () => {
    const paths = ["rcn-shared", "linear-shared"].map((name) => file(`${name}.json`, golden(name)));
    const { code, stdout } = await run("verify", ...paths);
    expect(code).toBe(0);
    expect(stdout).toMatch(/^case +loss +grad P +grad K +grad v +grad b +weights +logits$/m);
    expect(stdout).toMatch(/^linear-shared +\S+ +\S+ +- +- +- +\S+ +\S+ +ok$/m);
    expect(stdout).toMatch(/\nAll 2 cases are within tolerance: loss 1e-5, gradients 1e-4 [^\n]+\n$/);
  });

  it("computes in float64 where it is asked to, and holds it to 1e-11", async () => {
    const path = file("linear.json", golden("linear-shared"));
    const { code, stdout, stderr } = await run("verify", "--dtype", "float64", "--json", path);
    expect({ code, stderr }).toEqual({ code: 0, stderr: "" });
    const [{ lossError, weightError }] = objects(stdout) as [{ lossError: number; weightError: number }];
    expect(Math.max(lossError, weightError)).toBeLessThan(1e-14);
    const off = golden("linear-shared");
    off.loss *= 1 + 1e-9; // nothing to float32
    const wrong = file("off.json", off);
    expect((await run("verify", wrong)).code).toBe(0);
    const table = await run("verify", "--dtype", "float64", wrong);
    expect(table.code).toBe(1);
    expect(table.stdout).toContain("1 of 1 cases FAILED: off. Tolerances: loss 1e-11, gradients 1e-11");
    expect(await refusal(2, "verify", "--dtype", "float16")).toMatch(/--dtype/);
  });

  it("fails if any one golden number is wrong", async () => {
    const change: Record<string, (json: ReturnType<typeof golden>) => void> = {
      loss: (json) => {
        json.loss *= 1.001;
      },
      gradient: (json) => {
        json.grad.K[0][1][2] += 0.01;
      },
      weight: (json) => {
        json.finalW[2][0][1] += 0.01;
      },
      logit: (json) => {
        json.queryLogits[3][0] += 0.01;
      },
      input: (json) => {
        json.x[0][0] += 0.1;
      },
      scale: (json) => {
        json.z[1] *= 1.1;
      },
    };
    const paths = Object.entries(change).map(([name, apply]) => {
      const json = golden("rcn-shared");
      apply(json);
      return file(`wrong-${name}.json`, json);
    });
    const right = file("right.json", golden("rcn-shared"));
    const { code, stdout, stderr } = await run("verify", "--json", right, ...paths);
    expect({ code, stderr }).toEqual({ code: 1, stderr: "" });
    expect(objects(stdout).map(({ ok }) => ok)).toEqual([true, ...paths.map(() => false)]);
    const table = await run("verify", ...paths);
    expect(table.code).toBe(1);
    expect(table.stdout).toMatch(/\n6 of 6 cases FAILED: wrong-loss, wrong-gradient, /);
  });

  it("reads a file that begins with a byte-order mark, as Windows' tools write it", async () => {
    const json = JSON.stringify(golden("linear-shared"));
    const paths = [
      file("utf8.json", `\ufeff${json}`),
      ...["utf16.json"].map((name) => {
        const path = join(folder, name);
        writeFileSync(path, `\ufeff${json}`, "utf16le");
        return path;
      }),
    ];
    const { code, stdout, stderr } = await run("verify", "--json", ...paths);
    expect({ code, stderr }).toEqual({ code: 0, stderr: "" });
    expect(objects(stdout).map(({ ok }) => ok)).toEqual([true, true]);
  });

  it("refuses files that are not golden cases before any work, and names file and field", async () => {
    const damage: [string, unknown, RegExp][] = [
      ["text.json", "not JSON", /text\.json is not JSON/],
      ["nested.json", `{"config": ${"[".repeat(1e5)}${"]".repeat(1e5)}}`, /nested\.json nests more than 100 lists/],
      ["twice.json", '{"config": 1, "config": 2}', /twice\.json has "config" twice in one object/],
      ["list.json", [], /list\.json: it holds no JSON object/],
      ["empty.json", {}, /empty\.json: "config" is missing/],
    ];
    const changed = (
      name: string,
      base: string,
      change: (json: ReturnType<typeof golden>) => void,
      says: RegExp,
    ): void => {
      const json = golden(base);
      change(json);
      damage.push([`${name}.json`, json, says]);
    };
    changed("no-loss", "rcn-shared", (json) => delete json.loss, /no-loss\.json: "loss" is missing/);
    changed("no-grad", "rcn-shared", (json) => delete json.grad.v, /"grad\.v" is missing/);
    changed(
      "kind",
      "rcn-shared",
      (json) => Object.assign(json.config, { kind: "magic" }),
      /"config\.kind" is "magic", not one of linear,/,
    );
    changed(
      "dims",
      "rcn-shared",
      (json) => Object.assign(json.config, { dims: [6, 0, 3] }),
      /"config\.dims\[1\]" is 0, which is not a whole/,
    );
    changed(
      "huge",
      "rcn-shared",
      (json) => Object.assign(json.config, { dims: [1e6, 1e6] }),
      /asks for an array of 1000000000000 numbers/,
    );
    changed("steps", "rcn-shared", (json) => json.labels.pop(), /"labels" has 3 entries where 4 are needed/);
    changed(
      "label",
      "rcn-shared",
      (json) => (json.labels[1] = 3),
      /"labels\[1\]" is 3, which is not a whole number from 0 to 2/,
    );
    changed(
      "shape",
      "rcn-shared",
      (json) => json.W0[1][2].pop(),
      /"W0\[1\]\[2\]" has 4 entries where 5 are needed; "W0\[1\]" has shape \[4, 5\]/,
    );
    changed(
      "null",
      "rcn-shared",
      (json) => (json.params.P[0][0][0] = null),
      /"params\.P\[0\]\[0\]\[0\]" is not a number/,
    );
    changed("deep", "rcn-shared", (json) => (json.x[0][0] = [1]), /"x\[0\]\[0\]" is not a number/);
    changed("layers", "rcn-layer", (json) => json.params.b.pop(), /"params\.b" has 2 entries where 3 are needed/);
    changed("linear", "linear-shared", (json) => (json.config.L = 2), /"config\.L" is 2, but a linear rule has 1/);
    await Promise.all(
      damage.map(async ([name, content, says]) => {
        const path = file(name, content);
        const sentence = await refusal(1, "verify", file(`good-${name}`, golden("linear-shared")), path);
        expect(sentence).toMatch(says);
        expect(sentence).toContain(path);
      }),
    );
  });

  it("says if a file does not exist or is a folder", async () => {
    mkdirSync(join(folder, "a-folder"));
    expect(await refusal(1, "verify", "no-such.json")).toMatch(/^no-such\.json does not exist/);
    expect(await refusal(1, "verify", "a-folder")).toMatch(/^a-folder is a folder/);
  });
});
