// The task: two noisy stimuli are shown for seven steps, and in the eighth the network says which was stronger.
import { fromNumbers, type Key, type Tensor } from "../../core/index.js";
import { random } from "../../ops/index.js";

/** Steps of a trial; the network decides at the last. */
export const STEPS = 8;
/** The inputs of a step: fixation, which stays 0 here, and two stimuli. */
export const INPUTS = 3;
/** The outputs: no decision yet, the first stimulus, and the second. */
export const OUTPUTS = 3;

/** By how much the stimuli differ, in per cent. At 0 the right answer is drawn at random. */
const COHERENCES = [0, 6.4, 12.8, 25.6, 51.2];
/** The standard deviation of the noise of a step. */
const NOISE = 0.1;

/** Trials, with the wanted output of each step. */
export interface Trials {
  /** [steps, trials, inputs]. */
  readonly inputs: Tensor;
  /** [steps * trials], int32, in the same order. */
  readonly labels: Tensor;
  /** The labels of the last step alone, [trials]. */
  readonly choices: Tensor;
}

/** Draws this many trials. */
export function trials(key: Key, count: number): Trials {
  const [noiseKey, choiceKey, sideKey] = key.split(3);
  const noise = random.normal(noiseKey, [STEPS - 1, count, 2]).data();
  const inputs = new Float32Array(STEPS * count * INPUTS);
  const labels = new Int32Array(STEPS * count);
  for (let trial = 0; trial < count; trial++) {
    const difference = COHERENCES[choiceKey.integer(trial, COHERENCES.length)] / 200;
    const side = sideKey.integer(trial, 2);
    for (let step = 0; step < STEPS - 1; step++) {
      for (let stimulus = 0; stimulus < 2; stimulus++) {
        const level = 0.5 + (stimulus === side ? difference : -difference);
        inputs[(step * count + trial) * INPUTS + 1 + stimulus] =
          level + NOISE * noise[(step * count + trial) * 2 + stimulus];
      }
    }
    labels[(STEPS - 1) * count + trial] = 1 + side;
  }
  return {
    inputs: fromNumbers(inputs, [STEPS, count, INPUTS], "float32"),
    labels: fromNumbers(labels, [STEPS * count], "int32"),
    choices: fromNumbers(labels.subarray((STEPS - 1) * count), [count], "int32"),
  };
}
