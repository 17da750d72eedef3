// User-defined kinds of synapse: given by their initial state and their step, and added to the others.
import { checkMade, scope, type Tensor } from "../../core/index.js";
import { add, full, mul, reshape, sub, zeros } from "../../ops/index.js";
import { checkLocal, sampleSignals } from "../motifs/locality.js";
import { type LocalSignals, localSignals } from "../motifs/named.js";
import { motifFactors, type Signals } from "../motifs/numbered.js";
import { byChemical, decayOf, extraDrive, type LayerRule, type LayerState, type SynapseRecord } from "./kind.js";
import { noReadout } from "./readout.js";
import { addKind, synapseNames } from "./registry.js";

/**
 * What a user-defined synapse sees at a step: the signals of its units, and the drive that the rule computes from them.
 */
export interface SynapseInputs extends Omit<LocalSignals, "w"> {
  /** P F + b, (chemicals, nOut, nIn), including the decay of the weight. */
  readonly drive: Tensor;
}

/** The learned numbers of a user-defined synapse. */
export interface SynapseCoefficients {
  /** K (chemicals, chemicals), 0 before any learning. */
  readonly k: Tensor;
  /** (chemicals), 1 / chemicals before any learning. */
  readonly v: Tensor;
  /** The fixed or learned time scales, (chemicals). */
  readonly y: Tensor;
  /** The same: how strongly each chemical is driven. */
  readonly z: Tensor;
}

/** A user-defined kind of synapse, for `defineSynapse`. */
export interface Synapse {
  /** What `synapse` in a configuration calls it. */
  readonly name: string;
  /** The state before the first step, from the initial weights: w and any h, whose last two axes are those of w. */
  begin(w: Tensor, coefficients: SynapseCoefficients): LayerState;
  /**
   * One step, computed element by element: the change of a synapse may depend only on its own state and on what it
   * sees.
   */
  step(state: LayerState, inputs: SynapseInputs, coefficients: SynapseCoefficients): LayerState;
}

/** The record of a synapse that is defined by its step: the drive is a whole array, and the step consists of ops. */
function recordOf({ name, begin, step }: Synapse): SynapseRecord {
  return {
    name,
    preset: "rcn",
    chemicals: true,
    scales: true,
    neverForgets: true,
    fixedStep: false,
    rows: ({ chemicals }) => chemicals,
    check: noReadout(
      "a user-defined synapse sets its own weight: leave the read-out, the initial chemicals and the norm out.",
    ),
    initial: ({ chemicals }, options) => ({
      K: zeros([chemicals, chemicals], options),
      v: full([chemicals], 1 / chemicals, options),
    }),
    synapses: (rule) => ({
      begin: (w) => begin(w, rule),
      step: (state, signals) => {
        const { w: _, ...local } = localSignals(state.w, signals);
        const inputs = { ...local, drive: driveOf(rule, state.w, signals) } as SynapseInputs;
        return step(state, inputs, rule);
      },
    }),
  };
}

/** P F + b as one array (rows, nOut, nIn), including all motifs and the decay. */
function driveOf(rule: LayerRule, w: Tensor, signals: Signals): Tensor {
  const { p } = rule;
  const [rows, [nOut, nIn]] = [p.shape[0], w.shape];
  const left = motifFactors(p, signals);
  const outer = (row: number, right: Tensor): Tensor =>
    mul(reshape(left.row(row), [rows, nOut, 1]), reshape(right, [1, 1, nIn]));
  const { yPre, ePre, u } = signals;
  const motifs = add(add(outer(0, yPre), outer(1, ePre)), outer(2, u));
  const own = sub(motifs, mul(byChemical(decayOf(p)), w));
  const extra = extraDrive(rule, w, signals);
  return extra ? add(own, extra) : own;
}

/**
 * Adds a kind of synapse, so that configurations can name it: `synapse: "name"`. It gets P, K, v, b, time scales and
 * every motif like the published kinds, and works in whole lifetimes and their gradients.
 *
 * Kinds are known to the thread that defines them. `loadParts` of synaptape/meta defines those of a module in all threads.
 *
 * @throws InputError if a step is not local; RangeError if the name is taken.
 * @example
 * defineSynapse({
 *   name: "plain",
 *   begin: (w) => ({ w, h: [] }),
 *   step: ({ w }, { drive }) => ({ w: w.add(drive.sum(0)), h: [] }),
 * });
 * synapseNames().includes("plain"); // true
 */
export function defineSynapse(synapse: Synapse): void {
  checkMade("defineSynapse", "the synapse", synapse, ["name", "begin", "step"], "See Synapse for what it holds.");
  const { name } = synapse;
  if (synapseNames().includes(name) || name === "") {
    throw new RangeError(`[defineSynapse] "${name}" is taken or empty. Give it another name.`);
  }
  scope(() => {
    const { w, signals } = sampleSignals();
    const chemicals = 2;
    const coefficients = {
      k: full([chemicals, chemicals], 0.1),
      v: full([chemicals], 0.5),
      y: full([chemicals], 0.75),
      z: full([chemicals], 0.25),
    };
    const { w: _, ...local } = localSignals(w, signals);
    const { h } = synapse.begin(w, coefficients);
    const state = Object.fromEntries(h.map((own, i) => [`h[${i}]`, add(own, 0.125)]));
    const drive = add(zeros([chemicals, ...w.shape]), 0.25);
    checkLocal(`synapse "${name}"`, { w, ...state, ...local, drive }, ({ w, drive, y, e, yPre, ePre, ...rest }) => {
      const next = synapse.step({ w, h: h.map((_, i) => rest[`h[${i}]`]) }, { drive, y, e, yPre, ePre }, coefficients);
      return [next.w, ...next.h];
    });
  });
  addKind(recordOf(synapse));
}
