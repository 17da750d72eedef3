// `watch`: a real server and a real browser. It shows the named runs and nothing else, to this machine only.

import { mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { request } from "node:http";
import { join } from "node:path";
import { type Browser, chromium } from "playwright-core";
import { afterAll, beforeAll, describe, expect, it, vi } from "vitest";
import type { News, Point } from "../../src/cli/watched-run.js";
import { movingAverage, WINDOWS } from "../../src/studies/index.js";
import { commandLine, objects, type Running, TINY } from "./fixtures.js";

const { folder, run, start } = commandLine();
/** A folder whose name would be a script if it were put into the page as HTML. */
const HOSTILE = "<img src=x onerror=document.title='taken'>";

let server: Running;
let browser: Browser;
let url = "";

beforeAll(async () => {
  await run("train", ...TINY, "--preset", "bio", "--episodes", "30", "--out", "calm");
  await run("train", ...TINY, "--preset", "bio", "--episodes", "30", "--lr", "0.05", "--out", HOSTILE);
  mkdirSync(join(folder, "broken"));
  for (const name of ["config.json", "checkpoint.safetensors"]) writeFileSync(join(folder, "broken", name), "{");
  server = start(["watch", "calm", HOSTILE, "broken", "--json"]);
  let said = "";
  server.process.stdout?.on("data", (text: string) => {
    said += text;
  });
  await server.lines(1);
  url = objects(said)[0].url as string;
  browser = await chromium.launch({ executablePath: "/usr/bin/chromium", args: ["--no-sandbox", "--disable-gpu"] });
}, 60_000);

afterAll(async () => {
  await browser?.close();
  server?.process.kill("SIGINT");
  await server?.ended;
});

/** The status of a request that is sent as it stands, which `fetch` would tidy up. */
const status = (path: string, { method = "GET", host = "127.0.0.1" } = {}): Promise<number | undefined> =>
  new Promise((done, failed) => {
    const { port } = new URL(url);
    const asked = request({ port, path, method, host: "127.0.0.1", headers: { Host: host } }, (answer) => {
      answer.destroy();
      done(answer.statusCode);
    });
    asked.on("error", failed).end();
  });

describe("watch", () => {
  it("serves its own three files to this machine, and no path of the disk", async () => {
    expect(new URL(url).hostname).toBe("127.0.0.1");
    const { headers } = await fetch(url);
    expect(headers.get("content-security-policy")).toMatch(/^default-src 'none'; script-src 'self';/);
    for (const path of ["/", "/page.js", "/page.css"]) expect(await status(path), path).toBe(200);
    const others = [
      "/config.json",
      "/calm/config.json",
      "/../calm/config.json",
      "/%2e%2e/calm/config.json",
      "//etc/passwd",
    ];
    for (const path of [...others, "/page.js/..", "/?/etc/passwd"]) expect(await status(path), path).toBe(404);
    for (const method of ["POST", "PUT", "DELETE"]) expect(await status("/", { method }), method).toBe(405);
    for (const host of ["evil.example", "127.0.0.1.evil.example"]) expect(await status("/", { host }), host).toBe(403);
  });

  it.each([390, 1280])(
    "shows curves, differences and problems at %d pixels, runs no script of a name, and follows",
    async (width) => {
      const page = await browser.newPage({ viewport: { width, height: 900 } });
      const complaints: string[] = [];
      page.on("console", (message) => message.type() === "error" && complaints.push(message.text()));
      page.on("pageerror", (error) => complaints.push(error.message));
      await page.goto(url);
      await page.waitForSelector("#accuracy svg [aria-label=line] path");
      const words = await page.textContent("main");
      expect(words).toContain("calm: 30 of 30 episodes");
      expect(words).toContain(HOSTILE);
      expect(words).toMatch(/broken: .*config\.json/);
      expect(await page.textContent("#differences")).toMatch(/learningRate.*0\.001.*0\.05/);
      expect(await page.textContent("#load")).toMatch(/cores busy/);
      // A run that has ended has one value of each coefficient, which a line alone would not show.
      expect(await page.locator("#coefficients [aria-label=dot] circle").count()).toBeGreaterThan(2);
      await page.waitForFunction(() => document.querySelectorAll("#answers h3").length === 2);
      expect(await page.textContent("#answers")).toMatch(/calm: after 30 episodes, \d+ % right/);
      const broken = () =>
        [...document.images].filter(({ complete, naturalWidth }) => !complete || naturalWidth === 0).length;
      expect([await page.locator("#answers img").count(), await page.evaluate(broken)]).toEqual([20, 0]);
      expect(await page.title()).toBe("Synaptape: runs");
      expect(await page.evaluate(() => document.documentElement.scrollWidth)).toBeLessThanOrEqual(width);

      const {
        x,
        y,
        width: wide,
      } = (await page.locator("#accuracy").boundingBox()) as { x: number; y: number; width: number };
      await page.mouse.move(x + wide / 2, y + 100);
      await page.waitForFunction(() =>
        /episode/.test(document.querySelector("#accuracy [aria-label=tip]")?.textContent ?? ""),
      );
      await page.mouse.down();
      await page.mouse.move(x + 0.8 * wide, y + 100);
      await page.mouse.up();
      const ticks = () => page.locator("#loss [aria-label='x-axis tick label']").textContent();
      const near = await ticks();
      await page.click("#whole");
      expect(await ticks()).not.toBe(near);
      if (process.env.SCREENSHOTS)
        await page.screenshot({ path: `${process.env.SCREENSHOTS}/watch-${width}.png`, fullPage: true });

      if (width === 1280) {
        const config = join(folder, "calm", "config.json");
        writeFileSync(config, readFileSync(config, "utf8").replace(/"episodes": \d+/, '"episodes": 40'));
        expect((await run("train", "--resume", "calm", "--workers", "1")).code).toBe(0);
        await page.waitForFunction(() => document.body.textContent?.includes("calm: 40 of 40 episodes"));
      }
      expect(complaints).toEqual([]);
      await page.close();
    },
  );

  it("tells a page all that is known, and then only what is new, as the averages that reports draw", async () => {
    const { port } = new URL(url);
    const told: { news: (News | null)[] }[] = [];
    const stream = request({ port, path: "/events", host: "127.0.0.1" }, (answer) => {
      let rest = "";
      answer.setEncoding("utf8").on("data", (text: string) => {
        const events = (rest + text).split("\n\n");
        rest = events.pop() as string;
        for (const event of events)
          if (event.startsWith("event: news")) told.push(JSON.parse(event.split("data: ")[1]));
      });
    });
    stream.on("error", () => {}).end();
    await vi.waitUntil(() => told.length === 1, { timeout: 20_000 });
    const config = join(folder, "calm", "config.json");
    writeFileSync(config, readFileSync(config, "utf8").replace(/"episodes": \d+/, '"episodes": 45'));
    expect((await run("train", "--resume", "calm", "--workers", "1")).code).toBe(0);
    const last = (): News[] => told.flatMap(({ news }) => news[0] ?? []);
    await vi.waitUntil(() => last().some(({ points }) => points.at(-1)?.episode === 45), { timeout: 20_000 });
    stream.destroy();
    const points: Point[] = [];
    for (const { keep, points: more } of last()) {
      expect(keep).toBe(points.length); // nothing is told twice
      points.push(...more);
    }
    const metrics = readFileSync(join(folder, "calm", "metrics.jsonl"), "utf8")
      .trim()
      .split("\n");
    const reports = metrics.map((line) => JSON.parse(line) as { loss: number; accuracy: number });
    for (const part of ["loss", "accuracy"] as const) {
      const drawn = movingAverage(
        reports.map((report) => report[part]),
        WINDOWS.report,
      );
      expect(points.map((point) => point[part])).toEqual(drawn);
    }
  });
});
