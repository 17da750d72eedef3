// The correct answer at each step, as one number for each output of the network.
import { apply, type Op } from "../autodiff/index.js";
import { type DType, kernelsOf, showShape, type Tensor } from "../core/index.js";
import { cast } from "../ops/index.js";

/** One-hot rows (steps, classes) of int32 labels. An op, so that labels may differ from example to example. */
const rowsOfLabels: Op<{ classes: number }> = {
  name: "lifetime",
  types: { takes: "int32", gives: "float32" },
  shapes: ([labels], { classes }) => {
    const values = labels.elements;
    const bad = values.findIndex((label) => label < 0 || label >= classes);
    if (bad >= 0) {
      throw new RangeError(`[lifetime] label ${values[bad]} at step ${bad} is outside the ${classes} output units.`);
    }
    return [[labels.size, classes]];
  },
  forward: ([rows], [labels], { classes }) => {
    kernelsOf(rows).fill(rows.address, rows.size, 0);
    const { elements } = rows;
    labels.elements.forEach((label, step) => {
      elements[step * classes + label] = 1;
    });
  },
  vjp: () => [undefined],
  jvp: () => [undefined],
  reference: ([labels], { classes }) => {
    const data = new Float64Array(labels.data.length * classes);
    labels.data.forEach((label, step) => {
      data[step * classes + label] = 1;
    });
    return [{ shape: [labels.data.length, classes], data }];
  },
  domain: [],
};

/** These targets (steps, outputs) themselves, or those that int32 labels stand for, as floats of the type `dtype`. */
export function targetsOf(labels: Tensor, outputs: number, dtype: DType): Tensor {
  if (labels.dtype === "int32") return cast(apply(rowsOfLabels, [labels], { classes: outputs }), dtype);
  if (labels.rank === 2 && labels.shape[1] === outputs) return labels;
  throw new RangeError(
    `[lifetime] targets of shape ${showShape(labels.shape)} for ${outputs} output units: ` +
      `floats [steps, ${outputs}] are needed, or int32 [steps] with the unit that is right.`,
  );
}
