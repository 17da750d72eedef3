import { availableParallelism } from "node:os";
import { configDefaults, defineConfig } from "vitest/config";

/**
 * Left out of `npm run test:fast`: what needs a build, a browser or a graphics driver, whole runs and trainings, the
 * linter, and the comparison of every kernel with its twin.
 */
const SLOW = [
  "test/{assembly,bundle,cli,engines,examples,gpu,lint,runs,studies}/**",
  "test/meta/{page,workers,run-folder,train}.test.ts",
  "test/plasticity/{extensions,kernels}.test.ts",
  "test/report/report.test.ts",
];

/**
 * Run fast in one process after the other, which saves the start of an engine for each file: tests that neither set up
 * the memory, nor count what lives in it, nor register kinds of their own.
 */
const TOGETHER = ["test/{autodiff,bio,data,debug,docs,fields,io,laws,ops,optim,report,testing,types}/**/*.test.ts"];

const all = {
  include: ["test/**/*.test.ts"],
  exclude: configDefaults.exclude,
  setupFiles: ["test/setup.ts"],
  globalSetup: ["test/cli/bundle.ts"],
  // Some tests build, install or start a browser, on machines that do other work too.
  ...{ testTimeout: 120_000, hookTimeout: 120_000 },
};
const fast = [...all.exclude, ...SLOW];

export default defineConfig(({ mode }) => ({
  test: {
    ...all,
    reporters: ["default", ["json", { outputFile: "build/test-results.json" }]],
    coverage: { include: ["src/**/*.ts"], exclude: ["src/*/wasm*.generated.ts"], reporter: ["text-summary", "html"] },
    ...(mode === "fast" && {
      maxWorkers: availableParallelism(),
      projects: [
        { test: { ...all, name: "together", isolate: false, include: TOGETHER, exclude: fast } },
        { test: { ...all, name: "alone", exclude: [...fast, ...TOGETHER] } },
      ],
    }),
  },
}));
