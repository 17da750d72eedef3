// The playground as it is packed, served on this machine and opened in Chromium, for tests.
import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { join, resolve } from "node:path";
import { type Browser, chromium, type Page } from "playwright-core";
import { program } from "../engines/browsers.js";

/** The folder of the project. */
export const root = resolve(import.meta.dirname, "../..");

/** A playground that is served, and a browser for it. */
export interface Playground {
  readonly browser: Browser;
  readonly url: string;
  /** What pages that were opened complained of in their consoles. */
  readonly complaints: string[];
  /** A page that is ready: of a life, or of another view. */
  open(address?: string, options?: { width?: number; ready?: string; colorScheme?: "light" | "dark" }): Promise<Page>;
  end(): Promise<void>;
}

/** Serves it. */
export async function servePlayground(): Promise<Playground> {
  const server: ChildProcess = spawn(process.execPath, [join(root, "dist/cli/main.js"), "play", "--json"]);
  const [line] = await once(server.stdout!, "data");
  const url: string = JSON.parse(String(line)).url;
  const browser = await chromium.launch({
    executablePath: program("Chromium"),
    args: ["--no-sandbox", "--disable-gpu"],
  });
  const complaints: string[] = [];
  return {
    ...{ browser, url, complaints },
    async open(address = "", { width = 1280, ready = "#accuracy", colorScheme = "light" } = {}) {
      const page = await browser.newPage({ viewport: { width, height: 900 }, colorScheme });
      page.on("console", (message) => message.type() === "error" && complaints.push(message.text()));
      page.on("pageerror", (error) => complaints.push(error.message));
      await page.goto(url + address);
      await page.waitForSelector(ready);
      return page;
    },
    async end() {
      await browser.close();
      server.kill("SIGINT");
    },
  };
}

/** The moment at which the life of a page stands. */
export const moment = (page: Page): Promise<number> => page.locator("#moment").inputValue().then(Number);

/** The hash with which the program of a page's life ends, and the program. */
export async function copied(page: Page): Promise<{ hash: string; text: string }> {
  await page.click("#code");
  await page.getByText("The program is copied").waitFor();
  const hash = (await page.textContent("#hash")) as string;
  return { hash, text: await page.inputValue("#program") };
}
