// The same episodes in a page of headless Chromium.
import { build } from "esbuild";
import { chromium } from "playwright-core";
import type { Episodes } from "./episodes.js";

/** Runs them there; undefined where there is no Chromium. */
export async function episodesInPage(warmUp: number, count: number): Promise<Episodes | undefined> {
  const { outputFiles } = await build({
    entryPoints: ["bench/scale/episodes.ts"],
    ...{ bundle: true, write: false, format: "esm", platform: "neutral", target: "es2022", external: ["node:*"] },
  });
  const browser = await chromium
    .launch({ executablePath: "/usr/bin/chromium", args: ["--no-sandbox"] })
    .catch(() => undefined);
  if (!browser) return undefined;
  try {
    const page = await browser.newPage();
    await page.addScriptTag({ content: outputFiles[0].text, type: "module" });
    await page.waitForFunction("globalThis.synaptapeEpisodes");
    return (await page.evaluate(`globalThis.synaptapeEpisodes(${warmUp}, ${count})`)) as Episodes;
  } finally {
    await browser.close();
  }
}
