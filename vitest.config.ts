import { configDefaults, defineConfig } from "vitest/config";

/** What needs a build, a browser, a graphics driver or the minutes of whole runs: left out of `npm run test:fast`. */
const SLOW = [
  "test/{bundle,cli,engines,gpu,runs,studies}/**",
  "test/meta/{page,workers,run-folder,train}.test.ts",
  "test/examples/readme.test.ts",
  "test/report/report.test.ts",
];

export default defineConfig(({ mode }) => ({
  test: {
    include: ["test/**/*.test.ts"],
    exclude: [...configDefaults.exclude, ...(mode === "fast" ? SLOW : [])],
    testTimeout: 120_000,
    reporters: ["default", ["json", { outputFile: "build/test-results.json" }]],
    coverage: { include: ["src/**/*.ts"], exclude: ["src/*/wasm.generated.ts"], reporter: ["text-summary", "html"] },
  },
}));
