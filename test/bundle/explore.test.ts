// The explorables as they are packed, in real browsers: moved by keys, shared by their addresses, and with the numbers of the
// package in Node.
import type { Page } from "playwright-core";
import puppeteer from "puppeteer-core";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { exploreActs } from "../../src/play/explore/acts.js";
import { missing, program } from "../engines/browsers.js";
import { moment, type Playground, servePlayground } from "./playground.js";

let playground: Playground;

beforeAll(async () => {
  playground = await servePlayground();
});
afterAll(() => playground?.end());

const open = (address: string): Promise<Page> =>
  playground.open(`explore.html#${address}`, { ready: "#said:not(:empty)" });

/** The hash of an address's numbers, as Node computes it. */
function hashOf(address: string): Promise<string> {
  exploreActs.go(exploreActs.open(address));
  return exploreActs.hash();
}

/** The hash that a page shows when it rests. */
const shown = (page: Page): Promise<string> =>
  page.waitForSelector("text=/^[0-9a-f]{64}$/").then(async (found) => (await found.textContent()) as string);

const ADDRESSES = [
  "explore=grid&at=120",
  "explore=grid&weight=15&fading=3.5&neighbours=vonNeumann&edges=torus&at=90",
  "explore=equilibrium&at=380",
  "explore=equilibrium&beta=0.02&epsilon=0.2&free=120&seed=7&at=150",
  "explore=swimmer&at=333",
  "explore=swimmer&links=9&period=44&speed=0.75&turn=-0.4&at=200",
];

describe("an explorable", () => {
  it.each(ADDRESSES)("at %s has the numbers of Node", async (address) => {
    const page = await open(address);
    expect(await shown(page)).toBe(await hashOf(address));
    expect(playground.complaints).toEqual([]);
    await page.close();
  });

  it("has the same numbers in Firefox", async () => {
    expect(missing("Firefox")).toBeUndefined();
    const firefox = await puppeteer.launch({ browser: "firefox", executablePath: program("Firefox"), headless: true });
    try {
      const page = await firefox.newPage();
      for (const address of ADDRESSES) {
        await page.goto("about:blank");
        await page.goto(`${playground.url}explore.html#${address}`);
        const found = await page.waitForFunction(
          () => /^[0-9a-f]{64}$/.exec(document.querySelector("#state")?.textContent ?? "")?.[0],
        );
        expect(await found.jsonValue()).toBe(await hashOf(address));
      }
    } finally {
      await firefox.close();
    }
  });

  it.each(["grid", "equilibrium", "swimmer"])("%s plays, steps, changes and resets by keys", async (name) => {
    const page = await open(`explore=${name}`);
    await page.focus("#play");
    await page.keyboard.press("Enter");
    await expect.poll(() => moment(page)).toBeGreaterThan(5);
    await page.keyboard.press("Space");
    await expect.poll(() => page.url()).toMatch(/at=\d+/);
    const at = await moment(page);
    await page.focus("#step");
    await page.keyboard.press("Enter");
    await expect.poll(() => moment(page)).toBe(at + 1);
    await page.locator("fieldset.explored input").first().focus();
    await page.keyboard.press("ArrowRight");
    await expect.poll(() => page.url()).toMatch(new RegExp(`#explore=${name}&\\w+=[\\d.]+&at=${at + 1}$`));
    const { hash } = new URL(page.url());
    const before = await shown(page);
    expect(before).toBe(await hashOf(hash.slice(1)));
    await page.reload();
    expect(await shown(page)).toBe(before);
    expect(await moment(page)).toBe(at + 1);
    await page.focus("#reset");
    await page.keyboard.press("Enter");
    await expect.poll(() => page.url()).toMatch(new RegExp(`#explore=${name}$`));
    expect(playground.complaints).toEqual([]);
    await page.close();
  });

  it("is come to from the playground, and leads to the others", async () => {
    const page = await playground.open();
    await page.getByRole("link", { name: "A spark in a sheet of spiking cells" }).click();
    await page.waitForSelector("#weight");
    await page.getByRole("link", { name: "A swimmer and its circuit" }).click();
    await page.waitForSelector("#links");
    expect(await page.title()).toContain("A swimmer and its circuit");
    expect(await page.locator("[aria-current=page]").textContent()).toBe("A swimmer and its circuit");
    await page.goBack();
    await page.waitForSelector("#weight");
    await page.close();
  });

  it("moves slowly for those who want little motion, and never by itself", async () => {
    const context = await playground.browser.newContext({ reducedMotion: "reduce" });
    const page = await context.newPage();
    await page.goto(`${playground.url}explore.html#explore=swimmer`);
    await page.waitForSelector("#said:not(:empty)");
    expect(await page.inputValue("#pace")).toBe("5");
    expect(await moment(page)).toBe(0);
    await context.close();
  });

  it.each([
    ["explore=<img src=x onerror=document.title='taken'>", /there is nothing called/],
    ["explore=grid&weight=<script>document.title='taken'</script>", /as weight; it takes a number/],
    [`explore=grid&weight=${"9".repeat(1e6)}`, /letters, more than this page writes/],
    ["explore=swimmer&at=1000000000", /the moment is 1000000000/],
  ])("of an address from anybody is a sentence, number %#", async (address, sentence) => {
    const page = await playground.open(`explore.html#${address}`, { ready: "#problem.problem" });
    expect(await page.textContent("#problem")).toMatch(sentence);
    await page.waitForSelector("#weight");
    expect(await page.title()).toContain("A spark in a sheet of spiking cells");
    expect(await page.locator("main img, main script").count()).toBe(0);
    await page.close();
  });

  it("works without a network after the playground was loaded once", async () => {
    const context = await playground.browser.newContext();
    const page = await context.newPage();
    await page.goto(playground.url);
    await page.evaluate(() => navigator.serviceWorker.ready);
    await page.waitForFunction(() => navigator.serviceWorker.controller !== null);
    await context.setOffline(true);
    await page.goto(`${playground.url}explore.html#explore=grid&at=20`);
    expect(await shown(page)).toBe(await hashOf("explore=grid&at=20"));
    await context.close();
  });
});
