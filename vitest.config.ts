import { availableParallelism } from "node:os";
import { configDefaults, defineConfig } from "vitest/config";
import { BaseSequencer, type TestSpecification } from "vitest/node";
import { together, togetherFloat64 } from "./test/together.js";

/**
 * Left out of `npm run test:fast`: what needs a build, a browser or a graphics driver, whole runs and trainings, reports
 * of them, the linter and the type checker, the comparison of every kernel with its twin, damaged files by the hundred
 * thousand, statistics of many draws, every public call with absurd values, and the laws of ops once more, in float64,
 * compiled and for many examples at once.
 */
const SLOW = [
  "test/{assembly,bundle,cli,engines,examples,executors,gpu,infer,kubernetes,lint,messages,report,runs,scale,slurm,studies,types}/**",
  "test/autodiff/{loop,programs}.test.ts",
  "test/bio/{distributions,regulated}.test.ts",
  "test/circuits/transient.test.ts",
  "test/compile/{compile,laws,lifetimes,plan,programs,training}.test.ts",
  "test/control/{differentiable,mujoco,swim}.test.ts",
  "test/core/{collector,growth,nervous,places,quote}.test.ts",
  "test/credit/{equilibrium,learners,predictive,rtrl,vector-field,waves}.test.ts",
  "test/data/glyphs/glyphs.test.ts",
  "test/debug/formatter.test.ts",
  "test/dendrites/{cycles,perforated}.test.ts",
  "test/io/{fuzz,npy,text}.test.ts",
  "test/laws/{float64,main,zero}.test.ts",
  "test/meta/{disk,evaluation,forged,guarded-runs,page,rule-parts,run-folder,tasks,train,train-cell,workers}.test.ts",
  "test/nn/cells.test.ts",
  "test/ode/steps.test.ts",
  "test/ops/{gamma,random}.test.ts",
  "test/optim/{evolution,large-gradients}.test.ts",
  "test/plasticity/{chemicals,extensions,golden,kernels,kernels64,lifetime-types,registry}.test.ts",
  "test/spiking/{grid,neurons,rules,trains}.test.ts",
  "test/vmap/{laws,lifetimes}.test.ts",
];

/** Left out of `npm run coverage`: what runs the code in a browser, in a packed package or not at all. */
const UNCOUNTED = ["test/{assembly,bundle,engines,lint,types}/**", "test/gpu/page.test.ts", "test/meta/page.test.ts"];

/** Files of few lines that take longest: they come first, so that no processor waits for one of them at the end. */
const LONG = /\/test\/(studies\/smoke|studies\/two-time-scales|messages\/messages|io\/fuzz)\.test\.ts$/;

class LongestFirst extends BaseSequencer {
  override async sort(files: TestSpecification[]): Promise<TestSpecification[]> {
    const long = ({ moduleId }: TestSpecification): number => Number(LONG.test(moduleId));
    return (await super.sort(files)).sort((a, b) => long(b) - long(a));
  }
}

const all = {
  setupFiles: ["test/setup.ts"],
  globalSetup: ["test/cli/bundle.ts"],
  // Some tests build, install or start a browser, on machines that do other work too.
  ...{ testTimeout: 120_000, hookTimeout: 120_000 },
};

/** Files that share a process; each is also checked for what it leaves behind. */
const inOne = { ...all, isolate: false, setupFiles: [...all.setupFiles, "test/left-behind.ts"] };

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
      // As many files at once as there are processors; vitest would leave one idle.
      maxWorkers: availableParallelism(),
      sequence: { sequencer: LongestFirst },
      // A file is transformed once for all projects, and not again until it changes.
      ...(mode !== "coverage" && { experimental: { fsModuleCache: true } }),
      projects: [
        { test: { ...inOne, name: "together", include: together, exclude } },
        {
          test: {
            ...inOne,
            name: "float64",
            include: togetherFloat64,
            exclude,
            setupFiles: ["src/float64/index.ts", ...inOne.setupFiles],
          },
        },
        {
          test: {
            ...all,
            name: "alone",
            include: ["test/**/*.test.ts"],
            exclude: [...exclude, ...together, ...togetherFloat64],
          },
        },
      ],
    },
  };
});
