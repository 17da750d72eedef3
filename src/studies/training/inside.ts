// What was measured inside the networks that learn by a rule, by episode: one line per layer.
import { median } from "../../meta/internal.js";
import { type Curves, cycle, type Series } from "../figure.js";
import { WINDOWS } from "../statistics.js";
import type { Shown } from "./drawings.js";
import type { NetworkMeasures } from "./evidence.js";

/** A measure: one number per layer, per entry of a rule's lists, or for the whole network. */
interface Measure {
  readonly quantity: string;
  /** The values of one episode by the name of their line; empty if it was not measured. */
  readonly of: (measured: NetworkMeasures) => Lines;
  readonly rule?: Curves["rule"];
  /** The largest value that the measure can have, if there is one. */
  readonly top?: number;
}

type Lines = Readonly<Record<string, number | null>>;

const named = (word: string, values: readonly (number | null)[] = []): Lines =>
  Object.fromEntries(values.map((value, i) => [`${word} ${i + 1}`, value]));

/** Lengths in thousandths, the unit of coefficients in heat maps. */
const lengths = (word: string, values: readonly number[] = []): Lines =>
  Object.fromEntries(values.map((value, i) => [values.length === 1 ? word : `${word}, layer ${i + 1}`, 1000 * value]));

/**
 * Time constants that are not fixed: for each chemical, the median over the layers of numbers that are themselves
 * medians.
 */
function ownTimes({ timeConstants = [], effectiveTimeConstants = [] }: NetworkMeasures): Lines {
  if (timeConstants.length > 0) return {};
  const layers = effectiveTimeConstants.filter(({ length }) => length > 0);
  const over = (chemical: number): Float32Array =>
    Float32Array.from(layers, (times) => times[chemical] ?? Number.POSITIVE_INFINITY);
  return named(
    "chemical",
    layers[0]?.map((_, chemical) => median(over(chemical))),
  );
}

/**
 * The first angle is left out because no synapse uses the error at the input, and the last because it is the same for
 * all kinds of feedback.
 */
const ANGLES: Measure = {
  quantity: "angle of the errors to those of backpropagation, degrees",
  of: ({ errorAngles }) => named("after layer", errorAngles.slice(1, -1)),
  rule: { at: 90, name: "no better than chance" },
};

const OTHERS: readonly Measure[] = [
  {
    quantity: "weights at the end, |w| relative to the start",
    of: ({ leak }) => named("layer", leak),
    rule: { at: 1, name: "as long as at the start" },
  },
  { quantity: "saturated synapses, share", of: ({ saturated }) => named("layer", saturated), top: 1 },
  { quantity: "distance from Oja's subspace, E₁", of: ({ orthonormality }) => named("layer", orthonormality) },
  { quantity: "time constants in the last step, steps", of: ownTimes },
  {
    quantity: "length of the coefficients, thousandths",
    of: ({ P, K }) => ({ ...lengths("P", P), ...lengths("K", K) }),
  },
];

/** The angles of one configuration; undefined if none was measured. */
export const anglesOf = (shown: Shown): Curves | undefined => draw(ANGLES, shown);

/** Everything that was measured in the networks of one configuration. */
export const insideOf = (shown: Shown): Curves[] =>
  [ANGLES, ...OTHERS].flatMap((measure) => draw(measure, shown) ?? []);

/** A measure by episode, over the episodes that were measured for every seed with any measurements. */
function draw({ quantity, of, rule, top }: Measure, { evidence, name }: Shown): Curves | undefined {
  const seeds = evidence.runs.flatMap(({ measured }) => (measured.length > 0 ? [measured] : []));
  if (seeds.length === 0) return undefined;
  const episodes = seeds
    .map((measured) => measured.map(({ episode }) => episode))
    .reduce((common, own) => common.filter((episode) => own.includes(episode)));
  const lines = seeds.map((measured) => measured.filter(({ episode }) => episodes.includes(episode)).map(of));
  const names = Object.keys(lines[0][0] ?? {});
  const series = names.map((line, i): Series => {
    const curves = lines.map((values) => values.map((value) => value[line] ?? Number.NaN));
    return { name: line, hue: cycle[i % cycle.length], curves };
  });
  const known = series.filter(({ curves }) => curves.some((curve) => curve.some(Number.isFinite)));
  if (known.length === 0) return undefined;
  const most = Math.max(...known.flatMap(({ curves }) => curves.flat().filter(Number.isFinite)), rule?.at ?? 0);
  return {
    ...{ kind: "curves", quantity: `${name}: ${quantity}`, series: known, at: episodes, window: WINDOWS.paper },
    domain: [0, Math.min(most * 1.05, top ?? Number.POSITIVE_INFINITY) || 1],
    ...(rule && { rule }),
  };
}
