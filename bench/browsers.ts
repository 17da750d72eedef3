// The workloads in Chromium, in pages that are isolated across origins, so that jax-js and TensorFlow.js may use threads. Each
// side has a page of its own, and they take turns. Below them, a meta-batch of ours in one thread and in web workers.
import { existsSync } from "node:fs";
import { mkdir, rm, symlink } from "node:fs/promises";
import { resolve } from "node:path";
import { build } from "esbuild";
import { type Browser, chromium, type Page } from "playwright-core";
import { page, serve } from "../test/engines/server.js";
import { type Bench, figure, type Row } from "./harness.js";

const BUILT = "build/bench-browsers";
const ISOLATED = { "cross-origin-opener-policy": "same-origin", "cross-origin-embedder-policy": "require-corp" };
const CHROMIUM = "/usr/bin/chromium";
const TFJS = "/peers/@tensorflow/tfjs/dist/tf.min.js";
const TFJS_WASM = "/peers/@tensorflow/tfjs-backend-wasm/dist/tf-backend-wasm.min.js";

/** The workload, the name of its number, the number, how often each side has its turn, and the peers. */
type Event = readonly [work: string, unit: string, size: number, rounds: number, peers: readonly Side[]];
type Side = "ours" | "tfjs" | "jax-js";

// tfjs runs out of memory with five chemicals; jax-js needs a quarter of a minute to trace a lifetime, so it runs only one.
const events: readonly Event[] = [
  ["lifetime", "chemicals", 1, 3, ["tfjs"]],
  ["lifetime", "chemicals", 2, 3, ["tfjs", "jax-js"]],
  ["small-loop", "steps", 50, 10, ["tfjs", "jax-js"]],
  ...[64, 256, 1024].map((n): Event => ["matmul", "n", n, 10, ["tfjs", "jax-js"]]),
];

/** The modules of the pages, that of our workers, and the peers' own files. */
async function bundle(): Promise<void> {
  await rm(BUILT, { recursive: true, force: true });
  await mkdir(BUILT, { recursive: true });
  await symlink(resolve("bench/peers/node_modules"), `${BUILT}/peers`);
  await build({
    entryPoints: [
      ...["bench/browsers/ours.ts", "bench/browsers/jax-js.mjs", "bench/browsers/tfjs.mjs"],
      "src/meta/episode-worker.ts",
    ],
    ...{ outdir: `${BUILT}/ours`, outbase: ".", bundle: true, splitting: true, format: "esm", platform: "browser" },
    ...{ target: "es2022", external: ["node:*"], logLevel: "warning", nodePaths: ["bench/peers/node_modules"] },
  });
}

async function measureIn(side: Page, work: string, size: number): Promise<number> {
  await side.bringToFront();
  return side.evaluate(`measure(${JSON.stringify(work)}, ${size})`);
}

/** A page with what its side needs. */
async function open(browser: Browser, url: string, side: Side): Promise<Page> {
  const opened = await (await browser.newContext()).newPage();
  opened.on("pageerror", (error) => console.error(`bench: ${side}: ${error.message}`));
  await opened.goto(`${url}/${side}.html`);
  await opened.waitForFunction("globalThis.measure");
  console.error(`bench: ${side}: ${JSON.stringify(await opened.evaluate("about"))}`);
  return opened;
}

async function* race(pages: ReadonlyMap<Side, Page>): AsyncGenerator<Row> {
  for (const [work, unit, size, rounds, peers] of events) {
    const sides = (["ours", ...peers] as const).filter((side) => pages.has(side));
    const best = new Map<Side, number>(sides.map((side) => [side, Number.POSITIVE_INFINITY]));
    for (let round = 0; round < rounds; round++) {
      for (const side of best.keys()) {
        try {
          const ms = await measureIn(pages.get(side)!, work, size);
          best.set(side, Math.min(ms, best.get(side)!));
        } catch (error) {
          best.delete(side);
          console.error(`bench: ${side} is left out of ${work} ${size}: ${String(error).split("\n")[0]}`);
        }
      }
    }
    const ours = best.get("ours");
    for (const peer of peers) {
      const theirs = best.get(peer);
      if (!ours || !theirs) continue;
      const times = { ours: figure(ours), theirs: figure(theirs), ratio: figure(theirs / ours) };
      yield { bench: "browsers", work, [unit]: size, peer, ...times };
    }
  }
}

export const browsersBench: Bench = async function* () {
  if (!existsSync(CHROMIUM)) {
    console.error("bench: the browsers are left out, since there is no Chromium: apt-get install -y chromium");
    return;
  }
  if (!existsSync("bench/peers/node_modules")) {
    console.error("bench: the peers are not installed: npm ci --prefix bench/peers");
    return;
  }
  await bundle();
  const own = (side: Side): string => `<script type="module" src="/ours/bench/browsers/${side}.js"></script>`;
  const scripts = `<script src="${TFJS}"></script><script src="${TFJS_WASM}"></script>`;
  const pages = { "/ours.html": page(own("ours")), "/jax-js.html": page(own("jax-js")) };
  const built = await serve(BUILT, { ...pages, "/tfjs.html": page(own("tfjs"), scripts) }, ISOLATED);
  const browser = await chromium.launch({ executablePath: CHROMIUM, args: ["--no-sandbox"] });
  try {
    const opened = new Map<Side, Page>();
    for (const side of ["ours", "tfjs", "jax-js"] as const) opened.set(side, await open(browser, built.url, side));
    yield* race(opened);
    const alone: number = await opened.get("ours")!.evaluate("metaBatch(1)");
    const shared: number = await opened.get("ours")!.evaluate("metaBatch(2)");
    const speedup = figure(alone / shared);
    yield { bench: "browsers", work: "meta-batch", oneThread: figure(alone), twoWorkers: figure(shared), speedup };
  } finally {
    await browser.close();
    await built.close();
  }
};
