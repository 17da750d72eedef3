// CMA-ES: a population whose shape follows the landscape (Hansen 2016, "The CMA evolution strategy: a tutorial"), with the
// triangular root of the covariance in place of the symmetric one (Krause, Arbones and Igel 2016, "CMA-ES with optimal
// covariance update and storage complexity").
import { checkOptions, type Key, quote, scope, type TreeOf, withLeaves } from "../core/index.js";
import { exp, log, random, tensor } from "../ops/index.js";
import { power } from "./common.js";
import { checkCount, checkLosses, checkMember, checkSigma, floatsOf, MOST_MEMBERS, orderOf } from "./population.js";

/** The most numbers that the parameters may have: the covariance has the square of it. */
const MOST_NUMBERS = 2000;

/** Options of `cmaEs`. */
export interface CmaEsOptions {
  /** The size of the first population: about a third of how far the best parameters may be. */
  readonly sigma: number;
  /** How many members a generation has; 4 + 3 ln n for n numbers by default. */
  readonly members?: number;
}

/** What CMA-ES remembers, in plain numbers, which JSON keeps. */
export interface CmaEsState {
  /** The mean of the population, number by number: the parameters before they are rounded to their type. */
  readonly mean: readonly number[];
  /** Its size. */
  readonly sigma: number;
  /** Its shape: the covariance without `sigma`, row by row. */
  readonly covariance: readonly number[];
  /** The evolution path of the covariance. */
  readonly path: readonly number[];
  /** The evolution path of the size. */
  readonly sizePath: readonly number[];
  /** Generations so far. */
  readonly generation: number;
}

/** CMA-ES. */
export interface CmaEs {
  /** The state before the first generation, with the parameters as its mean. */
  init<P extends TreeOf<P>>(params: P): CmaEsState;
  /** How many members a generation of these parameters has. */
  members<P extends TreeOf<P>>(params: P): number;
  /** The parameters of a member, counted from 0. */
  member<P extends TreeOf<P>>(params: P, state: CmaEsState, key: Key, index: number): P;
  /** The next mean and state, from the losses of all members in their order and the key that made them. */
  step<P extends TreeOf<P>>(
    params: P,
    state: CmaEsState,
    key: Key,
    losses: ArrayLike<number>,
  ): { readonly params: P; readonly state: CmaEsState };
}

/** The natural logarithm and e^x with the same bits on every engine. */
const ln = (x: number): number => scope(() => log(tensor(x)).item());
const toExp = (x: number): number => scope(() => exp(tensor(x)).item());

/** The lower triangle A with A A' = C. */
function rootOf(covariance: readonly number[], n: number): Float64Array {
  const root = new Float64Array(n * n);
  for (let i = 0; i < n; i++) {
    for (let j = 0; j <= i; j++) {
      let sum = covariance[i * n + j];
      for (let k = 0; k < j; k++) sum -= root[i * n + k] * root[j * n + k];
      // Rounding may leave nothing on the diagonal of a shape that is nearly flat.
      root[i * n + j] = i === j ? Math.sqrt(Math.max(sum, 1e-300)) : sum / root[j * n + j];
    }
  }
  return root;
}

/** Weights and rates, by the tutorial's formulas (figure 6 and table 1), positive weights alone. */
function ratesOf(n: number, members: number) {
  const parents = members >> 1;
  const raw = Array.from({ length: parents }, (_, i) => ln((members + 1) / 2) - ln(i + 1));
  const total = raw.reduce((sum, each) => sum + each, 0);
  const weights = raw.map((each) => each / total);
  const mass = 1 / weights.reduce((sum, each) => sum + each * each, 0);
  const forSize = (mass + 2) / (n + mass + 5);
  const one = 2 / ((n + 1.3) * (n + 1.3) + mass);
  return {
    ...{ weights, mass, forSize, one },
    damping: 1 + 2 * Math.max(0, Math.sqrt((mass - 1) / (n + 1)) - 1) + forSize,
    forPath: (4 + mass / n) / (n + 4 + (2 * mass) / n),
    many: Math.min(1 - one, (2 * (mass - 2 + 1 / mass)) / ((n + 2) * (n + 2) + mass)),
    expected: Math.sqrt(n) * (1 - 1 / (4 * n) + 1 / (21 * n * n)),
  };
}

const lengthOf = (x: readonly number[]): number => Math.sqrt(x.reduce((sum, each) => sum + each * each, 0));

/**
 * CMA-ES for parameters of up to 2,000 numbers. Losses are to be made small: negate returns.
 *
 * ```ts
 * const strategy = cmaEs({ sigma: 0.5 });
 * let params = { x: tensor([3, 3]) };
 * let state = strategy.init(params);
 * for (let k = 0; k < 60; k++) {
 *   const members = Array.from({ length: strategy.members(params) }, (_, i) => strategy.member(params, state, Key.of(k), i));
 *   const losses = members.map(({ x }) => x.square().sum().item());
 *   ({ params, state } = strategy.step(params, state, Key.of(k), losses));
 * }
 * params.x.square().sum().item() < 1e-4; // true
 * ```
 *
 * @throws TypeError for options that do not exist, RangeError for options outside their range. Its functions throw a
 * RangeError for too many parameters, members that do not exist, losses that are too few or NaN, and states of others.
 */
export function cmaEs(options: CmaEsOptions): CmaEs {
  checkOptions("cmaEs", options, ["sigma", "members"]);
  checkSigma("cmaEs", options.sigma);
  if (options.members !== undefined) checkCount("cmaEs", "members", options.members, 4, MOST_MEMBERS);

  const leavesAndSize = <P extends TreeOf<P>>(params: P) => {
    const leaves = floatsOf("cmaEs", params);
    const n = leaves.reduce((sum, { tensor: { size } }) => sum + size, 0);
    if (n >= 1 && n <= MOST_NUMBERS) return { leaves, n };
    throw new RangeError(
      `[cmaEs] the parameters have ${n} numbers: 1 to ${MOST_NUMBERS} are possible. Use evolution().`,
    );
  };
  const countOf = (n: number): number => options.members ?? 4 + Math.floor(3 * ln(n));
  const checkState = ({ mean }: CmaEsState, n: number): void => {
    if (mean?.length === n) return;
    throw new RangeError(
      `[cmaEs] the state is of ${quote(mean?.length)} numbers, the parameters have ${n}. Pass init(params).`,
    );
  };
  const treeOf = <P extends TreeOf<P>>(params: P, numbers: readonly number[]): P => {
    let from = 0;
    const next = leavesAndSize(params).leaves.map(({ tensor: { shape, size, dtype } }) => {
      from += size;
      return tensor(Float64Array.from(numbers.slice(from - size, from)), { shape, dtype });
    });
    return withLeaves(params, next);
  };
  /** A member's draw, and where that is: the draw times the root of the covariance. */
  const drawOf = (root: Float64Array, n: number, key: Key, index: number) => {
    const z = Array.from(scope(() => random.normal(key.fold(index), [n])).data());
    const y = z.map((_, i) => {
      let sum = 0;
      for (let k = 0; k <= i; k++) sum += root[i * n + k] * z[k];
      return sum;
    });
    return { z, y };
  };

  return {
    members: (params) => countOf(leavesAndSize(params).n),
    init(params) {
      const { leaves, n } = leavesAndSize(params);
      const none = new Array<number>(n).fill(0);
      return {
        mean: leaves.flatMap(({ tensor }) => Array.from(tensor.data())),
        covariance: Array.from({ length: n * n }, (_, at) => (at % (n + 1) === 0 ? 1 : 0)),
        ...{ sigma: options.sigma, path: none, sizePath: none, generation: 0 },
      };
    },
    member(params, state, key, index) {
      const { n } = leavesAndSize(params);
      checkState(state, n);
      checkMember("cmaEs", index, countOf(n));
      const { y } = drawOf(rootOf(state.covariance, n), n, key, index);
      return treeOf(
        params,
        state.mean.map((each, i) => each + state.sigma * y[i]),
      );
    },
    step: (params, state, key, losses) =>
      scope(() => {
        const { n } = leavesAndSize(params);
        checkState(state, n);
        const members = countOf(n);
        checkLosses("cmaEs", losses, members, false);
        const { weights, mass, forSize, damping, forPath, one, many, expected } = ratesOf(n, members);
        const order = orderOf(losses);
        const root = rootOf(state.covariance, n);
        const best = weights.map((weight, i) => ({ weight, ...drawOf(root, n, key, order[i]) }));
        const meanOf = (pick: (draw: (typeof best)[number]) => readonly number[]): number[] =>
          Array.from({ length: n }, (_, i) => best.reduce((sum, draw) => sum + draw.weight * pick(draw)[i], 0));
        const [z, y] = [meanOf((draw) => draw.z), meanOf((draw) => draw.y)];
        const generation = state.generation + 1;
        const kept = Math.sqrt(forSize * (2 - forSize) * mass);
        const sizePath = state.sizePath.map((each, i) => (1 - forSize) * each + kept * z[i]);
        const length = lengthOf(sizePath);
        const settled = Math.sqrt(1 - power(1 - forSize, 2 * generation));
        // While the size grows fast the path stands still, or the covariance would grow too.
        const moves = length / settled < (1.4 + 2 / (n + 1)) * expected;
        const onward = moves ? Math.sqrt(forPath * (2 - forPath) * mass) : 0;
        const path = state.path.map((each, i) => (1 - forPath) * each + onward * y[i]);
        const left = 1 - one - many + (moves ? 0 : one * forPath * (2 - forPath));
        const covariance = state.covariance.map((each, at) => {
          const [i, j] = [Math.floor(at / n), at % n];
          const rankMany = best.reduce((sum, draw) => sum + draw.weight * draw.y[i] * draw.y[j], 0);
          return left * each + one * path[i] * path[j] + many * rankMany;
        });
        const mean = state.mean.map((each, i) => each + state.sigma * y[i]);
        const sigma = state.sigma * toExp(Math.min(1, (forSize / damping) * (length / expected - 1)));
        const next = { mean, sigma, covariance, path, sizePath, generation };
        return { params: treeOf(params, mean), state: next };
      }),
  };
}
