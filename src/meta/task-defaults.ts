// What a run of each kind of task begins from: the preset's rule, in the setting that the task needs.
import type { PlasticityConfig } from "../plasticity/index.js";
import type { TaskConfig, TrainConfig } from "./config.js";

interface Defaults {
  readonly task: TaskConfig;
  readonly run?: Partial<Omit<TrainConfig, "task" | "plasticity">>;
  readonly plasticity?: Partial<PlasticityConfig>;
}

/** Answers are numbers, and inputs may be negative. */
const numbers = { head: "linear", inputGate: "one" } as const;

const defaults: { readonly [K in TaskConfig["kind"]]: Defaults } = {
  classify: { task: { kind: "classify" } },
  continual: { task: { kind: "continual" } },
  sinusoid: {
    task: { kind: "sinusoid" },
    run: { hidden: [64, 64], ways: 1, shots: 100, queries: 50 },
    plasticity: numbers,
  },
  teacher: {
    task: { kind: "teacher", inputs: 8, outputs: 4, width: 16 },
    run: { hidden: [64], ways: 1, shots: 200, queries: 50 },
    plasticity: numbers,
  },
  // One plastic layer: the teacher is linear, and nothing but the synapses' time scales is to matter. Fast chemicals
  // must write fast, so the slowest time constant is that of a segment.
  "two-timescale": {
    task: { kind: "two-timescale", inputs: 8, outputs: 4, segment: [5, 15], fast: 0.5 },
    run: { hidden: [], ways: 1, shots: 120, queries: 32, metaBatch: 4, learningRate: 3e-3 },
    plasticity: { ...numbers, motifs: [0, 3], tauMax: 10, initialP0: 0.02 },
  },
};

/** The run `base` with tasks of this kind, in the setting that they need. */
export function withTask(base: TrainConfig, kind: TaskConfig["kind"]): TrainConfig {
  const { task, run, plasticity } = defaults[kind];
  return { ...base, ...run, task, plasticity: { ...base.plasticity, ...plasticity } };
}
