// The course of a circuit as tensors: the same equations as in the plain simulation, made of ops, so that gradients flow from
// phases to the parameters of the netlist.
import { scan } from "../autodiff/index.js";
import { checkOptions, type DType, quote, Tensor } from "../core/index.js";
import { type Field, implicitMidpoint, rk4 } from "../ode/index.js";
import { add, div, matmul, mul, sin, sub, tensor, transpose, zeros } from "../ops/index.js";
import {
  type Branch,
  CAPACITANCE,
  type Circuit,
  CONDUCTANCE,
  changed,
  checkValues,
  FLUX_OVER_TURN,
  type Placed,
  partsOf,
} from "./circuit.js";
import { inputAt, type Pulses, risen, stepsOf, timesOf } from "./sources.js";

/** The state of a circuit for several courses at once. */
export interface CircuitState {
  /** The phases of the nodes, (courses, nodes). */
  readonly phase: Tensor;
  /** Their voltages in mV, (courses, nodes). */
  readonly voltage: Tensor;
  /** The currents of the inductors in mA, (courses, inductors). */
  readonly current: Tensor;
}

/** How a course is computed that can be differentiated. */
export interface DifferentiableOptions {
  /** How long, in ps. */
  readonly duration: number;
  /** The length of a step, in ps; 0.1 by default. */
  readonly dt?: number;
  /** The pulses of each course; one course without pulses by default. */
  readonly pulses?: readonly Pulses[];
  /** How long constant currents take to rise from 0, in ps; 20 by default. */
  readonly ramp?: number;
  /** "rk4" (the default), or "implicit", the midpoint rule, for one course of a small circuit. */
  readonly method?: "rk4" | "implicit";
  /** The type of the numbers, if no parameter is a tensor; float32 by default. */
  readonly dtype?: DType;
}

/** Parameters of a netlist: numbers, or tensors of one number that gradients flow to. */
export type CircuitParameters = Readonly<Record<string, number | Tensor>>;

/** A vector with products at its places: for each product of names, its numbers times the product of the values. */
function vector(size: number, placed: readonly Placed[], values: CircuitParameters, dtype: DType): Tensor {
  const groups = new Map<string, { names: readonly string[]; numbers: number[] }>();
  for (const { at, product } of placed) {
    const learned = product.names.filter((name) => values[name] instanceof Tensor);
    const key = learned.join("*");
    const group = groups.get(key) ?? { names: learned, numbers: new Array<number>(size).fill(0) };
    groups.set(key, group);
    const plain = product.names.filter((name) => !learned.includes(name));
    group.numbers[at] += plain.reduce((factor, name) => factor * (values[name] as number), product.factor);
  }
  let sum = zeros([size], { dtype });
  for (const { names, numbers } of groups.values()) {
    sum = add(
      sum,
      names.reduce((part, name) => mul(part, values[name] as Tensor), tensor(numbers, { dtype })),
    );
  }
  return sum;
}

/** What branches see of nodes, as a matrix (nodes, branches): the voltages times it are those across the branches. */
function incidence(nodes: number, branches: readonly Branch[], dtype: DType): Tensor {
  const rows = Array.from({ length: nodes }, () => new Array<number>(branches.length).fill(0));
  branches.forEach(({ from, to, ratio }, i) => {
    if (from >= 0) rows[from][i] += ratio;
    if (to >= 0) rows[to][i] -= 1;
  });
  return tensor(rows, { dtype });
}

const numberOf = (value: number | Tensor): number => (value instanceof Tensor ? value.item() : value);

/**
 * The phases of all nodes after every step, (steps, courses, nodes), and the state at the end: what `transient` gives, for
 * several courses at once, with gradients to the parameters that are tensors. All must be of one type. A few hundred times
 * slower than `transient`.
 *
 * ```ts
 * const late = (threshold: Tensor) => differentiable(circuit, { threshold }, { duration: 80, pulses: [{ P1: [40] }] }).phases.mean();
 * grad(late)(tensor(0.5));
 * ```
 *
 * @throws what `transient` throws.
 */
export function differentiable(
  circuit: Circuit,
  parameters: CircuitParameters,
  options: DifferentiableOptions,
): { readonly phases: Tensor; readonly state: CircuitState } {
  checkOptions("differentiable", options, ["duration", "dt", "pulses", "ramp", "method", "dtype"]);
  const { duration, dt = 0.1, pulses = [{}], ramp = 20, method = "rk4" } = options;
  if (method !== "rk4" && method !== "implicit") {
    throw new RangeError(`[differentiable] method is ${quote(method)}: give rk4 or implicit.`);
  }
  const values = changed<number | Tensor>("differentiable", circuit, parameters);
  const learned = Object.values(values).find((value) => value instanceof Tensor) as Tensor | undefined;
  const dtype = learned?.dtype ?? options.dtype ?? "float32";
  const plain = Object.fromEntries(Object.entries(values).map(([name, value]) => [name, numberOf(value)]));
  checkValues("differentiable", circuit, plain);
  const parts = partsOf({ ...circuit, parameters: plain });
  const nodes = circuit.nodes.length;
  const courses = pulses.length;
  const steps = stepsOf("differentiable", duration, dt, ramp, nodes * courses);
  const times = pulses.map((each) => timesOf("differentiable", parts.inputs, each));
  const of = (size: number, placed: readonly Placed[]): Tensor => vector(size, placed, values, dtype);
  const { branches, resistors } = parts;
  const critical = of(nodes, parts.critical);
  const bias = of(nodes, parts.bias);
  const [capacitance, shunt] = [mul(critical, CAPACITANCE), mul(critical, CONDUCTANCE)];
  const [across, over] = [incidence(nodes, branches, dtype), incidence(nodes, resistors, dtype)];
  const [back, backOver] = [transpose(across), transpose(over)];
  const [inductance, resistance] = [of(branches.length, parts.inductance), of(branches.length, parts.resistance)];
  const ohms = of(resistors.length, parts.ohms);

  const inputs = (time: number): Tensor => {
    const rows = times.map((course) => {
      const row = new Array<number>(nodes).fill(0);
      parts.inputs.forEach((input, i) => {
        if (input.node >= 0) row[input.node] += inputAt(input, course[i], time);
      });
      return row;
    });
    return tensor(rows, { dtype });
  };
  const field: Field<CircuitState> = ({ phase, voltage, current }, time) => {
    const outside = add(inputs(time), mul(bias, risen(time, ramp)));
    const inside = add(add(mul(sin(phase), critical), mul(voltage, shunt)), matmul(current, back));
    const leak = resistors.length > 0 ? matmul(div(matmul(voltage, over), ohms), backOver) : undefined;
    return {
      phase: mul(voltage, 1 / FLUX_OVER_TURN),
      voltage: div(sub(outside, leak ? add(inside, leak) : inside), capacitance),
      current: div(sub(matmul(voltage, across), mul(current, resistance)), inductance),
    };
  };
  const begin: CircuitState = {
    phase: zeros([courses, nodes], { dtype }),
    voltage: zeros([courses, nodes], { dtype }),
    current: zeros([courses, branches.length], { dtype }),
  };
  const [state, phases] = scan(steps, begin, (before: CircuitState, step) => {
    const time = step * dt;
    const after = method === "rk4" ? rk4(field, before, dt, time) : implicitMidpoint(field, before, dt, { time });
    return [after, after.phase] as const;
  });
  return { phases, state };
}
