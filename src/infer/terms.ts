// The terms that a rule is made of: each says how much every synapse would change, and the rule is their weighted sum.
import { checkEachMade, checkOptions, quote, type Tensor } from "../core/index.js";
import { mul, ones } from "../ops/index.js";

/** What a term may depend on. All are of shapes that spread over (neurons, inputs). */
export interface Signals {
  /** Activity of the inputs, (1, inputs). */
  readonly pre: Tensor;
  /** Activity of the neurons, (neurons, 1). */
  readonly post: Tensor;
  /** The weights, (neurons, inputs). */
  readonly weight: Tensor;
  /** The reward of the step, (1, 1). */
  readonly reward: Tensor;
}

/** One term of a rule. */
export interface Term {
  /** Its name, as results show it. */
  readonly name: string;
  /** The change of the weights by the term alone, (neurons, inputs) or a shape that spreads over it. */
  readonly value: (signals: Signals) => Tensor;
}

/** The largest power of each signal, and of all together. */
export interface TaylorOptions {
  /** 1 by default. */
  readonly pre?: number;
  /** 1 by default. */
  readonly post?: number;
  /** 1 by default. */
  readonly weight?: number;
  /** 0 by default. */
  readonly reward?: number;
  /** The largest sum of all powers; without it there is no limit. */
  readonly total?: number;
}

/** Throws unless these are terms with names of their own, and so many at least. */
export function checkTerms(op: string, terms: readonly Term[], least = 0): void {
  checkEachMade(op, "the list of terms", terms, ["name", "value"], "Make them with taylor() or monomial().");
  if (terms.length < least) throw new RangeError(`[${op}] there are no terms. Give one or more.`);
  const names = terms.map(({ name }) => name);
  const twice = names.find((name, at) => names.indexOf(name) < at);
  if (twice !== undefined)
    throw new RangeError(`[${op}] two terms are called ${quote(twice)}. Leave one out, or call it something else.`);
}

const NAMES = ["pre", "post", "weight", "reward"] as const;
const DEFAULTS = { pre: 1, post: 1, weight: 1, reward: 0, total: 64 };
const MOST = 8;

/**
 * The product of powers of the signals; a constant for no powers.
 *
 * @example monomial({ pre: 1, post: 2 }).name // "pre post^2"
 */
export function monomial(powers: Partial<Record<(typeof NAMES)[number], number>>): Term {
  checkOptions("monomial", powers, [...NAMES]);
  const odd = NAMES.find(
    (name) => !(Number.isSafeInteger(powers[name] ?? 0) && (powers[name] ?? 0) >= 0 && (powers[name] ?? 0) <= MOST),
  );
  if (odd)
    throw new RangeError(`[monomial] \`${odd}\` is ${quote(powers[odd])}: give a whole number from 0 to ${MOST}.`);
  const used = NAMES.filter((name) => (powers[name] ?? 0) > 0);
  return {
    name: used.map((name) => (powers[name] === 1 ? name : `${name}^${powers[name]}`)).join(" ") || "1",
    value(signals) {
      const factors = used.flatMap((name) => Array.from({ length: powers[name]! }, () => signals[name]));
      if (factors.length === 0) return ones([1, 1], { dtype: signals.pre.dtype });
      return factors.reduce((product, factor) => mul(product, factor));
    },
  };
}

/**
 * All monomials up to these powers: a Taylor basis of rules (Mehta, Tyulmankov, Rajagopalan, Turner, Fitzgerald and Funke 2024,
 * "Model-based inference of synaptic plasticity rules", section 2).
 *
 * @example
 * taylor({ post: 2, total: 2 }).map(({ name }) => name); // ["1", "pre", "post", "pre post", "post^2", "weight", "pre weight", "post weight"]
 */
export function taylor(options: TaylorOptions = {}): Term[] {
  checkOptions("taylor", options, [...NAMES, "total"]);
  const given = { ...DEFAULTS, ...options };
  if (!(Number.isSafeInteger(given.total) && given.total >= 0))
    throw new RangeError(`[taylor] \`total\` is ${quote(given.total)}: give a whole number from 0.`);
  const range = (name: (typeof NAMES)[number]): number[] => {
    const most = given[name];
    if (!(Number.isSafeInteger(most) && most >= 0 && most <= MOST)) {
      throw new RangeError(`[taylor] \`${name}\` is ${quote(most)}: give a whole number from 0 to ${MOST}.`);
    }
    return Array.from({ length: most + 1 }, (_, power) => power);
  };
  const [pres, posts, weights, rewards] = NAMES.map(range);
  return rewards.flatMap((reward) =>
    weights.flatMap((weight) =>
      posts.flatMap((post) =>
        pres.flatMap((pre) =>
          pre + post + weight + reward <= given.total ? [monomial({ pre, post, weight, reward })] : [],
        ),
      ),
    ),
  );
}
