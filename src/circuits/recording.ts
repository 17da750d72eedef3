// The record of a simulation: the phase and the voltage of every node at every step, and the pulses in them.
import { InputError, quote } from "../core/index.js";
import type { State } from "./state.js";

const TURN = 2 * Math.PI;

/** The course of a circuit. A pulse is an advance of a phase by one turn, and its moment is the middle of the turn. */
export class Recording {
  readonly #phases: Float64Array;
  readonly #voltages: Float64Array;

  constructor(
    /** The nodes' names. */
    readonly nodes: readonly string[],
    /** The time between two moments that are kept, in ps; the first is 0. */
    readonly dt: number,
    /** How many steps there were. */
    readonly steps: number,
  ) {
    [this.#phases, this.#voltages] = [0, 0].map(() => new Float64Array((steps + 1) * nodes.length));
  }

  /** Keeps the state after a number of steps. */
  keep(step: number, { phase, voltage }: State): void {
    this.#phases.set(phase, step * this.nodes.length);
    this.#voltages.set(voltage, step * this.nodes.length);
  }

  /** The phase of a node at every step, in radians. @throws InputError for a node that does not exist. */
  phase(node: string): Float64Array {
    return this.#course(this.#phases, node);
  }

  /** The voltage of a node at every step, in mV. @throws InputError for a node that does not exist. */
  voltage(node: string): Float64Array {
    return this.#course(this.#voltages, node);
  }

  /**
   * The moments at which a node's phase passes the middle of a turn, in ps, between two steps by a straight line. A phase
   * that goes back takes the last moment off again.
   *
   * @throws InputError for a node that does not exist.
   */
  pulses(node: string): number[] {
    const phase = this.phase(node);
    const moments: number[] = [];
    let turns = 0;
    for (let step = 1; step < phase.length; step++) {
      for (; phase[step] >= (turns + 0.5) * TURN; turns++) {
        const share = ((turns + 0.5) * TURN - phase[step - 1]) / (phase[step] - phase[step - 1]);
        moments.push((step - 1 + share) * this.dt);
      }
      for (; phase[step] < (turns - 0.5) * TURN; turns--) moments.pop();
    }
    return moments;
  }

  #course(all: Float64Array, node: string): Float64Array {
    const width = this.nodes.length;
    const at = this.nodes.indexOf(node);
    if (at < 0)
      throw new InputError(
        `[transient] there is no node ${quote(node)}. There are ${this.nodes.slice(0, 40).join(", ")}.`,
      );
    return Float64Array.from({ length: this.steps + 1 }, (_, step) => all[step * width + at]);
  }
}
