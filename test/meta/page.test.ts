// synaptape/meta in a browser: nothing of Node on the way, and in a page of headless Chromium the bits of Node.
import { execFile } from "node:child_process";
import { existsSync } from "node:fs";
import { mkdtemp, readFile, rm } from "node:fs/promises";
import { createServer, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { tmpdir } from "node:os";
import { dirname, join, relative } from "node:path";
import { promisify } from "node:util";
import { type Browser, chromium } from "playwright-core";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { train } from "../../src/meta/index.js";
import { root, small, tiny } from "./fixtures.js";

/** The modules that `entry` loads at once, and the modules of Node that these import. Imports of types are none. */
async function staticImports(entry: string): Promise<{ modules: string[]; node: string[] }> {
  const modules = new Set<string>();
  const node: string[] = [];
  const visit = async (file: string): Promise<void> => {
    if (modules.has(file)) return;
    modules.add(file);
    const statements = /^(?:import|export)\s(?!type\s)(?:[^;"]*?\sfrom\s+)?"([^"]+)"/gm;
    for (const [, name] of (await readFile(file, "utf8")).matchAll(statements)) {
      if (name.startsWith("node:")) node.push(`${relative(root, file)}: ${name}`);
      if (name.startsWith(".")) await visit(join(dirname(file), name.replace(/\.js$/, ".ts")));
    }
  };
  await visit(join(root, entry));
  return { modules: [...modules].map((file) => relative(root, file)), node };
}

describe("the modules of synaptape/meta", () => {
  it.each(["src/meta/index.ts", "src/meta/episode-worker.ts"])(
    "import nothing from Node when they are loaded: %s",
    async (entry) => {
      const { modules, node } = await staticImports(entry);
      expect(node).toEqual([]);
      expect(modules).toContain("src/core/wasm.ts");
      expect(modules).not.toContain("src/meta/training-folder.ts");
    },
  );

  it("are told apart from modules that do", async () => {
    const { node } = await staticImports("src/runs/node-thread.ts");
    expect(node).toContain("src/runs/node-thread.ts: node:worker_threads");
  });
});

const CHROMIUM = "/usr/bin/chromium";
const run = promisify(execFile);

/** What a page does, with the library beside it. It gives the outcome of a run, or its error. */
const PAGE = `
  import { glyphs } from "./data/index.js";
  import { train } from "./meta/index.js";
  globalThis.run = async (config, options) => {
    const losses = [];
    const onEpisode = ({ loss }) => losses.push(loss);
    try {
      const { ruleHash, episodes } = await train(glyphs({ perClass: 5 }), config, { ...options, onEpisode });
      return { ruleHash, episodes, losses };
    } catch ({ name, message }) {
      return { name, message };
    }
  };
  document.title = "ready";`;

/** Threads that come down the first two times. */
let crashes = 0;
const crashing = (): string => (crashes++ < 2 ? 'throw new Error("ouch")' : 'import "./meta/episode-worker.js"');

/** Serves the library in `folder`, the page, and a worker that crashes; below /isolated/ as to an isolated page. */
function serve(folder: string): Promise<Server> {
  const made: Record<string, () => string> = {
    "index.html": () => '<!doctype html><script type="module" src="page.js"></script>',
    "page.js": () => PAGE,
    "crashing.js": crashing,
  };
  const server = createServer(async ({ url = "" }, response) => {
    const [, area, path] = url.match(/^\/(plain|isolated)\/([\w./-]+)$/) ?? [];
    const body = made[path]?.() ?? (await readFile(join(folder, path ?? "none")).catch(() => undefined));
    response.setHeader("content-type", path?.endsWith(".html") ? "text/html" : "text/javascript");
    response.setHeader("cache-control", "no-store");
    if (area === "isolated") {
      response.setHeader("cross-origin-opener-policy", "same-origin");
      response.setHeader("cross-origin-embedder-policy", "require-corp");
    }
    response.writeHead(body === undefined ? 404 : 200).end(body);
  });
  return new Promise((resolve) => server.listen(0, "127.0.0.1", () => resolve(server)));
}

// Without the browser this is skipped, but not where all must be checked.
describe.skipIf(!existsSync(CHROMIUM) && process.env.CI !== "true")(`a page of ${CHROMIUM}`, () => {
  const config = { ...tiny, shots: 2, episodes: 4, metaBatch: 2 };
  let folder: string;
  let server: Server;
  let browser: Browser;
  let expected: unknown;

  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), "synaptape-page-"));
    await run(process.execPath, ["src/build.mjs", folder], { cwd: root });
    server = await serve(folder);
    const quiet = ["extensions", "background-networking", "component-update", "sync", "quic", "gpu"];
    const flags = ["--no-sandbox", "--no-first-run", ...quiet.map((name) => `--disable-${name}`)];
    browser = await chromium.launch({ executablePath: CHROMIUM, args: flags });
    const losses: number[] = [];
    const { ruleHash, episodes } = await train(small, config, { workers: 1, onEpisode: (r) => losses.push(r.loss) });
    expected = { ruleHash, episodes, losses };
  });
  afterAll(async () => {
    await browser?.close();
    server?.close();
    await rm(folder, { recursive: true, force: true });
  });

  const at = (path: string, host = "127.0.0.1"): string =>
    `http://${host}:${(server.address() as AddressInfo).port}/${path}`;

  /** Trains in a new page, and gives the outcome with what the page complained of. */
  async function inPage(options: Record<string, unknown>, area = "plain"): Promise<unknown> {
    const page = await browser.newPage();
    try {
      const complaints: string[] = [];
      page.on("pageerror", (error) => complaints.push(String(error)));
      await page.goto(at(`${area}/index.html`));
      await page.waitForFunction("document.title === 'ready'");
      const isolated = await page.evaluate("crossOriginIsolated");
      expect(isolated).toBe(area === "isolated");
      const outcome = await page.evaluate(`run(${JSON.stringify(config)}, ${JSON.stringify(options)})`);
      expect(complaints).toEqual([]);
      return outcome;
    } finally {
      await page.close();
    }
  }

  it.each([
    [1, "plain"],
    [2, "plain"],
    [2, "isolated"],
  ])("trains with %i workers and gets the bits of Node: %s", async (workers, area) => {
    expect(await inPage({ workers }, area)).toEqual(expected);
  });

  it("runs an episode again if its worker died", async () => {
    expect(await inPage({ workers: 2, workerEntry: at("plain/crashing.js") })).toEqual(expected);
    expect(crashes).toBe(4);
  });

  it("says what it cannot do, and what to do instead", async () => {
    const cure = "Serve it from the page's origin and give its address as `workerEntry`, or set `workers` to 1.";
    const refusal = (workerEntry: string) => inPage({ workers: 2, workerEntry });
    const missing = at("plain/none.js");
    expect(await refusal(missing)).toEqual({
      name: "InputError",
      message: `[workers] ${missing} cannot be run as a worker: it cannot be loaded. ${cure}`,
    });
    const elsewhere = at("plain/meta/episode-worker.js", "localhost");
    const message = expect.stringMatching(
      /^\[workers\] http:\/\/localhost.* cannot be run as a worker: Failed .* Serve/,
    );
    expect(await refusal(elsewhere)).toEqual({ name: "InputError", message });
    expect(await inPage({ workers: 1, out: "runs/one" })).toMatchObject({
      name: "InputError",
      message: expect.stringMatching(/^\[run\] a page has no folders .* Leave out `out`/),
    });
  });
});
