import { availableParallelism } from "node:os";
import { configDefaults, defineConfig } from "vitest/config";

/**
 * Left out of `npm run test:fast`: what needs a build, a browser or a graphics driver, whole runs and trainings, the
 * linter, the comparison of every kernel with its twin, damaged files by the hundred thousand, and every public call
 * with absurd values.
 */
const SLOW = [
  "test/{assembly,bundle,cli,engines,examples,gpu,lint,messages,runs,studies}/**",
  "test/debug/formatter.test.ts",
  "test/io/fuzz.test.ts",
  "test/meta/{disk,guarded-runs,page,workers,run-folder,train}.test.ts",
  "test/plasticity/{extensions,kernels,kernels64}.test.ts",
  "test/report/report.test.ts",
];

/**
 * Run in one process after the other, which saves the start of an engine for each file: tests that neither set up the
 * memory, nor count what lives in it, nor register kinds or types of their own.
 */
const TOGETHER = [
  "test/{bio,brain,data,debug,docs,fields,linalg,lint,mutation}/**/*.test.ts",
  "test/{nn,ops,optim,report,sparse,special,studies,testing,types,vmap}/**/*.test.ts",
  "test/meta/{checkpoint,config,diagnose,episode,evaluate,evaluation,forged,guard,retention,rule-parts,tasks}.test.ts",
  "test/plasticity/{chemicals,closed,facts,feedback,lifetime}.test.ts",
];

/** Left out of `npm run coverage`: what runs the code in a browser, in a packed package or not at all. */
const UNCOUNTED = ["test/{assembly,bundle,engines,lint,types}/**", "test/gpu/page.test.ts", "test/meta/page.test.ts"];

const all = {
  setupFiles: ["test/setup.ts"],
  globalSetup: ["test/cli/bundle.ts"],
  // Some tests build, install or start a browser, on machines that do other work too.
  ...{ testTimeout: 120_000, hookTimeout: 120_000 },
};

export default defineConfig(({ mode }) => {
  const leftOut: Record<string, readonly string[]> = { fast: SLOW, coverage: UNCOUNTED };
  const exclude = [...configDefaults.exclude, ...(leftOut[mode] ?? [])];
  return {
    test: {
      reporters: ["default", ["json", { outputFile: "build/test-results.json" }]],
      // A table by folder and file, also when a test fails: the whole takes many minutes.
      coverage: {
        include: ["src/**/*.ts"],
        exclude: ["src/*/wasm*.generated.ts"],
        reporter: [["text", { skipFull: true }], "html"],
        reportOnFailure: true,
      },
      ...(mode === "fast" && { maxWorkers: availableParallelism() }),
      projects: [
        { test: { ...all, name: "together", isolate: false, include: TOGETHER, exclude } },
        { test: { ...all, name: "alone", include: ["test/**/*.test.ts"], exclude: [...exclude, ...TOGETHER] } },
      ],
    },
  };
});
