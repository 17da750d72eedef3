// The playground in Chromium, drawn by the CPU: how soon after it is opened with an empty cache it can be used, and how many
// pictures a second the screen gets while something plays. It is that of `dist`, so `npm run build` comes first.
import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { existsSync } from "node:fs";
import { type Browser, chromium, type Page } from "playwright-core";
import { type Bench, figure, type Row } from "./harness.js";

const CHROMIUM = "/usr/bin/chromium";
const SCREEN = { width: 1280, height: 900 };
const LARGE = { width: 2560, height: 1440 };
/** How often a page is opened, and the seconds for which something plays. */
const [OPENINGS, SECONDS] = [11, 5];

/** A page: its address, and what is there when it can be used. */
const pages = {
  "a life": { address: "", ready: "#accuracy" },
  grid: { address: "explore.html#explore=grid", ready: "#said:not(:empty)" },
  equilibrium: { address: "explore.html#explore=equilibrium", ready: "#said:not(:empty)" },
  swimmer: { address: "explore.html#explore=swimmer", ready: "#said:not(:empty)" },
} as const;
type Name = keyof typeof pages;

const launch = (): Promise<Browser> =>
  chromium.launch({ executablePath: CHROMIUM, args: ["--no-sandbox", "--disable-gpu"] });

/** Milliseconds from the navigation until a page can be used: in a new profile, so that nothing is kept. */
async function opening(url: string, { address, ready }: (typeof pages)[Name]): Promise<number> {
  const browser = await launch();
  try {
    const page = await browser.newPage({ viewport: SCREEN });
    await page.addInitScript((ready) => {
      const look = (): void => {
        if (document.querySelector(ready)) Object.assign(globalThis, { usable: performance.now() });
        else requestAnimationFrame(look);
      };
      addEventListener("DOMContentLoaded", look);
    }, ready);
    await page.goto(url + address);
    const found = await page.waitForFunction(() => (globalThis as { usable?: number }).usable);
    return (await found.jsonValue()) as number;
  } finally {
    await browser.close();
  }
}

/** What is seen of a page while it plays. */
async function played(page: Page): Promise<{ gaps: number[]; drawn: number; steps: number }> {
  await page.click("#play");
  return page.evaluate(
    (seconds) =>
      new Promise((done) => {
        const at = (): number => Number(document.querySelector<HTMLInputElement>("#moment")?.value);
        const gaps: number[] = [];
        const [first, end] = [at(), performance.now() + 1000 * seconds];
        let [before, last, drawn] = [first, Number.NaN, 0];
        const tick = (now: number): void => {
          if (!Number.isNaN(last)) gaps.push(now - last);
          last = now;
          if (at() !== before) drawn++;
          before = at();
          if (performance.now() < end) requestAnimationFrame(tick);
          else done({ gaps, drawn, steps: before - first });
        };
        requestAnimationFrame(tick);
      }),
    SECONDS,
  );
}

/** A row of pictures a second. */
async function frames(
  url: string,
  name: Name,
  what: string,
  screen: typeof SCREEN,
  prepare: (page: Page) => Promise<unknown>,
): Promise<Row> {
  const browser = await launch();
  try {
    const page = await browser.newPage({ viewport: screen });
    await page.goto(url + pages[name].address);
    await page.waitForSelector(pages[name].ready);
    await prepare(page);
    // What was changed is computed and drawn before it plays.
    await page.waitForTimeout(1500);
    const { gaps, drawn, steps } = await played(page);
    const total = gaps.reduce((sum, gap) => sum + gap, 0) / 1000;
    return {
      ...{ bench: "playground", work: "frames", page: name, what, width: screen.width },
      ...{ "pictures a second": figure(gaps.length / total), "longest wait": figure(Math.max(...gaps)) },
      ...{ "moments shown a second": figure(drawn / total), "steps a second": figure(steps / total) },
    };
  } finally {
    await browser.close();
  }
}

const fast = (page: Page): Promise<unknown> => page.getByLabel(/^(Images|Steps) a second/).selectOption("60");
const long = async (page: Page): Promise<void> => {
  await page.getByLabel("Images of each").first().fill("100");
  await page.keyboard.press("Tab");
  await fast(page);
};

export const playgroundBench: Bench = async function* () {
  if (!existsSync(CHROMIUM)) {
    console.error("bench: the playground is left out, since there is no Chromium: apt-get install -y chromium");
    return;
  }
  const server: ChildProcess = spawn(process.execPath, ["dist/cli/main.js", "play", "--json"]);
  const [line] = await once(server.stdout!, "data");
  const { url }: { url: string } = JSON.parse(String(line));
  try {
    for (const name of Object.keys(pages) as Name[]) {
      const times: number[] = [];
      for (let i = 0; i < OPENINGS; i++) times.push(await opening(url, pages[name]));
      times.sort((a, b) => a - b);
      const [best, median, worst] = [0, OPENINGS >> 1, OPENINGS - 1].map((i) => figure(times[i]));
      yield { bench: "playground", work: "opening", page: name, best, median, worst };
    }
    yield await frames(url, "a life", "two chemicals", SCREEN, long);
    yield await frames(url, "a life", "two chemicals", LARGE, long);
    yield await frames(url, "a life", "ten chemicals", SCREEN, async (page) => {
      await page.selectOption("#preset", "rcn-momentum");
      await page.getByText("Chemical 10:").waitFor();
      await long(page);
    });
    yield await frames(url, "a life", "two chemicals, while a rule is learned", SCREEN, async (page) => {
      await page.fill("#learn-episodes", "5000");
      await page.click("#learn");
      await page.evaluate(() => scrollTo(0, 0));
      await long(page);
    });
    for (const name of ["grid", "equilibrium", "swimmer"] as const) {
      for (const screen of [SCREEN, LARGE]) yield await frames(url, name, "as it begins", screen, fast);
    }
  } finally {
    server.kill("SIGINT");
  }
};
