// The block of Mamba (Gu and Dao 2023): a selective state space between two projections, with a short convolution in front of it
// and a gate behind, all added to what came in.
import { type FloatName, type Shape, showShape, type Tensor } from "../core/index.js";
import { add, matmul, mul, pad, silu, slice, split, zeros } from "../ops/index.js";
import { initialise } from "./initialisers.js";
import { checkCount, type LayerDescription, type LayerKind, type LayerParams } from "./layer.js";
import { checkNorm, rmsNorm, rmsNormKind } from "./norms.js";
import { type SelectiveParams, selectiveCell, selectiveScan } from "./selective.js";

/** What a Mamba block may be told. */
export interface MambaOptions {
  /** The states of a channel; 16 by default. */
  readonly states?: number;
  /** How many times as wide as the input it is inside; 2 by default. */
  readonly expand?: number;
  /** The steps that the convolution sees; 4 by default. */
  readonly kernel?: number;
  /** The rank of what makes step lengths; by default a sixteenth of the input's width, and 1 at least. */
  readonly rank?: number;
  /** Added to the mean square in the RMS norm; 1e-5 by default. */
  readonly eps?: number;
}

/** A Mamba block. */
export interface MambaLayer extends LayerDescription, MambaOptions {
  /** This kind. */
  readonly kind: "mamba";
}

/**
 * A Mamba block for items [steps, width], whose results have the same shape: x + (y ⊙ silu(gate)) `output`, where RMS norm and
 * `input` make u and the gate of x, a causal convolution along the steps with a filter for each channel and silu come before the
 * selective state space, and y is what that gives. No step sees later ones.
 *
 * Its parameters are `scale` (width), `input` (width, 2 inner), `filter` (kernel, inner), `filterBias` (inner), those of
 * `selectiveCell` with their names, and `output` (inner, width), where inner is `expand` times the width.
 *
 * ```ts
 * const net = network({ input: [32, 16], layers: [mamba(), mamba(), dense(4)] });
 * ```
 */
export const mamba = (options: MambaOptions = {}): MambaLayer => ({ kind: "mamba", ...options });

/** All options of a block for items of this width. */
const optionsOf = (layer: MambaLayer, width: number) => {
  const { states = 16, expand = 2, kernel = 4, rank = Math.ceil(width / 16), eps = 1e-5 } = layer;
  return { states, kernel, rank, eps, expand, inner: expand * width };
};

const cellOf = ({ inner, states, rank }: ReturnType<typeof optionsOf>, dtype: FloatName) =>
  selectiveCell(inner, { states, rank, dtype });

/** The convolution along axis 1 of u (n, steps, inner) that sees the last steps and no later ones. */
function causal(u: Tensor, filter: Tensor, bias: Tensor): Tensor {
  const [kernel, steps] = [filter.shape[0], u.shape[1]];
  const padded = pad(u, [
    [0, 0],
    [kernel - 1, 0],
    [0, 0],
  ]);
  const parts = Array.from({ length: kernel }, (_, k) =>
    mul(slice(padded, [undefined, k], [undefined, k + steps]), filter.row(k)),
  );
  return add(
    parts.reduce((total, part) => add(total, part)),
    bias,
  );
}

/** The record of Mamba blocks. */
export const mambaKind: LayerKind<MambaLayer> = {
  options: ["states", "expand", "kernel", "rank", "eps"],
  shape: (layer, input): Shape => {
    if (input.length !== 2) {
      throw new RangeError(`[mamba] items of shape ${showShape(input)}. Give sequences [steps, width].`);
    }
    const given = optionsOf(layer, input[1]);
    checkCount("mamba", "`kernel`", given.kernel);
    checkCount("mamba", "`expand`", given.expand);
    checkNorm("mamba", given.eps, input);
    cellOf(given, "float32");
    return input;
  },
  init: (layer, [, width], key, options) => {
    const given = optionsOf(layer, width);
    const { kernel, inner } = given;
    const [ofInput, ofFilter, ofCell, ofOutput] = key.split(4);
    const dense = (from: typeof key, fanIn: number, fanOut: number): Tensor =>
      initialise("xavierUniform", from, [fanIn, fanOut], { fanIn, fanOut }, options);
    return {
      ...rmsNormKind.init!(rmsNorm(), [width], key, options),
      input: dense(ofInput, width, 2 * inner),
      // Each filter sees `kernel` numbers: variance 1 / (3 kernel), as in the authors' code.
      filter: initialise(
        { kind: "heUniform", gain: Math.sqrt(1 / 6) },
        ofFilter,
        [kernel, inner],
        { fanIn: kernel, fanOut: 1 },
        options,
      ),
      filterBias: zeros([inner], options),
      ...cellOf(given, (options.dtype ?? "float32") as FloatName).init(ofCell),
      output: dense(ofOutput, inner, width),
    };
  },
  apply: (layer, params: LayerParams, x, context) => {
    const given = optionsOf(layer, x.shape[2]);
    const normal = rmsNormKind.apply(rmsNorm({ eps: given.eps }), { scale: params.scale }, x, context) as Tensor;
    const [u, gate] = split(matmul(normal, params.input), 2, 2);
    const seen = silu(causal(u, params.filter, params.filterBias));
    const cell = cellOf(given, x.dtype as FloatName);
    const { outputs } = selectiveScan(cell, params as unknown as SelectiveParams, seen);
    return add(x, matmul(mul(outputs, silu(gate)), params.output));
  },
};
