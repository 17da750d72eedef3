// What a network learns from: numbered examples. A batch is only made when it is needed, so that images stay bytes until
// then.

import { checkTensors } from "../autodiff/index.js";
import {
  checkKind,
  checkMade,
  checkOptions,
  emptyLike,
  type FloatName,
  fromNumbers,
  kernelsOf,
  quote,
  type Shape,
  showShape,
  sizeOf,
  type Tensor,
} from "../core/index.js";
import type { Dataset } from "../data/index.js";
import { checkDataset } from "../data/internal.js";

/** Inputs with their labels or targets. */
export interface Batch {
  /** Inputs, [n, ...shape of an item]. */
  readonly x: Tensor;
  /** Int32 labels [n], or targets [n, ...] of the type of the inputs. */
  readonly y: Tensor;
}

/** Numbered examples. */
export interface Examples {
  /** How many there are. */
  readonly count: number;
  /** The shape of the input of one example. */
  readonly shape: Shape;
  /** The examples with these numbers, in this order. Throws a RangeError for a number that does not exist. */
  batch(indices: readonly number[]): Batch;
}

/** Throws unless these are examples. */
export const checkAreExamples = (op: string, examples: Examples): void =>
  checkMade(
    op,
    "what the examples are given as",
    examples,
    ["count", "batch"],
    "Make them with examplesOf() or imagesOf().",
  );

/** Options of `imagesOf`. */
export interface ImageOptions {
  /** Subtracted from every pixel, which lies between 0 and 1; 0 by default. */
  readonly mean?: number;
  /** The number by which pixels are then divided: above 0; 1 by default. */
  readonly std?: number;
  /** The type of the pixels; "float32" by default. */
  readonly dtype?: FloatName;
}

/**
 * The images of a dataset as examples of shape [rows, columns, channels] with their classes. Pixels are (x - `mean`) / `std`,
 * where x is a byte / 255, or a float as it is. A network of dense layers then begins with flatten().
 *
 * @throws RangeError for numbers that are not finite, and a `std` that is not above 0.
 * @example
 * const images = imagesOf(glyphs({ perClass: 2 }));
 * images.shape; // [28, 28, 1]
 */
export function imagesOf(data: Dataset, options: ImageOptions = {}): Examples {
  checkDataset("imagesOf", data);
  checkOptions("imagesOf", options, ["mean", "std", "dtype"]);
  const { mean = 0, std = 1, dtype = "float32" } = options;
  if (!(Number.isFinite(mean) && std > 0 && Number.isFinite(std))) {
    throw new RangeError(
      `[imagesOf] \`mean\` is ${quote(mean)} and \`std\` is ${quote(std)}. Give finite numbers, and a \`std\` above 0.`,
    );
  }
  const labels = new Int32Array(data.byClass.reduce((count, own) => count + own.length, 0));
  data.byClass.forEach((own, label) => {
    for (const i of own) labels[i] = label;
  });
  const shape = [data.rows, data.columns, data.channels];
  const pixels = sizeOf(shape);
  const Numbers = dtype === "float32" ? Float32Array : Float64Array;
  const { images } = data;
  const bytes = new Numbers(256); // a byte has only 256 values
  for (let byte = 0; byte < 256; byte++) bytes[byte] = (byte / 255 - mean) / std;
  const value = images instanceof Float32Array ? (x: number) => (x - mean) / std : (byte: number) => bytes[byte];
  return {
    count: labels.length,
    shape,
    batch: (indices) => {
      checkIndices(indices, labels.length);
      const x = new Numbers(indices.length * pixels);
      let to = 0;
      for (const index of indices) {
        const end = (index + 1) * pixels;
        for (let from = index * pixels; from < end; from++) x[to++] = value(images[from]);
      }
      const y = Int32Array.from(indices, (index) => labels[index]);
      return { x: fromNumbers(x, [indices.length, ...shape], dtype), y: fromNumbers(y, [indices.length], "int32") };
    },
  };
}

/**
 * The items of x along its first axis as examples, with those of y, which are int32 labels (items) or targets
 * (items, ...). Both tensors must live as long as the examples are used.
 *
 * @throws RangeError unless both have the same number of items.
 * @example
 * const examples = examplesOf(ones([6, 4]), zeros([6], { dtype: "int32" }));
 * examples.count; // 6
 */
export function examplesOf(x: Tensor, y: Tensor): Examples {
  checkTensors("examplesOf", [x, y]);
  if (x.rank === 0 || y.rank === 0 || x.shape[0] !== y.shape[0]) {
    throw new RangeError(
      `[examplesOf] inputs have shape ${showShape(x.shape)} and targets ${showShape(y.shape)}. Give both the same number of items.`,
    );
  }
  const count = x.shape[0];
  return {
    count,
    shape: x.shape.slice(1),
    batch: (indices) => {
      checkIndices(indices, count);
      return { x: rows(x, indices), y: rows(y, indices) };
    },
  };
}

/** These items of x along its first axis, for any type. */
function rows(x: Tensor, indices: readonly number[]): Tensor {
  const shape = x.shape.slice(1);
  const out = emptyLike(x, [indices.length, ...shape]);
  const bytes = x.type.bytes * sizeOf(shape);
  indices.forEach((index, i) => {
    kernelsOf(out).copy(out.address + i * bytes, x.address + index * bytes, bytes);
  });
  return out;
}

/**
 * The examples with these numbers, renumbered from 0; for example a part to train on and a part to validate with.
 *
 * @example
 * const examples = examplesOf(ones([6, 4]), zeros([6], { dtype: "int32" }));
 * subset(examples, [0, 2]).count; // 2
 */
export function subset(examples: Examples, indices: readonly number[]): Examples {
  checkAreExamples("subset", examples);
  checkKind("subset", "the indices", indices, "a list");
  checkIndices(indices, examples.count);
  return {
    count: indices.length,
    shape: examples.shape,
    batch: (chosen) => {
      checkIndices(chosen, indices.length);
      return examples.batch(chosen.map((i) => indices[i]));
    },
  };
}

function checkIndices(indices: readonly number[], count: number): void {
  const odd = indices.find((i) => !(Number.isInteger(i) && i >= 0 && i < count));
  if (odd !== undefined) {
    throw new RangeError(`[examples] there is no example ${quote(odd)}. Give whole numbers from 0 to ${count - 1}.`);
  }
}
