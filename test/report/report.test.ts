// Reports in a real browser: light, dark, on a phone and on paper.
import { existsSync, mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { type Browser, chromium, type Page } from "playwright-core";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { glyphNames, glyphs } from "../../src/data/index.js";
import { dataAt } from "../../src/meta/internal.js";
import { runReport } from "../../src/report/run-report.js";
import { sampleAnswers } from "../../src/report/samples.js";
import { studyReport } from "../../src/report/study-report.js";
import { judged, studyNamed } from "../../src/studies/index.js";
import type { Evidence } from "../../src/studies/internal.js";
import { root } from "../meta/fixtures.js";
import { everything, madeUp, resultsOf } from "./fixtures.js";

const CHROMIUM = "/usr/bin/chromium";
/** Screenshots are kept, to be looked at. */
const folder = join(root, "build/report");
const study = studyNamed("recurrent-chemical-networks");

/** The report on the study with these runs. */
function reproduction(evidence: readonly Evidence[]): string {
  const results = resultsOf(evidence);
  return studyReport(study, { claims: judged(study, results), figures: study.figures?.(results) ?? [] });
}

const small = {
  hidden: [12],
  ways: 3,
  shots: 2,
  queries: 4,
  episodes: 30,
  data: dataAt("glyphs"),
};
const drawn = [madeUp("bio", 0.5, 3, small), madeUp("rcn-2", 0.6, 3, small), madeUp("layer-2", 0.6, 1, small)];

/** The reports that are looked at, by name. */
const reports: Record<string, () => string> = {
  reproduction: () => reproduction(everything()),
  runs: () =>
    runReport(drawn, {
      samples: sampleAnswers(drawn, glyphs({ perClass: 6 })),
      dataset: "glyphs",
      classNames: glyphNames,
    }),
  one: () => runReport([madeUp("bio", 0.5, 1)], { samples: "No images are shown: /data/emnist does not exist." }),
};

/** What a page says, without its charts and tags. */
const wordsOf = (html: string): string =>
  html
    .replace(/<(style|svg).*?<\/\1>/gs, "")
    .replace(/<[^>]*>/g, " ")
    .replace(/\s+/g, " ");

describe("a report", () => {
  it.each(Object.keys(reports))("needs no other file and no script: %s", (name) => {
    const html = reports[name]();
    // Not `expect(html)`: where it fails it would print all of it.
    expect(/<script|<link|@import|javascript:|\son\w+=/i.exec(html)).toBeNull();
    for (const [, address] of html.matchAll(/(?:src|href)="([^"]*)"/g)) expect(address).toMatch(/^(#[\w-]+$|data:)/);
    for (const [, id] of html.matchAll(/href="#([^"]*)"/g)) expect(html.includes(`id="${id}"`)).toBe(true);
    expect(/.{40}(?:NaN|undefined|Infinity|\[object).{40}/.exec(html.replace(/base64,[^"]*/g, ""))).toBeNull();
    expect(reports[name]() === html).toBe(true);
  });

  it("shows published numbers next to ours with their source, but not for another setting", () => {
    const html = reports.reproduction();
    const page = wordsOf(html);
    expect(page).toContain("0.726 ± 0.018");
    expect(page).toContain("about 0.25");
    expect(page).toMatch(/Published\. .*one seed: moving average over 20 episodes, episodes 141 to 180/);
    const other = wordsOf(reproduction([madeUp("bio", 0.5, 2, small), madeUp("rcn-2", 0.6, 2, small)]));
    expect(other).toContain("not the published setting");
    expect(other).not.toContain("0.726 ±");
    // Claims about published numbers are open then.
    expect(other).toMatch(
      /L = 2: the published run could be one of ours paper 0\.726 [^:]* open: not the published setting/,
    );
    expect(other).toContain("No finished run of: linear-7, rcn-1, rcn-3, rcn-5, logged-5");
  });

  it("claims a difference only if the seeds show one", () => {
    const claims = (...levels: [number, number]): string =>
      wordsOf(reproduction([madeUp("bio", levels[0]), madeUp("linear-7", levels[1])]));
    expect(claims(0.5, 0.8)).toContain("linear, 7 motifs is above F0, F2, F9 by");
    expect(claims(0.8, 0.5)).toContain("linear, 7 motifs is below F0, F2, F9 by");
    expect(claims(0.6, 0.6)).not.toMatch(/is (above|below)/);
    const few = reproduction([madeUp("bio", 0.5, 4), madeUp("linear-7", 0.8, 4)]);
    expect(wordsOf(few)).toContain("no claim: 4 seeds are too few");
  });

  it("escapes text from outside", () => {
    const odd = { ...madeUp("bio", 0.5, 2), label: '<b>&"x' };
    expect(runReport([odd]).includes("<b>&")).toBe(false);
  });
});

/** What is wrong with the page as it is laid out: what sticks out of the window, and text that leaves its chart. */
const FAULTS = `(() => {
  const faults = [];
  const wide = document.documentElement.scrollWidth;
  if (wide > innerWidth) faults.push("the page is " + wide + " wide in a window of " + innerWidth);
  const drawn = (e) => e.getClientRects().length > 0;
  for (const e of document.querySelectorAll(".slim")) {
    if (drawn(e) && e.scrollWidth > e.clientWidth + 1) faults.push("a picture for phones scrolls");
    if (drawn(e) === drawn(e.previousElementSibling)) faults.push("a picture is shown twice or not at all");
  }
  for (const svg of [...document.querySelectorAll("svg")].filter(drawn)) {
    const box = svg.getBoundingClientRect();
    if (box.width === 0) faults.push("a chart has no width: " + svg.getAttribute("aria-label"));
    for (const text of svg.querySelectorAll("text")) {
      if (text.getClientRects().length === 0) continue; // it is not shown, such as on paper
      const { left, right, top, bottom } = text.getBoundingClientRect();
      const out = left < box.left - 1 || right > box.right + 1 || top < box.top - 1 || bottom > box.bottom + 1;
      if (out && text.textContent) faults.push(text.textContent + " leaves " + svg.getAttribute("aria-label"));
    }
  }
  for (const image of document.images) if (!image.complete || image.naturalWidth === 0) faults.push("an image is broken");
  return faults;
})()`;

/** The least contrast of any text with the ground of the page, by the formula of WCAG 2. */
const CONTRAST = `(() => {
  const canvas = document.createElement("canvas").getContext("2d", { willReadFrequently: true });
  const light = (colour) => {
    canvas.fillStyle = colour;
    canvas.fillRect(0, 0, 1, 1);
    const [r, g, b] = [...canvas.getImageData(0, 0, 1, 1).data].map((c) => {
      const s = c / 255;
      return s <= 0.04045 ? s / 12.92 : ((s + 0.055) / 1.055) ** 2.4;
    });
    return 0.2126 * r + 0.7152 * g + 0.0722 * b;
  };
  const ground = light(getComputedStyle(document.body).backgroundColor);
  const inks = new Set();
  for (const e of document.querySelectorAll("p, td, th, h1, h2, h3, b, a, code, figcaption")) inks.add(getComputedStyle(e).color);
  for (const e of document.querySelectorAll("svg [aria-label=text] text, svg [aria-label=text]")) {
    if (!e.closest("svg").querySelector("[aria-label=cell]")) inks.add(getComputedStyle(e).fill);
  }
  const ratio = (ink) => {
    const [a, b] = [light(ink), ground].sort((x, y) => y - x);
    return (a + 0.05) / (b + 0.05);
  };
  return { ground, least: Math.min(...[...inks].filter((ink) => ink !== "none").map(ratio)) };
})()`;

// Without the browser this is skipped, but not where all must be checked.
describe.skipIf(!existsSync(CHROMIUM) && process.env.CI !== "true")("a report in Chromium", () => {
  let browser: Browser;

  beforeAll(async () => {
    mkdirSync(folder, { recursive: true });
    for (const [name, html] of Object.entries(reports)) writeFileSync(join(folder, `${name}.html`), html());
    const off = ["gpu", "quic", "background-networking", "component-update", "sync"].map((name) => `--disable-${name}`);
    browser = await chromium.launch({
      executablePath: CHROMIUM,
      args: ["--no-sandbox", "--headless", "--no-first-run", ...off],
    });
  }, 60_000);
  afterAll(() => browser?.close());

  /** Opens a report from disk; what the console says of it is in the second place. */
  async function open(name: string, width: number, colorScheme: "light" | "dark"): Promise<[Page, string[]]> {
    const page = await browser.newPage({ viewport: { width, height: 900 }, colorScheme });
    const said: string[] = [];
    page.on("console", (message) => said.push(message.text()));
    page.on("pageerror", (error) => said.push(error.message));
    page.on("request", (request) => {
      if (!/^(file|data):/.test(request.url())) said.push(`asked for ${request.url()}`);
    });
    await page.goto(`file://${join(folder, `${name}.html`)}`);
    return [page, said];
  }

  const views = [
    ["light", 1100],
    ["dark", 1100],
    ["light", 390],
  ] as const;

  it.each(Object.keys(reports).flatMap((name) => views.map(([scheme, width]) => [name, scheme, width] as const)))(
    "is complete and legible: %s, %s, %i pixels wide",
    async (name, scheme, width) => {
      const [page, said] = await open(name, width, scheme);
      try {
        expect(await page.evaluate(FAULTS)).toEqual([]);
        const { ground, least } = await page.evaluate<{ ground: number; least: number }>(CONTRAST);
        expect(ground > 0.5).toBe(scheme === "light");
        expect(least).toBeGreaterThan(2.8);
        await page.screenshot({ path: join(folder, `${name}-${scheme}-${width}.png`), fullPage: true });
        expect(said).toEqual([]);
      } finally {
        await page.close();
      }
    },
  );

  it.each(Object.keys(reports))("is printed in the light colours, whatever the screen uses: %s", async (name) => {
    const [page] = await open(name, 718, "dark"); // A4 less its margins
    try {
      await page.emulateMedia({ media: "print", colorScheme: "dark" });
      expect(await page.evaluate(FAULTS)).toEqual([]);
      const { ground } = await page.evaluate<{ ground: number }>(CONTRAST);
      expect(ground).toBeGreaterThan(0.9);
      const pdf = await page.pdf({ path: join(folder, `${name}.pdf`), format: "A4" });
      expect(pdf.subarray(0, 5).toString()).toBe("%PDF-");
    } finally {
      await page.close();
    }
  });
});
