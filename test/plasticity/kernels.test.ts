// The plasticity kernels against their scalar twins, in every bit. Operands lie between guard words, at addresses that
// are multiples of 4 and not of 16. kernels64.test.ts runs all of it once more for float64.
import { readFileSync } from "node:fs";
import { describe, expect, it } from "vitest";
import { Key } from "../../src/core/index.js";
import { instantiateCore, linkKernels } from "../../src/core/wasm.js";
import { wasmHex as coreHex64 } from "../../src/float64/wasm.generated.js";
import { wasmHex as wasmHex64 } from "../../src/float64/wasm-plasticity.generated.js";
import { type Kernels, wasmHex } from "../../src/plasticity/wasm.generated.js";
import { BYTES, DOUBLE, Floats } from "../assembly/element.js";
import { floats } from "../laws/oracle.js";
import * as twins from "./twins.js";

const { kernels: core, memory } = instantiateCore(2 ** 18);
const kernels = linkKernels<Kernels>(DOUBLE ? wasmHex64 : wasmHex, memory);
const GUARD = 0x7fa5a5a5;

/** Words of `length` elements. */
const inWords = (length: number): number => (length * BYTES) / 4;

type Operand = Float32Array | undefined;

/** Runs a kernel and gives its outputs by name; an undefined input has address 0, and nothing else may be written. */
function call<Name extends string>(
  outputs: Record<Name, number>,
  inputs: readonly Operand[],
  run: (out: Record<Name, number>, ...input: number[]) => void,
): Record<string, Float32Array> {
  const words = new Uint32Array(memory.buffer);
  const first = Math.ceil(core.heapBase() / 4);
  words.fill(GUARD, first);
  let next = first + 7;
  const place = (length: number): number => {
    const at = next;
    next += inWords(length) + 3 + (inWords(length) % 2);
    return at;
  };
  const given = inputs.map((input) => (input ? place(input.length) : 0));
  inputs.forEach((input, i) => {
    if (input) words.set(new Uint32Array(input.buffer, input.byteOffset, inWords(input.length)), given[i]);
  });
  const names = Object.keys(outputs) as Name[];
  const made = names.map((name) => [name, place(outputs[name])] as const);
  const before = words.slice();
  run(Object.fromEntries(made.map(([name, at]) => [name, 4 * at])) as never, ...given.map((at) => 4 * at));
  const results = made.map(([name, at]) => {
    const data = new Floats(memory.buffer.slice(4 * at, 4 * (at + inWords(outputs[name]))));
    words.fill(GUARD, at, at + inWords(outputs[name]));
    return [name, data] as const;
  });
  // Below the heap the kernels keep constants and the operands of the step under way.
  const [was, is] = [before, words].map((all) => Buffer.from(all.buffer, 4 * first));
  if (!was.equals(is)) throw new Error("something beside the outputs was written.");
  return Object.fromEntries(results);
}

function expectBits(got: Record<string, Float32Array>, wanted: Record<string, Float32Array>, what: string): void {
  expect(Object.keys(got), what).toEqual(expect.arrayContaining(Object.keys(wanted)));
  for (const [name, data] of Object.entries(wanted)) {
    const [a, b] = [got[name], data].map((x) => Buffer.from(x.buffer, x.byteOffset, x.byteLength));
    if (!a.equals(b)) throw new Error(`${name} of ${what}: ${got[name]} against ${data}`);
  }
}

it("the constants of plasticity's module lie where those of no other module do", () => {
  const { core: single, plasticity64 } = JSON.parse(readFileSync("asconfig.json", "utf8")).targets;
  expect(kernels.constantsEnd()).toBeLessThanOrEqual(DOUBLE ? core.heapBase() : single.memoryBase);
  expect(core.heapBase()).toBeGreaterThan(single.memoryBase);
  const double = linkKernels<{ constantsEnd(): number }>(coreHex64, memory);
  expect(double.constantsEnd()).toBeLessThanOrEqual(plasticity64.memoryBase);
});

const draw = (key: Key, count: number, low = -1, high = 1): Float32Array => Floats.from(floats(key, count, low, high));

const sizes = [1, 3, 4, 5, 8, 13];
const plane = sizes.flatMap((nOut) => sizes.map((nIn) => [nOut, nIn] as const));

/** Every other element a whole number, so that some sums cancel and some results are zeros with a sign. */
const mixed = (key: Key, count: number): Float32Array =>
  draw(key, count).map((x, i) => (i % 3 === 0 ? Math.round(2 * x) : x));

const stepBytes = { readout: 0, identity: 1, tanh: 2 } as const;
const biases = ["none", "layer", "neuron", "synapse"] as const;

function inputsOf(
  chemicals: number,
  nOut: number,
  nIn: number,
  mode: twins.Mode,
  bias: (typeof biases)[number],
): twins.StepInputs {
  const key = Key.of(1000 * nOut + 10 * nIn + chemicals);
  const of = (i: number, count: number): Float32Array => mixed(key.fold(i), count);
  const shape = { none: [0, 0], layer: [1, 1], neuron: [nOut, 1], synapse: [nOut, nIn] }[bias];
  return {
    chemicals,
    nOut,
    nIn,
    mode,
    h: of(0, chemicals * nOut * nIn),
    left: of(1, 3 * chemicals * nOut),
    right: [of(2, nIn), of(3, nIn), of(4, nIn)],
    k: of(5, chemicals * chemicals),
    v: of(6, chemicals),
    y: draw(key.fold(7), chemicals, 0, 1),
    z: draw(key.fold(8), chemicals, 0.02, 1),
    w: of(9, nOut * nIn),
    p3: of(10, chemicals),
    b:
      bias === "none"
        ? undefined
        : { data: of(11, chemicals * shape[0] * shape[1]), rows: shape[0], columns: shape[1] },
  };
}

function runStep(s: twins.StepInputs): Record<string, Float32Array> {
  const momentum = s.mode !== "readout";
  const b = s.b;
  return call(
    { hNext: s.h.length, wNext: s.w.length },
    [s.h, s.left, ...s.right, s.k, s.v, s.y, s.z, b?.data, momentum ? s.w : undefined, momentum ? s.p3 : undefined],
    (out, h, left, r0, r1, r2, k, v, y, z, bias, w, p3) => {
      const walk = b
        ? ([BYTES * b.rows * b.columns, b.rows > 1 ? BYTES * b.columns : 0, b.columns > 1] as const)
        : ([0, 0, false] as const);
      const shape = [s.chemicals, s.nOut, s.nIn] as const;
      kernels.chemicalStep(
        ...([out.hNext, out.wNext, h, left, r0, r1, r2, k, v, y, z, bias] as Parameters12),
        ...walk,
        stepBytes[s.mode],
        w,
        p3,
        ...shape,
      );
    },
  );
}
type Parameters12 = [number, number, number, number, number, number, number, number, number, number, number, number];

function runStepVjp(s: twins.StepInputs, hNext: Float32Array, g: twins.StepCotangents): Record<string, Float32Array> {
  const { chemicals: n, nOut, nIn } = s;
  const momentum = s.mode !== "readout";
  const bVector = s.b !== undefined && s.b.columns > 1;
  const sizesOut = {
    ...{ gH: s.h.length, gLeft: s.left.length, gR0: nIn, gR1: nIn, gR2: nIn },
    ...{ gK: n * n, gV: n, gY: n, gZ: n, gB: bVector ? s.h.length : n * nOut },
    ...(momentum ? { gW: s.w.length, gP3: n } : {}),
    scratch: kernels.chemicalScratch(n) / BYTES,
  };
  const [a, b] = g.pairs;
  const results = call<string>(
    sizesOut,
    [
      ...[g.hNext, g.wNext, a?.left, a?.right, b?.left, b?.right],
      ...[hNext, s.h, s.left, ...s.right, s.k, s.v, s.y, s.z],
      ...[momentum ? s.w : undefined, momentum ? s.p3 : undefined],
    ],
    (out, gHNext, gWNext, lA, rA, lB, rB, next, h, left, r0, r1, r2, k, v, y, z, w, p3) => {
      kernels.chemicalStepVjp(
        ...([out.gH, out.gLeft, out.gR0, out.gR1, out.gR2, out.gK, out.gV, out.gY, out.gZ] as Parameters9),
        ...([out.gB, bVector, out.gW ?? 0, out.gP3 ?? 0] as const),
        ...([gHNext, gWNext, lA, rA, lB, rB, next, h, left] as Parameters9),
        ...([r0, r1, r2, k, v, y, z, stepBytes[s.mode], w] as Parameters9),
        ...([p3, out.scratch, n, nOut, nIn] as const),
      );
    },
  );
  const { scratch: _, ...rest } = results;
  return rest;
}
type Parameters9 = [number, number, number, number, number, number, number, number, number];

/** With and without each of: a cotangent of h', one of w' as a matrix, and none, one or two outer products. */
function cotangentsOf({ nOut, nIn, h, w }: twins.StepInputs, choice: number): twins.StepCotangents {
  const key = Key.of(77).fold(choice);
  const pair = (i: number): twins.Pair => ({ left: mixed(key.fold(i), nOut), right: mixed(key.fold(i + 9), nIn) });
  return {
    hNext: choice & 1 ? mixed(key, h.length) : undefined,
    wNext: choice & 2 ? mixed(key.fold(1), w.length) : undefined,
    pairs: [pair(2), pair(3)].slice(0, (choice >> 2) % 3),
  };
}

describe.each([1, 2, 3, 4, 5, 6, 7, 8, 10])("with %i chemicals", (chemicals) => {
  it.each(["readout", "identity", "tanh"] as const)("chemicalStep and its vjp agree with their twins: %s", (mode) => {
    let choice = chemicals;
    for (const [nOut, nIn] of plane) {
      for (const bias of biases) {
        const s = inputsOf(chemicals, nOut, nIn, mode, bias);
        const what = `${nOut} x ${nIn}, bias ${bias}`;
        const { hNext, wNext } = twins.chemicalStep(s);
        expectBits(runStep(s), { hNext, wNext }, what);
        const g = cotangentsOf(s, choice++ % 12);
        expectBits(runStepVjp(s, hNext, g), twins.chemicalStepVjp(s, hNext, g), `${what}, cotangents ${choice - 1}`);
      }
    }
  });

  it("chemicalStepVjp accepts every combination of cotangents", () => {
    for (const mode of ["readout", "identity", "tanh"] as const) {
      const s = inputsOf(chemicals, 3, 9, mode, "neuron");
      const { hNext } = twins.chemicalStep(s);
      for (let choice = 0; choice < 12; choice++) {
        const g = cotangentsOf(s, choice);
        expectBits(runStepVjp(s, hNext, g), twins.chemicalStepVjp(s, hNext, g), `${mode}, cotangents ${choice}`);
      }
    }
  });

  it("motifFactors and its vjp agree with their twins", () => {
    for (const [nOut, nIn] of [...plane, [33, 17], [47, 70]]) {
      const key = Key.of(nOut).fold(nIn);
      const inputs: twins.FactorInputs = {
        chemicals,
        p: mixed(key.fold(0), 10 * chemicals),
        ...{ y: mixed(key.fold(1), nOut), e: mixed(key.fold(2), nOut), z: mixed(key.fold(3), nOut) },
        ...{ ePre: mixed(key.fold(4), nIn), u: mixed(key.fold(5), nIn) },
      };
      const operands = [inputs.p, inputs.y, inputs.e, inputs.z, inputs.ePre, inputs.u];
      const forward = call({ left: 3 * chemicals * nOut }, operands, (out, p, ...rest) => {
        const [y, e, z, ePre, u] = rest;
        kernels.motifFactors(out.left, p, chemicals, y, e, z, ePre, u, nOut, nIn);
      });
      expectBits(forward, { left: twins.motifFactors(inputs) }, `${nOut} x ${nIn}`);
      const gLeft = mixed(key.fold(6), 3 * chemicals * nOut);
      const made = { gP: 10 * chemicals, gY: nOut, gE: nOut, gZ: nOut, gEPre: nIn, gU: nIn };
      const backward = call(made, [gLeft, ...operands], (out, g, p, ...rest) => {
        const [y, e, z, ePre, u] = rest;
        const { gP, gY, gE, gZ, gEPre, gU } = out;
        kernels.motifFactorsVjp(gP, gY, gE, gZ, gEPre, gU, g, p, chemicals, y, e, z, ePre, u, nOut, nIn);
      });
      expectBits(backward, twins.motifFactorsVjp(inputs, gLeft), `vjp, ${nOut} x ${nIn}`);
    }
  });
});

it("motifSquares agrees with its twin, with and without the weights", () => {
  for (const [nOut, nIn] of [...plane, [33, 17], [47, 70]]) {
    const key = Key.of(nOut).fold(nIn);
    const inputs: twins.SquaresInputs = {
      w: mixed(key.fold(7), nOut * nIn),
      ...{ y: mixed(key.fold(1), nOut), e: mixed(key.fold(2), nOut), z: mixed(key.fold(3), nOut) },
      ...{ yPre: mixed(key.fold(6), nIn), ePre: mixed(key.fold(4), nIn), u: mixed(key.fold(5), nIn) },
    };
    const { w, y, e, z, yPre, ePre, u } = inputs;
    for (const weights of [w, undefined]) {
      const found = call({ out: 10 }, [weights, y, e, z, yPre, ePre, u], (out, ...rest) => {
        const [w, y, e, z, yPre, ePre, u] = rest;
        kernels.motifSquares(out.out, w, y, e, z, yPre, ePre, u, nOut, nIn);
      });
      expectBits(found, { out: twins.motifSquares({ ...inputs, w: weights }) }, `${nOut} x ${nIn}`);
    }
  }
});

it("linearStep and its vjp agree with their twins", () => {
  for (const [nOut, nIn] of plane) {
    const s = inputsOf(1, nOut, nIn, "readout", "none");
    const [p3] = s.p3;
    const operands = [s.w, s.left, ...s.right, s.p3];
    const forward = call({ wNext: s.w.length }, operands, (out, w, left, r0, r1, r2, decay) => {
      kernels.linearStep(out.wNext, w, left, r0, r1, r2, decay, nOut, nIn);
    });
    expectBits(forward, { wNext: twins.linearStep(s.w, s.left, s.right, p3, nOut, nIn) }, `${nOut} x ${nIn}`);
    for (let choice = 0; choice < 12; choice += 2) {
      const g = cotangentsOf(s, choice);
      const [a, b] = g.pairs;
      const wanted = twins.linearStepVjp(s.w, s.left, s.right, p3, nOut, nIn, g);
      // Cotangents are left out where nobody wants them.
      for (const absent of [[], ["gR0"], ["gDecay"], ["gR1", "gR2"], ["gR0", "gR1", "gR2", "gDecay"]]) {
        const of = (outputs: Record<string, number>): Record<string, number> =>
          Object.fromEntries(Object.entries(outputs).filter(([name]) => !absent.includes(name)));
        const made = of({ gW: s.w.length, gLeft: 3 * nOut, gR0: nIn, gR1: nIn, gR2: nIn, gDecay: 1 });
        const given = [g.wNext, a?.left, a?.right, b?.left, b?.right, ...operands];
        const backward = call(made, given, (out, gNext, lA, rA, lB, rB, w, left, r0, r1, r2, decay) => {
          const { gW, gLeft, gR0 = 0, gR1 = 0, gR2 = 0, gDecay = 0 } = out;
          kernels.linearStepVjp(
            ...([
              gW,
              gLeft,
              gR0,
              gR1,
              gR2,
              gDecay,
              gNext,
              lA,
              rA,
              lB,
              rB,
              w,
              left,
              r0,
              r1,
              r2,
              decay,
              nOut,
              nIn,
            ] as const),
          );
        });
        const present = Object.fromEntries(Object.entries(wanted).filter(([name]) => !absent.includes(name)));
        expectBits(backward, present, `vjp, ${nOut} x ${nIn}, cotangents ${choice}, without ${absent}`);
      }
    }
  }
});
