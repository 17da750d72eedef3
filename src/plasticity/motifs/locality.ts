// Tests locality: what a synapse does may depend only on that synapse, on its two units and on declared scalars.
import { InputError, Key, sameShape, type Tensor } from "../../core/index.js";
import { add, matvec, random, tensor } from "../../ops/index.js";
import type { Signals } from "./numbered.js";

/** Weights and signals of a layer, for the test. */
export function sampleSignals(nOut = 3, nIn = 4): { w: Tensor; signals: Signals } {
  const key = Key.of(11);
  const draw = (id: number, shape: number[]): Tensor => random.uniform(key.fold(id), shape, { low: 0.2, high: 0.9 });
  const w = draw(0, [nOut, nIn]);
  const [y, e, yPre, ePre] = [nOut, nOut, nIn, nIn].map((n, i) => draw(i + 1, [n]));
  return { w, signals: { y, e, yPre, ePre, z: matvec(w, yPre), u: matvec(w, y, true) } };
}

/**
 * Changes one number of one input at a time, and checks that in every result only those elements change that this
 * number may reach. Rows, columns and matrices are recognised by comparing their last two axes with those of the
 * weights.
 *
 * @param inputs among them `w`; the others' last two axes are 1 or as its own.
 * @throws InputError that names the element and the input on which it should not depend.
 */
export function checkLocal(
  what: string,
  inputs: Readonly<Record<string, Tensor>>,
  results: (inputs: Readonly<Record<string, Tensor>>) => readonly Tensor[],
): void {
  const [nOut, nIn] = inputs.w.shape;
  const values = (given: Readonly<Record<string, Tensor>>): Float32Array[] =>
    results(given).map((result) => {
      const fits = result.rank >= 2 && sameShape(result.shape.slice(-2), [nOut, nIn]);
      if (fits) return Float32Array.from(result.data());
      throw new InputError(
        `[plasticity] ${what} gives shape [${result.shape.join(", ")}] for weights [${nOut}, ${nIn}]. ` +
          "Its last two axes must be those of the weights.",
      );
    });
  const before = values(inputs);
  const unlike = values(inputs).some((list, i) => list.some((x, at) => !Object.is(x, before[i][at])));
  if (unlike) throw new InputError(`[plasticity] ${what} gives another result each time. Remove its hidden state.`);
  for (const [name, input] of Object.entries(inputs)) {
    const [rows, columns] = input.shape.slice(-2);
    for (let at = 0; at < input.size; at++) {
      const changed = new Float32Array(input.size);
      changed[at] = 0.375;
      const after = values({ ...inputs, [name]: add(input, tensor(changed, { shape: [...input.shape] })) });
      const [row, column] = [Math.floor(at / columns) % rows, at % columns];
      before.forEach((list, i) => {
        const far = list.findIndex((x, k) => {
          const [ofRow, ofColumn] = [Math.floor(k / nIn) % nOut, k % nIn];
          const reached = (rows === 1 || ofRow === row) && (columns === 1 || ofColumn === column);
          return !reached && !Object.is(x, after[i][k]);
        });
        if (far < 0) return;
        const synapse = `[${Math.floor(far / nIn) % nOut}, ${far % nIn}]`;
        throw new InputError(
          `[plasticity] ${what} is not local: synapse ${synapse} changes with ${name}[${row}, ${column}]. ` +
            "Work element by element on the synapse and its two units, and declare numbers of the whole layer.",
        );
      });
    }
  }
}
