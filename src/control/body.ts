// The body of a swimmer: a chain of flat boxes in a plane, joined by hinges, in a fluid that drags at them. The numbers and
// the fluid are those of the swimmer of DeepMind's Control Suite (Tassa et al. 2018), which MuJoCo simulates.
import { checkMade, checkOptions, quote } from "../core/index.js";

/** What a swimmer's body is made of; the Control Suite's swimmer of six links by default. */
export interface BodyOptions {
  /** How many links; 6 by default. There is one joint fewer. */
  readonly links?: number;
  /** Length of a link, in metres; 0.1 by default. */
  readonly length?: number;
  /** Width of a link in the plane, in metres; 0.002 by default. */
  readonly width?: number;
  /** Depth of a link across the plane, in metres; 0.02 by default. */
  readonly depth?: number;
  /** Mass of a link, in kilograms; 0.01 by default. */
  readonly mass?: number;
  /** Inertia of the motor of a joint, in kg m²; 1e-6 by default. */
  readonly armature?: number;
  /** Torque of a motor at a control of 1, in newton metres; 5e-4 by default. */
  readonly gear?: number;
  /** Density of the fluid, in kg/m³; 3000 by default. 0 is a fluid without drag. */
  readonly density?: number;
  /** The angle at which a joint is stopped, softly, in radians; 2 pi / links by default. Infinity is no stop. */
  readonly limit?: number;
  /** A step of the physics, in seconds; 0.002 by default. */
  readonly timestep?: number;
  /** Steps of the physics to one of control; 15 by default. */
  readonly substeps?: number;
}

/** A body that `swimmerBody` has checked, and what follows from its numbers. */
export interface SwimmerBody extends Required<BodyOptions> {
  /** How many joints: links - 1. */
  readonly joints: number;
  /** Inertia of a link about its centre, in kg m². */
  readonly inertia: number;
  /** The drag at speed 1 across a link, along it, and against its rotation. */
  readonly drag: { readonly across: number; readonly along: number; readonly turning: number };
}

/** Throws a TypeError for what `swimmerBody` did not make. */
export function checkBody(op: string, body: SwimmerBody): void {
  checkMade(op, "the body", body, ["links", "joints", "drag", "limit"], "Make one with swimmerBody().");
}

const DEFAULTS: Required<Omit<BodyOptions, "limit">> = {
  ...{ links: 6, length: 0.1, width: 0.002, depth: 0.02, mass: 0.01, armature: 1e-6, gear: 5e-4, density: 3000 },
  ...{ timestep: 0.002, substeps: 15 },
};
const NAMES = [...Object.keys(DEFAULTS), "limit"];

/** The most links that a body has. */
const MOST_LINKS = 100;

interface Range {
  readonly ok: (value: number) => boolean;
  readonly cure: string;
}
const ABOVE_0: Range = { ok: (value) => value > 0 && value < Number.POSITIVE_INFINITY, cure: "a number above 0" };
const FROM_0: Range = { ok: (value) => value >= 0 && value < Number.POSITIVE_INFINITY, cure: "a number of at least 0" };
const whole = (least: number, most: number): Range => ({
  ok: (value) => Number.isSafeInteger(value) && value >= least && value <= most,
  cure: `a whole number from ${least} to ${most}`,
});
const RANGES: Readonly<Record<keyof BodyOptions, Range>> = {
  links: whole(2, MOST_LINKS),
  ...{ length: ABOVE_0, width: ABOVE_0, depth: ABOVE_0, mass: ABOVE_0, timestep: ABOVE_0 },
  ...{ armature: FROM_0, gear: FROM_0, density: FROM_0 },
  limit: { ok: (value) => value > 0, cure: "an angle above 0, in radians, or Infinity" },
  substeps: whole(1, 10_000),
};

/**
 * The body of a swimmer. `swimmerBody()` is the Control Suite's swimmer of six links, `swimmerBody({ links: 10 })` a longer
 * one.
 *
 * @throws TypeError for options that do not exist or are no numbers, RangeError for those outside their range.
 * @example swimmerBody().joints // 5
 */
export function swimmerBody(options: BodyOptions = {}): SwimmerBody {
  checkOptions("swimmerBody", options, NAMES);
  const given: typeof DEFAULTS & { limit?: number } = {
    ...DEFAULTS,
    ...Object.fromEntries(Object.entries(options).filter(([, value]) => value !== undefined)),
  };
  const all = { limit: (2 * Math.PI) / given.links, ...given };
  for (const [name, { ok, cure }] of Object.entries(RANGES)) {
    const value: unknown = all[name as keyof BodyOptions];
    if (typeof value !== "number") throw new TypeError(`[swimmerBody] \`${name}\` is ${quote(value)}: give ${cure}.`);
    if (!ok(value)) throw new RangeError(`[swimmerBody] \`${name}\` is ${quote(value)}: give ${cure}.`);
  }
  const { length, width, depth, mass, density, links } = all;
  const fourth = (x: number): number => x * x * x * x;
  return {
    ...all,
    joints: links - 1,
    inertia: (mass / 12) * (width * width + length * length),
    drag: {
      across: 0.5 * density * length * depth,
      along: 0.5 * density * width * depth,
      turning: (density * depth * (fourth(width) + fourth(length))) / 64,
    },
  };
}
