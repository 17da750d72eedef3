// The spiking workloads of bench/workloads.ts.
import { compile, Key, loop, matmul, random, scope, type Tensor, valueAndGrad } from "../src/index.js";
import { cellGrid, type GridState, lif, runNeurons } from "../src/spiking/index.js";

/** Examples of a batch, and steps. */
const [BATCH, STEPS] = [10, 500];

/** A dense layer and as many leaky neurons through 500 steps, compiled: the sum of spikes and its gradient. */
export function lifWork(units: number): () => void {
  const [ofWeight, ofInput] = Key.of(units).split();
  const weight = random.uniform(ofWeight, [units, units], { low: -1 / units ** 0.5, high: 1 / units ** 0.5 });
  const x = random.uniform(ofInput, [BATCH * STEPS, units]);
  const neuron = lif(units, { tau: 10, threshold: 0.3, surrogate: "arctan" });
  const step = compile((w: Tensor, data: Tensor) =>
    valueAndGrad((own: Tensor) => {
      const currents = matmul(data, own).reshape([BATCH, STEPS, units]);
      return runNeurons(neuron, {}, currents).spikes.sum();
    })(w),
  );
  return () => scope(() => void step(weight, x));
}

/** The two products of that layer alone, compiled: the currents of all steps, and the gradient of the weights. */
export function lifProducts(units: number): () => void {
  const [ofWeight, ofInput, ofCotangent] = Key.of(units).split(3);
  const weight = random.uniform(ofWeight, [units, units], { low: -1 });
  const x = random.uniform(ofInput, [BATCH * STEPS, units]);
  const cotangent = random.uniform(ofCotangent, [BATCH * STEPS, units]);
  const step = compile((w: Tensor, data: Tensor, dy: Tensor) => [matmul(data, w), matmul(data.transpose(), dy)]);
  return () => scope(() => void step(weight, x, cotangent));
}

/** A second (2000 steps of 0.5 ms) of a square grid of Izhikevich's cells with eight neighbours, all of them active. */
export function gridWork(side: number): () => void {
  const grid = cellGrid(side, side, { weight: 0.5 });
  const outside = random.uniform(Key.of(side), [1, grid.units], { high: 10 });
  const params = grid.init();
  const chunk = compile((state: GridState, current: Tensor) =>
    loop(100, state, (before: GridState) => grid.step(params, before, current)),
  );
  return () => {
    let state = grid.state(params, 1);
    for (let i = 0; i < 20; i++) {
      const before = state;
      state = scope(() => chunk(before, outside));
    }
  };
}
