// The implicit midpoint rule for circuits. Phases and currents follow from the voltages in the middle of a step, which are
// found by Newton's method; their system is symmetric and positive definite, whatever the step.
import { CAPACITANCE, CONDUCTANCE, FLUX_OVER_TURN } from "./circuit.js";
import { cosine, sine } from "./numbers.js";
import type { Advance, Drive, Numbers, State } from "./state.js";

/** Solves A x = b in place of b, for a symmetric positive definite A, of which the lower half is overwritten. */
function solveInPlace(a: Float64Array, b: Float64Array, n: number): void {
  for (let j = 0; j < n; j++) {
    const pivot = a[j * n + j];
    for (let i = j + 1; i < n; i++) {
      const factor = a[i * n + j] / pivot;
      if (factor === 0) continue;
      for (let k = j + 1; k <= i; k++) a[i * n + k] -= factor * a[k * n + j];
      b[i] -= factor * b[j];
    }
  }
  // a now holds L D: column j is that of L times its pivot.
  for (let i = n - 1; i >= 0; i--) {
    let rest = b[i];
    for (let k = i + 1; k < n; k++) rest -= a[k * n + i] * b[k];
    b[i] = rest / a[i * n + i];
  }
}

/** Iterations of Newton's method before it is given up, and the voltage (in mV) below which a change ends it. */
const [MOST_ITERATIONS, ENOUGH] = [30, 1e-11];

/** A step of the midpoint rule, in place. */
export function implicitStep(numbers: Numbers, { phase, voltage, current }: State, dt: number, drive: Drive): Advance {
  const { nodes, critical, branches, inductance, resistance, resistors, ohms } = numbers;
  const half = dt / 2;
  // In the middle a branch has the current (2 L / dt j + s v_a - v_b) / (2 L / dt + r).
  const stiffness = branches.map((_, i) => inductance[i] / half + resistance[i]);
  /** The part of the system that never changes: capacitances, shunts, branches, resistors. */
  const fixed = new Float64Array(nodes * nodes);
  const couple = (a: number, b: number, s: number, conductance: number): void => {
    if (a >= 0) fixed[a * nodes + a] += s * s * conductance;
    if (b >= 0) fixed[b * nodes + b] += conductance;
    if (a < 0 || b < 0) return;
    fixed[a * nodes + b] -= s * conductance;
    fixed[b * nodes + a] -= s * conductance;
  };
  branches.forEach(({ from, to, ratio }, i) => {
    couple(from, to, ratio, 1 / stiffness[i]);
  });
  resistors.forEach(({ from, to }, i) => {
    couple(from, to, 1, 1 / ohms[i]);
  });
  for (let i = 0; i < nodes; i++) fixed[i * nodes + i] += (CAPACITANCE / half + CONDUCTANCE) * critical[i];
  const [middle, given, rest] = [0, 0, 0].map(() => new Float64Array(nodes));
  const system = new Float64Array(nodes * nodes);

  return (step) => {
    drive(step * dt + half, given);
    for (let i = 0; i < nodes; i++) given[i] += (CAPACITANCE / half) * critical[i] * voltage[i];
    branches.forEach(({ from, to, ratio }, i) => {
      const kept = ((inductance[i] / half) * current[i]) / stiffness[i];
      if (from >= 0) given[from] -= ratio * kept;
      if (to >= 0) given[to] += kept;
    });
    middle.set(voltage);
    let iteration = 0;
    for (; iteration < MOST_ITERATIONS; iteration++) {
      system.set(fixed);
      for (let i = 0; i < nodes; i++) {
        const angle = phase[i] + (half * middle[i]) / FLUX_OVER_TURN;
        let sum = given[i] - critical[i] * sine(angle);
        for (let k = 0; k < nodes; k++) sum -= fixed[i * nodes + k] * middle[k];
        rest[i] = sum;
        system[i * nodes + i] += (critical[i] * cosine(angle) * half) / FLUX_OVER_TURN;
      }
      solveInPlace(system, rest, nodes);
      let largest = 0;
      for (let i = 0; i < nodes; i++) {
        middle[i] += rest[i];
        largest = Math.max(largest, Math.abs(rest[i]));
      }
      if (largest < ENOUGH) break;
    }
    if (iteration === MOST_ITERATIONS) {
      throw new RangeError(
        `[transient] the implicit step at ${step * dt} ps has no solution nearby. Take a shorter dt.`,
      );
    }
    branches.forEach(({ from, to, ratio }, i) => {
      const across = (from < 0 ? 0 : ratio * middle[from]) - (to < 0 ? 0 : middle[to]);
      current[i] = 2 * (((inductance[i] / half) * current[i] + across) / stiffness[i]) - current[i];
    });
    for (let i = 0; i < nodes; i++) {
      phase[i] += (dt * middle[i]) / FLUX_OVER_TURN;
      voltage[i] = 2 * middle[i] - voltage[i];
    }
  };
}
