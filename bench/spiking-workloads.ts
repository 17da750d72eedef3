// The spiking workloads of bench/workloads.ts.
import { compile, Key, loop, matmul, random, scope, type Tensor, valueAndGrad } from "../src/index.js";
import { cellGrid, eventMatmul, type GridState, lif, runNeurons } from "../src/spiking/index.js";

/** Examples of a batch, and steps. */
const [BATCH, STEPS] = [10, 500];

/** The share of inputs that spike, where inputs are spikes. */
const SPIKING = 0.1;

/**
 * A dense layer and as many leaky neurons through 500 steps, compiled: the sum of spikes and its gradient. Inputs are numbers
 * from 0 to 1, or spikes.
 */
export function lifWork(units: number, inputs: "numbers" | "spikes"): () => void {
  const [ofWeight, ofInput] = Key.of(units).split();
  const weight = random.uniform(ofWeight, [units, units], { low: -1 / units ** 0.5, high: 1 / units ** 0.5 });
  const shape = [BATCH, STEPS, units];
  const x = inputs === "spikes" ? random.bernoulli(ofInput, SPIKING, shape) : random.uniform(ofInput, shape);
  const neuron = lif(units, { tau: 10, threshold: 0.3, surrogate: "arctan" });
  const step = compile((w: Tensor, data: Tensor) =>
    valueAndGrad((own: Tensor) => runNeurons(neuron, {}, eventMatmul(data, own)).spikes.sum())(w),
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
