// The step of a synapse that holds chemicals (the Recurrent Chemical Network), as one op: forward and backward each
// take one pass over the synapses. See assembly/chemistry.ts for the equations and for what is not computed.
import { type Array64, applyAll, type Op, type SampleInput } from "../../autodiff/index.js";
import { checkKind, checkMade, emptyLike, type Tensor } from "../../core/index.js";
import { add, matmul, mul, reshape, sub, sum, tanh } from "../../ops/index.js";
import { plasticityKernels } from "../kernels.js";
import { factorsOf } from "./low-rank.js";

/**
 * How the weight follows from the chemicals: "readout", w' = v . h'; "tanh" and "identity", the momentum synapse,
 * w' = w + g(v . h').
 */
export type Output = "readout" | "tanh" | "identity";

const MODES: Record<Output, number> = { readout: 0, identity: 1, tanh: 2 };

interface StepAttributes {
  readonly output: Output;
}

/** Where the bias stands among the inputs, if there is one. Momentum steps have w and p3 before it. */
const biasPlace = (output: Output): number => (output === "readout" ? 9 : 11);

/** The inputs by name. Momentum steps have w and p3 after z; the bias, if any, is last. */
function named(inputs: readonly Tensor[], { output }: StepAttributes) {
  const [h, left, r0, r1, r2, k, v, y, z] = inputs;
  const [w, p3] = output === "readout" ? [undefined, undefined] : inputs.slice(9, 11);
  const b: Tensor | undefined = inputs[biasPlace(output)];
  const [chemicals, nOut, nIn] = h.shape;
  return { h, left, r0, r1, r2, k, v, y, z, w, p3, b, chemicals, nOut, nIn };
}

/** [h', w'] from [h, left, yPre, ePre, u, K, v, y, z, (w, p3 for momentum), (bias)]. */
export const chemicalStepOp: Op<StepAttributes> = {
  name: "chemicalStep",
  lowRank: true,
  shapes: ([h]) => [h.shape, h.shape.slice(1)],
  // A network of a few hundred synapses takes as long as making a few objects here would, so none is made.
  forward: (outputs, inputs, { output }) => {
    const h = inputs[0];
    const momentum = output !== "readout";
    // Its shape is (chemicals, 1 or nOut, 1 or nIn).
    const place = biasPlace(output);
    const b: Tensor | undefined = inputs.length > place ? inputs[place] : undefined;
    const rows = b ? b.shape[1] : 0;
    const row = b ? b.type.bytes * b.shape[2] : 0;
    plasticityKernels(h.type).chemicalStep(
      outputs[0].address,
      outputs[1].address,
      h.address,
      inputs[1].address,
      inputs[2].address,
      inputs[3].address,
      inputs[4].address,
      inputs[5].address,
      inputs[6].address,
      inputs[7].address,
      inputs[8].address,
      b ? b.address : 0,
      rows * row,
      rows > 1 ? row : 0,
      b ? b.shape[2] > 1 : false,
      MODES[output],
      momentum ? inputs[9].address : 0,
      momentum ? inputs[10].address : 0,
      h.shape[0],
      h.shape[1],
      h.shape[2],
    );
  },
  vjp: ([gHNext, gWNext], { inputs, outputs: [hNext, wNext], attributes }, [, products]) => {
    const { h, left, r0, r1, r2, k, v, y, z, w, p3, b, chemicals, nOut, nIn } = named(inputs, attributes);
    const [gH, gLeft, gR0, gR1, gR2, gK, gV, gY, gZ] = inputs.slice(0, 9).map((input) => emptyLike(input));
    const vector = b !== undefined && b.shape[2] > 1;
    const gB = emptyLike(h, vector ? b.shape : [chemicals, nOut, 1]);
    const gW = w && emptyLike(w);
    const gP3 = p3 && emptyLike(p3);
    const kernels = plasticityKernels(h.type);
    const scratch = emptyLike(h, [kernels.chemicalScratch(chemicals) / h.type.bytes]);
    const { dense, lA, rA, lB, rB } = factorsOf(wNext, gWNext, products);
    kernels.chemicalStepVjp(
      gH.address,
      gLeft.address,
      gR0.address,
      gR1.address,
      gR2.address,
      gK.address,
      gV.address,
      gY.address,
      gZ.address,
      gB.address,
      vector,
      gW?.address ?? 0,
      gP3?.address ?? 0,
      gHNext?.address ?? 0,
      dense,
      lA,
      rA,
      lB,
      rB,
      hNext.address,
      h.address,
      left.address,
      r0.address,
      r1.address,
      r2.address,
      k.address,
      v.address,
      y.address,
      z.address,
      MODES[attributes.output],
      w?.address ?? 0,
      p3?.address ?? 0,
      scratch.address,
      chemicals,
      nOut,
      nIn,
    );
    const momentum = gW && gP3 ? [gW, gP3] : [];
    const bias = b ? [b.shape[1] === 1 && !vector ? sum(gB, 1, true) : gB] : [];
    return [gH, gLeft, gR0, gR1, gR2, gK, gV, gY, gZ, ...momentum, ...bias];
  },
  composition: (inputs, attributes) => {
    const { h, left, r0, r1, r2, k, v, y, z, w, p3, b, chemicals, nOut, nIn } = named(inputs, attributes);
    const perChemical = (x: Tensor): Tensor => reshape(x, [chemicals, 1, 1]);
    const column = (at: number): Tensor => reshape(left.row(at), [chemicals, nOut, 1]);
    const flat = [chemicals, nOut * nIn];
    let q = reshape(matmul(k, reshape(h, flat)), h.shape);
    q = add(add(add(q, mul(column(0), r0)), mul(column(1), r1)), mul(column(2), r2));
    if (w && p3) q = sub(q, mul(perChemical(p3), w));
    if (b) q = add(q, b);
    const hNext = add(mul(perChemical(y), h), mul(perChemical(z), tanh(q)));
    const out = reshape(matmul(reshape(v, [1, chemicals]), reshape(hNext, flat)), [nOut, nIn]);
    if (!w) return [hNext, out];
    return [hNext, add(w, attributes.output === "tanh" ? tanh(out) : out)];
  },
  reference: (inputs, attributes): Array64[] => {
    const { h, left, r0, r1, r2, k, v, y, z, w, p3, b } = named(inputs as never, attributes) as unknown as Named64;
    const [chemicals, nOut, nIn] = h.shape;
    const plane = nOut * nIn;
    const hNext = new Float64Array(h.data.length);
    const wNext = new Float64Array(plane);
    for (let at = 0; at < plane; at++) {
      const [i, j] = [Math.floor(at / nIn), at % nIn];
      let out = 0;
      for (let c = 0; c < chemicals; c++) {
        let q = [r0, r1, r2].reduce(
          (total, r, row) => total + left.data[(row * chemicals + c) * nOut + i] * r.data[j],
          0,
        );
        for (let m = 0; m < chemicals; m++) q += k.data[c * chemicals + m] * h.data[m * plane + at];
        if (w && p3) q -= p3.data[c] * w.data[at];
        if (b)
          q += b.data[c * b.shape[1] * b.shape[2] + (b.shape[1] > 1 ? i * b.shape[2] : 0) + (b.shape[2] > 1 ? j : 0)];
        hNext[c * plane + at] = y.data[c] * h.data[c * plane + at] + z.data[c] * Math.tanh(q);
        out += v.data[c] * hNext[c * plane + at];
      }
      const change = attributes.output === "tanh" ? Math.tanh(out) : out;
      wNext[at] = w ? w.data[at] + change : out;
    }
    return [
      { shape: h.shape, data: hNext },
      { shape: [nOut, nIn], data: wNext },
    ];
  },
  domain: [
    { inputs: sampleInputs(2, [3, 6]), attributes: { output: "readout" } },
    { inputs: [...sampleInputs(1, [2, 5]), { shape: [1, 1, 1] }], attributes: { output: "readout" } },
    { inputs: [...sampleInputs(3, [2, 5]), { shape: [3, 2, 1] }], attributes: { output: "readout" } },
    { inputs: [...sampleInputs(2, [3, 4]), { shape: [2, 3, 4] }], attributes: { output: "readout" } },
    { inputs: [...sampleInputs(2, [3, 5]), { shape: [3, 5] }, { shape: [2] }], attributes: { output: "identity" } },
    {
      inputs: [...sampleInputs(2, [3, 5]), { shape: [3, 5] }, { shape: [2] }, { shape: [2, 1, 1] }],
      attributes: { output: "tanh" },
    },
  ],
};

type Named64 = { [K in keyof ReturnType<typeof named>]: Array64 };

/** The backward pass divides by z, so tests keep it away from 0. */
function sampleInputs(chemicals: number, [nOut, nIn]: [number, number]): SampleInput[] {
  const c = [chemicals];
  return [
    { shape: [chemicals, nOut, nIn] },
    { shape: [3, chemicals, nOut] },
    { shape: [nIn] },
    { shape: [nIn] },
    { shape: [nIn] },
    { shape: [chemicals, chemicals] },
    { shape: c },
    { shape: c },
    { shape: c, low: 0.2, high: 1 },
  ];
}

/** The drive of the chemicals of one layer: see `assembly/chemistry.ts`. */
export interface Drive {
  /** (3, chemicals, nOut), from `motifFactors`. */
  readonly left: Tensor;
  /** yPre, ePre and u, each (nIn). */
  readonly right: readonly Tensor[];
}

/** What stays the same over a lifetime. */
export interface Chemistry {
  /** K (chemicals, chemicals), target by source; for "readout" it includes the decay: K - p3 v'. */
  readonly k: Tensor;
  /** The weights of the chemicals in the read-out, (chemicals). */
  readonly v: Tensor;
  /** The share of itself that each chemical keeps in a step, (chemicals). */
  readonly y: Tensor;
  /** How strongly each chemical is driven in a step, (chemicals). */
  readonly z: Tensor;
  /** The constant drive, (chemicals, 1 or nOut, 1 or nIn), if there is one. */
  readonly b: Tensor | undefined;
}

function checkParts(op: string, drive: Drive, chemistry: Chemistry): void {
  checkMade(op, "the drive", drive, ["left", "right"], "Give { left, right }.");
  checkKind(op, "the drive's `right`", drive.right, "a list");
  checkMade(op, "the chemistry", chemistry, ["k", "v", "y", "z"], "Give { k, v, y, z, b }.");
}

/**
 * h', of the shape of h (chemicals, nOut, nIn), and w' (nOut, nIn) of a chemical synapse.
 *
 * @example
 * const chemistry = { k: eye(2), v: tensor([1, 1]), y: tensor([1, 0.9]), z: tensor([1, 0.1]), b: undefined };
 * const drive = { left: zeros([3, 2, 4]), right: [ones([5]), ones([5]), ones([5])] };
 * chemicalStep(zeros([2, 4, 5]), drive, chemistry).map(({ shape }) => shape); // [[2, 4, 5], [4, 5]]
 */
export function chemicalStep(h: Tensor, drive: Drive, chemistry: Chemistry): readonly Tensor[] {
  checkParts("chemicalStep", drive, chemistry);
  const { left, right } = drive;
  const { k, v, y, z, b } = chemistry;
  return applyAll(chemicalStepOp, [h, left, ...right, k, v, y, z, ...(b ? [b] : [])], { output: "readout" });
}

/**
 * h', of the shape of h (chemicals, nOut, nIn), and w' (nOut, nIn) of a momentum synapse; p3 (chemicals) is the decay's
 * coefficient.
 *
 * @example
 * const chemistry = { k: eye(2), v: tensor([1, 1]), y: tensor([0.8, 0.9]), z: tensor([1, 0.1]), b: undefined };
 * const drive = { left: zeros([3, 2, 4]), right: [ones([5]), ones([5]), ones([5])] };
 * momentumStep(zeros([2, 4, 5]), ones([4, 5]), drive, chemistry, zeros([2]), "tanh").map(({ shape }) => shape); // [[2, 4, 5], [4, 5]]
 */
export function momentumStep(
  h: Tensor,
  w: Tensor,
  drive: Drive,
  chemistry: Chemistry,
  p3: Tensor,
  output: "tanh" | "identity",
): readonly Tensor[] {
  checkParts("momentumStep", drive, chemistry);
  const { left, right } = drive;
  const { k, v, y, z, b } = chemistry;
  return applyAll(chemicalStepOp, [h, left, ...right, k, v, y, z, w, p3, ...(b ? [b] : [])], { output });
}
