// Builds the playground: pages with their workers, which load what they share, and what keeps all of it for when there is no
// network.
import { copyFileSync, rmSync } from "node:fs";
import { join, relative } from "node:path";
import { build } from "esbuild";

/** The pages. */
const PAGES = ["index.html", "explore.html"];
/** The scripts that run in them: their own, which share what draws them, and those of their workers. */
const SCRIPTS = [
  { page: "page/main.ts", explore: "page/explore/main.ts" },
  ...[{ worker: "worker.ts" }, { learner: "learn/worker.ts" }, { explorer: "explore/worker.ts" }],
];

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
  // Each worker is built by itself: what it shares with another one would otherwise drag in what only that needs.
  const results = await Promise.all(
    SCRIPTS.map((scripts) =>
      build({
        ...options,
        entryPoints: Object.entries(scripts).map(([out, source]) => ({ in: join(root, "src/play", source), out })),
        splitting: true,
        chunkNames: "[name]-[hash]",
        jsx: "automatic",
        jsxImportSource: "vue",
      }),
    ),
  );
  const style = await build({ ...options, entryPoints: [{ in: join(page, "page.css"), out: "page" }] });
  for (const name of PAGES) copyFileSync(join(page, name), join(out, name));
  const made = [...results, style].flatMap(({ metafile }) => Object.keys(metafile.outputs));
  const files = [...new Set(made)].map((file) => relative(out, join(root, file)));
  await build({
    ...options,
    entryPoints: { sw: "src/play/sw.ts" },
    define: { ...options.define, FILES: JSON.stringify(["./", "explore.html", ...files]) },
  });
  return results;
}
