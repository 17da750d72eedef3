// The site, built by `npm run site` into build/site. `.vitepress/README.md` says how it is put together.
import { resolve } from "node:path";
import { defineConfig } from "vitepress";
import { packageNames, siteLinks } from "./links.mts";
import { mathematics } from "./mathematics.mts";
import { withPolicy } from "./policy.mts";
import { places } from "./sidebar.mts";
import { tablesAndFigures } from "./tables.mts";

const root = resolve(import.meta.dirname, "../..");
const base = process.env.SITE_BASE ?? "/";

export default defineConfig({
  lang: "en",
  title: "Synaptape",
  description: "Differentiate through whole lifetimes of synaptic plasticity, in TypeScript and WebAssembly.",
  base,
  head: [["link", { rel: "icon", type: "image/svg+xml", href: `${base}icon.svg` }]],
  outDir: resolve(root, "build/site"),
  cacheDir: resolve(root, "build/site-cache"),
  srcExclude: ["node_modules", ".vitepress"],
  rewrites: (id) => id.replace(/README\.md$/, "index.md"),
  lastUpdated: false,
  markdown: {
    theme: { light: "github-light-high-contrast", dark: "github-dark-high-contrast" },
    config: (md) => {
      siteLinks(md);
      mathematics(md);
      tablesAndFigures(md);
    },
  },
  transformHtml: withPolicy,
  themeConfig: {
    nav: [
      { text: "Learn", link: "/learn/" },
      { text: "Playground", link: "/play/", target: "_self" }, // no page of VitePress, so it must not be routed to
      { text: "Guides", link: "/guides/command-line" },
      { text: "Reference", link: "/api/" },
      { text: "Studies", link: "/studies/" },
    ],
    sidebar: places as never,
    outline: [2, 3],
    search: { provider: "local" },
    externalLinkIcon: true,
  },
  vite: {
    publicDir: resolve(root, "docs/public"),
    resolve: { alias: packageNames() },
    worker: { format: "es" },
    build: { target: "es2022", chunkSizeWarningLimit: 2000 },
    server: { fs: { allow: [root] } },
  },
});
