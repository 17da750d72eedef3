// What the site promises and a test can hold without the packages that build it: every page has a place, every place a
// page, and every entry of the package a page in the reference.
import { existsSync, readdirSync, readFileSync } from "node:fs";
import { join, resolve } from "node:path";
import { describe, expect, it } from "vitest";
import { entries, type Place, places } from "../../docs/.vitepress/sidebar.mjs";

const root = resolve(import.meta.dirname, "../..");
const docs = join(root, "docs");

/** The pages that are written, as addresses: `docs/studies/gain/README.md` is `/studies/gain/`. */
const pages = ["", "decisions", "guides", "learn", "reference", "studies"]
  .filter((folder) => existsSync(join(docs, folder)))
  .flatMap((folder) =>
    readdirSync(join(docs, folder), { recursive: folder !== "", encoding: "utf8" }).map((name) => join(folder, name)),
  )
  .filter((name) => name.endsWith(".md"))
  .map((name) => `/${name.replace(/(^|\/)(README|index)\.md$/, "$1").replace(/\.md$/, "")}`);

const linksIn = (some: readonly Place[]): string[] =>
  some.flatMap(({ link, items }) => [...(link ? [link] : []), ...linksIn(items ?? [])]);
const links = linksIn(places);

describe("the site", () => {
  it("has every page in its sidebar, once, and no other", () => {
    const written = links.filter((link) => !link.startsWith("/api/"));
    expect([...written, "/"].sort()).toEqual([...pages].sort());
  });

  it("has the reference of every entry of the package", () => {
    const { exports } = JSON.parse(readFileSync(join(root, "package.json"), "utf8"));
    const names = Object.keys(exports).map((name) => (name === "." ? "synaptape" : name.slice(2)));
    expect([...entries].sort()).toEqual(names.sort());
    expect(links.filter((link) => link.startsWith("/api/"))).toEqual([
      "/api/",
      ...entries.map((name) => `/api/${name}`),
    ]);
  });

  it("is built by packages of exact versions, which the project itself does not install", () => {
    const own = JSON.parse(readFileSync(join(docs, "package.json"), "utf8")).devDependencies as Record<string, string>;
    const { devDependencies } = JSON.parse(readFileSync(join(root, "package.json"), "utf8"));
    for (const [name, version] of Object.entries(own)) {
      expect(version, name).toMatch(/^\d+\.\d+\.\d+$/);
      // TypeDoc needs an older compiler; the playground is built without the site, of the same Vue.
      if (name === "vue") expect(devDependencies[name]).toBe(version);
      else if (name !== "typescript") expect(devDependencies).not.toHaveProperty(name);
    }
  });

  it("fetches nothing from elsewhere", () => {
    const theme = readdirSync(join(docs, ".vitepress"), { recursive: true, encoding: "utf8" })
      .filter((name) => /\.(mts|ts|vue|css)$/.test(name))
      .map((name) => readFileSync(join(docs, ".vitepress", name), "utf8"));
    for (const text of theme) expect(text).not.toMatch(/(@import|url\(|src=|fetch\()\s*["'(]?https?:/);
  });
});
