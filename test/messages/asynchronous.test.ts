// Functions of the user that are asynchronous or generators: everything that runs one says so.
import { describe, expect, it } from "vitest";
import {
  advance,
  checkpoint,
  compile,
  customGrad,
  grad,
  hessian,
  hvp,
  jacobian,
  jvp,
  loop,
  scan,
  scope,
  tensor,
  valueAndGrad,
  vjp,
  vmap,
} from "../../src/index.js";

const x = tensor([1, 2]);

/** What runs a function of the user, given one that returns nothing that can be used. */
const runs: Readonly<Record<string, (f: never) => unknown>> = {
  scope: (f) => scope(f),
  advance: (f) => advance(x, f),
  loop: (f) => loop(2, x, f),
  scan: (f) => scan(2, x, f),
  checkpoint: (f) => (checkpoint(f) as (of: typeof x) => unknown)(x),
  compile: (f) => (compile(f) as (of: typeof x) => unknown)(x),
  vmap: (f) => (vmap(f) as (of: typeof x) => unknown)(x),
  grad: (f) => grad(f)(x as never),
  valueAndGrad: (f) => valueAndGrad(f)(x as never),
  vjp: (f) => vjp(f, x as never),
  jvp: (f) => jvp(f, x as never, x as never),
  hvp: (f) => hvp(f, x as never, x as never),
  jacobian: (f) => jacobian(f)(x as never),
  hessian: (f) => hessian(f)(x as never),
  customGrad: (f) => (customGrad({ forward: f, backward: () => [x] as never }) as (of: typeof x) => unknown)(x),
  "customGrad, differentiated": (f) =>
    grad(customGrad({ forward: f, backward: () => [x] as never }) as never)(x as never),
};

describe.each(Object.keys(runs))("%s", (name) => {
  it("refuses an asynchronous function in a sentence", () => {
    expect(() => runs[name]((async () => x) as never)).toThrow(/^\[\w+\] .*asynchronous/);
  });

  it("refuses a generator in a sentence", () => {
    const generator = function* () {
      yield x;
    };
    expect(() => runs[name](generator as never)).toThrow(/^\[\w+\] .*generator/i);
  });

  it("refuses a function that returns nothing in a sentence", () => {
    if (["scope", "advance", "compile"].includes(name)) {
      expect(() => runs[name]((() => undefined) as never)).not.toThrow();
    } else expect(() => runs[name]((() => undefined) as never)).toThrow(/^\[\w+\] .*undefined/);
  });
});
