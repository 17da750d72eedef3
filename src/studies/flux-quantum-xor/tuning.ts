// Biases that are tuned by gradients through the simulation: what no simulator of circuits does.
import { valueAndGrad } from "../../autodiff/index.js";
import { differentiable, transient, xorCircuit } from "../../circuits/index.js";
import { Key, scope, type Tensor } from "../../core/index.js";
import { take, tensor } from "../../ops/index.js";
import { adam } from "../../optim/index.js";
import { type Cell, type Context, Stopped, yieldToEvents } from "../../runs/index.js";
import { XOR } from "./facts.js";

/** What a seed is told. */
export interface TuningConfig {
  /** The most steps of the optimizer. */
  readonly steps: number;
}

/** What a seed comes to. */
export interface TuningRow {
  /** The biases of the hidden neurons and of the output before each step and after the last. */
  readonly biases: readonly (readonly [hidden: number, output: number])[];
  /** The loss before each step. */
  readonly losses: readonly number[];
  /** Patterns that are wrong before each step and after the last. */
  readonly wrong: readonly number[];
}

/** Pulses come after a short rest; all four patterns run at once. */
const PATTERNS = [{}, { P2: [30] }, { P1: [30] }, { P1: [30], P2: [30] }] as const;
const [DURATION, DT, LEARNING_RATE] = [70, 0.25, 0.08];
/** The neurons, and which of them should fire for each pattern. */
const NEURONS = ["h1", "h2", "o"] as const;
const AIM = [
  [0, 0, 0],
  [0, 1, 1],
  [1, 0, 1],
  [0, 0, 0],
];
/** The phase of a neuron at rest, in turns. */
const REST = 0.136;

interface Biases {
  readonly hidden: Tensor;
  readonly output: Tensor;
}

/** Tunes the biases from a random start at which the network is silent. */
export async function tuningRow({ config: { steps }, seed }: Cell<TuningConfig>, context: Context): Promise<TuningRow> {
  const circuit = xorCircuit();
  const neurons = tensor(
    NEURONS.map((node) => circuit.nodes.indexOf(node)),
    { dtype: "int32" },
  );
  const aim = tensor(AIM);
  const loss = (biases: Biases): Tensor => {
    const { phases } = differentiable(circuit, { ...biases }, { duration: DURATION, dt: DT, pulses: PATTERNS });
    const [all, courses, nodes] = phases.shape;
    const late = phases.slice([Math.floor(all * 0.8), 0, 0], [all, courses, nodes]).mean([0]);
    const turns = take(late, neurons, 1)
      .div(2 * Math.PI)
      .sub(REST);
    return turns.sub(aim).square().sum();
  };
  const wrongNow = (hidden: number, output: number): number =>
    PATTERNS.filter((pulses, i) => {
      const course = transient(circuit, { duration: 100, dt: 0.1, pulses, parameters: { hidden, output } });
      return course.pulses("out").length !== XOR[i];
    }).length;
  const [first, second] = Key.of(seed).split();
  const start = (key: Key): Tensor => tensor(0.2 + key.integer(0, 301) / 1000);
  let params: Biases = { hidden: start(first), output: start(second) };
  const optimizer = adam({ lr: LEARNING_RATE });
  let state = optimizer.init(params);
  const [biases, losses, wrong]: [[number, number][], number[], number[]] = [[], [], []];
  for (let step = 0; ; step++) {
    const now: [number, number] = [params.hidden.item(), params.output.item()];
    biases.push(now);
    wrong.push(wrongNow(...now));
    if (wrong[step] === 0 || step === steps) return { biases, losses, wrong };
    const { value, grad } = scope(() => valueAndGrad(loss)(params));
    losses.push(value.item());
    ({ params, state } = optimizer.step(params, grad, state));
    context.progress((step + 1) / steps);
    await yieldToEvents();
    if (context.signal.aborted) throw new Stopped();
  }
}
