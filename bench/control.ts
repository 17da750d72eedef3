// A swimmer of six links for 1,000 steps of control under its circuit: ours in plain numbers, MuJoCo's WebAssembly and ours
// as differentiable steps, in turn. And a generation of 16 rollouts on one thread and on two.
import { resolve } from "node:path";
import {
  circuit,
  differentiableSwimmer,
  type Swimmer,
  simulate,
  swim,
  swimmerBody,
  swimmerStart,
} from "../src/control/index.js";
import "../src/float64/index.js";
import { grad, Key, scope, type Tensor, tensor } from "../src/index.js";
import { type Executor, memoryStore, runCells, threads } from "../src/runs/index.js";
import { mujoco } from "../test/control/mujoco.js";
import { type RolloutConfig, strategy } from "./children/rollouts.js";
import { type Bench, built, figure } from "./harness.js";

const [ROUNDS, STEPS, WINDOW] = [7, 1000, 50];

const body = swimmerBody();
const made = circuit();
const params = made.constant();
const start = swimmerStart(body, Key.of(0));
const other = differentiableSwimmer(body);

const swims = (swimmer: Swimmer) => (): void => void swim(swimmer, made.controller(params), { steps: STEPS });

/** How far a window of steps goes, as a function of the strengths. */
function far(strengths: typeof params): Tensor {
  let state = other.state(start);
  let sum = tensor(0, { dtype: "float64" });
  for (let step = 0; step < WINDOW; step++) {
    state = other.step(state, made.torques(strengths, other.joints(state), step));
    sum = sum.add(other.speed(state));
  }
  return sum;
}

async function milliseconds(run: () => unknown): Promise<number> {
  const begun = performance.now();
  await run();
  return performance.now() - begun;
}

/** Computes a generation of rollouts. */
async function generation(executor: Executor, seed: number): Promise<void> {
  const cells = Array.from({ length: strategy.members }, (_, member) => ({
    ...{ kind: "rollout", seed },
    config: { member } satisfies RolloutConfig,
  }));
  const { failures } = await runCells(cells, { store: memoryStore(), executor });
  if (failures.length > 0) throw failures[0].error;
}

export const controlBench: Bench = async function* () {
  const engine = await mujoco();
  const exact = made.constant("float64");
  const sides: Readonly<Record<string, () => void>> = {
    plain: swims(simulate(body, start)),
    mujoco: swims(engine(body, start)),
    tensors: () => void scope(() => far(exact).item()),
    gradient: () => void scope(() => grad(far)(exact)),
  };
  const best: Record<string, number> = {};
  for (let round = 0; round < ROUNDS; round++) {
    for (const [name, run] of Object.entries(sides)) {
      best[name] = Math.min(best[name] ?? Number.POSITIVE_INFINITY, await milliseconds(run));
    }
  }
  yield {
    ...{ bench: "control", work: `${STEPS} steps of control, six links` },
    ...{ plain: figure(best.plain), mujoco: figure(best.mujoco), times: figure(best.mujoco / best.plain) },
  };
  yield {
    ...{ bench: "control", work: `${WINDOW} differentiable steps` },
    ...{ forward: figure(best.tensors), gradient: figure(best.gradient) },
  };
  const module = resolve(built("children/rollouts"));
  const workerEntry = resolve("build/bench/src/runs/cell-worker.js");
  const executors = [1, 2].map((count) => threads(count, module, { workerEntry }));
  const least = [Number.POSITIVE_INFINITY, Number.POSITIVE_INFINITY];
  // The first rounds include the start of the threads and compilation.
  for (let round = 0; round < 2 + ROUNDS; round++) {
    for (const [i, executor] of executors.entries()) {
      const taken = await milliseconds(() => generation(executor, round));
      if (round >= 2) least[i] = Math.min(least[i], taken);
    }
  }
  await Promise.all(executors.map((executor) => executor.close()));
  yield {
    ...{ bench: "control", work: `a generation of ${strategy.members} rollouts` },
    ...{ "one thread": figure(least[0]), "two threads": figure(least[1]), times: figure(least[0] / least[1]) },
  };
};
