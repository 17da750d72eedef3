// The swim of the untrained circuit, picture by picture.
import { circuit, simulate, swim, swimmerStart } from "../../control/index.js";
import { Key } from "../../core/index.js";
import type { Cell } from "../../runs/index.js";
import { BODY } from "./policies.js";

/** How much is filmed. */
export interface FilmConfig {
  /** Steps of control, of which every third is a picture. */
  readonly film: number;
}

/** What is seen. */
export interface FilmRow {
  /** The outlines, x and y of each point in turn, in metres, to the millimetre. */
  readonly frames: readonly (readonly number[])[];
  readonly seconds: number;
}

const EVERY = 3;

/** Films the circuit on the paper's body. */
export function film({ config: { film: steps }, seed }: Cell<FilmConfig>): FilmRow {
  const made = circuit({ joints: BODY.joints });
  const swimmer = simulate(BODY, swimmerStart(BODY, Key.of(seed).fold(0)));
  const frames: number[][] = [];
  swim(swimmer, made.controller(made.constant()), {
    steps,
    watch: (_, step) => {
      // Plus 0, or JSON would turn -0 into 0 and a kept film differ from a new one.
      if (step % EVERY === 0) frames.push(Array.from(swimmer.outline(), (each) => Math.round(1000 * each) / 1000 + 0));
    },
  });
  return { frames, seconds: steps * BODY.timestep * BODY.substeps };
}
