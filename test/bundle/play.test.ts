// The playground as it is packed, in real browsers: somebody draws, plays, changes the rule and shares; whoever opens the
// address sees the same numbers, and the copied program gives them to Node.
import { execFile } from "node:child_process";
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { promisify } from "node:util";
import { gzipSync } from "node:zlib";
import type { Page } from "playwright-core";
import puppeteer from "puppeteer-core";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { decodeRule, keptRules, ruleHash } from "../../src/meta/index.js";
import { missing, program } from "../engines/browsers.js";
import { copied, moment, type Playground, root, servePlayground } from "./playground.js";

const run = promisify(execFile);
/** Episodes of a training: so many that one can wait before it ends. */
const EPISODES = 100;

let playground: Playground;
const open: Playground["open"] = (...given) => playground.open(...given);

beforeAll(async () => {
  playground = await servePlayground();
});
afterAll(() => playground?.end());

async function draw(page: Page): Promise<void> {
  await page.locator(".draw").first().click();
  const { x, y } = (await page.locator(".pad canvas").boundingBox())!;
  await page.mouse.move(x + 40, y + 40);
  await page.mouse.down();
  for (const [dx, dy] of [
    [120, 200],
    [200, 40],
    [60, 120],
  ])
    await page.mouse.move(x + dx, y + dy, { steps: 5 });
  await page.mouse.up();
  await page.getByRole("button", { name: "Use it" }).click();
  await page.waitForFunction(() => document.querySelector<HTMLSelectElement>(".characters select")?.value === "");
}

/** The hash with which a copied program ends in Node, with the package as it is built. */
async function ended(program: string): Promise<string | undefined> {
  const folder = mkdtempSync(join(tmpdir(), "synaptape-play-"));
  mkdirSync(join(folder, "node_modules"));
  await run("ln", ["-s", root, join(folder, "node_modules/synaptape")]);
  writeFileSync(join(folder, "life.mjs"), program);
  const { stdout } = await run(process.execPath, [join(folder, "life.mjs")]);
  rmSync(folder, { recursive: true });
  return stdout.trim().split("\n").at(-1);
}

describe("the playground", () => {
  let address = "";
  let hash = "";
  let learned = "";

  it("draws, plays, follows a slider at once, shares, and opens to the same numbers", async () => {
    const page = await open();
    await draw(page);
    await page.click("#play");
    await page.waitForFunction(() => Number(document.querySelector<HTMLInputElement>("#moment")?.value) >= 12);
    await page.click("#play");
    const at = await moment(page);
    const before = await copied(page);
    await page.getByLabel("P: how strongly each motif drives a chemical, chemical 1, F0").fill("0.9");
    await page.waitForSelector("#before");
    expect(await moment(page)).toBe(at);
    const after = await copied(page);
    await expect.poll(async () => (await copied(page)).hash).not.toBe(before.hash);
    expect(after.text).toContain("drawings(");
    await page.click("#rewind");
    await expect.poll(() => moment(page)).toBe(0);
    await page.locator("#moment").fill(String(at));
    await expect.poll(() => moment(page)).toBe(at);
    ({ hash } = await copied(page));
    await page.click("#share");
    address = new URL(await page.inputValue("#address")).hash;
    const accuracy = await page.textContent("#accuracy");

    const other = await open(address);
    expect(await moment(other)).toBe(at);
    expect(await other.textContent("#accuracy")).toBe(accuracy);
    const found = await copied(other);
    expect(found.hash).toBe(hash);

    expect(await ended(found.text)).toBe(hash);
    expect(playground.complaints).toEqual([]);
    await Promise.all([page.close(), other.close()]);
  });

  it.each(keptRules)(
    "shows the kept rule $name at work, alike in a page, without a network, and in Node",
    async ({ name }) => {
      const context = await playground.browser.newContext();
      const page = await context.newPage();
      page.on("pageerror", (error) => playground.complaints.push(error.message));
      await page.goto(playground.url);
      await page.waitForSelector("#accuracy");
      await page.evaluate(() => navigator.serviceWorker.ready);
      await context.setOffline(true);
      await page.reload();
      await page.waitForSelector("#accuracy");
      await page.selectOption("#preset", name);
      await page.locator("#kept").getByText(name).waitFor();
      await page.locator("#moment").fill("30");
      await expect.poll(() => moment(page)).toBe(30);
      const { hash: here, text } = await copied(page);
      expect(text).toContain(`keptRule("${name}")`);
      await page.click("#share");
      const shared = new URL(await page.inputValue("#address")).hash;
      await context.close();

      const other = await open(shared);
      expect(await other.inputValue("#preset")).toBe(name);
      expect((await copied(other)).hash).toBe(here);
      expect(await ended(text)).toBe(here);
      expect(playground.complaints).toEqual([]);
      await other.close();
    },
  );

  it("says in a sentence that a kept rule does not fit the network", async () => {
    const page = await open();
    await page.selectOption("#preset", "rcn-layer-emnist");
    await page.waitForSelector("#kept");
    const { hash } = await copied(page);
    await page.getByLabel("Hidden layers").fill("64, 32");
    await page.keyboard.press("Tab");
    await page.getByRole("alert").getByText("does not fit a network of 784-64-32-5 units").waitFor();
    expect(await page.inputValue("#preset")).toBe("rcn-layer-emnist");
    expect((await copied(page)).hash).toBe(hash);
    await page.close();
  });

  it("learns a rule beside the life, waits and goes on, and ends with the hash of the command that it shows", async () => {
    const page = await open();
    await page.fill("#learn-shots", "2");
    await page.fill("#learn-episodes", String(EPISODES));
    await page.click("#learn");
    await page.click("#play");
    await page.waitForFunction(() => /task [1-9]/.test(document.querySelector("#progress")?.textContent ?? ""));
    await page.click("#pause-learning");
    await page.waitForSelector("#go-on");
    const paused = Number(/task (\d+) of/.exec((await page.textContent("#progress")) as string)?.[1]);
    expect(await page.textContent("#command")).toMatch(new RegExp(`--episodes ${paused}$`));
    await expect.poll(() => moment(page)).toBeGreaterThan(2);
    await page.focus("#go-on");
    await page.keyboard.press("Enter");
    await page.getByText(`A rule has been learned in ${EPISODES} episodes.`).waitFor();
    const learnedHash = (await page.textContent("#rule-hash")) as string;
    const command = (await page.textContent("#command")) as string;
    expect(command).toMatch(new RegExp(`^npx synaptape train --preset rcn .*--shots 2 --episodes ${EPISODES}$`));
    const folder = mkdtempSync(join(tmpdir(), "synaptape-play-"));
    const words = [...command.split(" ").slice(2), "--json", "--out", join(folder, "run")];
    const { stdout } = await run(process.execPath, [join(root, "dist/cli/main.js"), ...words]);
    rmSync(folder, { recursive: true });
    expect(JSON.parse(stdout.trim().split("\n").at(-1) as string)).toMatchObject({ done: true, ruleHash: learnedHash });

    await page.getByLabel("Tasks", { exact: true }).fill("3");
    await page.click("#compare");
    expect(await page.textContent("#compared")).toMatch(/98 % interval/);
    expect(await page.locator(".pairs circle").count()).toBe(3);
    await page.click("#use");
    await expect.poll(() => moment(page)).toBe(0);
    const waiting = page.waitForEvent("download");
    await page.getByRole("button", { name: /^Save Rule 1/ }).click();
    const { rule, config } = decodeRule(readFileSync((await (await waiting).path()) as string));
    expect(await ruleHash(rule)).toBe(learnedHash);
    expect(config).toMatchObject({ episodes: EPISODES, shots: 2, hidden: [64, 32] });
    expect(playground.complaints).toEqual([]);
    await page.close();
    learned = learnedHash;
  });

  it("has the same numbers in Firefox", async () => {
    expect(missing("Firefox")).toBeUndefined();
    const firefox = await puppeteer.launch({ browser: "firefox", executablePath: program("Firefox"), headless: true });
    try {
      const page = await firefox.newPage();
      await page.goto(playground.url + address);
      await page.waitForSelector("#accuracy");
      await page.click("#code");
      const handle = await page.waitForSelector("#hash");
      expect(await handle?.evaluate((element) => element.textContent)).toBe(hash);
      await page.goto("about:blank");
      await page.goto(playground.url);
      await page.waitForSelector("#accuracy");
      for (const [field, value] of [
        ["#learn-shots", "2"],
        ["#learn-episodes", String(EPISODES)],
      ]) {
        await page.$eval(
          field,
          (input, value) => {
            (input as HTMLInputElement).value = value;
            input.dispatchEvent(new Event("change"));
          },
          value,
        );
      }
      await page.click("#learn");
      const found = await page.waitForSelector("#rule-hash");
      expect(await found?.evaluate((element) => element.textContent)).toBe(learned);
    } finally {
      await firefox.close();
    }
  });

  it("says what is wrong with settings of learning", async () => {
    const page = await open();
    await page.fill("#learn-ways", "40");
    await page.click("#learn");
    await page.waitForSelector("#problem.problem");
    expect(await page.textContent("#problem")).toContain("characters in a task is 40");
    await page.fill("#learn-ways", "3");
    await page.click("#learn");
    await page.waitForSelector("#stop-learning");
    await page.close();
  });

  it("saves the rule as a file and opens it again, and says what is wrong with others", async () => {
    const page = await open();
    const waiting = page.waitForEvent("download");
    await page.click("#save");
    const path = (await (await waiting).path()) as string;
    const bytes = readFileSync(path);
    expect(decodeRule(bytes).config.plasticity.synapse).toBe("chemical");
    await page.setInputFiles("#load", { name: "rule.safetensors", mimeType: "", buffer: bytes });
    await page.getByText("The life goes by the rule in rule.safetensors.").waitFor();
    await page.setInputFiles("#load", {
      name: "<img src=x onerror=document.title='taken'>",
      mimeType: "",
      buffer: Buffer.from("?"),
    });
    await page.waitForSelector("#problem.problem");
    expect(await page.textContent("#problem")).toContain("<img src=x onerror=document.title='taken'>");
    expect(await page.title()).toBe("Synaptape: the playground");
    await page.close();
  });

  it("says what is wrong with an address, and shows the usual life", async () => {
    const page = await open("#play=9&c=<script>");
    expect(await page.textContent("#problem")).toMatch(/is of version "9", and this page reads 1/);
    await page.close();
  });

  it.each([360, 1280, 2560])("fits into %d pixels, by keys as well", async (width) => {
    const page = await open("", { width });
    expect(await page.evaluate(() => document.documentElement.scrollWidth)).toBeLessThanOrEqual(width);
    await page.focus("#step");
    await page.keyboard.press("Enter");
    await expect.poll(() => moment(page)).toBe(1);
    await page.selectOption("#layer", "1");
    await page.selectOption("#preset", "bp");
    await expect.poll(() => moment(page)).toBe(0);
    await page.close();
  });

  it("works without a network after it was loaded once", async () => {
    const context = await playground.browser.newContext();
    const page = await context.newPage();
    await page.goto(playground.url);
    await page.evaluate(() => navigator.serviceWorker.ready);
    await page.waitForFunction(() => navigator.serviceWorker.controller !== null);
    await context.setOffline(true);
    await page.reload();
    await page.waitForSelector("#accuracy");
    await context.close();
    expect(playground.complaints).toEqual([]);
  });

  it("is served to this machine only, under a strict policy, in less than 300 KB of script", async () => {
    const { headers } = await fetch(playground.url);
    expect(headers.get("content-security-policy")).toMatch(
      /^default-src 'none'; script-src 'self' 'wasm-unsafe-eval';/,
    );
    expect((await fetch(`${playground.url}package.json`)).status).toBe(404);
    expect((await fetch(playground.url, { method: "POST" })).status).toBe(405);
    // What its pages load at once: their scripts, their workers, and whatever these import without being asked to.
    const scripts = new Map<string, string>();
    const load = async (name: string): Promise<void> => {
      if (scripts.has(name)) return;
      scripts.set(name, "");
      const text = await (await fetch(playground.url + name)).text();
      scripts.set(name, text);
      await Promise.all([...text.matchAll(/(?:from|import)\s*"\.\/([^"]+)"/g)].map(([, other]) => load(other)));
    };
    await Promise.all(["page.js", "worker.js", "explore.js", "explorer.js", "sw.js"].map(load));
    expect(scripts.size).toBeGreaterThan(4);
    expect([...scripts.values()].reduce((sum, text) => sum + gzipSync(text).length, 0)).toBeLessThan(300_000);
  });
});
