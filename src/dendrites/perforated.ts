// Dendrites for the neurons of a network: each adds to what its neuron sums up a sigmoid of its own view of the layer's input.
// Gradients do not pass through it. After Brenner and Itti 2025, "Perforated backpropagation"; the rule by which dendrites learn
// is that of candidate units in cascade correlation (Fahlman and Lebiere 1990), from which this is written. "Perforated
// Backpropagation" is a trademark of its authors, and the method may be patented: whether you may use it is for you to find
// out.

import { stop } from "../autodiff/index.js";
import { checkEachMade, checkKind, type Key, leavesOf, quote, scope, showShape, type Tensor } from "../core/index.js";
import {
  type ApplyOptions,
  type LayerParams,
  type Network,
  type NetworkRun,
  network,
  type Params,
} from "../nn/index.js";
import { checkNetwork } from "../nn/internal.js";
import { add, mul, random, sigmoid, zeros } from "../ops/index.js";

/** One dendrite for every neuron of a layer. They are never changed once they are accepted. */
export interface Dendrites {
  /** How they see the layer's input: parameters of the form that the layer has, with a bias. */
  readonly weights: LayerParams;
  /** How each hears the dendrites of the same neuron that came before it: one number a neuron, a tensor for each. */
  readonly earlier: readonly Tensor[];
}

/** The dendrites of a network: those of layer i at index i, in the order in which they were accepted. */
export type DendriteTree = readonly (readonly Dendrites[])[];

/** The name of the strengths of a layer's dendrites of this number among its parameters. */
const strengthOf = (number: number): string => `dendrite${number}`;

/** The parts of a network, one layer each, and which of them can have dendrites. */
export interface Parts {
  /** Layer i as a network of its own. */
  readonly layers: readonly Network[];
  /** The same with a bias, for the dendrites of the layer; undefined where it has no neurons with weights. */
  readonly views: readonly (Network | undefined)[];
}

/** Takes a network apart. Throws a RangeError if none of its layers can have dendrites. */
export function partsOf(op: string, net: Network): Parts {
  checkNetwork(op, net);
  const { layers } = net;
  const { dtype } = net.description;
  const alone = (input: readonly number[], description: Network["layers"][number]["description"]): Network =>
    network({ input, layers: [description], ...(dtype && { dtype }) });
  const views = layers.map(({ description, input, synapses }) =>
    synapses ? alone(input, { ...description, bias: true }) : undefined,
  );
  if (views.every((view) => !view)) {
    throw new RangeError(
      `[${op}] no layer of the network has weights to give dendrites to. Add a dense or conv2d layer.`,
    );
  }
  return { layers: layers.map(({ description, input }) => alone(input, description)), views };
}

/** How many neurons layer `view` has. */
export const neuronsOf = ({ output }: Network): number => output[output.length - 1];

/**
 * What the dendrites of a layer give for its input x, each [n, ...output], in their order. Gradients pass to their parameters
 * alone, if these are followed, and not to x.
 */
export function dendritesOf(view: Network, all: readonly Dendrites[], x: Tensor): Tensor[] {
  const seen = stop(x);
  const given: Tensor[] = [];
  for (const { weights, earlier } of all) {
    const heard = earlier.reduce((sum, strength, k) => add(sum, mul(given[k], strength)), view.apply([weights], seen));
    given.push(sigmoid(heard));
  }
  return given;
}

/** New dendrites that do nearly nothing: normal weights of 0.01, and no ear for earlier ones. */
export function newDendrites(view: Network, earlier: number, key: Key): Dendrites {
  return scope(() => {
    const [like] = view.init(key);
    const dtype = view.description.dtype ?? "float32";
    const drawn = Object.entries(like).map(([name, { shape }], i) => [
      name,
      mul(random.normal(key.fold(i), shape, { dtype }), 0.01),
    ]);
    return {
      weights: Object.fromEntries(drawn) as LayerParams,
      earlier: Array.from({ length: earlier }, () => zeros([neuronsOf(view)], { dtype })),
    };
  });
}

/**
 * No dendrites for any layer of this network.
 *
 * @example
 * const net = network({ input: [4], layers: [dense(3), activation("relu"), dense(2)] });
 * noDendrites(net); // [[], [], []]
 */
export function noDendrites(net: Network): DendriteTree {
  checkNetwork("noDendrites", net);
  return net.layers.map(() => []);
}

/** What is done with what a layer gives, before the next layer sees it. */
export type Change = (y: Tensor, layer: number) => Tensor;

/** Runs a network with dendrites, layer by layer. */
export function runWith(
  { layers, views }: Parts,
  tree: DendriteTree,
  [params, x, options]: readonly [params: Params, x: Tensor, options: ApplyOptions],
  change: Change = (y) => y,
): NetworkRun {
  const { key, states, ...rest } = options;
  const activations: Tensor[] = [];
  const after = layers.map((part, i) => {
    const input = activations[i - 1] ?? x;
    const own = { ...rest, ...(key && { key: key.fold(i) }), ...(states && { states: [states[i]] }) };
    const { y, states: next } = part.run([params[i]], input, own);
    const given = tree[i].length > 0 ? dendritesOf(views[i]!, tree[i], input) : [];
    activations.push(
      change(
        given.reduce((sum, d, k) => add(sum, mul(d, params[i][strengthOf(k)])), y),
        i,
      ),
    );
    return next[0];
  });
  return { activations, y: activations[activations.length - 1], states: after };
}

/**
 * The network `net` with these dendrites, which stay as they are. Its parameters are those of `net`, and for each set of
 * dendrites of a layer their strengths, `dendrite0` and so on, one number a neuron; `fit` and every optimizer take it. With
 * strengths of 0 it computes what `net` does.
 *
 * @param tree must live as long as the result is used.
 * @throws RangeError if no layer can have dendrites, and for a tree of another network; TypeError for what is no tree.
 * @example
 * const net = network({ input: [4], layers: [dense(3), activation("relu"), dense(2)] });
 * withDendrites(net, noDendrites(net)).output; // [2]
 */
export function withDendrites(net: Network, tree: DendriteTree): Network {
  const op = "withDendrites";
  const parts = partsOf(op, net);
  checkKind(op, "the dendrites", tree, "a list");
  if (tree.length !== net.layers.length) {
    throw new RangeError(
      `[${op}] there are dendrites for ${tree.length} layers, but the network has ${net.layers.length}. Pass those of this network.`,
    );
  }
  tree.forEach((all, i) => {
    checkEachMade(op, `the dendrites of layer ${i}`, all, ["weights", "earlier"], "Pass what grow() gave.");
    if (all.length > 0 && !parts.views[i]) {
      throw new RangeError(
        `[${op}] layer ${i}, ${quote(net.layers[i].description.kind)}, has no weights, so it has no dendrites. Pass those of this network.`,
      );
    }
  });
  const check = (params: Params): void => {
    tree.forEach((all, i) => {
      all.forEach((_, k) => {
        const wanted = [neuronsOf(parts.views[i]!)];
        const strength = params[i]?.[strengthOf(k)];
        if (strength?.shape?.length === 1 && strength.shape[0] === wanted[0]) return;
        throw new RangeError(
          `[${op}] layer ${i} needs \`${strengthOf(k)}\` of shape ${showShape(wanted)}. Pass what init or grow gave.`,
        );
      });
    });
  };
  const run: Network["run"] = (params, x, options = {}) =>
    scope(() => {
      check(params);
      return runWith(parts, tree, [params, x, options]);
    });
  return {
    ...net,
    init: (key) => scope(() => withStrengths(net, net.init(key), tree)),
    run,
    apply: (params, x, options) => scope(() => run(params, x, options).y),
    activations: (params, x, options) => scope(() => [...run(params, x, options).activations]),
  };
}

/** The parameters with a strength of 0 for every set of dendrites that has none yet. */
export function withStrengths(net: Network, params: Params, tree: DendriteTree): Params {
  leavesOf("withDendrites", params);
  const dtype = net.description.dtype ?? "float32";
  return params.map((own, i) => {
    const { output } = net.layers[i];
    const missing = tree[i].map((_, k) => strengthOf(k)).filter((name) => !own[name]);
    return {
      ...own,
      ...Object.fromEntries(missing.map((name) => [name, zeros([output[output.length - 1]], { dtype })])),
    };
  });
}
