// Learners: systems with a state that answer to inputs and learn from what is fed back, and the ways to put them together.
// "Deep neural networks as nested dynamical systems" (Spivak and Hosgood 2021, arXiv 2111.01297) sees a deep network as
// such systems in a row; in its words a learner from A to B is a coalgebra of the polynomial [A y^A, B y^B].
import { grad, vjp } from "../../autodiff/index.js";
import { checkKind, checkMade, mapTensors, scope, type Tensor, type TreeOf, treeMap } from "../../core/index.js";
import { add, zerosLike } from "../../ops/index.js";
import type { Optimizer } from "../../optim/index.js";
import { checkOptimizer } from "../../optim/internal.js";

/** What a step of a learner gives. */
export interface Learned<S, A> {
  /** The state after the step. */
  readonly state: S;
  /** What is fed back to whatever gave the input: about the derivative of the loss by the input. */
  readonly feedback: A;
}

/**
 * A learner with states S, inputs A and outputs B, all of them trees of tensors. Both functions are pure: nothing that they
 * are given is changed, and the same arguments give the same results.
 */
export interface Learner<S, A, B> {
  /** The state to start from. */
  readonly state: S;
  /** The output for an input. */
  out(state: S, input: A): B;
  /** One step of learning: `feedback` is the derivative of the loss by the output for this input in this state. */
  step(state: S, input: A, feedback: B): Learned<S, A>;
}

/** Throws a TypeError for what is no learner. */
function checkLearner(op: string, name: string, learner: object): void {
  checkMade(op, name, learner, ["state", "out", "step"], "Make one with gradientLearner() or its like.");
}

/**
 * First one learner, then the other: out = second ∘ first. In a step both use the states that they had before, so that
 * no part sees what another has learned in the same step. Its state is the pair of both.
 *
 * ```ts
 * const net = compose(compose(hidden, more), output);
 * ```
 *
 * Composition is associative to the bit, but for the brackets in the state.
 */
export function compose<S, T, A, B, C>(
  first: Learner<S, A, B>,
  second: Learner<T, B, C>,
): Learner<readonly [S, T], A, C> {
  checkLearner("compose", "the first learner", first);
  checkLearner("compose", "the second learner", second);
  return {
    state: [first.state, second.state],
    out: ([s, t], input) => scope(() => ({ output: second.out(t, first.out(s, input)) })).output,
    step: ([s, t], input, feedback) =>
      scope(() => {
        const between = second.step(t, first.out(s, input), feedback);
        const { state, feedback: back } = first.step(s, input, between.feedback);
        return { state: [state, between.state] as const, feedback: back };
      }),
  };
}

/**
 * Two learners beside each other, each with an input, an output and a state of its own: the tensor product.
 *
 * ```ts
 * const both = parallel(identityLearner<Tensor>(), copyLearner<Tensor>());
 * const [same, [one, other]] = both.out(both.state, [tensor(1), tensor(2)]);
 * ```
 */
export function parallel<S, T, A, B, C, D>(
  one: Learner<S, A, B>,
  other: Learner<T, C, D>,
): Learner<readonly [S, T], readonly [A, C], readonly [B, D]> {
  checkLearner("parallel", "the first learner", one);
  checkLearner("parallel", "the second learner", other);
  return {
    state: [one.state, other.state],
    out: ([s, t], [a, c]) => scope(() => [one.out(s, a), other.out(t, c)] as const),
    step: ([s, t], [a, c], [b, d]) =>
      scope(() => {
        const [left, right] = [one.step(s, a, b), other.step(t, c, d)];
        return { state: [left.state, right.state] as const, feedback: [left.feedback, right.feedback] as const };
      }),
  };
}

/** The state of a learner that has nothing to remember. */
export type NoState = readonly [];

/**
 * A learner that does nothing: inputs and feedback pass through.
 *
 * ```ts
 * identityLearner<Tensor>().out([], tensor(3)); // 3
 * ```
 */
export const identityLearner = <A>(): Learner<NoState, A, A> => ({
  state: [],
  out: (_, input) => input,
  step: (state, _, feedback) => ({ state, feedback }),
});

/**
 * The input twice; what is fed back to the two copies is added up.
 *
 * ```ts
 * copyLearner<Tensor>().step([], tensor(3), [tensor(1), tensor(2)]).feedback; // 3, the sum of both
 * ```
 */
export const copyLearner = <A extends TreeOf<A>>(): Learner<NoState, A, readonly [A, A]> => ({
  state: [],
  out: (_, input) => [input, input],
  step: (state, _input, [one, other]) => ({ state, feedback: treeMap((a, b) => add(a, b), one, other) }),
});

/**
 * Nothing of the input goes on, and zeros are fed back.
 *
 * ```ts
 * discardLearner<Tensor>().step([], tensor(3), []).feedback; // 0
 * ```
 */
export const discardLearner = <A>(): Learner<NoState, A, readonly []> => ({
  state: [],
  out: () => [],
  step: (state, input) => ({ state, feedback: mapTensors(input, (leaf) => zerosLike(leaf)) }),
});

/**
 * A pair the other way round.
 *
 * ```ts
 * swapLearner<Tensor, Tensor>().out([], [tensor(1), tensor(2)]); // [2, 1]
 * ```
 */
export const swapLearner = <A, B>(): Learner<NoState, readonly [A, B], readonly [B, A]> => ({
  state: [],
  out: (_, [a, b]) => [b, a],
  step: (state, _, [b, a]) => ({ state, feedback: [a, b] }),
});

/**
 * The end of a network: nothing goes on, and what is fed back is the derivative of a loss by the input. With it, a network
 * and its data make a learner without an output, whose steps need no feedback: `step(state, x, [])`.
 *
 * ```ts
 * lossLearner((y: Tensor) => y.square().sum()).step([], tensor([1, 2]), []).feedback; // [2, 4]
 * ```
 *
 * @param loss of one input, shape [].
 */
export const lossLearner = <B extends TreeOf<B>>(loss: (input: B) => Tensor): Learner<NoState, B, readonly []> => ({
  state: [],
  out: () => [],
  step: (state, input) => ({ state, feedback: grad(loss, { unused: "zero" })(input) }),
});

/** The state of a learner by gradients. */
export interface GradientState<P> {
  /** Its parameters. */
  readonly params: P;
  /** What its optimizer remembers of them. */
  readonly optimizer: object;
}

/**
 * The learner by gradients of a differentiable function: the output is f(params, input), a step moves the parameters by the
 * optimizer, and the derivative by the input is fed back, both by the parameters before the step. What optimizers remember is
 * only more state of one learner. To compose such learners is to learn by the gradient of the composite function.
 *
 * ```ts
 * const layer = gradientLearner(({ w }: { w: Tensor }, x: Tensor) => x.matmul(w).tanh(), { w }, sgd({ lr: 0.1 }));
 * const net = compose(layer, lossLearner((y: Tensor) => y.sub(target).square().sum()));
 * let { state } = net;
 * for (let i = 0; i < 100; i++) state = net.step(state, x, []).state;
 * ```
 *
 * @param f a differentiable function of a tree of parameters and a tree of inputs.
 * @param params the parameters to start from.
 * @param optimizer any of `synaptape/optim`. A loss that is a sum over the batch gives steps by the sum.
 */
export function gradientLearner<P extends TreeOf<P>, A extends TreeOf<A>, B extends TreeOf<B>>(
  f: (params: P, input: A) => B,
  params: P,
  optimizer: Optimizer<NoInfer<P>, object>,
): Learner<GradientState<P>, A, B> {
  checkKind("gradientLearner", "`f`", f, "a function");
  checkOptimizer("gradientLearner", "the optimizer", optimizer);
  return {
    state: { params, optimizer: optimizer.init(params) },
    out: ({ params: now }, input) => scope(() => ({ output: f(now, input) })).output,
    step: ({ params: now, optimizer: before }, input, feedback) =>
      scope(() => {
        const [slope, back] = pulledBoth((p, a) => f(p, a), now, input, feedback);
        const { params: next, state } = optimizer.step(now, slope, before);
        return { state: { params: next, optimizer: state }, feedback: back };
      }),
  };
}

/** The derivatives of a function of two trees, both of which `feedback` is pulled back to. */
export function pulledBoth<P extends TreeOf<P>, A extends TreeOf<A>, B extends TreeOf<B>>(
  f: (params: P, input: A) => B,
  params: P,
  input: A,
  feedback: B,
): readonly [P, A] {
  // A pair of trees is a tree, which the compiler does not see of types that are not known yet.
  const both = (([p, a]: readonly [P, A]) => f(p, a)) as unknown as (at: Tensor) => Tensor;
  const { pullback } = vjp(both, [params, input] as unknown as Tensor);
  try {
    return pullback(feedback as unknown as Tensor) as unknown as [P, A];
  } finally {
    pullback.dispose();
  }
}
