// A rule as a file of its own, for people to keep, send and try: a safetensors file of its numbers, with the configuration
// that they belong to in the metadata. The playground writes and reads it, and `synaptape evaluate` takes it.
import { checkMade, InputError, plain, quote, sameShape, scope } from "../core/index.js";
import { decodeSafetensors, encodeSafetensors, parseJson } from "../io/index.js";
import { checkConfig, initialRule } from "../plasticity/index.js";
import { biasShape } from "../plasticity/internal.js";
import { parseTrainConfig, type TrainConfig } from "./config.js";
import { named, ruleIn } from "./rule-tensors.js";
import { leafValues, type RuleValues, valuesOf } from "./rule-values.js";

/** Raised when the content of a rule's file changes in a way that older code would misread. */
const FORMAT = "1";
const KIND = "synaptape rule";
/** Layers and units that a network in such a file can have. */
const MOST = { layers: 64, units: 1 << 20 };

/** What the file of a rule holds. */
export interface RuleFile {
  /** The configuration that the numbers belong to: the rule's structure, and the tasks that it was made for. */
  readonly config: TrainConfig;
  /** The widths of the network's layers, input first. */
  readonly sizes: readonly number[];
  /** The rule's numbers. */
  readonly rule: RuleValues;
}

/**
 * The bytes of a rule's file, a safetensors file. `decodeRule` reads it, and so does `synaptape evaluate FILE`.
 *
 * @throws InputError if the numbers do not belong to the configuration.
 * @example
 * const config = { ...defaultTrainConfig("rcn"), ways: 2, shots: 2, queries: 2, hidden: [8], episodes: 2 };
 * const images = glyphs({ perClass: 8 });
 * const sizes = layerSizes(config, images);
 * const rule = valuesOf(initialRule(config.plasticity, sizes));
 * const bytes = encodeRule({ config, sizes, rule }); // to be written as my.rule.safetensors
 * decodeRule(bytes).sizes; // [784, 8, 47]
 */
export function encodeRule(file: RuleFile): Uint8Array {
  checkMade("encodeRule", "the file", file, ["config", "sizes", "rule"], "Give { config, sizes, rule }.");
  const { config, sizes, rule } = file;
  checkMade("encodeRule", "the configuration", config, ["plasticity", "dtype"], "Make one with defaultTrainConfig().");
  checkMade(
    "encodeRule",
    "the rule",
    rule,
    ["P", "K", "v", "b"],
    "Give that of a result, or make one with valuesOf().",
  );
  const checked = parseTrainConfig(config, "the configuration");
  checkSizes(sizes, "the rule");
  checkShapes({ config: checked, sizes, rule }, "the rule");
  const metadata = { kind: KIND, format: FORMAT, sizes: JSON.stringify(sizes), config: JSON.stringify(checked) };
  return encodeSafetensors(Object.fromEntries(named("rule", rule)), metadata);
}

/**
 * The rule in the bytes of a file that `encodeRule` made.
 *
 * @param name what errors call the file.
 * @throws InputError that says what is wrong with a file that is damaged, of another kind or of another version.
 * @example
 * const config = { ...defaultTrainConfig("rcn"), ways: 2, shots: 2, queries: 2, hidden: [8], episodes: 2 };
 * const sizes = [784, 8, 2];
 * const bytes = encodeRule({ config, sizes, rule: valuesOf(initialRule(config.plasticity, sizes)) });
 * decodeRule(bytes).config.shots; // 2
 */
export function decodeRule(bytes: ArrayBuffer | ArrayBufferView, name = "the file"): RuleFile {
  const { tensors, metadata } = decodeSafetensors(bytes, name);
  const called = plain(name);
  const { kind, format, config: text = "", sizes: widths = "" } = metadata;
  if (kind !== KIND) {
    const what =
      metadata.episodes === undefined
        ? "is no rule. Give a file that the playground or encodeRule wrote."
        : "is the checkpoint of a run. Give the run's folder.";
    throw new InputError(`[rule] ${called} ${what}`);
  }
  if (format !== FORMAT) {
    throw new InputError(
      `[rule] ${called} has format ${quote(format)}, this version reads format ${FORMAT}. ` +
        "Use the version of synaptape that wrote it.",
    );
  }
  const config = parseTrainConfig(parseJson(text, `the configuration in ${name}`), `the configuration in ${called}`);
  const sizes = parseJson(widths, `the sizes in ${name}`);
  checkSizes(sizes, called);
  const file = { config, sizes, rule: ruleIn("rule", tensors) };
  checkShapes(file, called);
  const extra = Object.keys(tensors).length - leafValues(file.rule).length;
  if (extra > 0) {
    throw new InputError(`[rule] ${called} holds ${extra} tensors that are no part of a rule. Use a whole copy.`);
  }
  return file;
}

function checkSizes(sizes: unknown, called: string): asserts sizes is readonly number[] {
  const whole = (size: unknown): boolean =>
    Number.isSafeInteger(size) && (size as number) > 0 && (size as number) <= MOST.units;
  if (Array.isArray(sizes) && sizes.length >= 2 && sizes.length <= MOST.layers && sizes.every(whole)) return;
  throw new InputError(`[rule] ${called} has layers of ${quote(sizes)} units. Give at least two whole numbers.`);
}

/**
 * Throws an InputError unless the numbers are those of a rule of this configuration.
 *
 * @param called what errors call the rule.
 */
export function checkShapes({ config, sizes, rule }: RuleFile, called: string): void {
  const { plasticity, dtype } = config;
  checkConfig(plasticity);
  // Biases may be as many as the network's synapses, so their shapes are computed without them.
  const wanted = scope(() => valuesOf(initialRule({ ...plasticity, bias: "none" }, sizes)));
  const shapes = Object.entries(wanted).map(([part, leaves]) => [part, leaves.map(({ shape }) => shape)] as const);
  const b = plasticity.bias === "none" ? [] : sizes.slice(1).map((_, layer) => biasShape(plasticity, sizes, layer));
  for (const [part, list] of [...shapes.filter(([part]) => part !== "b"), ["b", b] as const]) {
    const found = rule[part as keyof RuleValues];
    const fits = found.length === list.length && found.every(({ shape }, i) => sameShape(shape, list[i]));
    if (!fits) {
      const show = (all: readonly (readonly number[])[]) =>
        all.map((shape) => `[${shape.join(", ")}]`).join(" ") || "nothing";
      throw new InputError(
        `[rule] ${called} has ${show(found.map(({ shape }) => shape))} as ${part}, but its configuration needs ` +
          `${show(list)}. Use a whole copy.`,
      );
    }
  }
  const kind = dtype === "float64" ? Float64Array : Float32Array;
  for (const { data } of leafValues(rule)) {
    if (!(data instanceof kind))
      throw new InputError(`[rule] ${called} has other numbers than ${dtype}. Use a whole copy.`);
    const odd = data.findIndex((value) => !Number.isFinite(value));
    if (odd >= 0)
      throw new InputError(`[rule] ${called} holds the number ${data[odd]}, on which nothing can run. Use another.`);
  }
}
