import { configDefaults, defineConfig } from "vitest/config";

/**
 * Left out of `npm run test:fast`: what needs a build, a browser or a graphics driver, whole runs and trainings, the linter, and the
 * comparison of every kernel with its twin.
 */
const SLOW = [
  "test/{assembly,bundle,cli,engines,examples,gpu,lint,runs,studies}/**",
  "test/meta/{page,workers,run-folder,train}.test.ts",
  "test/report/report.test.ts",
];

export default defineConfig(({ mode }) => ({
  test: {
    include: ["test/**/*.test.ts"],
    exclude: mode === "fast" ? [...configDefaults.exclude, ...SLOW] : configDefaults.exclude,
    testTimeout: 120_000,
    reporters: ["default", ["json", { outputFile: "build/test-results.json" }]],
    coverage: { include: ["src/**/*.ts"], exclude: ["src/*/wasm.generated.ts"], reporter: ["text-summary", "html"] },
  },
}));
