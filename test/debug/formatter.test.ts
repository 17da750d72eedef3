// What consoles show of tensors: the page's list of formatters by itself, and DevTools of Chromium asked over their protocol.
import { build } from "esbuild";
import { chromium } from "playwright-core";
import { afterEach, describe, expect, it } from "vitest";
import { formatInConsole } from "../../src/debug/index.js";
import { type Tensor, tensor, zeros } from "../../src/index.js";
import { missing, program } from "../engines/browsers.js";
import { page as htmlOf, serve } from "../engines/server.js";

interface Formatter {
  header(value: unknown): [string, object, string] | null;
  hasBody(value: unknown): boolean;
  body(value: unknown): [string, { object: unknown }];
}

const page = globalThis as { devtoolsFormatters?: Formatter[] };
const matrix = (): Tensor =>
  tensor([
    [1, 2],
    [3, 4],
  ]);

afterEach(() => void delete page.devtoolsFormatters);

describe("formatInConsole", () => {
  it("adds one formatter however often it is called, keeps those of others, and can be undone", () => {
    const other: Formatter = { header: () => null, hasBody: () => false, body: () => ["object", { object: 1 }] };
    page.devtoolsFormatters = [other];
    const [undo, again] = [formatInConsole(), formatInConsole()];
    expect(page.devtoolsFormatters).toHaveLength(2);
    undo();
    again();
    expect(page.devtoolsFormatters).toEqual([other]);
  });

  it("shows numbers on one line and all of them when unfolded, leaves other values alone, and survives dead tensors", () => {
    formatInConsole();
    const [{ header, hasBody, body }] = page.devtoolsFormatters!;
    const x = matrix();
    expect(header(x)).toEqual(["span", {}, String(x)]);
    expect(hasBody(x)).toBe(true);
    expect(body(x)[1].object).toEqual([
      [1, 2],
      [3, 4],
    ]);
    expect([hasBody(tensor(1)), hasBody(zeros([400, 400]))]).toEqual([false, false]);
    for (const value of [1, null, undefined, "text", {}, [x], Object.create(null)]) {
      expect([header(value), hasBody(value)]).toEqual([null, false]);
    }
    x.dispose();
    expect(header(x)?.[2]).toMatch(/^Tensor \[2, 2\] float32, which was disposed/);
    expect(hasBody(x)).toBe(false);
  });
});

describe.skipIf(missing("Chromium") && process.env.CI !== "true")("the console of Chromium", () => {
  it("shows numbers with the formatter, and informative fields without it", async () => {
    const { outputFiles } = await build({
      stdin: {
        contents: `
          import { formatInConsole } from "./src/debug/index.js";
          import { tensor } from "./src/index.js";
          window.x = tensor([[1, 2], [3, 4]]);
          window.format = formatInConsole;
          done(true);`,
        resolveDir: new URL("../..", import.meta.url).pathname,
      },
      ...{ bundle: true, write: false, format: "esm", platform: "browser", logLevel: "silent" },
      external: ["node:*"],
    });
    const html = htmlOf(`<script type="module">${outputFiles[0].text}</script>`);
    const server = await serve("/", { "/console.html": html });
    const browser = await chromium.launch({
      executablePath: program("Chromium"),
      args: ["--no-sandbox", "--headless"],
    });
    try {
      const view = await browser.newPage();
      await view.goto(`${server.url}/console.html`);
      await view.evaluate("window.result");
      const devtools = await view.context().newCDPSession(view);
      await devtools.send("Runtime.enable");
      const printed = async (code: string) => {
        const told = new Promise<{ args: Shown[] }>((resolve) =>
          devtools.once("Runtime.consoleAPICalled", resolve as never),
        );
        await view.evaluate(code);
        return (await told).args[0];
      };

      const plain = await printed("console.log(x)");
      expect(plain.preview?.properties.slice(0, 3)).toMatchObject([
        { name: "shape", value: "Array(2)" },
        { name: "size", value: "4" },
        { name: "dtype", value: "float32" },
      ]);

      await devtools.send("Runtime.setCustomObjectFormatterEnabled", { enabled: true });
      const formatted = await printed("format(), console.log(x)");
      const { header, bodyGetterId } = formatted.customPreview!;
      expect(JSON.parse(header)).toEqual(["span", {}, "Tensor [2, 2] float32 [1, 2, 3, 4]"]);
      const { result } = await devtools.send("Runtime.callFunctionOn", {
        functionDeclaration: "function (body) { return body(); }",
        objectId: formatted.objectId!,
        arguments: [{ objectId: bodyGetterId! }],
        returnByValue: true,
      });
      expect(result.value).toMatchObject(["object", { description: "Array(2)" }]);
    } finally {
      await browser.close();
      await server.close();
    }
  }, 60_000);
});

/** What the protocol says of something printed, as far as it is looked at here. */
interface Shown {
  readonly objectId?: string;
  readonly preview?: { readonly properties: readonly { readonly name: string; readonly value: string }[] };
  readonly customPreview?: { readonly header: string; readonly bodyGetterId?: string };
}
