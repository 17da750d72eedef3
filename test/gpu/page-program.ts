// What the page of page.test.ts runs: the same functions as in Node, on the GPU of a browser.

import { leavesOf } from "../../src/core/index.js";
import { open } from "../../src/gpu.js";
import { Key, random, type Tensor } from "../../src/index.js";
import { configOf, episode, metaLoss } from "./lives.js";

/** Steps of the lifetime that a page lives. */
export const PAGE_STEPS = 5;

/** The numbers of everything that a page computes on a GPU of this mode, by name. */
export async function compute(mode: "webgpu" | "webgl2") {
  const gpu = await open({ modes: [mode] });
  const found: Record<string, number[]> = {};
  const keep = (name: string, tree: unknown): void => {
    for (const { tensor, path } of leavesOf("page", tree)) found[`${name}.${path}`] = [...tensor.data()];
  };
  for (const [name, { f, args }] of Object.entries(functions())) keep(name, await gpu.compile(f)(...args));
  const config = configOf("chemical");
  const { rule, start, stream, queries } = episode(config, PAGE_STEPS, 0);
  const run = gpu.valueAndGrad(metaLoss(config), { unused: "zero", checkpoint: { every: 2 } });
  keep("life", await run(rule, start, stream, queries));
  const { blocks } = gpu.stats();
  const { backend, adapter, software } = gpu;
  await gpu.close();
  return { backend, adapter, software, blocks, found };
}

/** Functions of tensors and what they are applied to. */
export function functions(): Record<string, { f: (...args: Tensor[]) => Tensor; args: Tensor[] }> {
  const key = Key.of(3);
  const [a, b, x] = [
    random.normal(key.fold(0), [17, 33]),
    random.normal(key.fold(1), [33, 9]),
    random.normal(key.fold(2), [70], { std: 9 }),
  ];
  return {
    matmul: { f: (a, b) => a.matmul(b), args: [a, b] },
    matmulNT: { f: (a, b) => a.matmul(b, { b: true }), args: [a, b.transpose()] },
    matmulTN: { f: (a, b) => a.matmul(b, { a: true }), args: [a.transpose(), b] },
    tanh: { f: (x) => x.tanh(), args: [x] },
    exp: { f: (x) => x.exp(), args: [x] },
    log: { f: (x) => x.abs().log(), args: [x] },
    softplus: { f: (x) => x.softplus(10), args: [x] },
    softmax: { f: (a) => a.softmax(), args: [a] },
    sums: { f: (a) => a.sum(0).add(a.sum()), args: [a] },
  };
}
