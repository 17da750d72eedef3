// Products of spikes with weights that go from spike to spike, not from number to number.
import { type AnyOp, apply, checkTensors, type Op, sumOf } from "../autodiff/index.js";
import { type ElementType, moreKernels, showShape, type Tensor, withScratch } from "../core/index.js";
import { matmul, reshape } from "../ops/index.js";
import { multiply } from "../ops/internal.js";
import { type Kernels, wasmHex } from "./wasm-events.generated.js";

/** The kernels of events; those of float64 come with `synaptape/float64`. */
const eventKernels = (type: ElementType): Kernels => type.moreKernels("events", () => moreKernels<Kernels>(wasmHex));

/** As many columns as listing the events costs. */
const LISTING = 58;

/**
 * Whether going from event to event is faster than the dense product, where a number of an event costs up to twice what it does
 * there. Measured with 32 to 512 columns and shares of 0.02 to 1 (AMD EPYC, Node 20): 5,000 x 512 x 512 takes 8, 12, 26 and 46 ms
 * with shares of 0.05, 0.1, 0.3 and 0.5, dense 44.
 */
const pays = (events: number, size: number, columns: number): boolean =>
  2 * events * columns < size * (columns - LISTING);

interface Attributes {
  /** The events are stored as (k, m). */
  readonly transposed: boolean;
}

const eventProduct = (events: Tensor, b: Tensor, transposed: boolean): Tensor =>
  apply(eventMatmulOp, [events, b], { transposed });

// y = E B, or E' B, for events E and B (k, n)
const eventMatmulOp: Op<Attributes> = {
  name: "eventMatmul",
  batch: {
    stacked: ([events, b], [, second], { transposed }) => {
      if (second || transposed) return undefined;
      const [count, rows, k] = events.shape;
      return [reshape(eventProduct(reshape(events, [count * rows, k]), b, false), [count, rows, b.shape[1]])];
    },
  },
  shapes: ([{ shape }, b], { transposed }) => [[shape[transposed ? 1 : 0], b.shape[1]]],
  forward: ([y], [events, b], { transposed }) => {
    const [m, n] = y.shape;
    const k = b.shape[0];
    const { type } = y;
    const kernels = eventKernels(type);
    // Zero times a number that is not finite is no number: there the dense product says what comes of it.
    if (
      pays(kernels.countEvents(events.address, events.size), events.size, n) &&
      type.kernels.countNonFinite(b.address, b.size) === 0
    ) {
      withScratch(kernels.eventScratch(m, n, k), (scratch) =>
        kernels.eventProduct(y.address, events.address, b.address, m, n, k, transposed, scratch),
      );
    } else multiply(type, y.address, events.address, b.address, m, n, k, { a: transposed, b: false });
  },
  vjp: ([dy], { inputs: [events, b], attributes: { transposed }, needs }) => [
    needs(0) ? (transposed ? matmul(b, dy!, { b: true }) : matmul(dy!, b, { b: true })) : undefined,
    needs(1) ? eventProduct(events, dy!, !transposed) : undefined,
  ],
  jvp: ([dEvents, db], { inputs: [events, b], attributes: { transposed } }) => [
    sumOf(dEvents && matmul(dEvents, b, { a: transposed }), db && eventProduct(events, db, transposed)),
  ],
  reference: ([events, b], { transposed }) => {
    const [m, k] = transposed ? [events.shape[1], events.shape[0]] : events.shape;
    const n = b.shape[1];
    const data = new Float64Array(m * n);
    for (let i = 0; i < m; i++) {
      for (let j = 0; j < n; j++) {
        for (let l = 0; l < k; l++) {
          data[i * n + j] += events.data[transposed ? l * m + i : i * k + l] * b.data[l * n + j];
        }
      }
    }
    return [{ shape: [m, n], data }];
  },
  domain: [
    { inputs: [{ shape: [3, 5] }, { shape: [5, 2] }], attributes: { transposed: false } },
    { inputs: [{ shape: [5, 3] }, { shape: [5, 2] }], attributes: { transposed: true } },
  ],
};

/**
 * The product of spikes [..., inputs] and weights [inputs, units], [..., units], to the bit what `matmul` gives. Where few of
 * the spikes are there it goes from spike to spike, so that its cost grows with their number; so does the gradient for the
 * weights. The gradient for the spikes is a dense product. Spikes may be of any size, since only zeros are left out. The layers
 * of `spiking` use it.
 *
 * ```ts
 * const spikes = bernoulliTrains(Key.of(0), full([1, 512], 0.05), 100); // (1, 100, 512), of which 5 % are 1
 * const weight = random.normal(Key.of(1), [512, 64]);
 * const currents = eventMatmul(spikes, weight); // (1, 100, 64)
 * ```
 *
 * @throws RangeError for shapes that do not fit.
 */
export function eventMatmul(spikes: Tensor, weight: Tensor): Tensor {
  checkTensors("eventMatmul", [spikes, weight]);
  const inputs = spikes.shape.at(-1);
  if (spikes.rank < 2 || weight.rank !== 2 || weight.shape[0] !== inputs) {
    throw new RangeError(
      `[eventMatmul] spikes ${showShape(spikes.shape)} and weights ${showShape(weight.shape)} do not fit. Give [..., inputs] and [inputs, units].`,
    );
  }
  const lead = spikes.shape.slice(0, -1);
  const rows = lead.reduce((all, size) => all * size, 1);
  return reshape(eventProduct(reshape(spikes, [rows, inputs]), weight, false), [...lead, weight.shape[1]]);
}

/** Every op record of this folder, for the laws. */
export const eventOps = [eventMatmulOp] as unknown as readonly AnyOp[];
