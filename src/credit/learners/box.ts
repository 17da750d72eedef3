// A layer with a life of its own: inside the box, Moore machines hear one another and the input through a wiring; outside, it
// is a learner like any other. So a layer may hold a memory, a controller or a gate, and still be trained by what is fed back.
import { checkKind, checkMade, listed, scope, type Tensor, type TreeOf } from "../../core/index.js";
import type { Optimizer } from "../../optim/index.js";
import { checkOptimizer } from "../../optim/internal.js";
import { type Learner, pulledBoth } from "./learner.js";

/** A machine whose readout depends on its state alone (Moore 1956). */
export interface Machine<P, S> {
  /** The state to start from, a tree of tensors. */
  readonly state: S;
  /** What others see of it. */
  readout(params: P, state: S): Tensor;
  /** The state after it has heard `input`. */
  update(params: P, state: S, input: Tensor): S;
}

/** The readouts of all machines by name. */
export type Readouts = Readonly<Record<string, Tensor>>;

/** What a box is made from. */
export interface BoxDescription<P, A, B> {
  /** The parameters of everything inside, which are learned. */
  readonly params: P;
  /** The machines by name. */
  // biome-ignore lint/suspicious/noExplicitAny: each machine has states of a type of its own.
  readonly machines: Readonly<Record<string, Machine<P, any>>>;
  /**
   * What each machine hears, by its name: a function of all readouts and of the box's input, so that machines may feed back on
   * themselves and each other. It may depend on readouts, so that the wiring changes with what machines say.
   */
  wire(params: P, readouts: Readouts, input: A): Readonly<Record<string, Tensor>>;
  /** What the box shows: a function of the readouts and of its input. */
  show(params: P, readouts: Readouts, input: A): B;
}

/** The state of a box. */
export interface BoxState<P, A> {
  /** Its parameters. */
  readonly params: P;
  /** What its optimizer remembers. */
  readonly optimizer: object;
  /** The states of the machines before they heard `heard`. */
  readonly machines: Readonly<Record<string, unknown>>;
  /** The last input; none before the first. */
  readonly heard: readonly A[];
}

/**
 * A box as a learner. In each step, the machines hear what the wiring gives them once, so they must be given one input after
 * another, all with the same number of items.
 *
 * **What it learns from.** The feedback of a step goes back through what the box shows, and from there through the last update of
 * the machines: how parameters moved older states is left out, as in truncated backpropagation through time with one step.
 * What is fed back to the outside is the derivative by the input of this step.
 *
 * ```ts
 * const memory: Machine<{ keep: Tensor }, Tensor> = {
 *   state: zeros([1, 1]),
 *   readout: (_, s) => s,
 *   update: ({ keep }, s, input) => s.mul(keep).add(input),
 * };
 * const layer = box(
 *   {
 *     params: { keep: tensor(0.5) },
 *     machines: { memory },
 *     wire: (_, _readouts, x: Tensor) => ({ memory: x }),
 *     show: (_, { memory: s }, x: Tensor) => concat([x, s], 1),
 *   },
 *   sgd({ lr: 0.1 }),
 * );
 * ```
 *
 * @throws RangeError when it runs, if the wiring gives a machine nothing.
 */
export function box<P extends TreeOf<P>, A extends TreeOf<A>, B extends TreeOf<B>>(
  given: BoxDescription<P, A, B>,
  optimizer: Optimizer<NoInfer<P>, object>,
): Learner<BoxState<P, A>, A, B> {
  checkMade(
    "box",
    "the first argument",
    given,
    ["params", "machines", "wire", "show"],
    "Give { params, machines, wire, show }.",
  );
  const { params, machines, wire, show } = given;
  checkKind("box", "`machines`", machines, "an object");
  checkOptimizer("box", "the optimizer", optimizer);
  const names = Object.keys(machines);
  const byName = <T>(of: (name: string) => T): Readonly<Record<string, T>> =>
    Object.fromEntries(names.map((name) => [name, of(name)]));
  const readoutsOf = (p: P, states: Readonly<Record<string, unknown>>): Readouts =>
    byName((name) => machines[name].readout(p, states[name]));

  /** The machines' states now: they have heard the last input. */
  const now = (p: P, { machines: states, heard }: BoxState<P, A>): Readonly<Record<string, unknown>> => {
    if (heard.length === 0) return states;
    const inputs = wire(p, readoutsOf(p, states), heard[0]);
    const deaf = names.filter((name) => !Object.hasOwn(inputs, name));
    if (deaf.length > 0) {
      throw new RangeError(`[box] \`wire\` gives ${listed(deaf)} nothing to hear. Give every machine a tensor.`);
    }
    return byName((name) => machines[name].update(p, states[name], inputs[name]));
  };
  const shown = (p: P, state: BoxState<P, A>, input: A): B => show(p, readoutsOf(p, now(p, state)), input);

  return {
    state: { params, optimizer: optimizer.init(params), machines: byName((name) => machines[name].state), heard: [] },
    out: (state, input) => scope(() => ({ output: shown(state.params, state, input) })).output,
    step: (state, input, feedback) =>
      scope(() => {
        const [slope, back] = pulledBoth((p, a) => shown(p, state, a), state.params, input, feedback);
        const { params: next, state: remembered } = optimizer.step(state.params, slope, state.optimizer);
        return {
          state: { params: next, optimizer: remembered, machines: now(state.params, state), heard: [input] },
          feedback: back,
        };
      }),
  };
}
