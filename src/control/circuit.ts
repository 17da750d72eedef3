// A neural circuit as the architecture of a controller (Bhattasali, Zador and Engel 2022, "Neural circuit architectural priors
// for embodied control"): the swimming circuit of C. elegans. A head oscillator drives the first of a row of segments, and
// each further segment follows its neighbour in front. Connections keep their sign: an excitatory one never
// inhibits.
import { checkOptions, type DType, type Key, quote, type Tensor } from "../core/index.js";
import {
  add,
  clip,
  concat,
  flip,
  full,
  maximum,
  minimum,
  mul,
  neg,
  reshape,
  slice,
  stack,
  sub,
  tensor,
} from "../ops/index.js";
import type { Swimmer } from "./simulation.js";

/** The kinds of connections: to B neurons from the neighbour's joint and from the oscillator, to muscles from either side. */
const names = ["prop", "osc", "ipsi", "contra"] as const;
/** A kind of connection of the circuit. */
export type Connection = (typeof names)[number];

/** The strengths of the connections, as parameters: any numbers, of which the circuit uses what their ranges let through. */
export type CircuitParams = Readonly<Record<Connection, Tensor>>;

/** The least and the largest strength of a connection. */
export type Strengths = readonly [least: number, most: number];

const EXCITATORY: Strengths = [0, Number.POSITIVE_INFINITY];
const INHIBITORY: Strengths = [Number.NEGATIVE_INFINITY, 0];
const FREE: Strengths = [Number.NEGATIVE_INFINITY, Number.POSITIVE_INFINITY];
const SIGNED: Readonly<Record<Connection, Strengths>> = {
  ...{ prop: EXCITATORY, osc: EXCITATORY, ipsi: EXCITATORY, contra: INHIBITORY },
};
const UNSIGNED: Readonly<Record<Connection, Strengths>> = { prop: FREE, osc: FREE, ipsi: FREE, contra: FREE };

/** How a circuit is built. */
export interface CircuitOptions {
  /** How many joints it controls; 5 by default. */
  readonly joints?: number;
  /** Whether all connections of a kind have one strength; true by default. Otherwise each has its own. */
  readonly shared?: boolean;
  /** Steps of control in a cycle of the oscillator, an even number; 60 by default. */
  readonly period?: number;
  /**
   * The ranges of the strengths by kind, or "free" for none: by default `prop`, `osc` and `ipsi` are at least 0 (they excite)
   * and `contra` at most 0 (it inhibits). The raw parameter is clipped where it is used, so a gradient ends at the range.
   */
  readonly ranges?: Partial<Readonly<Record<Connection, Strengths>>> | "free";
}

/** What the brain above the circuit asks of it. */
export interface Drive {
  /** How fast to swim, from 0 to 1; 1 by default. The rest of it, 1 less the speed, inhibits all B neurons. */
  readonly speed?: number;
  /** Where to turn, from -1 (ventral) to 1 (dorsal); 0 by default. It excites the B neuron of that side in the head. */
  readonly turn?: number;
}

/** What controls a swimmer: the torques of a step of control, counted from 0. */
export type Controller = (swimmer: Swimmer, step: number) => ArrayLike<number>;

/** A circuit. */
export interface Circuit {
  /** How many joints it controls. */
  readonly joints: number;
  /** How many numbers its parameters have: 4 if they are shared. */
  readonly parameters: number;
  /** Strengths of 1, and of -1 for `contra`: it swims with these. */
  constant(dtype?: DType): CircuitParams;
  /** Strengths drawn evenly from what lies both in their range and between -1 and 1. */
  random(key: Key, dtype?: DType): CircuitParams;
  /** The strengths that the circuit uses, inside their ranges. */
  effective(params: CircuitParams): CircuitParams;
  /** The torques as a tensor (joints), for joint angles in radians (joints): it can be differentiated. */
  torques(params: CircuitParams, angles: Tensor, step: number, drive?: Drive): Tensor;
  /** The same in plain numbers, for rollouts: the parameters are read now. */
  controller(params: CircuitParams, drive?: Drive): Controller;
}

const unit = (x: number): number => Math.min(1, Math.max(0, x));

/**
 * The swimming circuit. Each joint's angle, as a share of its limit of 2 pi / (joints + 1), is sensed on the dorsal and the
 * ventral side; neurons and muscles give between 0 and 1.
 *
 * ```ts
 * const swimming = circuit({ joints: 5 });
 * const { total } = swim(swimmer, swimming.controller(swimming.constant()));
 * ```
 *
 * @throws TypeError for options that do not exist, RangeError for ranges that no strength satisfies, and for an impossible
 * number of joints or period.
 */
export function circuit(options: CircuitOptions = {}): Circuit {
  checkOptions("circuit", options, ["joints", "shared", "period", "ranges"]);
  const { joints = 5, shared = true, period = 60 } = options;
  checkWhole("joints", joints, 1, 1000);
  checkWhole("period", period, 2, 1_000_000);
  if (period % 2 === 1) {
    throw new RangeError(`[circuit] \`period\` is ${period}: give an even number, half for each side.`);
  }
  const ranges = rangesOf(options.ranges);
  const limit = (2 * Math.PI) / (joints + 1);
  // Side by side: a row is dorsal, then ventral.
  const shapes: Readonly<Record<Connection, readonly [number, number]>> = shared
    ? { prop: [1, 1], osc: [1, 1], ipsi: [1, 1], contra: [1, 1] }
    : { prop: [2, joints - 1], osc: [2, 1], ipsi: [2, joints], contra: [2, joints] };
  const each = (make: (name: Connection, i: number) => Tensor): CircuitParams =>
    Object.fromEntries(names.map((name, i) => [name, make(name, i)])) as CircuitParams;
  const sizeOf = (name: Connection): number => shapes[name][0] * shapes[name][1];

  const effective = (params: CircuitParams): CircuitParams =>
    each((name) => {
      const given = params?.[name];
      const shape = shapes[name];
      if (given?.shape?.length !== 2 || given.shape[0] !== shape[0] || given.shape[1] !== shape[1]) {
        throw new RangeError(
          `[circuit] \`params.${name}\` needs shape [${shape.join(", ")}]: pass what constant() gives.`,
        );
      }
      const [least, most] = ranges[name];
      const raised = Number.isFinite(least) ? maximum(given, least) : given;
      return Number.isFinite(most) ? minimum(raised, most) : raised;
    });

  /** The oscillator on each side, and what the drive adds: to all B neurons, and to the head's on each side. */
  const inputsAt = (step: number, { speed = 1, turn = 0 }: Drive = {}) => {
    checkWhole("step", step, 0, Number.MAX_SAFE_INTEGER);
    for (const [name, value] of Object.entries({ speed, turn })) {
      if (!Number.isFinite(value))
        throw new RangeError(`[circuit] \`${name}\` is ${quote(value)}: give a finite number.`);
    }
    const dorsal = step % period < period / 2 ? 1 : 0;
    const slow = unit(speed) - 1;
    return { dorsal, ventral: 1 - dorsal, all: slow, head: [slow + unit(turn), slow + unit(-turn)] as const };
  };

  return {
    joints,
    parameters: names.reduce((sum, name) => sum + sizeOf(name), 0),
    effective,
    constant: (dtype = "float32") => each((name) => full(shapes[name], name === "contra" ? -1 : 1, { dtype })),
    random: (key, dtype = "float32") =>
      each((name, i) => {
        const [least, most] = [Math.max(-1, ranges[name][0]), Math.min(1, ranges[name][1])];
        const own = key.fold(i);
        const draw = (_: unknown, at: number): number => least + (most - least) * own.uniform(at);
        return tensor(Float64Array.from({ length: sizeOf(name) }, draw), { shape: shapes[name], dtype });
      }),
    torques(params, angles, step, drive) {
      const { prop, osc, ipsi, contra } = effective(params);
      const { dorsal, ventral, all, head } = inputsAt(step, drive);
      const { dtype } = angles;
      const q = mul(angles, 1 / limit);
      const column = (values: readonly number[]): Tensor => tensor([...values], { shape: [2, 1], dtype });
      const first = clip(add(mul(osc, column([dorsal, ventral])), column(head)), 0, 1);
      const felt = clip(stack([q, neg(q)]), 0, 1);
      const rest = joints > 1 ? [clip(add(mul(prop, slice(felt, [0, 0], [2, joints - 1])), all), 0, 1)] : [];
      const b = concat([first, ...rest], 1);
      const muscles = clip(add(mul(ipsi, b), mul(contra, flip(b, 0))), 0, 1);
      return reshape(sub(slice(muscles, [0, 0], [1, joints]), slice(muscles, [1, 0], [2, joints])), [joints]);
    },
    controller(params, drive) {
      const used = effective(params);
      const read = (name: Connection, columns: number): Float64Array[] => {
        const numbers = Float64Array.from(used[name].data());
        const wide = shared ? new Float64Array(2 * columns).fill(numbers[0]) : numbers;
        return [wide.subarray(0, columns), wide.subarray(columns)];
      };
      const [prop, osc, ipsi, contra] = [
        ...[read("prop", joints - 1), read("osc", 1), read("ipsi", joints), read("contra", joints)],
      ];
      const torques = new Float64Array(joints);
      return (swimmer, step) => {
        if (swimmer.body.joints !== joints) {
          throw new RangeError(
            `[circuit] this circuit has ${joints} joints, the body ${swimmer.body.joints}. Make one with circuit({ joints: ${swimmer.body.joints} }).`,
          );
        }
        const angles = swimmer.joints();
        const { dorsal, ventral, all, head } = inputsAt(step, drive);
        let [d, v] = [unit(osc[0][0] * dorsal + head[0]), unit(osc[1][0] * ventral + head[1])];
        for (let i = 0; i < joints; i++) {
          torques[i] = unit(ipsi[0][i] * d + contra[0][i] * v) - unit(ipsi[1][i] * v + contra[1][i] * d);
          const felt = angles[i] / limit;
          [d, v] = [unit(prop[0][i] * unit(felt) + all), unit(prop[1][i] * unit(-felt) + all)];
        }
        return torques;
      };
    },
  };
}

function checkWhole(name: string, value: number, least: number, most: number): void {
  if (Number.isSafeInteger(value) && value >= least && value <= most) return;
  throw new RangeError(`[circuit] \`${name}\` is ${quote(value)}: give a whole number from ${least} to ${most}.`);
}

/** The range of each kind of connection. */
function rangesOf(given: CircuitOptions["ranges"] = {}): Readonly<Record<Connection, Strengths>> {
  if (given === "free") return UNSIGNED;
  if (typeof given !== "object" || given === null) {
    throw new TypeError(`[circuit] \`ranges\` is ${quote(given)}: give { contra: [-2, 0] } or the like, or "free".`);
  }
  checkOptions("circuit", given, names);
  for (const [name, range] of Object.entries(given)) {
    if (!Array.isArray(range) || range.length !== 2 || range.some((end) => typeof end !== "number")) {
      throw new TypeError(`[circuit] the range of \`${name}\` is ${quote(range)}: give [least, most].`);
    }
    const [least, most] = range;
    if (!(least <= most)) {
      throw new RangeError(
        `[circuit] no strength of \`${name}\` is at least ${least} and at most ${most}. Give the lower number first.`,
      );
    }
    if (Math.max(least, -1) > Math.min(most, 1)) {
      throw new RangeError(
        `[circuit] the range of \`${name}\`, ${quote(range)}, has no strength between -1 and 1 to start from. Widen it.`,
      );
    }
  }
  return { ...SIGNED, ...given };
}
