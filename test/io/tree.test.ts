import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { InputError, Key, random, square, sum, type Tensor, tensor, valueAndGrad, zeros } from "../../src/index.js";
import { decode, decodeSafetensors, encode, encodeSafetensors } from "../../src/io/index.js";
import { adam } from "../../src/optim/index.js";
import { bitsOf } from "../laws/oracle.js";

class Layer {
  constructor(
    readonly w: Tensor,
    readonly b: Tensor,
  ) {}
  apply(x: Tensor): Tensor {
    return x.matmul(this.w).add(this.b);
  }
}
const net = () => ({ layers: [new Layer(tensor([[1, 2]]), tensor([3, 4])), new Layer(tensor([[5]]), tensor([6]))] });

describe("encode and decode", () => {
  it("keep names, shapes, bits, element types, classes and metadata", () => {
    const tree = { net: net(), labels: tensor([1, -2], { dtype: "int32" }), nan: tensor([Number.NaN, -0]) };
    const bytes = encode(tree, { step: "7" });
    expect(Object.keys(decodeSafetensors(bytes).tensors)).toEqual([
      "net.layers[0].w",
      "net.layers[0].b",
      "net.layers[1].w",
      "net.layers[1].b",
      "labels",
      "nan",
    ]);
    const template = { net: net(), labels: tensor([0, 0], { dtype: "int32" }), nan: zeros([2]) };
    const { tree: back, metadata } = decode(bytes, template);
    expect(metadata).toEqual({ step: "7" });
    expect(back.net.layers[0]).toBeInstanceOf(Layer);
    expect(back.net.layers[1].apply(tensor([[1]])).data()).toEqual(Float32Array.of(11));
    expect(back.labels.dtype).toBe("int32");
    const all = ({ net, labels, nan }: typeof tree): Tensor[] => [
      ...net.layers.flatMap(({ w, b }) => [w, b]),
      labels,
      nan,
    ];
    // None of the template's own numbers may be left, so the template has others.
    for (const { w, b } of template.net.layers) for (const x of [w, b]) x.elements.fill(9);
    expect(bitsOf(all(decode(bytes, template).tree))).toEqual(bitsOf(all(tree)));
    expect(all(back).map(({ shape, dtype }) => [shape, dtype])).toEqual(
      all(tree).map(({ shape, dtype }) => [shape, dtype]),
    );
  });

  it("accept half floats and booleans of other tools, and refuse float64, which would be rounded", () => {
    const header = JSON.stringify({
      half: { dtype: "BF16", shape: [1], data_offsets: [0, 2] },
      flag: { dtype: "BOOL", shape: [], data_offsets: [2, 3] },
    });
    const bytes = Buffer.concat([Buffer.alloc(8), Buffer.from(header), Buffer.of(0xc0, 0x3f, 1)]);
    bytes.writeUInt32LE(header.length);
    const { half, flag } = decode(bytes, { half: zeros([1]), flag: tensor(0, { dtype: "int32" }) }).tree;
    expect([half.item(), flag.item()]).toEqual([1.5, 1]);
    const double = encodeSafetensors({ w: { shape: [1], data: Float64Array.of(0.1) } });
    expect(() => decode(double, { w: zeros([1]) })).toThrow('holds "w" as float64 [1], the template as float32 [1]');
  });

  it("accept a single tensor", () => {
    expect([...decode(encode(tensor([1, 2])), zeros([2])).tree.data()]).toEqual([1, 2]);
  });

  it("give the path of what does not fit", () => {
    const bytes = encode({ a: { w: zeros([2, 3]) }, b: [zeros([])] });
    const cure = "Use the template that it was written with, or another file.";
    expect(() => decode(bytes, { a: { w: zeros([3, 2]) }, b: [zeros([])] }, "rule.st")).toThrow(
      `[decode] rule.st holds "a.w" as float32 [2, 3], the template as float32 [3, 2]. ${cure}`,
    );
    expect(() => decode(bytes, { a: { w: zeros([2, 3]) } })).toThrow('holds "b[0]" [], which the template has not');
    expect(() => decode(bytes, { a: { w: zeros([2, 3]) }, b: [zeros([]), zeros([4])] })).toThrow('has no "b[1]" [4]');
    const integers = { a: { w: tensor(new Int32Array(6), { shape: [2, 3], dtype: "int32" }) }, b: [zeros([])] };
    expect(() => decode(bytes, integers)).toThrow('"a.w" as float32 [2, 3], the template as int32 [2, 3]');
    expect(() => decode(bytes.subarray(1), integers)).toThrow(InputError);
    expect(() => encode({ "a.b": zeros([]), a: { b: zeros([]) } })).toThrow('[encode] two leaves have the path "a.b"');
    expect(() => encode({ a: "text" } as never)).toThrow('[encode] "a" is a string, not a tensor.');
  });
});

describe("a checkpoint of rule, optimizer state, key and step", () => {
  interface Rule {
    readonly rate: Tensor;
    readonly decay: Tensor;
  }
  const loss = (rule: Rule, x: Tensor): Tensor => {
    let w = zeros([3]);
    for (let i = 0; i < 5; i++) w = w.add(x.sub(w).mul(rule.rate)).sub(w.mul(rule.decay));
    return sum(square(w.sub(1)));
  };
  const outer = adam({ lr: 0.05 });
  const start = (): Rule => ({ rate: tensor(0.1), decay: tensor(0.01) });

  /** Trains from step `from` to step `to`; every step draws from the key and its index alone. */
  const train = (rule: Rule, state: ReturnType<typeof outer.init<Rule>>, key: Key, from: number, to: number) => {
    let now = { rule, state };
    for (let k = from; k < to; k++) {
      const { grad } = valueAndGrad(loss)(now.rule, random.normal(key.fold(k), [3]));
      const { params, state: next } = outer.step(now.rule, grad, now.state);
      now = { rule: params, state: next };
    }
    return now;
  };

  it("continues to the same bits as a run that never stopped", () => {
    const folder = mkdtempSync(join(tmpdir(), "synaptape-checkpoint-"));
    const path = join(folder, "checkpoint.safetensors");
    try {
      const key = Key.of(3);
      const whole = train(start(), outer.init(start()), key, 0, 10);
      writeFileSync(path, encode(train(start(), outer.init(start()), key, 0, 4), { step: "4", key: key.toString() }));

      const { tree, metadata } = decode(readFileSync(path), { rule: start(), state: outer.init(start()) }, path);
      const resumed = train(tree.rule, tree.state, Key.parse(metadata.key), Number(metadata.step), 10);
      const leaves = ({ rule, state }: typeof whole): Tensor[] =>
        [rule, state.m, state.v].flatMap(({ rate, decay }) => [rate, decay]).concat(state.step);
      expect(bitsOf(leaves(resumed))).toEqual(bitsOf(leaves(whole)));
    } finally {
      rmSync(folder, { recursive: true });
    }
  });
});
