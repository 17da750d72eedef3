// The three synapses behind one face: what a layer carries from step to step, and one step of it.
import type { Tensor } from "../core/index.js";
import { broadcastTo, columnsOf, mul, placeColumns, reshape, sub, sum, tensor, zeros } from "../ops/index.js";
import { type Chemistry, chemicalStep, momentumStep } from "./chemical-step.js";
import { type PlasticityConfig, timeScales } from "./config.js";
import { linearStep } from "./linear-step.js";
import { MOTIFS, motifFactors, type Signals } from "./motifs.js";
import type { Rule } from "./rule.js";

/** What a layer carries from step to step. */
export interface LayerState {
  /** Its weights, (nOut, nIn). */
  readonly w: Tensor;
  /** Its chemicals, one tensor (chemicals, nOut, nIn); none if the rule is linear. */
  readonly h: readonly Tensor[];
}

/** One layer's synapses under one rule. */
export interface Synapses {
  /** The state in which a lifetime begins, from initial weights. */
  begin(weights: Tensor): LayerState;
  /** The state after one step. */
  step(state: LayerState, signals: Signals): LayerState;
}

/** Fixed time scales; by default those of `timeScales(config)`. */
export interface TimeScales {
  /** What each chemical keeps of itself in a step. */
  readonly y: readonly number[];
  /** How strongly each chemical is driven in a step. */
  readonly z: readonly number[];
}

/** The synapses of every layer, with all that stays the same over a lifetime computed once. */
export function synapsesOf(config: PlasticityConfig, rule: Rule, layers: number, scales?: TimeScales): Synapses[] {
  const { y, z } = scales ?? timeScales(config);
  const constants = { y: tensor([...y]), z: tensor([...z]) };
  return Array.from({ length: layers }, (_, layer) => {
    const of = (list: readonly Tensor[]): Tensor => list[list.length === 1 ? 0 : layer];
    const p = placeColumns(of(rule.P), config.motifs, MOTIFS);
    const p3 = columnsOf(p, [3]);
    if (config.synapse === "linear") return linear(p, reshape(p3, [1]));
    const [k, v] = [of(rule.K), of(rule.v)];
    const b = config.bias === "none" ? undefined : rule.b[layer];
    const chemistry = { k, v, ...constants, b: b?.rank === 1 ? reshape(b, [config.chemicals, 1, 1]) : b };
    if (config.synapse === "momentum") return momentum(p, reshape(p3, [config.chemicals]), chemistry, config);
    // The decay motif is -w = -v . h, which is one more coupling of the chemicals.
    return chemical(p, { ...chemistry, k: sub(k, mul(p3, v)) }, config.chemicals);
  });
}

function linear(p: Tensor, decay: Tensor): Synapses {
  return {
    begin: (w) => ({ w, h: [] }),
    step: ({ w }, signals) => {
      const { yPre, ePre, u } = signals;
      return { w: linearStep(w, motifFactors(p, signals), [yPre, ePre, u], decay), h: [] };
    },
  };
}

function chemical(p: Tensor, chemistry: Chemistry, chemicals: number): Synapses {
  return {
    // Every chemical begins with the initial weight, so w = (sum of v) W, through which v is learned too.
    begin: (w) => ({ w: mul(w, sum(chemistry.v)), h: [broadcastTo(w, [chemicals, ...w.shape])] }),
    step: ({ h }, signals) => {
      const { yPre, ePre, u } = signals;
      const [next, w] = chemicalStep(h[0], { left: motifFactors(p, signals), right: [yPre, ePre, u] }, chemistry);
      return { w, h: [next] };
    },
  };
}

function momentum(p: Tensor, p3: Tensor, chemistry: Chemistry, config: PlasticityConfig): Synapses {
  return {
    // A velocity begins at rest: with h = W and y near 1 the weights would drift at every step.
    begin: (w) => ({ w, h: [zeros([config.chemicals, ...w.shape])] }),
    step: ({ w, h }, signals) => {
      const { yPre, ePre, u } = signals;
      const drive = { left: motifFactors(p, signals), right: [yPre, ePre, u] };
      const [next, wNext] = momentumStep(h[0], w, drive, chemistry, p3, config.momentumOutput);
      return { w: wNext, h: [next] };
    },
  };
}
