// Builds the playground: a page with its workers, which load what they share, and what keeps all of it for when there is no
// network.
import { copyFileSync, rmSync } from "node:fs";
import { join, relative } from "node:path";
import { build } from "esbuild";

/** The scripts that run in a page: the page's own, and those of its workers. */
const SCRIPTS = { page: "page/main.ts", worker: "worker.ts", learner: "learn/worker.ts" };

/**
 * Builds it.
 *
 * @param out the folder.
 * @param version of the package.
 * @param shared options of esbuild that it shares with other pages.
 * @returns esbuild's results for the page and its workers.
 */
export async function buildPlayground({ root, out, version, shared }) {
  const page = join(root, "src/play/page");
  const options = {
    ...shared,
    outdir: out,
    define: {
      "globalThis.process": "undefined",
      "process.env.NODE_ENV": '"production"',
      __VUE_OPTIONS_API__: "false",
      __VUE_PROD_DEVTOOLS__: "false",
      __VUE_PROD_HYDRATION_MISMATCH_DETAILS__: "false",
      VERSION: JSON.stringify(version),
    },
  };
  rmSync(out, { recursive: true, force: true });
  // Each script is built by itself: what a worker shares with another one would otherwise drag in what only that needs.
  const results = await Promise.all(
    Object.entries(SCRIPTS).map(([name, source]) =>
      build({
        ...options,
        entryPoints: [{ in: join(root, "src/play", source), out: name }],
        splitting: true,
        chunkNames: "[name]-[hash]",
        jsx: "automatic",
        jsxImportSource: "vue",
      }),
    ),
  );
  const style = await build({ ...options, entryPoints: [{ in: join(page, "page.css"), out: "page" }] });
  copyFileSync(join(page, "index.html"), join(out, "index.html"));
  const made = [...results, style].flatMap(({ metafile }) => Object.keys(metafile.outputs));
  const files = [...new Set(made)].map((file) => relative(out, join(root, file)));
  await build({
    ...options,
    entryPoints: { sw: "src/play/sw.ts" },
    define: { ...options.define, FILES: JSON.stringify(["./", ...files]) },
  });
  return results;
}
