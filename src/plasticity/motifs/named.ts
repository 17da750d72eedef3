// Motifs beyond F0 .. F9, each with a name: what a motif is, and how to add one.
import { checkMade, InputError, plain, quote, scope, type Tensor } from "../../core/index.js";
import { broadcastTo, mean, mul, reshape, sub } from "../../ops/index.js";
import { checkLocal, sampleSignals } from "./locality.js";
import { MOTIFS, type Signals } from "./numbered.js";

/** What a motif may use for a synapse: its weight, and activity and error of the two units that it joins. */
export interface LocalSignals {
  /** The weights, (nOut, nIn). */
  readonly w: Tensor;
  /** Activity of the post-synaptic units, (nOut, 1). */
  readonly y: Tensor;
  /** Their errors, (nOut, 1). */
  readonly e: Tensor;
  /** Activity of the pre-synaptic units, (1, nIn). */
  readonly yPre: Tensor;
  /** Their errors, (1, nIn). */
  readonly ePre: Tensor;
}

/** A motif with a name. */
export interface Motif<Scalars extends string = string> {
  /** Its name in the `motifs` of a configuration. */
  readonly name: string;
  /** A description in one line, with its source. */
  readonly summary: string;
  /**
   * Numbers of the whole layer that it also uses, each of shape []: these stand for what a broadcast signal could
   * carry.
   */
  readonly scalars?: Readonly<Record<Scalars, (layer: Signals & { readonly w: Tensor }) => Tensor>>;
  /**
   * The motif, sign included, of shape (nOut, nIn) or one that broadcasts to it: computed element by element, so that
   * the change of a synapse depends only on that synapse, its two units and the declared scalars.
   */
  term(local: LocalSignals, scalars: Readonly<Record<Scalars, Tensor>>): Tensor;
}

/**
 * H = (y_l - mean y_l)(y_{l-1} - mean y_{l-1})': Hebb's rule about the layer's means, which on inputs that are noise
 * grows a plastic feedback weight towards the forward one (weight mirror: Akrout et al. 2019, NeurIPS 32).
 */
const hebb: Motif<"post" | "pre"> = {
  name: "hebb",
  summary: "Hebb's rule about the means of the layer's activities (weight mirror: Akrout et al. 2019)",
  scalars: { post: ({ y }) => mean(y), pre: ({ yPre }) => mean(yPre) },
  term: ({ y, yPre }, { post, pre }) => mul(sub(y, post), sub(yPre, pre)),
};

const motifs = new Map<string, Motif>([[hebb.name, hebb]]);

/** The motif of this name. */
export function namedMotif(name: string): Motif {
  const motif = motifs.get(name);
  if (motif) return motif;
  throw new RangeError(
    `[plasticity] no motif is called ${quote(name)}: there are ${[...motifs.keys()].join(", ")}, and 0 to ${MOTIFS - 1}. ` +
      "Add it with defineMotif before it is used.",
  );
}

/**
 * The names of all named motifs.
 *
 * @example motifNames().includes("hebb") // true
 */
export function motifNames(): string[] {
  return [...motifs.keys()];
}

/**
 * Adds a motif, so that configurations can name it in addition to the ten: `motifs: [0, "name"]`. Its column of P
 * begins at 0. A motif is written in ops, so it has derivatives; `checkMotif` compares them with differences.
 *
 * Motifs are known to the thread that defines them. `loadParts` of synaptape/meta defines those of a module in all threads.
 *
 * @throws InputError if it is not local, or not of the shape of the weights; RangeError if the name is taken.
 * @example
 * defineMotif({
 *   name: "decay-by-use",
 *   summary: "a weight shrinks with the activity of both of its units",
 *   term: ({ w, y, yPre }) => w.mul(y).mul(yPre),
 * });
 * motifNames().includes("decay-by-use"); // true
 */
export function defineMotif<S extends string>(motif: Motif<S>): void {
  const given = motif as unknown as Motif;
  checkMade("defineMotif", "the motif", motif, ["name", "term"], "See Motif for what it holds.");
  if (motifs.has(motif.name) || /^[0-9]*$/.test(motif.name)) {
    throw new RangeError(`[defineMotif] "${plain(motif.name)}" is taken or a number. Give it another name.`);
  }
  scope(() => {
    const { w, signals } = sampleSignals();
    const scalars = scalarsOf(given, w, signals);
    for (const [scalar, { shape }] of Object.entries(scalars)) {
      if (shape.length === 0) continue;
      throw new InputError(
        `[plasticity] motif "${plain(motif.name)}" declares ${scalar} of shape [${shape.join(", ")}]. ` +
          "A number of the whole layer has shape []: take a sum or a mean of it.",
      );
    }
    checkLocal(`motif "${plain(motif.name)}"`, localSignals(w, signals), (local) => [
      broadcast(given, given.term(local as unknown as LocalSignals, scalars), local.w.shape),
    ]);
  });
  motifs.set(motif.name, given);
}

/** A motif's matrix (nOut, nIn) for a layer. */
export function motifOf(motif: Motif, w: Tensor, signals: Signals): Tensor {
  return broadcast(motif, motif.term(localSignals(w, signals), scalarsOf(motif, w, signals)), w.shape);
}

/** A layer's signals as rows and columns that broadcast to (nOut, nIn). */
export function localSignals(w: Tensor, { y, e, yPre, ePre }: Signals): LocalSignals & Record<string, Tensor> {
  const [nOut, nIn] = w.shape;
  const [column, row] = [
    [nOut, 1],
    [1, nIn],
  ];
  return { w, y: reshape(y, column), e: reshape(e, column), yPre: reshape(yPre, row), ePre: reshape(ePre, row) };
}

function scalarsOf({ scalars = {} }: Motif, w: Tensor, signals: Signals): Record<string, Tensor> {
  return Object.fromEntries(Object.entries(scalars).map(([name, of]) => [name, of({ ...signals, w })]));
}

function broadcast({ name }: Motif, term: Tensor, shape: readonly number[]): Tensor {
  const fits = term.rank <= 2 && term.shape.every((n, i) => n === 1 || n === shape[i + 2 - term.rank]);
  if (fits) return term.shape.every((n, i) => n === shape[i]) && term.rank === 2 ? term : broadcastTo(term, shape);
  throw new InputError(
    `[motif] "${plain(name)}" has shape [${term.shape.join(", ")}] for weights [${shape.join(", ")}]. ` +
      "Combine rows (1, nIn), columns (nOut, 1) and weights element by element.",
  );
}
