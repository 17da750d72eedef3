// Builds what the package ships, into dist/: the library for Node and everything else, once more for bundlers of pages
// (the `browser` condition of package.json), the command line, and the notices of what is bundled into them. The types
// are tsc's. `node src/build.mjs [FOLDER]`; the kernels must be there (assembly/build.mjs).
import { existsSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { join, relative, resolve } from "node:path";
import { build } from "esbuild";
import { buildPlayground } from "./play/build.mjs";

const root = resolve(import.meta.dirname, "..");
const out = resolve(process.argv[2] ?? join(root, "dist"));
const { exports, peerDependencies, version } = JSON.parse(readFileSync(join(root, "package.json"), "utf8"));

/** The source of a built file: `./dist/nn/index.js` comes from `src/nn/index.ts`. */
const sourceOf = (file) => file.replace(/^\.\/dist\//, "src/").replace(/\.js$/, ".ts");

/** What is built beside the entries of package.json: the code of threads, which is loaded by its address. */
const WORKERS = ["src/meta/episode-worker.ts", "src/runs/cell-worker.ts", "src/studies/study-worker.ts"];

const library = {
  absWorkingDir: root,
  entryPoints: [...Object.values(exports).map((entry) => sourceOf(entry.default)), ...WORKERS],
  outbase: "src",
  bundle: true,
  splitting: true,
  metafile: true,
  format: "esm",
  platform: "neutral",
  mainFields: ["module", "main"],
  target: "es2022",
  chunkNames: "chunks/[name]-[hash]",
  external: Object.keys(peerDependencies),
  logLevel: "warning",
};

/**
 * A page has no module of Node. What imports one, and is loaded on demand and only in Node, ends here in an error; of the
 * rest of such a module nothing is left.
 */
const withoutNode = {
  name: "without-node",
  setup(build) {
    const absent = (what) => ({
      contents: `throw new Error("[synaptape] ${what} is not in the build for pages; it needs Node.");`,
    });
    build.onResolve({ filter: /^node:/ }, ({ path }) => ({ path, namespace: "node" }));
    build.onLoad({ filter: /.*/, namespace: "node" }, ({ path }) => absent(path));
    build.onLoad({ filter: /src\/.*\.ts$/ }, ({ path }) =>
      /^(import|export) [^;]* from "node:/m.test(readFileSync(path, "utf8")) ? absent(relative(root, path)) : undefined,
    );
  },
};

rmSync(out, { recursive: true, force: true });
const everywhere = await build({ ...library, external: [...library.external, "node:*"], outdir: out });
const pages = await build({
  ...library,
  outdir: join(out, "browser"),
  define: { "globalThis.process": "undefined" },
  plugins: [withoutNode],
});
const commandLine = await build({
  absWorkingDir: root,
  entryPoints: ["src/cli/main.ts"],
  outdir: join(out, "cli"),
  bundle: true,
  // A command reads its own modules only: of all in one file, --version took 410 ms, now 330.
  splitting: true,
  chunkNames: "[name]-[hash]",
  metafile: true,
  format: "esm",
  platform: "node",
  target: "node20",
  external: library.external,
  // commander and cli-progress are CommonJS and call require.
  banner: {
    js: "import { createRequire as requireFrom } from 'node:module'; const require = requireFrom(import.meta.url);",
  },
  logLevel: "warning",
});

/** What the command line serves to browsers: everything in one file for each script of a page. */
const served = {
  absWorkingDir: root,
  bundle: true,
  minify: true,
  metafile: true,
  format: "esm",
  platform: "browser",
  target: "es2022",
  logLevel: "warning",
};

/** What the page of `watch` runs in a browser. */
const watchPage = await build({
  ...served,
  entryPoints: ["src/cli/watch-page.ts"],
  outfile: join(out, "cli", "watch-page.js"),
});

const playground = await buildPlayground({
  root,
  out: join(out, "play"),
  version,
  shared: { ...served, plugins: [withoutNode] },
});

/** The folders of the packages that these builds took code from, by package name. */
function packagesOf(results) {
  const folders = new Map();
  const inputs = results.flatMap(({ metafile }) =>
    Object.values(metafile.outputs).flatMap(({ inputs }) =>
      Object.keys(inputs).filter((name) => inputs[name].bytesInOutput > 0),
    ),
  );
  for (const input of inputs) {
    const name = /^.*node_modules\/((?:@[^/]+\/)?[^/]+)/.exec(input);
    if (name) folders.set(name[1], join(root, name[0]));
  }
  return [...folders].sort(([a], [b]) => (a < b ? -1 : 1));
}

/** One package's notice: what it is, under which licence, and the licence's text as the package ships it. */
function noticeOf([name, folder]) {
  const { version, license, author, homepage } = JSON.parse(readFileSync(join(folder, "package.json"), "utf8"));
  const file = readdirSync(folder).find((entry) => /^(licen[cs]e|copying)/i.test(entry));
  if (!license) throw new Error(`[build] ${name} states no licence; it cannot be bundled.`);
  const by = typeof author === "string" ? author : author?.name;
  const text = file ? readFileSync(join(folder, file), "utf8").trim() : `Licence: ${license}${by ? `, by ${by}` : ""}.`;
  return `${name} ${version} (${license})${homepage ? `\n${homepage}` : ""}\n\n${text}\n`;
}

const notices = packagesOf([everywhere, pages, commandLine, watchPage, ...playground]).map(noticeOf);
const line = `\n${"-".repeat(80)}\n\n`;
writeFileSync(
  join(out, "THIRD-PARTY-NOTICES.txt"),
  ["Synaptape contains code of the following packages, bundled into its files.\n", ...notices].join(line),
);

/** Every import of a module of Node that a page's bundler could reach would be a fault of this build. */
for (const [file, { imports }] of Object.entries(pages.metafile.outputs)) {
  const left = imports.find(({ path }) => path.startsWith("node:"));
  if (left) throw new Error(`[build] ${file} still imports ${left.path}.`);
}
for (const entry of Object.values(exports)) {
  for (const file of [entry.browser, entry.default]) {
    const built = join(out, relative("dist", file));
    if (!existsSync(built)) throw new Error(`[build] package.json names ${file}, which was not built.`);
  }
}
