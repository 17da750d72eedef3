// How the reference (docs/api) is written from the docstrings: one page for each entry of the package.
import { readFileSync } from "node:fs";

const { exports } = JSON.parse(readFileSync(new URL("../package.json", import.meta.url), "utf8"));

export default {
  name: "Synaptape",
  entryPoints: Object.values(exports).map(({ types }) =>
    types.replace("./dist/types/", "../src/").replace(/\.d\.ts$/, ".ts"),
  ),
  tsconfig: "../src/tsconfig.json",
  plugin: ["typedoc-plugin-markdown", "./.vitepress/typedoc-names.mjs"],
  out: "api",
  readme: "none",
  router: "module",
  entryFileName: "index",
  excludeExternals: true,
  excludePrivate: true,
  excludeInternal: true,
  disableSources: true,
  // The project's own compiler has checked the sources; this one only reads them.
  skipErrorChecking: true,
  validation: { notExported: false, invalidLink: true, notDocumented: false },
  hidePageHeader: true,
  hideBreadcrumbs: true,
  hideGroupHeadings: false,
  useCodeBlocks: true,
  sanitizeComments: true,
  // What one calls comes first, what describes it afterwards.
  groupOrder: ["Functions", "Classes", "Variables", "Interfaces", "Type Aliases"],
  tableColumnSettings: { hideModifiers: true },
  parametersFormat: "table",
  interfacePropertiesFormat: "table",
  typeAliasPropertiesFormat: "table",
  pageTitleTemplates: { module: ({ name }) => (name === "synaptape" ? name : `synaptape/${name}`) },
};
