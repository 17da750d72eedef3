// Golden cases: inputs of a lifetime with the loss, weights and meta-gradients that an independent float64
// implementation found, in the schema of make_golden.py. Inputs are given in the file or computed by an integer hash.
import { MOTIFS, numberedMotifs } from "../motifs/numbered.js";
import { defaultConfig, type PlasticityConfig, type SynapseKind } from "../rule/config.js";
import { synapseKind } from "../synapses/registry.js";
import { JsonField } from "./json-field.js";

/** The kinds of rule that a case can have, and their names here. */
const KINDS = {
  linear: { synapse: "linear" },
  rcn: { synapse: "chemical" },
  "momentum-tanh": { synapse: "momentum", momentumOutput: "tanh" },
  "momentum-identity": { synapse: "momentum", momentumOutput: "identity" },
} as const satisfies Record<string, { synapse: SynapseKind; momentumOutput?: "tanh" | "identity" }>;

/** The sharpness of the softplus with which all cases were made. */
const BETA = 10;

/** The most numbers that one array of a case may hold: a case beyond it is a mistake, not a network. */
const MOST_NUMBERS = 2 ** 27;

/** The coefficients of a rule that a case gives. */
export type Part = "P" | "K" | "v" | "b";

/** An array of a case. */
export interface Numbers {
  readonly shape: readonly number[];
  readonly values: Float64Array;
}

/** One case, read and checked. */
export interface GoldenCase {
  readonly name: string;
  readonly config: PlasticityConfig;
  /** Layer sizes, input first. */
  readonly sizes: readonly number[];
  readonly y: readonly number[];
  readonly z: readonly number[];
  readonly weights: readonly Numbers[];
  readonly feedback: readonly Numbers[];
  readonly images: Numbers;
  readonly labels: Int32Array;
  readonly queryImages: Numbers;
  readonly queryLabels: Int32Array;
  readonly rule: Partial<Record<Part, readonly Numbers[]>>;
  /** The loss and its gradient to every coefficient. */
  readonly loss: number;
  readonly grad: Partial<Record<Part, readonly Numbers[]>>;
  /** Logits of the queries; in a case of full size, only those of the first one. */
  readonly logits: Float64Array;
  /** The weights at the end; in a case of full size, only each layer's norm. */
  readonly finalWeights: readonly Float64Array[] | undefined;
  readonly finalNorms: Float64Array | undefined;
  /** Whether it is a case of full size, which keeps only a part of its results. */
  readonly full: boolean;
}

/**
 * The integer hash of make_golden.py: u_i = ((i + 1) 2654435761 + seed 40503) mod 2^32, followed by another linear
 * congruence and a shift, scaled to [low, high).
 */
export function hashed(count: number, seed: number, low: number, high: number): Float64Array {
  const out = new Float64Array(count);
  const offset = Math.imul(seed, 40503);
  for (let i = 0; i < count; i++) {
    const first = (Math.imul(i + 1, 2654435761) + offset) | 0;
    const second = (Math.imul(first, 747796405) + 2891336453) >>> 0;
    out[i] = low + (high - low) * ((second ^ (second >>> 16)) >>> 0) * 2 ** -32;
  }
  return out;
}

/** The case in a parsed JSON document; an InputError names the file and the field that is wrong. */
export function readCase(name: string, file: string, json: unknown): GoldenCase {
  const root = new JsonField(file, "", json);
  const config = root.get("config");
  const sizes = config
    .get("dims")
    .list()
    .map((size) => size.whole(1, 2 ** 20));
  if (sizes.length < 2) throw config.get("dims").wrong("has fewer than the two sizes of one layer");
  const [steps, queries, chemicals] = ["T", "Q", "L"].map((field) => config.get(field).whole(1, 2 ** 20));
  const classes = sizes[sizes.length - 1];
  const layers = sizes.length - 1;
  const kind = KINDS[config.get("kind").oneOf(Object.keys(KINDS) as (keyof typeof KINDS)[])];
  const { chemicals: several } = synapseKind(kind.synapse);
  if (!several && chemicals !== 1) throw config.get("L").wrong(`is ${chemicals}, but a ${kind.synapse} rule has 1`);
  const largest = Math.max(...sizes.slice(1).map((n, l) => n * sizes[l]), sizes[0] * steps, sizes[0] * queries);
  if (largest > MOST_NUMBERS) throw config.wrong(`asks for an array of ${largest} numbers; at most ${MOST_NUMBERS}`);
  const scope = config.get("scope").oneOf(["shared", "layer"]);
  const bias = config.get("bias").oneOf(["none", "layer", "neuron", "synapse"]);
  const feedback = config.maybe("feedback");
  const full = config.maybe("full").value === true;

  const seed = config.maybe("seed");
  const hash = (shape: readonly number[], offset: number, low: number): Numbers => {
    const count = shape.reduce((product, size) => product * size, 1);
    return { shape, values: hashed(count, seed.whole(0, 2 ** 40) + offset, low, 1) };
  };
  /** The matrices of all layers: from the file, or from the hash, scaled as Xavier's uniform. */
  const matrices = (field: JsonField, offset: number): Numbers[] => {
    const entries = field.there ? field.list(layers) : undefined;
    return sizes.slice(1).map((n, l) => {
      const shape = [n, sizes[l]];
      if (entries) return { shape, values: entries[l].array(shape) };
      const range = Math.sqrt(6 / (n + sizes[l]));
      return { shape, values: hash(shape, offset + l, -1).values.map((u) => u * range) };
    });
  };
  const pictures = (field: JsonField, count: number, offset: number): Numbers => {
    const shape = [count, sizes[0]];
    return field.there ? { shape, values: field.array(shape) } : hash(shape, offset, 0);
  };
  const labels = (field: JsonField, count: number): Int32Array =>
    Int32Array.from(field.list(count), (label) => label.whole(0, classes - 1));

  const biasShape = (layer: number): number[] => {
    if (bias === "layer") return [chemicals];
    return [chemicals, sizes[layer + 1], bias === "synapse" ? sizes[layer] : 1];
  };
  const entries = scope === "layer" ? layers : 1;
  const shapes: Partial<Record<Part, number[][]>> = { P: Array(entries).fill([chemicals, MOTIFS]) };
  if (several) {
    shapes.K = Array(entries).fill([chemicals, chemicals]);
    shapes.v = Array(entries).fill([chemicals]);
    if (bias !== "none") shapes.b = sizes.slice(1).map((_, layer) => biasShape(layer));
  }
  /** The coefficients, or their gradients: exactly those that this kind of rule has. */
  const parts = (field: JsonField): GoldenCase["rule"] => {
    const lists = Object.entries(shapes).map(([part, partShapes]) => {
      const list = field.get(part).list(partShapes.length);
      return [part, list.map((entry, i) => ({ shape: partShapes[i], values: entry.array(partShapes[i]) }))];
    });
    return Object.fromEntries(lists) as GoldenCase["rule"];
  };

  return {
    name,
    config: {
      ...defaultConfig,
      synapse: kind.synapse,
      motifs: numberedMotifs,
      chemicals,
      scope,
      bias: several ? bias : "none",
      feedback: feedback.there ? feedback.oneOf(["fixed", "symmetric"]) : "fixed",
      momentumOutput: "momentumOutput" in kind ? kind.momentumOutput : "tanh",
      beta: BETA,
      tauMin: 1,
      tauMax: 50,
      initialP0: 0,
    },
    sizes,
    y: [...root.get("y").array([chemicals])],
    z: [...root.get("z").array([chemicals])],
    weights: matrices(root.maybe("W0"), 10),
    feedback: matrices(root.maybe("B"), 30),
    images: pictures(root.maybe("x"), steps, 50),
    labels: labels(root.get("labels"), steps),
    queryImages: pictures(root.maybe("xQuery"), queries, 51),
    queryLabels: labels(root.get("queryLabels"), queries),
    rule: parts(root.get("params")),
    loss: root.get("loss").number(),
    grad: parts(root.get("grad")),
    logits: full ? root.get("queryLogitsFirstRow").array([classes]) : root.get("queryLogits").array([queries, classes]),
    finalWeights: full
      ? undefined
      : root
          .get("finalW")
          .list(layers)
          .map((matrix, l) => matrix.array([sizes[l + 1], sizes[l]])),
    finalNorms: full ? root.get("finalWeightNorms").array([layers]) : undefined,
    full,
  };
}

/** The cases that come with the package. */
export async function builtInCases(): Promise<GoldenCase[]> {
  const { goldenFiles } = await import("./built-in.js"); // large, and rarely needed
  return Object.entries(goldenFiles).map(([name, json]) => readCase(name, `${name}.json`, json));
}
