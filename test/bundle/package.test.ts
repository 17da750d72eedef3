// What a user gets: the packed tarball, installed in a folder of its own without a network, then imported, compiled
// against, run, bundled and loaded by a page as it stands.
import { existsSync, mkdirSync, readdirSync, readFileSync, statSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { gzipSync } from "node:zlib";
import { build } from "esbuild";
import { build as viteBuild } from "vite";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { missing, resultOf } from "../engines/browsers.js";
import { importMap, page, serve } from "../engines/server.js";
import { type Consumer, consumer, type Manifest, root } from "./packed.js";

const ci = process.env.CI === "true";
/**
 * Bytes that a page pays, minified and gzipped, with the inlined WebAssembly: what `import { grad }` takes is the promise; all
 * public names of the core together are held to a limit of their own, so that growth is seen.
 */
const BUDGET = 60_000;
const BUDGET_OF_ALL = 88_000;

let project: Consumer;
let folder: string;
let installed: string;
let manifest: Manifest;
let run: Consumer["run"];
let write: Consumer["write"];

beforeAll(() => {
  project = consumer();
  ({ folder, installed, manifest, run, write } = project);
});

afterAll(() => project.remove());

describe("the tarball", () => {
  it("brings no dependency and runs nothing when it is installed", () => {
    expect(readdirSync(join(folder, "node_modules")).filter((name) => !name.startsWith("."))).toEqual(["synaptape"]);
    for (const field of ["dependencies", "optionalDependencies", "bundledDependencies"]) {
      expect(manifest[field]).toBeUndefined();
    }
    const scripts = Object.keys((manifest.scripts ?? {}) as object);
    expect(scripts.filter((name) => /^(pre|post)?(install|prepare|uninstall)$/.test(name))).toEqual([]);
  });

  it("holds the build, the kept rules, the README and the licence, and nothing else", () => {
    expect(readdirSync(installed).sort()).toEqual(["LICENSE", "README.md", "dist", "package.json", "rules"]);
    for (const { types, browser, default: file } of Object.values(manifest.exports)) {
      for (const path of [types, browser, file]) expect(existsSync(join(installed, path)), path).toBe(true);
    }
  });

  it("has no bytes of the kernels in its declarations", () => {
    const types = join(installed, "dist/types");
    const sizes = readdirSync(types, { recursive: true, withFileTypes: true })
      .filter((entry) => entry.isFile())
      .map(({ parentPath, name }) => ({ name, bytes: statSync(join(parentPath, name)).size }));
    expect(sizes.length).toBeGreaterThan(100);
    expect(sizes.filter(({ bytes }) => bytes > 30_000)).toEqual([]);
  });

  it("contains the notice of every package that it bundles, with its licence", async () => {
    const notices = readFileSync(join(installed, "dist/THIRD-PARTY-NOTICES.txt"), "utf8")
      .split(/\n-{80}\n\n/)
      .slice(1);
    const common = {
      absWorkingDir: root,
      ...{ bundle: true, splitting: true, write: false, metafile: true, outdir: "none" },
      format: "esm",
      external: Object.keys(JSON.parse(readFileSync(join(root, "package.json"), "utf8")).peerDependencies),
    } as const;
    const builds = await Promise.all([
      build({ ...common, entryPoints: ["src/cli/main.ts", "src/index.ts"], platform: "node" }),
      build({
        ...{ ...common, entryPoints: ["src/play/page/main.ts"], platform: "browser" },
        ...{ jsx: "automatic", jsxImportSource: "vue", define: { "process.env.NODE_ENV": '"production"' } },
      }),
    ]);
    const bundled = builds
      .flatMap(({ metafile }) => Object.values(metafile!.outputs))
      .flatMap(({ inputs }) => Object.entries(inputs).filter(([, { bytesInOutput }]) => bytesInOutput > 0))
      .flatMap(([path]) => /node_modules\/((?:@[^/]+\/)?[^/]+)\/(?!.*node_modules)/.exec(path)?.[1] ?? []);
    const names = notices.map((notice) => notice.slice(0, notice.indexOf(" ")));
    expect(names.sort()).toEqual([...new Set(bundled)].sort());
    expect(names).toEqual(expect.arrayContaining(["@assemblyscript/loader", "commander"]));
    for (const notice of notices) {
      expect(notice).toMatch(/^\S+ \d+\.\d+\.\d+\S* \((MIT|ISC|BSD-[23]-Clause|Apache-2\.0)\)\n/);
    }
  });
});

describe("in Node", () => {
  it("every entry can be imported, with its classes under their names; testing needs fast-check, its optional peer", () => {
    const testing = write("testing.mjs", 'await import("synaptape/testing");');
    expect(() => run(process.execPath, testing)).toThrow("Cannot find package 'fast-check'");
    project.lend("fast-check");
    const code = `
      for (const name of ${JSON.stringify(project.names)}) {
        const entries = Object.entries(await import(name));
        if (entries.length === 0) throw new Error(name + " exports nothing");
        for (const [key, value] of entries) {
          const isClass = typeof value === "function" && String(value).startsWith("class");
          if (isClass && value.name !== key) throw new Error(key + " of " + name + " calls itself " + value.name);
        }
      }
      const { tensor } = await import("synaptape");
      console.log(tensor([1, 2]).add(1).tanh().shape.join());`;
    expect(run(process.execPath, write("import.mjs", code)).trim()).toBe("2");
  });

  it("without gpu.js, its optional peer, the error on opening a GPU gives the command that installs it", () => {
    const code = `
      const { open } = await import("synaptape/gpu");
      await open().catch(({ name, message }) => console.log(name, message));`;
    expect(run(process.execPath, write("gpu.mjs", code))).toMatch(
      /^GpuUnavailableError .*gpu\.js.* is not installed\. Run: npm install --ignore-scripts gpu\.js@2\.24\.1$/m,
    );
  });

  it("the command line runs, and training on worker threads gives the bits of one thread", () => {
    const bin = join(folder, "node_modules/.bin/synaptape");
    expect(run(bin, "--version").trim()).toBe(manifest.version);
    const train = (workers: number): string => {
      const size = ["--hidden", "12", "--shots", "2", "--queries", "2", "--episodes", "4", "--meta-batch", "2"];
      const where = ["--workers", String(workers), "--json", "--out", `run-${workers}`];
      const last = run(bin, "train", "--preset", "bio", ...size, ...where)
        .trim()
        .split("\n")
        .at(-1) as string;
      expect(JSON.parse(last)).toMatchObject({ done: true, episodes: 4 });
      return JSON.parse(last).ruleHash;
    };
    expect(train(2)).toBe(train(1));
  });
});

describe("the types", () => {
  const consumer = `
    import { type DType, grad, Key, loop, random, scope, type Tensor, tensor, valueAndGrad } from "synaptape";
    import { presets, initialRule, type Rule } from "synaptape/plasticity";
    import { adam, type AdamState } from "synaptape/optim";
    import { activation, dense, network, type Params } from "synaptape/nn";
    import { glyphs, type Dataset } from "synaptape/data";
    import { decodeSafetensors } from "synaptape/io";
    import { defaultTrainConfig, type TrainConfig } from "synaptape/meta";

    const x: Tensor = tensor([1, 2]).add(1).tanh().matmul(random.normal(Key.of(0), [2, 2]));
    const dtype: DType = x.dtype;
    const g: { a: Tensor } = grad(({ a }: { a: Tensor }) => a.square().sum())({ a: x });
    const rule: Rule = initialRule(presets.rcn.config, [4, 3]);
    const state: AdamState<Rule> = adam({ lr: 1e-3 }).init<Rule>(rule);
    const value: number = valueAndGrad((w: Tensor) => loop(3, w, (w) => w.mul(2)).sum())(x).value.item();
    const net = network({ input: [4], layers: [dense(3), activation("relu"), { kind: "flatten" }] });
    const step: Params = grad((p: Params) => net.apply(p, x).sum())(net.init(Key.of(0)));
    const data: Dataset = glyphs();
    const config: TrainConfig = defaultTrainConfig("rcn");
    // @ts-expect-error: a string is no tensor
    x.add("1");
    // @ts-expect-error: a key is no tensor
    x.add(Key.of(0));
    // @ts-expect-error: nor a leaf
    grad((key: Key) => random.normal(key, []))(Key.of(0));
    // @ts-expect-error: a leaf is no string
    grad((p: { a: Tensor; name: string }) => p.a.sum())({ a: x, name: "a" });
    // @ts-expect-error: a scope ends when its function returns
    scope(async () => x);
    // @ts-expect-error: there is no such preset
    defaultTrainConfig("nothing");
    console.log(dtype, g.a, state, value, step, data, config, decodeSafetensors);
  `;

  it.each([
    ["NodeNext", "NodeNext"],
    ["ESNext", "Bundler"],
  ])("resolve for module %s and resolution %s, the declarations themselves checked", (module, moduleResolution) => {
    write("consumer.ts", consumer);
    const compilerOptions = {
      ...{ module, moduleResolution, target: "ES2022", lib: ["ES2022", "DOM"] },
      ...{ strict: true, noEmit: true, skipLibCheck: false, exactOptionalPropertyTypes: true, types: [] },
    };
    const name = `tsconfig.${moduleResolution}.json`;
    write(name, JSON.stringify({ compilerOptions, files: ["consumer.ts"] }));
    expect(() => run(join(root, "node_modules/.bin/tsc"), "-p", name)).not.toThrow();
  });
});

describe("a bundle", () => {
  /** Bundles what a page would write, and fails on every import that is left over but those loaded on demand. */
  const bundle = async (code: string) => {
    const { outputFiles, metafile } = await build({
      stdin: { contents: code, resolveDir: folder },
      ...{ bundle: true, minify: true, write: false, metafile: true, treeShaking: true, splitting: true },
      ...{ format: "esm", platform: "browser", target: "es2022", outdir: folder, external: ["gpu.js", "fast-check"] },
    });
    const imports = Object.values(metafile.outputs).flatMap(({ imports }) => imports);
    return { files: outputFiles, left: imports.filter(({ external }) => external).map(({ path }) => path) };
  };

  it("of all names of the core is within its limit", async () => {
    const { files } = await bundle('export * from "synaptape";');
    const bytes = files.reduce((sum, { contents }) => sum + contents.length, 0);
    const gzipped = files.reduce((sum, { contents }) => sum + gzipSync(contents, { level: 9 }).length, 0);
    console.log(`the core with its WebAssembly: ${bytes} bytes minified, ${gzipped} gzipped (limit ${BUDGET_OF_ALL})`);
    expect(gzipped).toBeLessThan(BUDGET_OF_ALL);
  });

  it("of every entry has no external imports except the optional peers", async () => {
    for (const name of project.names) {
      const { left } = await bundle(`export * from "${name}";`);
      const peers = name === "synaptape/testing" ? ["fast-check"] : ["gpu.js"];
      expect({ name, others: left.filter((path) => !peers.includes(path)) }).toEqual({ name, others: [] });
    }
  });

  it("of a gradient alone is no larger than the core", async () => {
    const { files } = await bundle('export { grad } from "synaptape";');
    const gzipped = files.reduce((sum, { contents }) => sum + gzipSync(contents, { level: 9 }).length, 0);
    console.log(`a gradient alone: ${gzipped} bytes gzipped`);
    expect(gzipped).toBeLessThan(BUDGET);
  });
});

describe.skipIf(missing("Chromium") && !ci)(`in a page (${missing("Chromium") ?? "Chromium"})`, () => {
  // Nothing but `tensor` is imported, so the methods are there only if the bundler believes `sideEffects`.
  const app = `
    import { tensor } from "synaptape";
    done(Array.from(tensor([-1, 0]).add(1).tanh().data()));`;

  it("a module script runs from the unpacked tarball, with an import map and no bundler", async () => {
    const script = `<script type="module">${app}</script>`;
    const map = `<script type="importmap">${importMap(manifest.exports, "/node_modules/synaptape")}</script>`;
    const direct = app.replace('"synaptape"', '"/node_modules/synaptape/dist/index.js"');
    const server = await serve(folder, {
      "/map.html": page(script, map),
      "/direct.html": page(`<script type="module">${direct}</script>`),
    });
    try {
      for (const name of ["map", "direct"]) {
        const { result, lines } = await resultOf("Chromium", `${server.url}/${name}.html`);
        expect(result).toEqual([0, 0.7615941762924194]);
        expect(lines).toEqual([]);
      }
    } finally {
      await server.close();
    }
  });

  it.each([
    ["the core", app, [0, 0.7615941762924194]],
    [
      "a gradient through a lifetime",
      `import { Key, random, tensor, valueAndGrad } from "synaptape";
      import { glyphs } from "synaptape/data";
      import { adam } from "synaptape/optim";
      import { initialRule, initialStart, lifetime, logitsOf, lossOf, presets } from "synaptape/plasticity";
      const { config } = presets.rcn;
      const sizes = [64, 20, 10];
      const images = random.uniform(Key.of(2), [10, 64]);
      const labels = tensor(Int32Array.from({ length: 10 }, (_, i) => i), { dtype: "int32" });
      const rule = initialRule(config, sizes);
      const loss = (rule) => {
        const weights = lifetime(config, rule, initialStart(Key.of(1), sizes), { images, labels });
        return lossOf(logitsOf(weights, images, config.beta), labels);
      };
      const { grad } = valueAndGrad(loss)(rule);
      const next = adam({ lr: 1e-3 }).step(rule, grad, adam({ lr: 1e-3 }).init(rule)).params;
      done([next.P[0].shape.join(), Number.isFinite(next.P[0].data()[0]), glyphs({ perClass: 1 }).classes]);`,
      ["2,7", true, 47],
    ],
  ])("a Vite build runs: %s", async (name, code, expected) => {
    const source = join(folder, `app-${name.replaceAll(" ", "-")}`);
    mkdirSync(source);
    writeFileSync(join(source, "main.js"), code);
    writeFileSync(join(source, "index.html"), page('<script type="module" src="./main.js"></script>'));
    await viteBuild({ root: source, configFile: false, logLevel: "error" });
    const server = await serve(join(source, "dist"));
    try {
      const { result } = await resultOf("Chromium", `${server.url}/index.html`);
      expect(result).toEqual(expected);
    } finally {
      await server.close();
    }
  });
});
