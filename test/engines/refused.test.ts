// Where the kernels cannot run: a page whose policy forbids WebAssembly, and engines without it or without its SIMD. Each
// says so in one sentence, with the cure, when the first tensor is made; importing the library does no harm.
import { execFileSync } from "node:child_process";
import { existsSync } from "node:fs";
import { resolve } from "node:path";
import { beforeAll, describe, expect, it } from "vitest";
import { type Browser, missing, resultOf, type Start } from "./browsers.js";
import { page, serve } from "./server.js";

const root = resolve(import.meta.dirname, "../..");

const POLICY =
  /^EngineError: \[engine\] the engine refuses to compile WebAssembly\. .*'wasm-unsafe-eval' to its script-src/;
const NONE = /^EngineError: \[engine\] this engine has no WebAssembly, or it is switched off .*\. Switch it on, or /;
const NO_SIMD = /^EngineError: \[engine\] the WebAssembly of this engine has no SIMD\. Use a current browser or /;

/** What a first tensor gives, as text. */
const FIRST = `.then(({ tensor }) => String(tensor([1, 2]).add(1)), String).catch(String)`;
const WORKS = "Tensor [2] float32 [2, 3]";

beforeAll(() => {
  if (!existsSync(resolve(root, "dist/index.js"))) throw new Error("dist is missing: run `npm run build` first");
});

/** What a page says that is sent with this policy, in a browser started so. */
async function said(browser: Browser, policy: string, start: Start = {}): Promise<string> {
  const body = page(`<script type="module">done(import("/dist/browser/index.js")${FIRST});</script>`);
  const server = await serve(root, { "/refused.html": body }, { "content-security-policy": policy });
  try {
    return (await resultOf(browser, `${server.url}/refused.html`, start)).result as string;
  } finally {
    await server.close();
  }
}

const strict = "script-src 'self' 'unsafe-inline'";
const open = `${strict} 'wasm-unsafe-eval'`;

describe("a page", () => {
  const here = (browser: Browser): boolean => missing(browser) === undefined || process.env.CI === "true";

  for (const browser of ["Chromium", "Firefox"] satisfies Browser[]) {
    it.skipIf(!here(browser))(
      `in ${browser} whose policy has no wasm-unsafe-eval gets an error that names it; with it, the page works`,
      async () => {
        expect(await said(browser, strict)).toMatch(POLICY);
        expect(await said(browser, open)).toBe(WORKS);
      },
      120_000,
    );
  }

  it.skipIf(!here("Chromium")).each([
    ["WebAssembly", "--jitless", NONE],
    ["SIMD", "--no-enable-sse4-1", NO_SIMD],
  ])(
    "in Chromium without %s says what is missing",
    async (feature, flag, expected) => {
      // Processors other than those of Intel's kind have no such switch.
      if (feature === "SIMD" && process.arch !== "x64") return;
      expect(await said("Chromium", open, { flags: [flag] })).toMatch(expected);
    },
    90_000,
  );

  it.skipIf(!here("Firefox"))(
    "in Firefox with WebAssembly switched off says so",
    async () => {
      expect(await said("Firefox", open, { preferences: { "javascript.options.wasm": false } })).toMatch(NONE);
    },
    90_000,
  );
});

describe("a program in Node", () => {
  const node = (...args: string[]): string =>
    execFileSync(process.execPath, args, { cwd: root, encoding: "utf8", stdio: ["ignore", "pipe", "ignore"] });

  const flags: readonly [string, RegExp][] = [
    ["--noexpose-wasm", NONE],
    ["--jitless", NONE],
    ["--no-enable-sse4-1", NO_SIMD],
  ];
  it.each(flags.filter(([, expected]) => expected !== NO_SIMD || process.arch === "x64"))(
    "with %s says what is missing, and so does `synaptape info`",
    (flag, expected) => {
      expect(node(flag, "-e", `import("./dist/index.js")${FIRST}.then(console.log)`)).toMatch(expected);
      const [facts] = node(flag, "dist/cli/main.js", "info", "--json").trim().split("\n");
      const { simd, backends } = JSON.parse(facts);
      expect(simd).toBe(false);
      expect(`EngineError: [engine] ${backends[0].reason}`).toMatch(expected);
    },
  );
});
