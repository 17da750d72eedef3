// The same code in a page of Chromium, with WebGPU and with WebGL2 on the software driver: the bits of the CPU.
import { existsSync } from "node:fs";
import { resolve } from "node:path";
import { build } from "esbuild";
import { chromium } from "playwright-core";
import { describe, expect, it } from "vitest";
import { leavesOf } from "../../src/core/index.js";
import { tensor, valueAndGrad } from "../../src/index.js";
import { page, serve } from "../engines/server.js";
import { expectAgreement } from "./bits.js";
import { configOf, episode, metaLoss } from "./lives.js";
import { type compute, functions, PAGE_STEPS } from "./page-program.js";

const CHROMIUM = "/usr/bin/chromium";
const here = existsSync(CHROMIUM);
if (!here) {
  const fact = `Chromium is not here: apt-get install -y chromium`;
  if (process.env.CI) throw new Error(fact);
  console.warn(`GPU tests in a page are skipped. ${fact}`);
}

/** What a page in Chromium computes. */
async function inPage(mode: "webgpu" | "webgl2"): Promise<Awaited<ReturnType<typeof compute>>> {
  const { outputFiles } = await build({
    stdin: {
      contents: `import { compute } from "./page-program.ts"; done(compute("${mode}"));`,
      resolveDir: import.meta.dirname,
    },
    absWorkingDir: resolve(import.meta.dirname, "../.."),
    bundle: true,
    format: "esm",
    platform: "browser",
    write: false,
    logLevel: "error",
  });
  const pages = {
    "/page.html": page('<script type="module" src="/program.js"></script>'),
    "/program.js": outputFiles[0].text,
  };
  const server = await serve("/nowhere", pages);
  const browser = await chromium.launch({
    executablePath: CHROMIUM,
    args: [
      ...["--no-sandbox", "--headless", "--disable-quic", "--no-first-run", "--disable-background-networking"],
      ...["--disable-component-update", "--disable-sync", "--enable-unsafe-swiftshader"],
      ...["--enable-unsafe-webgpu", "--use-webgpu-adapter=swiftshader"],
    ],
  });
  try {
    const tab = await browser.newPage();
    // Its script keeps the page from being loaded while it computes, on a busy machine for long.
    await tab.goto(`${server.url}/page.html`, { waitUntil: "commit" });
    await tab.waitForFunction("window.result !== undefined");
    return await tab.evaluate("window.result");
  } finally {
    await browser.close();
    await server.close();
  }
}

describe.skipIf(!here)("a page", () => {
  it.each(["webgpu", "webgl2"] as const)("computes the same on %s as on the CPU", async (mode) => {
    const { backend, adapter, software, blocks, found } = await inPage(mode);
    expect({ backend, blocks }).toEqual({ backend: mode, blocks: 0 });
    expect(adapter).toMatch(/./);
    const expectFound = (name: string, tree: unknown): void => {
      for (const { tensor: wanted, path } of leavesOf("page", tree)) {
        const numbers = found[`${name}.${path}`];
        const got = tensor(Float32Array.from(numbers), { shape: wanted.shape });
        expectAgreement(`${name}.${path} on ${mode}`, got, wanted, software);
      }
    };
    for (const [name, { f, args }] of Object.entries(functions())) expectFound(name, f(...args));
    const config = configOf("chemical");
    const { rule, start, stream, queries } = episode(config, PAGE_STEPS, 0);
    expectFound("life", valueAndGrad(metaLoss(config), { unused: "zero" })(rule, start, stream, queries));
  });
});
