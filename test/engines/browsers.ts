// Debian's Chromium and Firefox, headless, each time with a profile of its own.
import { existsSync } from "node:fs";
import { chromium } from "playwright-core";
import puppeteer from "puppeteer-core";

export type Browser = "Chromium" | "Firefox";

/** Where a browser is, if it is here. */
export const program = (browser: Browser): string => programs[browser];

const programs: Record<Browser, string> = { Chromium: "/usr/bin/chromium", Firefox: "/usr/bin/firefox-esr" };
const packages: Record<Browser, string> = { Chromium: "chromium", Firefox: "firefox-esr" };

/** The command that installs a browser that is not here; undefined where it is. */
export function missing(browser: Browser): string | undefined {
  if (existsSync(programs[browser])) return undefined;
  return `apt-get update && apt-get install -y ${packages[browser]}`;
}

/** How a browser is started, where not as it is by default. */
export interface Start {
  /** Flags of V8, for Chromium. */
  readonly flags?: readonly string[];
  /** Settings of about:config, for Firefox. */
  readonly preferences?: Readonly<Record<string, unknown>>;
}

/**
 * Waits for a page's `window.result`, at most a minute.
 *
 * @returns what the page passed to `done`, the browser's version and what the console said.
 */
export async function resultOf(browser: Browser, url: string, start: Start = {}) {
  const { version, goto, evaluate, close, lines } = await (browser === "Chromium"
    ? openChromium(start)
    : openFirefox(start));
  try {
    await goto(url);
    let late: NodeJS.Timeout | undefined;
    const timeout = new Promise<never>((_, reject) => {
      late = setTimeout(() => reject(new Error(`${browser}: no result after a minute. ${lines.join("\n")}`)), 60_000);
    });
    const result: unknown = await Promise.race([evaluate("window.result"), timeout]).finally(() => clearTimeout(late));
    return { version, result, lines };
  } finally {
    await close();
  }
}

async function openChromium({ flags = [] }: Start) {
  const lines: string[] = [];
  const browser = await chromium.launch({
    executablePath: programs.Chromium,
    args: [
      ...["--no-sandbox", "--headless", "--disable-gpu", "--disable-quic", "--no-first-run"],
      ...["--disable-background-networking", "--disable-component-update", "--disable-sync"],
      ...(flags.length > 0 ? [`--js-flags=${flags.join(" ")}`] : []),
    ],
  });
  const page = await browser.newPage();
  page.on("console", (message) => lines.push(message.text()));
  page.on("pageerror", (error) => lines.push(error.message));
  return {
    version: `Chromium ${browser.version()}`,
    goto: (url: string) => page.goto(url),
    evaluate: (code: string) => page.evaluate(code),
    close: () => browser.close(),
    lines,
  };
}

async function openFirefox({ preferences = {} }: Start) {
  const lines: string[] = [];
  const browser = await puppeteer.launch({
    browser: "firefox",
    executablePath: programs.Firefox,
    headless: true,
    extraPrefsFirefox: preferences,
  });
  const page = await browser.newPage();
  page.on("console", (message) => lines.push(message.text()));
  return {
    version: (await browser.version()).replace("firefox/", "Firefox "),
    goto: (url: string) => page.goto(url),
    evaluate: (code: string) => page.evaluate(code),
    close: () => browser.close(),
    lines,
  };
}
