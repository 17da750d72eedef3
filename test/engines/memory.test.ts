// A loop in a page that frees nothing by hand: its memory stays small, since dropped handles press the browser to collect.
import { existsSync, readFileSync } from "node:fs";
import { resolve } from "node:path";
import { beforeAll, describe, expect, it } from "vitest";
import { type Browser, missing, resultOf } from "./browsers.js";
import { importMap, page, serve } from "./server.js";

const root = resolve(import.meta.dirname, "../..");
const STEPS = 1000;

/** Adam on a network of 784-128-10, each step in a scope, with a rest every ten: some 1.2 MB a step are left behind. */
const loop = `
  import { grad, Key, memory, random, scope } from "synaptape";
  import { adam } from "synaptape/optim";
  const [a, b, c] = Key.of(0).split(3);
  const x = random.normal(c, [8, 784]);
  const optimizer = adam({ lr: 1e-3 });
  let params = { h: random.normal(a, [784, 128], { std: 0.05 }), o: random.normal(b, [128, 10], { std: 0.1 }) };
  let state = optimizer.init(params);
  const loss = ({ h, o }) => x.matmul(h).tanh().matmul(o).square().mean();
  for (let k = 1; k <= ${STEPS}; k++) {
    ({ params, state } = scope(() => optimizer.step(params, grad(loss)(params), state)));
    if (k % 10 === 0) await new Promise((rested) => setTimeout(rested, 0));
  }
  done(memory.stats().memoryBytes);`;

beforeAll(() => {
  if (!existsSync(resolve(root, "dist/index.js"))) throw new Error("dist is missing: run `npm run build` first");
});

describe("a hand-written loop in a page", () => {
  // All that is left would be 1.2 GB, for which the memory grows to 1.4; what is in use is 1.2 MB. Firefox collects late.
  const limits: Record<Browser, number> = { Chromium: 400, Firefox: 1000 };
  for (const browser of ["Chromium", "Firefox"] satisfies Browser[]) {
    it.skipIf(missing(browser) && process.env.CI !== "true")(
      `takes little memory in ${browser}`,
      async () => {
        const { exports } = JSON.parse(readFileSync(resolve(root, "package.json"), "utf8"));
        const head = `<script type="importmap">${importMap(exports, "")}</script>`;
        const server = await serve(root, { "/loop.html": page(`<script type="module">${loop}</script>`, head) });
        try {
          const { result } = await resultOf(browser, `${server.url}/loop.html`);
          expect(result).toBeLessThan(limits[browser] * 2 ** 20);
        } finally {
          await server.close();
        }
      },
      180_000, // a browser may take a minute to start on a busy machine
    );
  }
});
