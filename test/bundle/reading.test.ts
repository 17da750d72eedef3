// Whether everybody can read the playground and work with it: names, structure, contrast and sizes of all that it shows, in
// every view, light and dark, on a phone and on a desk.
import type { Page } from "playwright-core";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { type Playground, servePlayground } from "./playground.js";

let playground: Playground;

beforeAll(async () => {
  playground = await servePlayground();
});
afterAll(() => playground?.end());

/** What is wrong with the page as it is. It runs in the page. */
function faultsIn(): string[] {
  const faults: string[] = [];
  const seen = (element: Element): boolean => element.checkVisibility({ visibilityProperty: true });
  const all = (selector: string): HTMLElement[] => [...document.querySelectorAll<HTMLElement>(selector)].filter(seen);
  const short = (element: Element): string => element.outerHTML.slice(0, 120);

  const nameOf = (element: HTMLElement): string => {
    const ids = element.getAttribute("aria-labelledby")?.split(/\s+/) ?? [];
    const labels = [...((element as HTMLInputElement).labels ?? [])];
    const texts = [element.getAttribute("aria-label"), ...ids.map((id) => document.getElementById(id)?.textContent)];
    return [...texts, ...labels.map((label) => label.textContent)].join(" ").trim();
  };
  for (const element of all("button, a[href], summary"))
    if (`${nameOf(element)}${element.textContent}`.trim() === "") faults.push(`no name: ${short(element)}`);
  for (const element of all("input, select, textarea, meter, canvas, dialog, [role=img], [role=application], section"))
    if (nameOf(element) === "") faults.push(`no name: ${short(element)}`);
  for (const element of all("canvas")) if (!element.role) faults.push(`no role: ${short(element)}`);
  for (const element of all("fieldset"))
    if (!element.querySelector("legend")?.textContent?.trim()) faults.push(`no legend: ${short(element)}`);
  for (const element of all("ul, ol"))
    if ([...element.children].some(({ tagName }) => tagName !== "LI")) faults.push(`not a list: ${short(element)}`);
  for (const element of all("th")) if (!element.hasAttribute("scope")) faults.push(`no scope: ${short(element)}`);

  const ids = [...document.querySelectorAll("[id]")].map(({ id }) => id);
  for (const id of new Set(ids)) if (ids.filter((one) => one === id).length > 1) faults.push(`twice: #${id}`);
  for (const tag of ["h1", "main"]) if (all(tag).length !== 1) faults.push(`${all(tag).length} of ${tag}`);
  let level = 0;
  for (const heading of all("h1, h2, h3, h4, h5, h6").filter((one) => !one.closest("dialog"))) {
    const next = Number(heading.tagName[1]);
    if (next > level + 1) faults.push(`a level left out: ${short(heading)}`);
    level = next;
  }

  // A label is a part of what it names: to press it is the same.
  for (const element of all("button, a.button, select, textarea, input")) {
    const boxes = [element, element.closest("label")].map((one) => one?.getBoundingClientRect());
    if (!boxes.some((box) => box && box.width >= 24 && box.height >= 24)) faults.push(`too small: ${short(element)}`);
  }

  // Contrast as in WCAG 2.2, of each element that has text of its own.
  const context = new OffscreenCanvas(1, 1).getContext("2d", { willReadFrequently: true })!;
  const over = (colours: readonly string[]): number[] => {
    context.clearRect(0, 0, 1, 1);
    for (const colour of colours) {
      context.fillStyle = colour;
      context.fillRect(0, 0, 1, 1);
    }
    return [...context.getImageData(0, 0, 1, 1).data].slice(0, 3);
  };
  const luminance = (rgb: readonly number[]): number => {
    const [r, g, b] = rgb.map((x) => (x <= 0.04045 * 255 ? x / 255 / 12.92 : ((x / 255 + 0.055) / 1.055) ** 2.4));
    return 0.2126 * r + 0.7152 * g + 0.0722 * b;
  };
  for (const element of all("body *")) {
    const own = [...element.childNodes].some((node) => node.nodeType === Node.TEXT_NODE && node.textContent?.trim());
    const field = element.matches("input:not([type=range]), select, textarea");
    if ((!own && !field) || element.matches(":disabled, :disabled *, option")) continue;
    const style = getComputedStyle(element);
    const grounds: string[] = [];
    for (let at: Element | null = element; at; at = at.parentElement)
      grounds.unshift(getComputedStyle(at).backgroundColor);
    const [front, back] = [luminance(over([...grounds, style.color])), luminance(over(grounds))];
    const contrast = (Math.max(front, back) + 0.05) / (Math.min(front, back) + 0.05);
    const size = Number.parseFloat(style.fontSize);
    const large = size >= 24 || (size >= 18.66 && Number(style.fontWeight) >= 700);
    if (contrast < (large ? 3 : 4.5)) faults.push(`contrast ${contrast.toFixed(2)}: ${short(element)}`);
  }
  const { scrollWidth, clientWidth } = document.documentElement;
  if (scrollWidth > clientWidth) faults.push(`${scrollWidth} pixels wide on a screen of ${clientWidth}`);
  return faults;
}

/** Brings a page into a view. */
type View = (page: Page) => Promise<unknown>;

const explorables = {
  "of a grid, before the spark": "grid",
  "of a grid, in the middle of a wave": "grid&at=60",
  "of a network, nudged": "equilibrium&at=340",
  "of a swimmer on its way": "swimmer&at=200",
  "of nothing that there is": "nothing",
};

const views: Readonly<Record<string, View>> = {
  "at first": async () => undefined,
  "in the middle of a life, under a changed rule": async (page) => {
    await page.locator("#moment").fill("30");
    await page.getByLabel("P: how strongly each motif drives a chemical, chemical 1, F0").fill("0.9");
    await page.waitForSelector("#before");
  },
  "with many chemicals": async (page) => {
    await page.selectOption("#preset", "rcn-momentum");
    await page.getByText("Chemical 10:").waitFor();
  },
  "while somebody draws": async (page) => {
    await page.locator(".draw").first().click();
    await page.waitForSelector(".pad canvas");
  },
  "with an address and a program": async (page) => {
    await page.click("#share");
    await page.waitForSelector("#address");
    await page.click("#code");
    await page.waitForSelector("#hash");
  },
  "with a problem": async (page) => {
    await page.setInputFiles("#load", { name: "a.txt", mimeType: "", buffer: Buffer.from("?") });
    await page.waitForSelector("#problem.problem");
  },
  "with a rule that was learned and compared": async (page) => {
    await page.fill("#learn-shots", "1");
    await page.fill("#learn-episodes", "3");
    await page.click("#learn");
    await page.waitForSelector("#rule-hash");
    await page.getByLabel("Tasks", { exact: true }).fill("2");
    await page.click("#compare");
    await page.waitForSelector("#compared");
  },
};

const SCREENS = [
  ["light", 360],
  ["light", 1280],
  ["dark", 360],
  ["dark", 1280],
] as const;

describe.each(Object.entries(views))("the playground %s", (_, view) => {
  it.each(SCREENS)("is for everybody, %s, on %d pixels", async (colorScheme, width) => {
    const page = await playground.open("", { width, colorScheme });
    await view(page);
    expect(await page.evaluate(faultsIn)).toEqual([]);
    await page.close();
  });
});

describe.each(Object.entries(explorables))("the explorable %s", (_, address) => {
  it.each(SCREENS)("is for everybody, %s, on %d pixels", async (colorScheme, width) => {
    const page = await playground.open(`explore.html#explore=${address}`, { width, colorScheme, ready: "#said" });
    await page.waitForSelector("canvas");
    expect(await page.evaluate(faultsIn)).toEqual([]);
    await page.close();
  });
});
