// One step's operands, in a fixed place of the linear memory: a row function takes this one address instead of thirty.
// Rows and planes are in bytes. See ../chemistry.ts for what the names mean.

/** How w' comes from v . h'. */
export const CHEMICAL = 0;
export const MOMENTUM_TANH = 2;

/** Synapses of a row that any.ts takes at a time. */
export const CHUNK = 64;

@unmanaged
export class Step {
  // Operands of both directions.
  h: usize;
  hNext: usize;
  left: usize;
  r0: usize;
  r1: usize;
  r2: usize;
  k: usize;
  v: usize;
  y: usize;
  z: usize;
  mode: i32;
  w: usize;
  p3: usize;
  chemicals: i32;
  nIn: i32;
  row: usize;
  plane: usize;
  // The bias and what is written forward.
  b: usize;
  bChemical: usize;
  bRow: usize;
  bVector: bool;
  wNext: usize;
  // The cotangents, in and out.
  gHNext: usize;
  gWNext: usize;
  lA: usize;
  rA: usize;
  lB: usize;
  rB: usize;
  gH: usize;
  gR0: usize;
  gR1: usize;
  gR2: usize;
  gB: usize;
  gW: usize;
  // Sums of the row under way, vectors of four lanes, in this order and without gaps; then r of each chemical and g, over a chunk.
  sumK: usize;
  sumV: usize;
  sumY: usize;
  sumZ: usize;
  sumP: usize;
  sumLeft: usize;
  sumB: usize;
  rs: usize;
  gs: usize;
}

/** For the operands of the one step under way, of any kind. */
export const PLACE = memory.data(256, 16);

/** The one step under way. */
@inline
export function theStep(): Step {
  return changetype<Step>(PLACE);
}

@inline
export function muladd(a: v128, b: v128, c: v128): v128 {
  return lanes.add(lanes.mul(a, b), c);
}

/** sum += x at p. */
@inline
export function accumulate(p: usize, x: v128): void {
  v128.store(p, lanes.add(v128.load(p), x));
}
