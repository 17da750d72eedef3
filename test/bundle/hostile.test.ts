// What others send: addresses, files and images that were made to do harm, in a real browser. The page says what is wrong
// in a sentence, goes on with what it has, and never runs anything that comes with them.
import { crc32, deflateSync } from "node:zlib";
import type { Page } from "playwright-core";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { decodeSafetensors, encodeSafetensors } from "../../src/io/index.js";
import { encodeRule } from "../../src/meta/index.js";
import { setupOf, sizesOf, trainConfigOf } from "../../src/play/setup.js";
import { addressOf } from "../../src/play/share.js";
import { copied, moment, type Playground, servePlayground } from "./playground.js";

const EVIL = `"'><img src=x onerror="document.title='taken'"><script>document.title='taken'</script>`;

let playground: Playground;

beforeAll(async () => {
  playground = await servePlayground();
});
afterAll(() => playground?.end());

/** The sentence about what went wrong, once there is one. */
async function problem(page: Page): Promise<string> {
  await page.waitForSelector("#problem.problem");
  const sentence = (await page.textContent("#problem")) as string;
  expect(sentence).toMatch(/^[^[].*\.$/s);
  return sentence;
}

/** Whether nothing came into the page but text, and nothing ran. */
async function expectUntouched(page: Page): Promise<void> {
  const found = await page.evaluate(() => ({
    ...{ title: document.title, scripts: document.scripts.length, polluted: ({} as { evil?: unknown }).evil },
    foreign: document.querySelectorAll("img, iframe, object, embed, [onerror], [onload], svg script").length,
  }));
  expect(found).toEqual({ title: "Synaptape: the playground", scripts: 1, foreign: 0 });
}

const usual = addressOf({ setup: setupOf("bio"), at: 0 });
const changed = (name: string, value: string): string => {
  const fields = new URLSearchParams(usual);
  fields.set(name, value);
  return fields.toString();
};

describe("an address from anybody", () => {
  const fields = ["play", "seed", "shots", "hidden", "at", "c", "set", "P", "K", "v", "b"];
  const addresses: (readonly [what: string, address: string, sentence: RegExp])[] = [
    ...fields.map((name) => [`markup as ${name}`, changed(name, EVIL), /./] as const),
    ["markup as a field", changed(EVIL, "1"), /where it should not/],
    ["no fields", EVIL, /names no version/],
    ["bytes that are no text", "%ff%fe%00&play=%ff", /version/],
    ["another version", changed("play", "2"), /is of version "2", and this page reads 1/],
    ["the prototype as a field", changed("__proto__", "1"), /has "__proto__" where it should not/],
    ["the prototype in its settings", changed("set", '{"__proto__":{"evil":1},"evil":1}'), /no field "__proto__"/],
    ["a constructor in its settings", changed("set", '{"constructor":{"prototype":{"evil":1}}}'), /constructor/],
    ["a name of every object as a synapse", changed("set", '{"synapse":"hasOwnProperty"}'), /no synapse is called/],
    ["a million chemicals", changed("set", '{"chemicals":1000000,"synapse":"chemical"}'), /number of chemicals/],
    ["a million letters", changed("c", "A".repeat(1e6)), /letters/],
    ["settings nested fifty thousand deep", changed("set", "[".repeat(5e4)), /settings/],
  ];

  it.each(addresses)("with %s is a sentence, and the usual life goes on", async (_, address, sentence) => {
    const page = await playground.open(`#${address}`);
    expect(await problem(page)).toMatch(sentence);
    await expectUntouched(page);
    await page.click("#step");
    await expect.poll(() => moment(page)).toBe(1);
    await page.close();
  });
});

/** A PNG of one colour with so many pixels, in few bytes. */
function wide(side: number): Buffer {
  const chunk = (type: string, data: Buffer): Buffer => {
    const bytes = Buffer.concat([Buffer.alloc(4), Buffer.from(type), data, Buffer.alloc(4)]);
    bytes.writeUInt32BE(data.length, 0);
    bytes.writeUInt32BE(crc32(bytes.subarray(4, -4)), bytes.length - 4);
    return bytes;
  };
  const head = Buffer.alloc(13);
  head.writeUInt32BE(side, 0);
  head.writeUInt32BE(side, 4);
  head[8] = 1;
  const rows = deflateSync(Buffer.alloc(side * (1 + Math.ceil(side / 8))));
  const begin = Buffer.from([137, 80, 78, 71, 13, 10, 26, 10]);
  return Buffer.concat([begin, chunk("IHDR", head), chunk("IDAT", rows), chunk("IEND", Buffer.alloc(0))]);
}

describe("a file from anybody", () => {
  let page: Page;
  let hash = "";

  beforeAll(async () => {
    page = await playground.open();
    await page.click("#step");
    await page.waitForFunction(() => document.querySelector<HTMLInputElement>("#moment")?.value === "1");
    ({ hash } = await copied(page));
  });
  afterAll(() => page?.close());

  /** The page is as it was: with the same life at the same moment. */
  async function expectKept(): Promise<void> {
    await expectUntouched(page);
    expect(await moment(page)).toBe(1);
    expect((await copied(page)).hash).toBe(hash);
  }

  const markup = Buffer.from(`<svg xmlns="http://www.w3.org/2000/svg" width="9" height="9">${EVIL}</svg>`);
  const text = Buffer.from(EVIL);
  it.each([
    ["text", [{ name: "a.png", buffer: text }], /a\.png is no image that this browser reads/],
    ["text under a name with markup", [{ name: `${EVIL}.png`, buffer: text }], /is no image/],
    ["an SVG with a script", [{ name: "a.svg", buffer: markup }], /a\.svg is no image/],
    ["nothing", [{ name: "empty.png", buffer: Buffer.alloc(0) }], /empty\.png is no image/],
    ["half an image", [{ name: "half.png", buffer: wide(64).subarray(0, 40) }], /half\.png is no image/],
    ["144 million pixels", [{ name: "b.png", buffer: wide(12_000) }], /b\.png has 12000 x 12000 pixels/],
    ["900 million pixels", [{ name: "b.png", buffer: wide(30_000) }], /b\.png (is no image|has 30000 x 30000 pixels)/],
    ["21 MB", [{ name: "c.png", buffer: Buffer.alloc(21e6) }], /c\.png is larger than 20 MB/],
    ["21 images", Array.from({ length: 21 }, () => ({ name: "d.png", buffer: wide(8) })), /These are 21 files/],
  ])("that holds %s is no image of a character", async (_, files, sentence) => {
    const given = files.map((file) => ({ ...file, mimeType: "image/png" }));
    await page.locator(".characters input[type=file]").first().setInputFiles(given);
    await expect.poll(() => problem(page)).toMatch(sentence);
    await expectKept();
  });

  const setup = setupOf("bio");
  const rule = encodeRule({ config: trainConfigOf(setup), sizes: sizesOf(setup), rule: setup.rule });
  /** The file with some of what it says about itself changed. */
  const forged = (about: Record<string, string>): Buffer => {
    const { tensors, metadata } = decodeSafetensors(rule, "the rule");
    return Buffer.from(encodeSafetensors(tensors, { ...metadata, ...about }));
  };
  const long = Buffer.alloc(16);
  long.writeBigUInt64LE(2n ** 63n, 0);
  const config = JSON.stringify(trainConfigOf(setup));
  it.each([
    ["text", text, /rule\.safetensors/],
    ["another version", forged({ format: "2" }), /version|format/],
    ["another kind", forged({ kind: EVIL }), /rule/],
    ["markup as its sizes", forged({ sizes: EVIL }), /rule\.safetensors/],
    ["the prototype in its configuration", forged({ config: config.replace("{", '{"__proto__":{"evil":1},') }), /./],
    ["a network of a billion units", forged({ sizes: "[784,1000000000,5]" }), /./],
    ["a head of 2^63 bytes", long, /rule\.safetensors/],
    ["half a rule", Buffer.from(rule.subarray(0, rule.length / 2)), /rule\.safetensors/],
    ["51 MB", Buffer.alloc(51e6), /larger than 50 MB/],
  ])("that holds %s is no rule", async (_, buffer, sentence) => {
    await page.setInputFiles("#load", { name: "rule.safetensors", mimeType: "", buffer });
    await expect.poll(() => problem(page)).toMatch(sentence);
    await expectKept();
  });

  it("that is dropped beside the characters does not take the place of the page", async () => {
    const refused = await page.evaluate(() => {
      const dataTransfer = new DataTransfer();
      dataTransfer.items.add(new File(["<script>document.title='taken'</script>"], "a.html", { type: "text/html" }));
      return ["dragover", "drop"].map((name) => {
        const event = new DragEvent(name, { bubbles: true, cancelable: true, dataTransfer });
        document.querySelector("h1")?.dispatchEvent(event);
        return event.defaultPrevented;
      });
    });
    expect(refused).toEqual([true, true]);
    expect(await problem(page)).toMatch(/^Drop images on a character/);
    await expectKept();
  });
});

describe("the page", () => {
  it("runs no script that was put into it", async () => {
    const page = await playground.open();
    await page.evaluate((evil) => {
      document.querySelector("main")?.insertAdjacentHTML("beforeend", evil);
      const script = document.createElement("script");
      script.textContent = "document.title = 'taken'";
      document.body.append(script);
      for (const src of [
        "data:text/javascript,document.title='taken'",
        URL.createObjectURL(new Blob(["document.title='taken'"])),
      ])
        document.body.append(Object.assign(document.createElement("script"), { src }));
      const link = Object.assign(document.createElement("a"), { href: "javascript:document.title='taken'" });
      document.body.append(link);
      link.click();
      const frame = Object.assign(document.createElement("iframe"), {
        srcdoc: "<script>parent.document.title='taken'</script>",
      });
      document.body.append(frame);
    }, EVIL);
    await page.waitForTimeout(500);
    expect(await page.title()).toBe("Synaptape: the playground");
    const sent = await page.evaluate(() =>
      fetch("https://example.com/").then(
        () => "sent",
        () => "refused",
      ),
    );
    expect(sent).toBe("refused");
    await page.close();
  });

  it("keeps the life in its address, so that loading it again loses nothing", async () => {
    const page = await playground.open();
    await page.selectOption("#preset", "bio");
    await page.locator(".characters select").first().selectOption({ label: "K" });
    await page.locator("#moment").fill("7");
    await expect.poll(() => page.url()).toMatch(/at=7/);
    const { hash } = await copied(page);
    await page.reload();
    await page.waitForSelector("#accuracy");
    expect(await moment(page)).toBe(7);
    expect((await copied(page)).hash).toBe(hash);
    await page.close();
  });

  it("in two tabs is two lives, of which neither knows the other", async () => {
    const [one, other] = await Promise.all([playground.open(), playground.open()]);
    await other.selectOption("#preset", "bp");
    await other.locator("#moment").fill("9");
    await one.locator("#moment").fill("4");
    await expect.poll(() => moment(other)).toBe(9);
    await expect.poll(() => moment(one)).toBe(4);
    const fresh = await playground.open();
    await fresh.locator("#moment").fill("4");
    await expect.poll(() => moment(fresh)).toBe(4);
    expect((await copied(one)).hash).toBe((await copied(fresh)).hash);
    expect(await other.inputValue("#preset")).toBe("bp");
    await Promise.all([one, other, fresh].map((page) => page.close()));
  });

  it("asks before it is left with a rule that is nowhere else", async () => {
    const page = await playground.open();
    const asked: string[] = [];
    page.on("dialog", (dialog) => {
      asked.push(dialog.type());
      void dialog.accept();
    });
    await page.reload();
    await page.waitForSelector("#accuracy");
    expect(asked).toEqual([]);
    await page.fill("#learn-shots", "1");
    await page.fill("#learn-episodes", "2");
    await page.click("#learn");
    await page.waitForSelector("#rule-hash");
    await page.reload();
    expect(asked).toEqual(["beforeunload"]);
    await page.close();
  });
});
