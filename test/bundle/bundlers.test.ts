// One program, bundled for a page by Vite, webpack and esbuild as each is used by default, with no list of externals: no
// warning, no module of Node, and in Chromium the result of Node. Then the same package imported, required and bundled
// for programs.
import { spawnSync } from "node:child_process";
import { mkdirSync, readdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { build as withEsbuild } from "esbuild";
import { createLogger, build as withVite } from "vite";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import webpack from "webpack";
import { missing, resultOf } from "../engines/browsers.js";
import { deno } from "../engines/engines.js";
import { page, serve } from "../engines/server.js";
import { type Consumer, consumer, root } from "./packed.js";

const ci = process.env.CI === "true";

/** All entries but the two that want a peer which a page seldom has, and a training run with two workers. */
const program = (workerEntry?: string): string => `
  import { grad, tensor } from "synaptape";
  import * as bio from "synaptape/bio";
  import { glyphs } from "synaptape/data";
  import * as debug from "synaptape/debug";
  import { encode } from "synaptape/io";
  import { defaultTrainConfig, train } from "synaptape/meta";
  import * as nn from "synaptape/nn";
  import * as optim from "synaptape/optim";
  import * as plasticity from "synaptape/plasticity";
  const here = [bio, debug, nn, optim, plasticity].every((names) => Object.keys(names).length > 0);
  const gradient = grad((x) => x.tanh().square().sum())(tensor([-1, 0, 2])).toArray();
  const size = { episodes: 2, metaBatch: 2, ways: 2, shots: 1, queries: 1, hidden: [8] };
  const run = (options) =>
    train(glyphs({ perClass: 4 }), { ...defaultTrainConfig("bio"), ...size }, options)
      .then(({ ruleHash }) => ruleHash, ({ name, message }) => name + ": " + message);
  const alone = await run({ workers: 1 });
  const together = await run({ workers: 2${workerEntry ? `, workerEntry: ${workerEntry}` : ""} });
  export const result = { here, gradient, bytes: encode({ w: tensor([1]) }).length, alone, together };`;

let project: Consumer;
/** What Node gives, without a bundler. */
let expected: { here: boolean; gradient: number[]; bytes: number; alone: string; together: string };

const printed = (file: string): typeof expected =>
  JSON.parse(
    project.run(
      process.execPath,
      "-e",
      `import(${JSON.stringify(file)}).then((m) => console.log(JSON.stringify(m.result)))`,
    ),
  );

beforeAll(() => {
  project = consumer();
  expected = printed(project.write("program.mjs", program()));
});

afterAll(() => project.remove());

/** A folder with the program, a page that shows its result, and a stand-in for `process` as some pages carry it. */
function source(name: string, workerEntry?: string): string {
  const folder = join(project.folder, name);
  mkdirSync(folder);
  writeFileSync(join(folder, "program.js"), program(workerEntry));
  writeFileSync(join(folder, "main.js"), 'import("./program.js").then(({ result }) => window.done(result));');
  const shim = '<script>globalThis.process = { env: {}, versions: { node: "20.0.0" } };</script>';
  writeFileSync(join(folder, "index.html"), page('<script type="module" src="./main.js"></script>', shim));
  return folder;
}

/** Every script below a folder, as one text. */
const scripts = (folder: string): string =>
  readdirSync(folder, { recursive: true, encoding: "utf8" })
    .filter((name) => name.endsWith(".js"))
    .map((name) => readFileSync(join(folder, name), "utf8"))
    .join("\n");

/** Loads the page in Chromium, which must say nothing. */
async function shown(folder: string): Promise<unknown> {
  const server = await serve(folder);
  try {
    const { result, lines } = await resultOf("Chromium", `${server.url}/index.html`);
    expect(lines).toEqual([]);
    return result;
  } finally {
    await server.close();
  }
}

it("without a bundler, two workers give the bits of one", () => {
  expect(expected).toMatchObject({ here: true, alone: expect.stringMatching(/^[0-9a-f]{64}$/) });
  expect(expected.together).toBe(expected.alone);
});

describe.skipIf(missing("Chromium") && !ci)(`for a page (${missing("Chromium") ?? "Chromium"})`, () => {
  it("Vite, which bundles the workers too", async () => {
    const folder = source("vite");
    const said: string[] = [];
    const note = (message: string) => void said.push(message);
    const logger = { ...createLogger("warn"), warn: note, warnOnce: note, error: note };
    // That the build took long is no fault of what is built.
    const build = { chunkSizeWarningLimit: 2000, rolldownOptions: { checks: { pluginTimings: false } } };
    await withVite({ root: folder, configFile: false, customLogger: logger, build });
    expect(said).toEqual([]);
    expect(scripts(join(folder, "dist"))).not.toMatch(/["']node:/);
    expect(await shown(join(folder, "dist"))).toEqual(expected);
  });

  it("webpack, which bundles the workers too", async () => {
    const folder = source("webpack");
    const output = { path: join(folder, "dist"), filename: "main.js" };
    const options = {
      context: folder,
      entry: "./main.js",
      output,
      mode: "production",
      performance: false,
      optimization: { minimize: false },
    } as const;
    const stats = await new Promise<webpack.Stats>((resolve, reject) => {
      webpack(options, (error, stats) => (stats ? resolve(stats) : reject(error)));
    });
    expect(stats.toJson({ warnings: true, errors: true })).toMatchObject({ warnings: [], errors: [] });
    expect(scripts(output.path)).not.toMatch(/["']node:/);
    writeFileSync(join(output.path, "index.html"), readFileSync(join(folder, "index.html")));
    expect(await shown(output.path)).toEqual(expected);
  });

  it("esbuild, with an option that says where the workers' code is", async () => {
    const folder = source("esbuild", 'new URL("./worker.js", location.href)');
    const worker = join(project.installed, "dist/browser/meta/episode-worker.js");
    const { warnings } = await withEsbuild({
      absWorkingDir: folder,
      entryPoints: { main: "./main.js", worker },
      ...{ outdir: join(folder, "dist"), bundle: true, splitting: true, format: "esm", target: "es2022" },
      logLevel: "silent",
    });
    expect(warnings).toEqual([]);
    expect(scripts(join(folder, "dist"))).not.toMatch(/["']node:/);
    writeFileSync(join(folder, "dist/index.html"), readFileSync(join(folder, "index.html")));
    expect(await shown(join(folder, "dist"))).toEqual(expected);
  });

  it("esbuild without that option: the error names it", async () => {
    const folder = source("esbuild-alone");
    await withEsbuild({
      absWorkingDir: folder,
      entryPoints: ["./main.js"],
      ...{ outdir: join(folder, "dist"), bundle: true, splitting: true, format: "esm", target: "es2022" },
      logLevel: "silent",
    });
    writeFileSync(join(folder, "dist/index.html"), readFileSync(join(folder, "index.html")));
    const server = await serve(join(folder, "dist"));
    const { result } = await resultOf("Chromium", `${server.url}/index.html`).finally(() => server.close());
    expect(result).toMatchObject({ ...expected, together: expect.stringMatching(/^InputError: .*workerEntry/) });
  });
});

describe("for a program", () => {
  it("esbuild for Node: the workers are found, or the error names the option", async () => {
    const outfile = join(project.folder, "for-node/program.mjs");
    const { warnings } = await withEsbuild({
      absWorkingDir: project.folder,
      entryPoints: ["program.mjs"],
      ...{ outfile, bundle: true, platform: "node", format: "esm", logLevel: "silent" },
    });
    expect(warnings).toEqual([]);
    expect(printed(outfile)).toMatchObject({ ...expected, together: expect.stringMatching(/workerEntry/) });
  });

  it("Bun imports it and gets the same bits", () => {
    const bun = join(root, "node_modules/.bin/bun");
    const code = 'import { result } from "./program.mjs"; console.log(JSON.stringify(result)); process.exit(0);';
    expect(JSON.parse(project.run(bun, project.write("bun.mjs", code)))).toEqual(expected);
  });

  it.skipIf(deno.file === undefined && !ci)(
    deno.file ? "Deno imports it, with its threads, to the same bits" : `Deno imports it (${deno.install})`,
    () => {
      const file = project.write(
        "deno.mjs",
        'import { result } from "./program.mjs"; console.log(JSON.stringify(result));',
      );
      if (deno.file === undefined) throw new Error(`Deno is missing: ${deno.install}`);
      const { stdout, stderr } = spawnSync(deno.file, [...deno.args, file], { cwd: project.folder, encoding: "utf8" });
      expect(stderr).toBe("");
      expect(JSON.parse(stdout)).toEqual(expected);
    },
  );

  it("Node requires it, if its require can load modules", () => {
    const code = `
      const { grad, tensor } = require("synaptape");
      console.log(JSON.stringify(grad((x) => x.tanh().square().sum())(tensor([-1, 0, 2])).toArray()));`;
    const file = project.write("program.cjs", code);
    expect(JSON.parse(project.run(process.execPath, "--throw-deprecation", file))).toEqual(expected.gradient);
  });
});
