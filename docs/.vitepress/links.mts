// Links as GitHub reads them, turned into links of the site: README.md is the index of its folder, and some pages of the
// repository that lie outside docs/ have a place here too. A link to a file that is no page of the site stops the build.
import { existsSync, readFileSync } from "node:fs";
import { dirname, join, posix, relative, resolve } from "node:path";
import type { MarkdownRenderer } from "vitepress";

const root = resolve(import.meta.dirname, "../..");

/** Pages of the repository outside docs/, with the page of the site that includes each. */
const INCLUDED: Readonly<Record<string, string>> = {
  "bench/README.md": "benchmarks.md",
  "CHANGELOG.md": "changelog.md",
  "CONTRIBUTING.md": "contributing.md",
};

/** The address of a page of the playground, which is no page of VitePress; it has the site's base already. */
function playgroundOf(page: string, href: string): string | undefined {
  const [path, hash] = href.split("#");
  const found = /^src\/play\/page\/(\w+\.html)$/.exec(posix.join(dirname(sourceOf(page)), path));
  if (!found || !existsSync(join(root, found[0]))) return undefined;
  const address = `${process.env.SITE_BASE ?? "/"}play/${found[1] === "index.html" ? "" : found[1]}`;
  return hash ? `${address}#${hash}` : address;
}

/** The address of a page on the site: `docs/studies/gain/README.md` is `/studies/gain/`. */
function addressOf(file: string): string | undefined {
  if (file === "README.md") return "/";
  const page = INCLUDED[file] ?? (file.startsWith("docs/") && file.endsWith(".md") ? file.slice(5) : undefined);
  return page && `/${page.replace(/(^|\/)(README|index)\.md$/, "$1").replace(/\.md$/, "")}`;
}

/** The file of the repository whose text a page shows. */
function sourceOf(page: string): string {
  const name = relative(join(root, "docs"), page);
  const included = Object.entries(INCLUDED).find(([, own]) => own === name);
  return included ? included[0] : posix.join("docs", name);
}

/** Where a relative link of a page leads: a page of the site, or a file beside it, such as a picture. */
function target(page: string, href: string): string {
  if (/^([a-z]+:|\/|#)/i.test(href)) return href;
  const [path, hash] = href.split("#");
  const file = posix.join(dirname(sourceOf(page)), path);
  const there = existsSync(join(root, file));
  const address = addressOf(file);
  if (there && address) return hash ? `${address}#${hash}` : address;
  if (there && /\.(svg|png|jpg)$/.test(file)) return relative(dirname(page), join(root, file)).replace(/^(?!\.)/, "./");
  if (file.startsWith("docs/api/")) return href;
  throw new Error(`[site] ${sourceOf(page)} links to ${href}, which is no page of the site.`);
}

/** Rewrites the links and pictures of every page before VitePress sees them. */
export function siteLinks(md: MarkdownRenderer): void {
  md.core.ruler.push("site-links", ({ tokens, env }) => {
    for (const token of tokens.flatMap(({ children }) => children ?? [])) {
      const name = token.type === "link_open" ? "href" : token.type === "image" ? "src" : undefined;
      const href = name && token.attrGet(name);
      if (!name || !href || !env.path) continue;
      const playground = playgroundOf(env.path, href);
      token.attrSet(name, playground ?? target(env.path, href));
      // VitePress would look for it among its own pages.
      if (playground) token.attrSet("target", "_self");
    }
  });
}

/** The names under which the pages of the package import it, with the built files for browsers that they stand for. */
export function packageNames(): { find: RegExp; replacement: string }[] {
  const { exports } = JSON.parse(readFileSync(join(root, "package.json"), "utf8")) as {
    exports: Record<string, { browser: string }>;
  };
  return Object.entries(exports).map(([name, { browser }]) => ({
    find: new RegExp(`^synaptape${name.slice(1)}$`),
    replacement: join(root, browser),
  }));
}
