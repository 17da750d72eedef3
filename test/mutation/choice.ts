// Which files of each folder `npm run mutate <folder>` plants faults in, how many lines of them, and which tests must
// notice. The files are those that carry the science (formulas, orders, statistics, claims) and the safety (what is
// written, read back, refused or freed); tables of options, help texts and lists of names are left out.

/** The choice for one folder. */
export interface Choice {
  /** Files or folders, from the folder; default all. */
  readonly files?: readonly string[];
  /** How many of their lines of code are mutated, always the same ones; default `LINES`. About one fault comes of each. */
  readonly lines?: number;
  /** The tests that must notice; default `test/<folder>`. */
  readonly tests?: readonly string[];
  /** Whether each of their files loads its modules anew: faults in what is made at loading are noticed only then. */
  readonly anew?: true;
}

/** How many lines are mutated where a choice says nothing else. */
export const LINES = 50;

/** The folders of `src`, in the order of their floors. */
export const CHOICES: Readonly<Record<string, Choice>> = {
  core: { files: ["advance", "arena", "heap", "key", "memory", "quote", "runtime", "shape", "tensor", "tree"] },
  autodiff: {
    files: [
      "backward",
      "binomial",
      "cotangents",
      "forward",
      "freeing",
      "jacobian",
      "loop",
      "steps",
      "tape",
      "transforms",
    ],
    tests: ["test/autodiff/**/*.test.ts", "test/testing/programs.test.ts"],
  },
  ops: { tests: ["test/ops/**/*.test.ts", "test/laws/laws.test.ts"] },
  fields: { lines: 40 },
  optim: {},
  // Without the 100,000 damaged files of every format, which take minutes and find crashes alone.
  io: { tests: ["test/io/!(fuzz).test.ts"] },
  data: { files: ["dataset", "idx-folder", "idx", "regression", "task", "glyphs"] },
  gpu: { files: ["kernels", "lower", "segments", "trace"], lines: 40 },
  nn: {},
  plasticity: {
    files: ["lifetime", "network", "rule", "synapses", "feedback", "motifs"],
    // The float64 references of its ops are read by the laws alone.
    tests: ["test/plasticity/**/*.test.ts", "test/laws/laws.test.ts"],
  },
  bio: {
    files: [
      ...[
        "axes",
        "crystallize",
        "dale",
        "forget",
        "fuzzy",
        "optimizer",
        "step-stages",
        "rates",
        "regulated",
        "rejuvenate",
      ],
      ...["sites", "split", "state"],
    ],
  },
  runs: { lines: 40 },
  meta: {
    files: [
      ...["diagnose", "diagnosis-lines", "episode", "evaluate", "guard", "learner", "learner-codec", "metrics"],
      ...["retention", "task-kinds", "tasks", "train", "train-cell"],
    ],
  },
  studies: {
    files: ["claims", "measure", "statistics", "tables"],
    // Those that live no lives.
    tests: ["test/studies/{effect,measure,statistics}.test.ts"],
  },
  report: {
    files: ["curves", "diagram", "folders", "heat", "html", "ledger", "log-points", "points", "retention", "sheet"],
    // Those that need no browser.
    tests: ["test/report/**/*.test.ts"],
  },
  cli: {
    files: ["failure", "flags", "output", "progress", "values"],
    // Those that start no process.
    tests: ["test/cli/{failure,flags,output,progress,values}.test.ts"],
    anew: true, // flags are tables
  },
};

/** What CI mutates, and the least score in percent. */
export const CI = { folders: ["optim", "bio"], lines: 20, atLeast: 85 };

/**
 * Tests that need a build, a browser or another thread, where no planted fault would be seen; and one that replaces the
 * file system, which works in modules of its own alone.
 */
export const SKIPPED = [
  "test/{bundle,engines,examples,types}/**",
  "test/gpu/{process,page,readme}.test.ts",
  "test/meta/{page,run-folder,workers}.test.ts",
  "test/report/report.test.ts",
];
