// The laws of learners and wirings, each as how far a random case is from it. Learners of a case are drawn from its key.

import { type Key, leavesOf, scope, Tensor } from "../../core/index.js";
import {
  compose,
  copyLearner,
  discardLearner,
  type GradientState,
  gradientLearner,
  identityLearner,
  type Learner,
  nest,
  parallel,
  predictionMarket,
  swapLearner,
} from "../../credit/index.js";
import { float64 } from "../../float64/index.js";
import { add, concat, matmul, mul, random, sigmoid, softmax, sum, tanh } from "../../ops/index.js";
import { sgd } from "../../optim/index.js";

interface Layer {
  readonly w: Tensor;
  readonly b: Tensor;
}
type Drawn = Learner<GradientState<Layer>, Tensor, Tensor>;

const RATE = 0.1;
const units = [tanh, sigmoid, (x: Tensor): Tensor => x];

const normal = (key: Key, shape: readonly number[]): Tensor => random.normal(key, [...shape], float64);
const layerOf =
  (kind: number) =>
  ({ w, b }: Layer, x: Tensor): Tensor =>
    units[kind](add(matmul(x, w), b));

/** Sizes of layers and of the batch. */
const sizesOf = (key: Key, count: number): number[] => Array.from({ length: count }, (_, i) => 1 + key.integer(i, 4));

/** The parameters of a layer between two sizes. */
const paramsOf = (key: Key, from: number, to: number): Layer => ({
  w: normal(key.fold(0), [from, to]),
  b: normal(key.fold(1), [to]),
});
const drawn = (key: Key, from: number, to: number): Drawn =>
  gradientLearner(layerOf(key.integer(0, 3)), paramsOf(key.fold(1), from, to), sgd({ lr: RATE, momentum: 0.5 }));

/** All numbers of a tree, in order. */
const numbersOf = (tree: unknown): number[] =>
  leavesOf("laws", tree).flatMap(({ tensor }) => Array.from(tensor.data()));

/** The largest difference between two trees, brackets aside; infinite if they have not as many numbers. */
function apart(one: unknown, other: unknown): number {
  const [a, b] = [numbersOf(one), numbersOf(other)];
  return a.length !== b.length ? Number.POSITIVE_INFINITY : Math.max(0, ...a.map((x, i) => Math.abs(x - b[i])));
}

/** The difference of two learners in output, next state and feedback, after two steps. */
function differ<A, B>(one: Learner<unknown, A, B>, other: Learner<unknown, A, B>, input: A, feedback: B): number {
  const run = <S>(learner: Learner<S, A, B>): unknown[] => {
    const first = learner.step(learner.state, input, feedback);
    const second = learner.step(first.state, input, feedback);
    return [learner.out(learner.state, input), first.state, first.feedback, second.state, second.feedback];
  };
  return apart(run(one), run(other));
}
const loose = <A, B>(learner: Learner<never, A, B> | Learner<unknown, A, B>): Learner<unknown, A, B> =>
  learner as never;
/** One learner after the other, whatever their states. */
const chain = <A, B, C>(one: unknown, other: unknown): Learner<unknown, A, C> =>
  loose(compose(one as Learner<unknown, A, B>, other as Learner<unknown, B, C>) as never);
const beside = (one: unknown, other: unknown): Learner<unknown, readonly [Tensor, Tensor], readonly [Tensor, Tensor]> =>
  loose(parallel(one as Learner<unknown, Tensor, Tensor>, other as Learner<unknown, Tensor, Tensor>) as never);

function associativity(key: Key): number {
  const [n, a, b, c, d] = sizesOf(key.fold(0), 5);
  const [f, g, h] = [drawn(key.fold(1), a, b), drawn(key.fold(2), b, c), drawn(key.fold(3), c, d)];
  const [left, right] = [
    chain<Tensor, Tensor, Tensor>(compose(f, g), h),
    chain<Tensor, Tensor, Tensor>(f, compose(g, h)),
  ];
  return differ(left, right, normal(key.fold(4), [n, a]), normal(key.fold(5), [n, d]));
}

function unit(key: Key): number {
  const [n, a, b] = sizesOf(key.fold(0), 3);
  const f = drawn(key.fold(1), a, b);
  const [x, back] = [normal(key.fold(2), [n, a]), normal(key.fold(3), [n, b])];
  const with1 = chain<Tensor, Tensor, Tensor>(identityLearner<Tensor>(), f);
  const with2 = chain<Tensor, Tensor, Tensor>(f, identityLearner<Tensor>());
  return Math.max(differ(with1, f as never, x, back), differ(with2, f as never, x, back));
}

function interchange(key: Key): number {
  const [n, a, b, c, d, e, f] = sizesOf(key.fold(0), 7);
  const [one, two] = [drawn(key.fold(1), a, b), drawn(key.fold(2), b, c)];
  const [three, four] = [drawn(key.fold(3), d, e), drawn(key.fold(4), e, f)];
  type Pair = readonly [Tensor, Tensor];
  const left = chain<Pair, Pair, Pair>(beside(one, three), beside(two, four));
  const right = beside(compose(one, two), compose(three, four));
  const [x, back] = [
    [normal(key.fold(5), [n, a]), normal(key.fold(6), [n, d])] as const,
    [normal(key.fold(7), [n, c]), normal(key.fold(8), [n, f])] as const,
  ];
  // The states of the two sides have another order: what is compared is what both show and feed back.
  const seen = <S>(learner: Learner<S, Pair, Pair>): unknown[] => {
    const { state, feedback } = learner.step(learner.state, x, back);
    return [learner.out(learner.state, x), feedback, learner.out(state, x), learner.step(state, x, back).feedback];
  };
  return apart(seen(left), seen(right));
}

/** The learner of a composite function, by the tape, beside the composite of learners: relative. */
function functoriality(key: Key): number {
  const [n, a, b, c] = sizesOf(key.fold(0), 4);
  const kinds = [1, 2].map((i) => key.integer(i, 3));
  const [p, q] = [paramsOf(key.fold(3), a, b), paramsOf(key.fold(4), b, c)];
  const optimizer = sgd({ lr: RATE, momentum: 0.5 });
  const whole = gradientLearner(
    ([one, other]: readonly [Layer, Layer], x: Tensor) => layerOf(kinds[1])(other, layerOf(kinds[0])(one, x)),
    [p, q] as const,
    optimizer,
  );
  const parts = compose(
    gradientLearner(layerOf(kinds[0]), p, optimizer),
    gradientLearner(layerOf(kinds[1]), q, optimizer),
  );
  const [x, back] = [normal(key.fold(5), [n, a]), normal(key.fold(6), [n, c])];
  let [one, other] = [whole.step(whole.state, x, back), parts.step(parts.state, x, back)];
  [one, other] = [whole.step(one.state, x, back), parts.step(other.state, x, back)];
  const ours = [other.state[0].params, other.state[1].params, other.feedback];
  const theirs = [one.state.params, one.feedback];
  return apart(ours, theirs) / Math.max(1, ...numbersOf(theirs).map(Math.abs));
}

/** What is fed back against central differences of the output, along a random direction: relative. */
function chainRule(key: Key): number {
  const [n, a, b, c] = sizesOf(key.fold(0), 4);
  const net = compose(drawn(key.fold(1), a, b), drawn(key.fold(2), b, c));
  const [x, along] = [normal(key.fold(3), [n, a]), normal(key.fold(4), [n, a])];
  const back = normal(key.fold(5), [n, c]);
  const h = 1e-5;
  const at = (by: number): number => sum(mul(net.out(net.state, add(x, mul(along, by))), back)).item();
  const wanted = (at(h) - at(-h)) / (2 * h);
  const found = sum(mul(net.step(net.state, x, back).feedback, along)).item();
  return Math.abs(found - wanted) / Math.max(1, Math.abs(wanted));
}

/** Copies can be discarded, exchanged and copied again; a pair exchanged twice is as it was. */
function copies(key: Key): number {
  const shape = sizesOf(key.fold(0), 2);
  const [x, y] = [normal(key.fold(1), shape), normal(key.fold(2), shape)];
  const [one, two, three] = [3, 4, 5].map((i) => normal(key.fold(i), shape));
  const [copy, id, swap] = [copyLearner<Tensor>(), identityLearner<Tensor>(), swapLearner<Tensor, Tensor>()];
  const dropping = compose(copy, parallel(discardLearner<Tensor>(), id));
  const exchanged = compose(copy, swap);
  const left = compose(copy, parallel(copy, id));
  const right = compose(copy, parallel(id, copy));
  const twice = compose(swap, swapLearner<Tensor, Tensor>());
  return Math.max(
    apart(dropping.out(dropping.state, x), x),
    apart(dropping.step(dropping.state, x, [[], one]).feedback, one),
    apart(exchanged.out(exchanged.state, x), [x, x]),
    apart(exchanged.step(exchanged.state, x, [one, two]).feedback, copy.step([], x, [one, two]).feedback),
    apart(left.out(left.state, x), right.out(right.state, x)),
    apart(
      left.step(left.state, x, [[one, two], three]).feedback,
      right.step(right.state, x, [one, [two, three]]).feedback,
    ),
    apart(twice.out(twice.state, [x, y]), [x, y]),
    apart(twice.step(twice.state, [x, y], [one, two]).feedback, [one, two]),
  );
}

/** Markets in a market against one market of all experts, and what wealth adds up to; and a market of one is its expert. */
function markets(key: Key): number {
  const outer = sizesOf(key.fold(0), 1)[0];
  const counts = sizesOf(key.fold(1), outer);
  const outcomes = 2 + key.integer(0, 3);
  const share = (from: Key, count: number): Tensor => softmax(normal(from, [count]));
  const nested = nest(
    predictionMarket(share(key.fold(2), outer)),
    counts.map((count, i) => predictionMarket(share(key.fold(3).fold(i), count))),
  );
  const products = (state: typeof nested.state): Tensor[] =>
    state.inner.map((wealth, i) => mul(wealth, state.outer.row(i)));
  const flat = predictionMarket(products(nested.state).reduce((a, b) => concat([a, b], 0)));
  const alone = predictionMarket(share(key.fold(4), 1));
  let [one, other] = [nested.state, flat.state];
  let worst = 0;
  for (let round = 0; round < 5; round++) {
    const experts = Array.from({ length: nested.parts }, (_, i) => share(key.fold(5).fold(round).fold(i), outcomes));
    const outcome = key.fold(6).integer(round, outcomes);
    worst = Math.max(
      worst,
      apart(nested.show(one, experts), flat.show(other, experts)),
      apart(alone.show(alone.state, [experts[0]]), experts[0]),
    );
    [one, other] = [nested.update(one, experts, outcome), flat.update(other, experts, outcome)];
    worst = Math.max(worst, apart(products(one), other), Math.abs(sum(other).item() - 1));
  }
  return worst;
}

/** Everything frozen, to the last object that is no tensor. */
function frozen<T>(tree: T): T {
  if (typeof tree !== "object" || tree === null || tree instanceof Tensor) return tree;
  for (const each of Object.values(tree)) frozen(each);
  return Object.freeze(tree);
}

/** The same state, input and feedback give the same results, and nothing that is given is changed. */
function purity(key: Key): number {
  const [n, a, b, c] = sizesOf(key.fold(0), 4);
  const net = compose(drawn(key.fold(1), a, b), drawn(key.fold(2), b, c));
  const [x, back] = [normal(key.fold(3), [n, a]), normal(key.fold(4), [n, c])];
  const state = frozen(net.state);
  const before = numbersOf([state, x, back]);
  const [one, other] = [net.step(state, x, back), net.step(state, x, back)];
  const after = numbersOf([state, x, back]);
  return Math.max(
    apart([one.state, one.feedback], [other.state, other.feedback]),
    ...before.map((v, i) => Math.abs(v - after[i])),
  );
}

/** The laws by name, with the largest distance that rounding allows. */
export const laws = {
  associativity: { bound: 0, of: associativity, says: "Composition is associative" },
  units: { bound: 0, of: unit, says: "The identity is a unit of composition" },
  interchange: { bound: 0, of: interchange, says: "Side by side, then in a row, is in a row, then side by side" },
  functoriality: {
    ...{ bound: 1e-12, of: functoriality },
    says: "The learner of a composite function, by the tape, is the composite of its learners",
  },
  "chain-rule": { bound: 1e-6, of: chainRule, says: "What is fed back is the derivative, by central differences" },
  copies: { bound: 1e-12, of: copies, says: "Copies may be discarded, exchanged and copied again" },
  markets: {
    bound: 1e-12,
    of: markets,
    says: "Markets in a market are the market of all experts, and wealth adds up to 1",
  },
  purity: { bound: 0, of: purity, says: "The same state, input and feedback give the same step, and are not changed" },
} satisfies Readonly<Record<string, { bound: number; of: (key: Key) => number; says: string }>>;

/** The name of a law. */
export type LawName = keyof typeof laws;

/** How far the worst of so many cases is from each law. */
export const worstOf = (name: LawName, key: Key, cases: number): number => {
  let worst = 0;
  for (let i = 0; i < cases; i++) {
    const off = scope(() => laws[name].of(key.fold(i)));
    if (Number.isNaN(off)) return off;
    worst = Math.max(worst, off);
  }
  return worst;
};
