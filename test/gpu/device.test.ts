// What a GPU promises beside its numbers: names, errors, nothing left behind, nothing silent.
import { afterAll, describe, expect, it } from "vitest";
import { type Gpu, GpuLostError, GpuUnavailableError, GpuUnsupportedError, open, supportedOps } from "../../src/gpu.js";
import { crossEntropy, grad, loop, scope, type Tensor, tensor, valueAndGrad } from "../../src/index.js";
import { adam } from "../../src/optim/index.js";
import { binding, openHere } from "./here.js";
import { configOf, episode, metaLoss } from "./lives.js";

/** GPUBuffers that were made, and those of them that were not destroyed. */
let made = 0;
let buffers = 0;
{
  const { GPUDevice, GPUBuffer } = binding.globals as unknown as Record<string, { prototype: Record<string, unknown> }>;
  const destroyed = new WeakSet<object>();
  const create = GPUDevice.prototype.createBuffer as (this: object, ...args: unknown[]) => object;
  const destroy = GPUBuffer.prototype.destroy as (this: object) => void;
  GPUDevice.prototype.createBuffer = function (this: object, ...args: unknown[]) {
    buffers++;
    made++;
    return create.apply(this, args);
  };
  GPUBuffer.prototype.destroy = function (this: object) {
    if (!destroyed.has(this)) buffers--;
    destroyed.add(this);
    destroy.call(this);
  };
}

const opened = await openHere();
const gpu = opened as Gpu;
afterAll(() => opened?.close());
const vector = tensor([0.5, -1, 2]);

describe("without a GPU", () => {
  it("says what was tried and what to do", async () => {
    const error = await open({ modes: ["webgl2", "headlessgl"] }).catch((error: unknown) => error);
    expect(error).toBeInstanceOf(GpuUnavailableError);
    expect((error as GpuUnavailableError).tried.map(({ mode }) => mode)).toEqual(["webgl2", "headlessgl"]);
    expect((error as Error).message).toMatch(/no GPU answered.*webgl2: .*page.*headlessgl: .*gl.*CPU/);
  });
});

describe.skipIf(!opened)("an open GPU", () => {
  it("names what runs", () => {
    expect(gpu.backend).toBe("webgpu");
    expect(gpu.adapter).not.toBe("unnamed");
    expect(gpu.limits.maxArrayBytes).toBeGreaterThanOrEqual(2 ** 27);
    expect(gpu.refused).toEqual([]);
  });

  it("never falls back to another mode silently", async () => {
    const modes = ["webgl2", "webgpu"] as const;
    await expect(open({ modes, binding, onDegrade: "throw" })).rejects.toThrow(
      /webgpu runs in place of webgl2 \(.*onDegrade/,
    );
    const said: string[] = [];
    const { warn } = console;
    console.warn = (text: string) => said.push(text);
    const second = await open({ modes, binding }).finally(() => {
      console.warn = warn;
    });
    expect(second.refused).toMatchObject([{ mode: "webgl2" }]);
    expect(said.join()).toContain("webgpu runs in place of webgl2");
    await second.close();
    expect((await gpu.compile((x: Tensor) => x.neg())(vector)).toArray()).toEqual([-0.5, 1, -2]);
  });

  it("compiles a function once for each kind of arguments, including loops, trees and inner gradients", async () => {
    let traced = 0;
    const f = gpu.compile((p: { x: Tensor; w: Tensor }) => {
      traced++;
      const slope = grad((w: Tensor) => w.mul(p.x).tanh().sum())(p.w);
      return { end: loop(3, p.w, (w) => w.sub(slope.mul(w))), slope };
    });
    const { end, slope } = await f({ x: vector, w: tensor([1, 2, 3]) });
    const before = gpu.stats().kernels;
    await f({ x: vector, w: tensor([3, 2, 1]) });
    expect([traced, gpu.stats().kernels]).toEqual([1, before]);
    const wanted = grad((w: Tensor) => w.mul(vector).tanh().sum())(tensor([1, 2, 3]));
    expect(slope.toArray()).toEqual(wanted.toArray());
    expect(end.shape).toEqual([3]);
  });

  it("runs an optimizer's step, whose count is a fixed whole number", async () => {
    const optimizer = adam({ lr: 0.1 });
    const step = gpu.compile((p: Tensor, g: Tensor, m: Tensor, v: Tensor, count: Tensor) => {
      const { params, state } = optimizer.step(p, g, { m, v, step: count });
      return { params, m: state.m, v: state.v };
    });
    let there = { params: vector, ...optimizer.init(vector) };
    let here = { params: vector, state: optimizer.init(vector) };
    for (let k = 0; k < 3; k++) {
      const g = here.params.mul(2);
      const count = tensor(Int32Array.of(k), { shape: [], dtype: "int32" });
      there = { ...there, ...(await step(there.params, g, there.m, there.v, count)) };
      here = optimizer.step(here.params, g, here.state);
      expect(there.params.toArray()).toEqual(here.params.toArray());
    }
  });

  it("gives the name of an op that has no kernel", async () => {
    const error = await gpu
      .compile((x: Tensor) => x.cumsum())(vector)
      .catch((error: unknown) => error);
    expect(error).toBeInstanceOf(GpuUnsupportedError);
    expect((error as Error).message).toMatch(/no kernel for the op "cumsum".*CPU/);
    expect(supportedOps).not.toContain("cumsum");
  });

  it("refuses numbers read from arguments, and calls of different kinds together", async () => {
    await expect(gpu.compile((x: Tensor) => x.mul(x.data()[0]))(vector)).rejects.toThrow(/data\(\) reads a number/);
    await expect(gpu.compile((x: Tensor) => x.mul(x.sum().item()))(vector)).rejects.toThrow(/item\(\) reads a number/);
    await expect(gpu.compile((x: Tensor) => x.neg()).all([[vector], [tensor([1])]])).rejects.toThrow(/call 1 differs/);
    const labels = (label: number) => tensor(Int32Array.of(label), { shape: [], dtype: "int32" });
    const loss = gpu.compile((x: Tensor, labels: Tensor) => crossEntropy(x, labels));
    await loss(vector, labels(2));
    await expect(loss(vector, labels(3))).rejects.toThrow(/label 3 is outside the 3 classes/);
    await expect(gpu.valueAndGrad((x: Tensor) => x.neg())(vector)).rejects.toThrow(/needs one number/);
    await expect(gpu.valueAndGrad((p: Tensor[]) => p[0].sum())([vector, vector])).rejects.toThrow(
      /"\[1\]" does not reach/,
    );
  });

  it("leaks nothing, however often it is used and whatever fails", async () => {
    const f = gpu.valueAndGrad((x: Tensor) => x.tanh().square().sum());
    await f(vector);
    const [blocks, after] = [gpu.stats().blocks, buffers];
    for (let i = 0; i < 5; i++) await f(vector);
    expect([gpu.stats().blocks, buffers]).toEqual([blocks, after]);
    expect(blocks).toBe(0);
  });
});

describe.skipIf(!opened)("memory and loss", () => {
  it("checkpoints bound the memory used on the GPU, and closing gives all of it back", async () => {
    const before = buffers;
    const config = configOf("linear");
    const { rule, start, stream, queries } = episode(config, 30, 5);
    const own = await open({ modes: ["webgpu"], binding });
    const peak = async (checkpoint: "off" | { every: number }): Promise<number> => {
      const run = own.valueAndGrad(metaLoss(config), { unused: "zero", checkpoint });
      await run(rule, start, stream, queries);
      expect(own.stats().blocks).toBe(0);
      // Each kernel has its parameters in a buffer; no result is left.
      expect(buffers - before).toBeLessThan(own.stats().kernels + 40);
      return own.stats().peakBytes;
    };
    const [few, many] = [await peak({ every: 5 }), await peak("off")];
    expect(few).toBeLessThan(many / 2);
    await own.close();
    expect(buffers).toBe(before);
  });

  it("kernels use buffers again that others have left", async () => {
    const config = configOf("chemical");
    const own = await open({ modes: ["webgpu"], binding });
    const run = own.valueAndGrad(metaLoss(config), { unused: "zero" });
    const { rule, start, stream, queries } = episode(config, 10, 5);
    await run(rule, start, stream, queries);
    const before = { made, launches: own.stats().launches };
    await run(rule, start, stream, queries);
    // Otherwise each launch makes one. What remains is for the most part what the backward sweep needs of each step.
    expect(made - before.made).toBeLessThan((own.stats().launches - before.launches) / 2);
    await own.close();
  });

  it("a device that is closed or lost in the middle gives a clear error, and the CPU keeps working", async () => {
    const run = (x: Tensor): Tensor => loop(200, x, (x) => x.tanh()).sum();
    const wanted = valueAndGrad(run)(vector);
    const own = await open({ modes: ["webgpu"], binding });
    const onGpu = own.valueAndGrad(run);
    await onGpu(vector);
    const pending = expect(onGpu(vector)).rejects.toBeInstanceOf(GpuLostError);
    await own.close();
    await pending;
    await expect(onGpu(vector)).rejects.toThrow(/was closed.*Open another/);
    expect(own.stats().blocks).toBe(0);
    const again = scope(() => valueAndGrad(run)(vector));
    expect(again.grad.toArray()).toEqual(wanted.grad.toArray());

    // The device itself goes: everything on it is lost.
    const { WebGPUContext } = (await import("gpu.js")) as unknown as {
      WebGPUContext: { acquire(): Promise<{ device: { destroy(): void; lost: Promise<unknown> } }> };
    };
    const { device } = await WebGPUContext.acquire();
    const lost = expect(gpu.valueAndGrad(run)(vector)).rejects.toBeInstanceOf(GpuLostError);
    device.destroy();
    await device.lost;
    await lost;
    await expect(gpu.compile((x: Tensor) => x.neg())(vector)).rejects.toThrow(/was lost/);
    expect(valueAndGrad(run)(vector).grad.toArray()).toEqual(wanted.grad.toArray());
  });
});
