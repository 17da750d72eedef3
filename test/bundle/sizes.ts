// npm run sizes: what a page pays for each entry of the package, as a table of Markdown: all its names, minified, and gzipped,
// with the WebAssembly that they need. CI adds it to its summary; test/bundle holds the limits.
import { readFileSync } from "node:fs";
import { join, resolve } from "node:path";
import { gzipSync } from "node:zlib";
import { build } from "esbuild";

const root = resolve(import.meta.dirname, "../..");
const { exports, peerDependencies } = JSON.parse(readFileSync(join(root, "package.json"), "utf8")) as {
  exports: Record<string, { browser: string }>;
  peerDependencies: Record<string, string>;
};

/** Bytes of what a page with this code loads at first and on demand. */
async function sizeOf(code: string): Promise<{ minified: number; gzipped: number }> {
  const { outputFiles } = await build({
    stdin: { contents: code, resolveDir: root },
    ...{ bundle: true, minify: true, write: false, splitting: true, format: "esm", platform: "browser" },
    ...{ target: "es2022", outdir: root, external: Object.keys(peerDependencies), logLevel: "error" },
  });
  return {
    minified: outputFiles.reduce((sum, { contents }) => sum + contents.length, 0),
    gzipped: outputFiles.reduce((sum, { contents }) => sum + gzipSync(contents, { level: 9 }).length, 0),
  };
}

const rows: (readonly [what: string, code: string])[] = [
  ["a gradient alone", `export { grad } from "${exports["."].browser}";`],
  ...Object.entries(exports).map(
    ([name, { browser }]) => [`synaptape${name.slice(1)}`, `export * from "${browser}";`] as const,
  ),
];
console.log("| bundle | minified, bytes | gzipped, bytes |\n| --- | ---: | ---: |");
for (const [what, code] of rows) {
  const { minified, gzipped } = await sizeOf(code);
  console.log(`| ${what} | ${minified.toLocaleString("en")} | ${gzipped.toLocaleString("en")} |`);
}
