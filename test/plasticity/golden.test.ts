// The golden cases: loss, logits, weights and meta-gradients that PyTorch computed in float64 (shared/golden/README.md).
// Where the folder is: SYNAPTAPE_GOLDEN, or ../shared/golden beside the repository.
import { existsSync, readdirSync, readFileSync } from "node:fs";
import { join, resolve } from "node:path";
import { fileURLToPath } from "node:url";
import { describe, expect, it } from "vitest";
import { floatNames } from "../../src/core/index.js";
import "../../src/float64/index.js";
import {
  type Checkpoint,
  type NestedNumbers,
  type OfType,
  type Tensor,
  tensor,
  valueAndGrad,
} from "../../src/index.js";
import {
  defaultConfig,
  lifetime,
  logitsOf,
  lossOf,
  type PlasticityConfig,
  type Rule,
  ruleFrom,
  type Start,
  type Stream,
} from "../../src/plasticity/index.js";
import { bitsOf, relativeError } from "../laws/oracle.js";

const folder = [
  process.env.SYNAPTAPE_GOLDEN,
  resolve(fileURLToPath(new URL("../../../shared/golden", import.meta.url))),
].find((path) => path && existsSync(path));
const names = folder ? readdirSync(folder).filter((name) => name.endsWith(".json")) : [];

type Parts = Partial<Record<keyof Rule, NestedNumbers[]>>;

interface Golden {
  readonly config: {
    readonly dims: number[];
    readonly L: number;
    readonly T: number;
    readonly Q: number;
    readonly seed: number;
    readonly scope: "shared" | "layer";
    readonly bias: PlasticityConfig["bias"];
    readonly kind: "linear" | "rcn" | "momentum-tanh" | "momentum-identity";
    readonly feedback?: "symmetric";
  };
  readonly y: number[];
  readonly z: number[];
  readonly labels: number[];
  readonly queryLabels: number[];
  readonly params: Parts;
  readonly loss: number;
  readonly grad: Parts;
  readonly W0?: NestedNumbers[];
  readonly B?: NestedNumbers[];
  readonly x?: NestedNumbers;
  readonly xQuery?: NestedNumbers;
  readonly queryLogits?: NestedNumbers;
  readonly finalW?: NestedNumbers[];
  readonly finalWeightNorms?: number[];
  readonly queryLogitsFirstRow?: number[];
}

/** The integer hash of make_golden.py, for the case that does not carry its arrays. */
function hashed(
  shape: readonly number[],
  seed: number,
  [low, high, scale = 1]: readonly number[],
  options: OfType,
): Tensor {
  const size = shape.reduce((a, b) => a * b, 1);
  const data = Float64Array.from({ length: size }, (_, i) => {
    let m = (Math.imul(i + 1, 2654435761) + Math.imul(seed, 40503)) >>> 0;
    m = (Math.imul(m, 747796405) + 2891336453) >>> 0;
    m = (m ^ (m >>> 16)) >>> 0;
    return (low + (high - low) * (m / 2 ** 32)) * scale;
  });
  return tensor(data, { shape, ...options });
}

function setUp(golden: Golden, options: OfType) {
  const { dims, L, T, Q, seed, kind, scope, bias, feedback = "fixed" } = golden.config;
  const config: PlasticityConfig = {
    ...defaultConfig,
    synapse: kind === "linear" ? "linear" : kind === "rcn" ? "chemical" : "momentum",
    momentumOutput: kind === "momentum-identity" ? "identity" : "tanh",
    ...{ motifs: [0, 1, 2, 3, 4, 5, 6, 7, 8, 9], chemicals: L, scope, bias, feedback },
  };
  const layer = (first: number) => (l: number) =>
    hashed([dims[l + 1], dims[l]], seed + first + l, [-1, 1, Math.sqrt(6 / (dims[l] + dims[l + 1]))], options);
  const each = (given: NestedNumbers[] | undefined, first: number): Tensor[] =>
    given?.map((w) => tensor(w, options)) ?? dims.slice(1).map((_, l) => layer(first)(l));
  const start: Start = { weights: each(golden.W0, 10), feedback: each(golden.B, 30) };
  const images = golden.x ? tensor(golden.x, options) : hashed([T, dims[0]], seed + 50, [0, 1], options);
  const stream: Stream = { images, labels: tensor(golden.labels, { dtype: "int32" }) };
  const queries = golden.xQuery ? tensor(golden.xQuery, options) : hashed([Q, dims[0]], seed + 51, [0, 1], options);
  const answers = tensor(golden.queryLabels, { dtype: "int32" });
  const scales = { y: golden.y, z: golden.z };
  const weightsOf = (rule: Rule, checkpoint: Checkpoint = "auto"): Tensor[] =>
    lifetime(config, rule, start, stream, { checkpoint, scales });
  const logitsFrom = (weights: Tensor[]): Tensor => logitsOf(weights, queries, config.beta);
  const differentiated = (checkpoint: Checkpoint): { value: Tensor; grad: Rule } =>
    valueAndGrad((rule: Rule) => lossOf(logitsFrom(weightsOf(rule, checkpoint)), answers))(
      ruleFrom(golden.params, options),
    );
  return { weightsOf, logitsFrom, differentiated, full: golden.W0 === undefined };
}

const flat = (value: NestedNumbers): number[] => (typeof value === "number" ? [value] : value.flatMap(flat));

if (!folder) console.warn("no golden cases: set SYNAPTAPE_GOLDEN to their folder. Skipped.");

describe.skipIf(!folder)("golden cases", () => {
  it("exist", () => {
    expect(names.length).toBeGreaterThanOrEqual(10);
  });

  it.each(names.flatMap((name) => floatNames.map((dtype) => [name, dtype] as const)))("%s in %s", (name, dtype) => {
    const golden: Golden = JSON.parse(readFileSync(join(folder!, name), "utf8"));
    const { weightsOf, logitsFrom, differentiated, full } = setUp(golden, { dtype });
    const rule = ruleFrom(golden.params, { dtype });
    const { value, grad } = differentiated("off");
    /** What passes: this share in float32, and 1e-11 in float64. */
    const most = (single: number): number => (dtype === "float32" ? single : 1e-11);
    expect(relativeError([value.item()], [golden.loss])).toBeLessThan(most(1e-5));
    for (const key of Object.keys(golden.grad) as (keyof Rule)[]) {
      expect(golden.grad[key]).toHaveLength(grad[key].length);
      golden.grad[key]!.forEach((wanted, l) => {
        expect(relativeError(grad[key][l].data(), flat(wanted)), `${key}[${l}]`).toBeLessThan(most(full ? 1e-3 : 1e-4));
      });
    }
    const weights = weightsOf(rule);
    golden.finalW?.forEach((wanted, l) => {
      expect(relativeError(weights[l].data(), flat(wanted))).toBeLessThan(most(1e-5));
    });
    golden.finalWeightNorms?.forEach((wanted, l) => {
      const norm = Math.sqrt([...weights[l].data()].reduce((total, x) => total + x * x, 0));
      expect(relativeError([norm], [wanted])).toBeLessThan(most(1e-5));
    });
    const logits = logitsFrom(weights);
    if (golden.queryLogits) expect(relativeError(logits.data(), flat(golden.queryLogits))).toBeLessThan(most(1e-5));
    const first = golden.queryLogitsFirstRow;
    if (first) expect(relativeError(logits.row(0).data(), first)).toBeLessThan(most(1e-4));
    const bitsWith = (checkpoint: Checkpoint): number[][] => {
      const result = differentiated(checkpoint);
      return bitsOf([result.value, ...Object.values(result.grad).flat()]);
    };
    const plain = bitsOf([value, ...Object.values(grad).flat()]);
    const others: Checkpoint[] = full
      ? [{ every: 7 }]
      : ["auto", { every: 1 }, { every: 3 }, { every: 7 }, { bytes: 0 }];
    for (const checkpoint of others) expect(bitsWith(checkpoint), JSON.stringify(checkpoint)).toEqual(plain);
  });
});
