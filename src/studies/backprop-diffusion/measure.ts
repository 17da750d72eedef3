// What is measured for one seed, on networks of L layers with the sizes 5-12-...-12-3, all in float64.
import { grad, loop } from "../../autodiff/index.js";
import { compile } from "../../compile/index.js";
import { advance, Key, scope, type Tensor } from "../../core/index.js";
import {
  type ActivationOption,
  type CreditParams,
  compareCredit,
  fullyConnected,
  type WaveNetwork,
  type WaveState,
  waveChain,
  waveNetwork,
} from "../../credit/index.js";
import { float64 } from "../../float64/index.js";
import { add, cos, mul, random, square, sub, sum } from "../../ops/index.js";
import { sgd } from "../../optim/index.js";
import type { Cell, Context } from "../../runs/index.js";
import { inParts } from "../pause.js";

/** How long the networks of a seed run. */
export interface WavesConfig {
  /** Ticks with moving inputs; the first 200 are not compared. */
  readonly ticks: number;
  /** Ticks of learning. */
  readonly learning: number;
}

/** The results of a seed. */
export interface WavesRow {
  /** Constant input, L from 1 to 10: the largest error from tick 2L - 1 on, and the smallest error one tick earlier. */
  readonly constant: { readonly late: number; readonly early: number };
  /** How many layers of these networks do not get their gradient for the first time in tick 2L - l. */
  readonly arrivals: number;
  /** The error in each tick for L = 8. */
  readonly onset: readonly number[];
  /** Mean error with moving inputs, by `DEPTHS`, then `OMEGAS`. */
  readonly moving: readonly (readonly number[])[];
  /** The same with targets that are not delayed to match the output. */
  readonly unaligned: readonly (readonly number[])[];
  /** How many activities and errors a change of the input reached too early or too late. */
  readonly speed: number;
  /** In a graph with a cycle: the error against the derivative of the steady state. */
  readonly cycles: number;
  /**
   * Losses after learning by waves, by the gradient, and by the gradient that waits for the first 2L - 1 ticks of each sample,
   * for samples held for each of `HOLDS` ticks.
   */
  readonly held: {
    readonly waves: readonly number[];
    readonly gradient: readonly number[];
    readonly late: readonly number[];
  };
}

/** Numbers of layers. */
export const DEPTHS: readonly number[] = [2, 4, 8];
/** Angular frequencies of the input, in radians per tick. */
export const OMEGAS: readonly number[] = [1e-1, 1e-2, 1e-3, 1e-4];
/** For how many ticks a sample is held; the networks that learn have `LEARNERS` layers. */
export const HOLDS: readonly number[] = [1, 4, 12, 24];
/** The number of layers of the networks that learn. */
export const LEARNERS = 3;
/** The number of layers of the network whose onset is drawn. */
const DRAWN = 8;
/** Ticks before errors count. */
const SETTLING = 200;
/** The credit is compared with the gradient once in so many ticks. */
const EVERY = 10;

const sizesOf = (layers: number): number[] => [5, ...Array.from({ length: layers - 1 }, () => 12), 3];

/** A chain and its parameters: normal weights of variance 1 / n_in. */
function chain(key: Key, layers: number, activation: ActivationOption = "tanh", targetDelay?: number) {
  const sizes = sizesOf(layers);
  const net = waveChain(sizes, { activation, bias: false, ...(targetDelay !== undefined && { targetDelay }) });
  const weights = net.vertices.slice(1).map(({ name, edges: [{ source }] }, i) => {
    const std = 1 / Math.sqrt(sizes[i]);
    return [name, { [source]: { weight: random.normal(key.fold(i), [sizes[i], sizes[i + 1]], { std, ...float64 }) } }];
  });
  return { net, params: Object.fromEntries(weights) as CreditParams };
}

const drawn = (key: Key, size: number): Tensor => random.normal(key, [1, size], float64);

/** Measures everything for one seed. */
export async function measure({ config, seed }: Cell<WavesConfig>, context: Context): Promise<WavesRow> {
  const key = Key.of(seed);
  const next = inParts(context, 4 + 2 * DEPTHS.length + HOLDS.length);
  const constant = await next(() => constantInput(key));
  const speed = await next(() => speedOf(key));
  const cycles = await next(() => cycle(key));
  const table = async (targetDelay?: number): Promise<number[][]> => {
    const found: number[][] = [];
    for (const layers of DEPTHS) {
      found.push(await next(() => OMEGAS.map((omega) => movingError(key, layers, omega, config.ticks, targetDelay))));
    }
    return found;
  };
  const [moving, unaligned] = [await table(), await table(0)];
  const losses: Losses[] = [];
  for (const hold of HOLDS) losses.push(await next(() => learned(key, hold, config.learning)));
  const of = (pick: keyof Losses): number[] => losses.map((each) => each[pick]);
  const held = { waves: of("waves"), gradient: of("gradient"), late: of("late") };
  return { ...constant, speed, cycles, moving, unaligned, held };
}

/** Compares the credit with the gradient, tick by tick, while data and targets stay the same. */
function constantInput(key: Key): Pick<WavesRow, "constant" | "arrivals" | "onset"> {
  let [late, early, arrivals] = [0, Number.POSITIVE_INFINITY, 0];
  let onset: number[] = [];
  for (let layers = 1; layers <= 10; layers++) {
    const { net, params } = chain(key.fold(layers), layers);
    const [x, target] = [drawn(key.fold(100), 5), drawn(key.fold(101), 3)];
    const gradient = grad(net.loss)(params, x, target);
    let state = net.rest(1, float64);
    const errors: number[] = [];
    const first = Array.from({ length: layers }, () => -1);
    for (let tick = 0; tick < 2 * layers + 5; tick++) {
      const found = net.tick(params, state, x, target);
      state = found.state;
      const { relativeError, parameters } = compareCredit(found.credit, gradient);
      errors.push(relativeError);
      parameters.forEach((each, layer) => {
        if (first[layer] < 0 && each.relativeError <= 1e-12) first[layer] = tick;
      });
    }
    arrivals += first.filter((tick, layer) => tick !== 2 * layers - (layer + 1)).length;
    late = Math.max(late, ...errors.slice(2 * layers - 1));
    if (layers > 1) early = Math.min(early, errors[2 * layers - 2]);
    if (layers === DRAWN) onset = errors;
  }
  return { constant: { late, early }, arrivals, onset };
}

/** The mean error with inputs cos(ωt + φ) and targets 0.3 cos(ωt + ψ), with random phases φ and ψ. */
function movingError(key: Key, layers: number, omega: number, ticks: number, targetDelay?: number): number {
  const { net, params } = chain(key.fold(layers), layers, "tanh", targetDelay);
  const [phases, others] = [drawn(key.fold(102), 5), drawn(key.fold(103), 3)].map((draw) => mul(draw, 2 * Math.PI));
  const at = (tick: number) => ({
    x: cos(add(phases, omega * tick)),
    target: mul(cos(add(others, omega * tick)), 0.3),
  });
  const step = compile((p: CreditParams, state: WaveState, x: Tensor, target: Tensor) => net.tick(p, state, x, target));
  const gradient = compile(grad(net.loss));
  let carry = step(params, net.rest(1, float64), at(0).x, at(0).target);
  let [total, count] = [0, 0];
  for (let tick = 1; tick < ticks; tick++) {
    carry = advance(carry, ({ state }) => {
      const { x, target } = at(tick);
      return step(params, state, x, target);
    });
    if (tick < SETTLING || tick % EVERY !== 0) continue;
    const { x, target } = at(tick);
    total += scope(() => compareCredit(carry.credit, gradient(params, x, target)).relativeError);
    count++;
  }
  step.dispose();
  gradient.dispose();
  return total / count;
}

/**
 * Changes the input in one tick, and counts the activities and errors that the change reaches in a wrong tick. Errors
 * are checked only in a linear network, because elsewhere the change of a slope reaches them early.
 */
function speedOf(key: Key): number {
  const [layers, from] = [5, 12];
  let wrong = 0;
  for (const activation of ["tanh", "identity"] as const) {
    const { net, params } = chain(key.fold(layers), layers, activation);
    const states = (changed: boolean): WaveState[] => {
      const found: WaveState[] = [];
      let state = net.rest(1, float64);
      for (let tick = 0; tick < from + 2 * layers + 2; tick++) {
        const x = add(drawn(key.fold(200 + tick), 5), changed && tick === from ? 0.1 : 0);
        state = net.tick(params, state, x, drawn(key.fold(300 + tick), 3)).state;
        found.push(state);
      }
      return found;
    };
    const [plain, other] = [states(false), states(true)];
    const firstOf = (pick: (state: WaveState) => Tensor): number =>
      plain.findIndex((state, tick) => sum(square(sub(pick(state), pick(other[tick])))).item() > 0);
    net.vertices.slice(1).forEach(({ name }, i) => {
      const layer = i + 1;
      if (firstOf(({ activities }) => activities[name]) !== from + layer) wrong++;
      if (activation === "identity" && firstOf(({ errors }) => errors[name]) !== from + 2 * layers - layer) wrong++;
    });
  }
  return wrong;
}

/**
 * The error of the credit in a graph with a cycle that settles. Its reference is the tape's gradient through as many
 * ticks as the graph needs to settle.
 */
function cycle(key: Key): number {
  const init = { kind: "xavierNormal", gain: 0.6 } as const;
  const net = waveNetwork({
    input: [4],
    vertices: {
      a: { from: { input: fullyConnected(6, { init }), b: fullyConnected(6, { init }) } },
      b: { from: { a: fullyConnected(5, { init }) } },
      out: { from: { b: fullyConnected(2, { init }) } },
    },
    output: "out",
  });
  const params = net.init(key.fold(104), float64);
  const [x, target] = [drawn(key.fold(105), 4), drawn(key.fold(106), 2)];
  const settled = (p: CreditParams): WaveState =>
    loop(100, net.rest(1, float64), (state) => net.tick(p, state, x, target).state);
  const { credit } = net.tick(params, settled(params), x, target);
  const loss = (p: CreditParams): Tensor => mul(sum(square(sub(settled(p).activities.out, target))), 0.5);
  return compareCredit(credit, grad(loss)(params)).relativeError;
}

/** What is learned by waves, by the gradient, and by the gradient once waves have met. */
interface Losses {
  readonly waves: number;
  readonly gradient: number;
  readonly late: number;
}

/** Items on which losses are measured. */
const ITEMS = 1000;

/** Learns another network's map online, and gives the losses on other items at the end. */
function learned(key: Key, hold: number, ticks: number): Losses {
  const teacher = chain(key.fold(107), LEARNERS);
  const { net, params: start } = chain(key.fold(108), LEARNERS);
  const samples = key.fold(109);
  const at = (tick: number): { x: Tensor; target: Tensor } => {
    const x = drawn(samples.fold(Math.floor(tick / hold)), 5);
    return { x, target: teacher.net.apply(teacher.params, x) };
  };
  const optimizer = sgd({ lr: 0.01 });
  const step = compile((params: CreditParams, state: WaveState, x: Tensor, target: Tensor) => {
    const tick = net.tick(params, state, x, target);
    return { params: optimizer.step(params, tick.credit, optimizer.init(params)).params, state: tick.state };
  });
  const plain = compile((params: CreditParams, x: Tensor, target: Tensor) => ({
    params: optimizer.step(params, grad(net.loss)(params, x, target), optimizer.init(params)).params,
  }));
  let waves = { params: start, state: net.rest(1, float64) };
  let [gradient, late] = [{ params: start }, { params: start }];
  for (let tick = 0; tick < ticks; tick++) {
    waves = advance(waves, ({ params, state }) => {
      const { x, target } = at(tick);
      return step(params, state, x, target);
    });
    const byGradient = (from: typeof gradient): typeof gradient =>
      advance(from, ({ params }) => {
        const { x, target } = at(tick);
        return plain(params, x, target);
      });
    gradient = byGradient(gradient);
    if (tick % hold >= 2 * LEARNERS - 1) late = byGradient(late);
  }
  const lossOf = (network: WaveNetwork, params: CreditParams): number => {
    const x = random.normal(key.fold(110), [ITEMS, 5], float64);
    return scope(() => network.loss(params, x, teacher.net.apply(teacher.params, x)).item() / ITEMS);
  };
  step.dispose();
  plain.dispose();
  return {
    waves: lossOf(net, waves.params),
    gradient: lossOf(net, gradient.params),
    late: lossOf(net, late.params),
  };
}
