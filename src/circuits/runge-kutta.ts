// A step of the classical Runge-Kutta method for circuits, in plain numbers.
import { CAPACITANCE, CONDUCTANCE, FLUX_OVER_TURN } from "./circuit.js";
import { sine } from "./numbers.js";
import type { Advance, Drive, Numbers, State } from "./state.js";

/** A step of the classical Runge-Kutta method, in place. */
export function rungeKutta(numbers: Numbers, state: State, dt: number, drive: Drive): Advance {
  const { nodes, critical, branches, inductance, resistance, resistors, ohms } = numbers;
  const edges = branches.length;
  const size = 2 * nodes + edges;
  const [from, to] = [branches.map((each) => each.from), branches.map((each) => each.to)].map((x) =>
    Int32Array.from(x),
  );
  const ratio = Float64Array.from(branches, (each) => each.ratio);
  // Index `nodes` stands for ground: currents into it are dropped.
  for (let i = 0; i < edges; i++) {
    if (from[i] < 0) from[i] = nodes;
    if (to[i] < 0) to[i] = nodes;
  }
  const [y, at, slope, sum] = [0, 0, 0, 0].map(() => new Float64Array(size));
  const voltage = new Float64Array(nodes + 1);
  const flow = new Float64Array(nodes + 1);
  const outside = [0, 0, 0].map(() => new Float64Array(nodes));
  const perCapacitance = critical.map((ic) => 1 / (CAPACITANCE * ic));
  const shunt = critical.map((ic) => CONDUCTANCE * ic);
  const perInductance = inductance.map((l) => 1 / l);

  const slopes = (x: Float64Array, into: Float64Array): void => {
    for (let i = 0; i < nodes; i++) {
      const v = x[nodes + i];
      voltage[i] = v;
      slope[i] = v / FLUX_OVER_TURN;
      flow[i] = into[i] - critical[i] * sine(x[i]) - shunt[i] * v;
    }
    for (let i = 0; i < edges; i++) {
      const a = from[i];
      const b = to[i];
      const s = ratio[i];
      const current = x[2 * nodes + i];
      slope[2 * nodes + i] = (s * voltage[a] - voltage[b] - resistance[i] * current) * perInductance[i];
      flow[a] -= s * current;
      flow[b] += current;
    }
    resistors.forEach(({ from: a, to: b }, i) => {
      const current = ((a < 0 ? 0 : voltage[a]) - (b < 0 ? 0 : voltage[b])) / ohms[i];
      if (a >= 0) flow[a] -= current;
      if (b >= 0) flow[b] += current;
    });
    for (let i = 0; i < nodes; i++) slope[nodes + i] = flow[i] * perCapacitance[i];
  };

  return (step) => {
    const time = step * dt;
    y.set(state.phase);
    y.set(state.voltage, nodes);
    y.set(state.current, 2 * nodes);
    for (const [i, share] of [0, 0.5, 1].entries()) drive(time + share * dt, outside[i]);
    slopes(y, outside[0]);
    for (let i = 0; i < size; i++) {
      sum[i] = slope[i];
      at[i] = y[i] + (dt / 2) * slope[i];
    }
    slopes(at, outside[1]);
    for (let i = 0; i < size; i++) {
      sum[i] += 2 * slope[i];
      at[i] = y[i] + (dt / 2) * slope[i];
    }
    slopes(at, outside[1]);
    for (let i = 0; i < size; i++) {
      sum[i] += 2 * slope[i];
      at[i] = y[i] + dt * slope[i];
    }
    slopes(at, outside[2]);
    for (let i = 0; i < size; i++) y[i] += (dt / 6) * (sum[i] + slope[i]);
    state.phase.set(y.subarray(0, nodes));
    state.voltage.set(y.subarray(nodes, 2 * nodes));
    state.current.set(y.subarray(2 * nodes));
  };
}
