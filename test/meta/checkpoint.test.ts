import { createHash } from "node:crypto";
import { describe, expect, it } from "vitest";
import { InputError } from "../../src/index.js";
import { decodeSafetensors, encodeSafetensors, type StoredTensor } from "../../src/io/index.js";
import { diagnosisLines } from "../../src/meta/diagnosis-lines.js";
import { guardedLearn, type Learner, newLearner } from "../../src/meta/learner.js";
import { learnerCodec } from "../../src/meta/learner-codec.js";
import { metricsLines } from "../../src/meta/metrics.js";
import * as checkpoint from "../../src/runs/checkpoint.js";
import type { Position } from "../../src/runs/internal.js";
import { tiny, tinySizes } from "./fixtures.js";

const format = { unit: "episode", state: learnerCodec, rows: metricsLines, notes: diagnosisLines };
const encodeCheckpoint = (learner: Learner, position: Position) =>
  checkpoint.encodeCheckpoint(format, learner, position);
const decodeCheckpoint = (bytes: Uint8Array, name: string) => checkpoint.decodeCheckpoint(format, bytes, name);

const config = { ...tiny, plasticity: { ...tiny.plasticity, scope: "layer", bias: "neuron" } } as const;
const start = newLearner(config, tinySizes);
const { learner } = guardedLearn(
  config,
  start,
  [...start.rule.P, ...start.rule.K, ...start.rule.v, ...start.rule.b].map(({ data }) => data.map((_, i) => i - 3)),
  0.7,
);
const marks = { seed: String(2 ** 53 - 1), config: "c0", dataset: "d0" };
const position: Position = { done: 12, marks, checksums: { metrics: "m0", diagnostics: "n0" } };
const bytes = encodeCheckpoint(learner, position);

/** As the head of checkpoint.ts says: of the metadata, names and shapes, then of all numbers. */
function checksumOf(tensors: Record<string, StoredTensor>, metadata: Readonly<Record<string, string>>): string {
  const { checksum: _, ...rest } = metadata;
  const hash = createHash("sha256").update(
    JSON.stringify([rest, Object.entries(tensors).map(([name, { shape }]) => [name, shape])]),
  );
  for (const { data } of Object.values(tensors))
    hash.update(new Uint8Array(data.buffer, data.byteOffset, data.byteLength));
  return hash.digest("hex");
}

describe("a checkpoint", () => {
  it("is a safetensors file with the rule's leaves by their paths, Adam's state and the position", () => {
    const { tensors, metadata } = decodeSafetensors(bytes);
    const leaves = ["P.0", "P.1", "K.0", "K.1", "v.0", "v.1", "b.0", "b.1"];
    expect(Object.keys(tensors)).toEqual([
      ...["rule", "adam.m", "adam.v"].flatMap((part) => leaves.map((leaf) => `${part}.${leaf}`)),
      "adam.step",
      ...leaves.map((leaf) => `guard.mean.${leaf}`),
      "guard.norms",
      "guard.losses",
      "guard.steps",
    ]);
    expect(tensors["rule.b.0"]).toEqual(learner.rule.b[0]);
    expect(tensors["rule.b.0"].shape).toEqual([2, 12, 1]);
    expect(tensors["adam.step"].data).toEqual(Int32Array.of(1));
    expect(metadata).toEqual({
      format: "1",
      episodes: "12",
      seed: "9007199254740991",
      config: "c0",
      dataset: "d0",
      metrics: "m0",
      diagnostics: "n0",
      checksum: expect.stringMatching(/^[0-9a-f]{64}$/),
    });
  });

  it("is read back as it was written", () => {
    expect(decodeCheckpoint(bytes, "x")).toEqual({ state: learner, position });
    expect(encodeCheckpoint(learner, position)).toEqual(bytes);
  });

  it("of a run without a guard has the same tensors as before guards existed", () => {
    const { guard: _, ...rest } = learner;
    const plain = { ...rest, guard: undefined };
    const file = encodeCheckpoint(plain, position);
    expect(Object.keys(decodeSafetensors(file).tensors).filter((name) => name.startsWith("guard"))).toEqual([]);
    expect(decodeCheckpoint(file, "x")).toEqual({ state: plain, position });
  });

  it("written before guards looked at losses has no losses, and no collapse", () => {
    const { tensors, metadata } = decodeSafetensors(bytes);
    const { "guard.losses": _, ...older } = tensors;
    older["guard.steps"] = { shape: [2], data: Int32Array.of(1, 7) };
    const file = encodeSafetensors(older, { ...metadata, checksum: checksumOf(older, metadata) });
    const guard = { ...learner.guard, losses: new Float32Array(), falls: 0, halvings: 1, ordinary: 7 };
    expect(decodeCheckpoint(file, "x").state).toEqual({ ...learner, guard });
  });

  it("of another format is refused, and the format is named", () => {
    const { tensors, metadata } = decodeSafetensors(bytes);
    const other = encodeSafetensors(tensors, { ...metadata, format: "2" });
    expect(() => decodeCheckpoint(other, "x")).toThrow(InputError);
    expect(() => decodeCheckpoint(other, "x")).toThrow(
      "[run] x has format 2, this version reads format 1. Use the version of synaptape that wrote it.",
    );
  });

  it("is refused if it is some other safetensors file, or if its numbers or position were changed", () => {
    const { tensors, metadata } = decodeSafetensors(bytes);
    const { "rule.P.0": _, ...fewer } = tensors;
    const zeros = { ...tensors, "rule.P.0": { shape: [2, 7], data: new Float32Array(14) } };
    for (const file of [
      encodeSafetensors(tensors),
      encodeSafetensors(fewer, metadata),
      encodeSafetensors(zeros, metadata),
      encodeSafetensors(tensors, { ...metadata, episodes: "13" }),
    ]) {
      expect(() => decodeCheckpoint(file, "x")).toThrow("[run] x is damaged: its checksum is wrong.");
    }
  });

  it("with a correct checksum of nothing is refused", () => {
    const metadata = { format: "1" };
    const checksum = checksumOf({}, metadata);
    expect(() => decodeCheckpoint(encodeSafetensors({}, { ...metadata, checksum }), "x")).toThrow(
      "[run] x is not a checkpoint of a run.",
    );
  });
});
