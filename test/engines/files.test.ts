// Files in pages of Chromium and Firefox: a packed one of several members, with zeros after it, reads as in Node.
import { existsSync } from "node:fs";
import { resolve } from "node:path";
import { gzipSync } from "node:zlib";
import { beforeAll, describe, expect, it } from "vitest";
import { gunzip, readIdx } from "../../src/data/index.js";
import { type Browser, missing, resultOf } from "./browsers.js";
import { page, serve } from "./server.js";

const root = resolve(import.meta.dirname, "../..");
const idx = Uint8Array.from([0, 0, 8, 1, 0, 0, 0, 4, 1, 2, 3, 4]);
const packed = Buffer.concat([gzipSync(idx.subarray(0, 6)), gzipSync(idx.subarray(6)), Buffer.alloc(100)]);

beforeAll(() => {
  if (!existsSync(resolve(root, "dist/index.js"))) throw new Error("dist is missing: run `npm run build` first");
});

describe("a packed file of two members", () => {
  const expected = { content: [...idx], data: [1, 2, 3, 4] };

  it("reads in Node", async () => {
    expect({ content: [...(await gunzip(packed))], data: [...readIdx(packed).data] }).toEqual(expected);
  });

  for (const browser of ["Chromium", "Firefox"] satisfies Browser[]) {
    it.skipIf(missing(browser) && process.env.CI !== "true")(
      `reads in ${browser}`,
      async () => {
        const server = await serve(root, {
          "/files.html": page(`<script type="module">
          import { gunzip, readIdx } from "/dist/data/index.js";
          const packed = Uint8Array.from(${JSON.stringify([...packed])}).buffer;
          done(gunzip(packed).then((content) => ({ content: [...content], data: [...readIdx(packed).data] })));
        </script>`),
        });
        try {
          const { version, result } = await resultOf(browser, `${server.url}/files.html`);
          expect(version).toContain(browser);
          expect(result).toEqual(expected);
        } finally {
          await server.close();
        }
      },
      90_000,
    );
  }
});
