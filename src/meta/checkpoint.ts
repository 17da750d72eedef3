// A checkpoint as a safetensors file: the rule, Adam's state, what the guard remembers if it is on, and in the metadata
// where the run stands. A checksum over all of it tells a damaged file from a whole one.
import { createHash } from "node:crypto";
import { InputError } from "../core/index.js";
import { decodeSafetensors, encodeSafetensors, type StoredTensor } from "../io/index.js";
import { ruleParts } from "../plasticity/index.js";
import type { GuardState } from "./guard.js";
import type { Learner } from "./learner.js";
import { eachPart, type LeafValues, leafValues, type RuleValues } from "./rule-values.js";

/** Raised when a checkpoint's content changes in a way that older code would misread. */
const FORMAT = "1";

/** What a run's checkpoint says besides numbers. */
export interface Position {
  /** Episodes done; the next one has this index. */
  readonly episodes: number;
  readonly seed: number;
  /** Of the configuration; see `configHash`. */
  readonly config: string;
  /** Of the dataset; see `dataHash`. */
  readonly dataset: string;
  /** SHA-256 of the lines of metrics.jsonl and of diagnostics.jsonl; checkpoints of earlier versions have none. */
  readonly metrics?: string;
  readonly diagnostics?: string;
}

type Stored = Record<string, StoredTensor>;

/** The leaves of a rule under names such as `rule.P.0`. */
function named(prefix: string, rule: RuleValues): [string, LeafValues][] {
  return ruleParts.flatMap((part) =>
    rule[part].map((leaf, i): [string, LeafValues] => [`${prefix}.${part}.${i}`, leaf]),
  );
}

/** The guard's tensors: none without one, so that such a run has the files that it always had. */
function guardTensors(guard: GuardState | undefined): [string, StoredTensor][] {
  if (!guard) return [];
  const { norms, mean, losses, halvings, calm, falls } = guard;
  return [
    ...named("guard.mean", mean),
    ["guard.norms", { shape: [norms.length], data: norms }],
    ["guard.losses", { shape: [losses.length], data: losses }],
    ["guard.steps", { shape: [3], data: Int32Array.of(halvings, calm, falls) }],
  ];
}

/** SHA-256 of everything that a checkpoint holds, in its order. */
function checksumOf(tensors: Stored, metadata: Readonly<Record<string, string>>): string {
  const hash = createHash("sha256");
  const { checksum: _, ...rest } = metadata;
  hash.update(JSON.stringify([rest, Object.entries(tensors).map(([name, { shape }]) => [name, shape])]));
  for (const { data } of Object.values(tensors)) {
    hash.update(new Uint8Array(data.buffer, data.byteOffset, data.byteLength));
  }
  return hash.digest("hex");
}

/** The bytes of a checkpoint file. */
export function encodeCheckpoint({ rule, m, v, step, guard }: Learner, position: Position): Uint8Array {
  const tensors: Stored = Object.fromEntries<StoredTensor>([
    ...named("rule", rule),
    ...named("adam.m", m),
    ...named("adam.v", v),
    ["adam.step", { shape: [], data: Int32Array.of(step) }],
    ...guardTensors(guard),
  ]);
  const metadata = {
    format: FORMAT,
    episodes: String(position.episodes),
    seed: String(position.seed),
    config: position.config,
    dataset: position.dataset,
    ...(position.metrics === undefined ? {} : { metrics: position.metrics }),
    ...(position.diagnostics === undefined ? {} : { diagnostics: position.diagnostics }),
  };
  return encodeSafetensors(tensors, { ...metadata, checksum: checksumOf(tensors, metadata) });
}

/**
 * What a checkpoint file holds.
 *
 * @param name what errors call it.
 * @throws InputError unless it is whole and of this format.
 */
export function decodeCheckpoint(bytes: Uint8Array, name: string): { learner: Learner; position: Position } {
  const { tensors, metadata } = decodeSafetensors(bytes, name);
  const { format, checksum, config, dataset, metrics, diagnostics } = metadata;
  if (format !== FORMAT && format !== undefined) {
    throw new InputError(
      `[run] ${name} has format ${format}, this version reads format ${FORMAT}. Use the version of synaptape that wrote it.`,
    );
  }
  if (checksum !== checksumOf(tensors, metadata)) {
    throw new InputError(`[run] ${name} is damaged: its checksum is wrong. Put back a copy, or begin a run anew.`);
  }
  const part = (prefix: string): RuleValues["P"] => {
    const list: LeafValues[] = [];
    for (let i = 0; Object.hasOwn(tensors, `${prefix}.${i}`); i++) {
      list.push(tensors[`${prefix}.${i}`] as LeafValues);
    }
    return list;
  };
  const values = (prefix: string): RuleValues => eachPart((name) => part(`${prefix}.${name}`));
  const [rule, m, v] = ["rule", "adam.m", "adam.v"].map(values);
  const [count, step] = [leafValues(rule).length, tensors["adam.step"]?.data[0]];
  const [episodes, seed] = [Number(metadata.episodes), Number(metadata.seed)];
  const places = tensors["guard.norms"] ? 4 * count + 3 : 3 * count + 1;
  // Files that were written before guards looked at losses have none.
  const there = Object.keys(tensors).filter((place) => place !== "guard.losses").length;
  if (there !== places || !(step >= 0) || !(episodes >= 0) || !(seed >= 0)) {
    throw new InputError(`[run] ${name} is no checkpoint of a run. Give a folder that a run wrote.`);
  }
  const guard = guardOf(tensors, values);
  const lines = {
    ...(metrics === undefined ? {} : { metrics }),
    ...(diagnostics === undefined ? {} : { diagnostics }),
  };
  return { learner: { rule, m, v, step, guard }, position: { episodes, seed, config, dataset, ...lines } };
}

/** What the guard remembers, if it was on. */
function guardOf(tensors: Stored, values: (prefix: string) => RuleValues): GuardState | undefined {
  const { "guard.norms": norms, "guard.steps": steps, "guard.losses": losses } = tensors;
  if (!norms || !steps) return undefined;
  const [halvings, calm, falls = 0] = steps.data;
  return {
    norms: norms.data as Float32Array,
    mean: values("guard.mean"),
    losses: (losses?.data as Float32Array) ?? new Float32Array(),
    ...{ falls, halvings, calm },
  };
}
