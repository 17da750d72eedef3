// Errors of compile() say where in the program the refused call is, and what can be compiled in its place.
import { describe, expect, it } from "vitest";
import { bio } from "../../src/bio/index.js";
import { compile, grad, Key, loop, type Tensor, tensor } from "../../src/index.js";
import { dense, network } from "../../src/nn/index.js";
import { adam } from "../../src/optim/index.js";

/** The line of this file from which it was called, as stacks write it. */
const here = (): number => Number(/refused\.test\.ts:(\d+)/.exec((new Error().stack as string).split("\n")[2])?.[1]);

const messageOf = (f: () => unknown): string => {
  try {
    f();
  } catch (error) {
    return (error as Error).message;
  }
  return "nothing was thrown";
};

describe("a number that is read in a compiled function", () => {
  let line = 0;
  const peek = (v: Tensor): Tensor => {
    line = here() + 1;
    return v.mul(v.item());
  };

  it.each([
    ["in the function itself", (v: Tensor) => peek(v.add(1))],
    ["in a gradient", (v: Tensor) => grad(peek)(v.add(1))],
    [
      "in loops and gradients inside one another",
      (v: Tensor) => loop(3, v, (x) => loop(2, x, (y) => grad((z: Tensor) => grad((u: Tensor) => peek(u))(z))(y))),
    ],
  ])("is found by file and line, %s", (_, f) => {
    const message = messageOf(() => compile(f)(tensor(2)));
    expect(line).toBeGreaterThan(0);
    expect(message).toContain(`(item(), called at refused.test.ts:${line})`);
  });

  it("leaves stacks of errors as deep as they were", () => {
    const before = Error.stackTraceLimit;
    messageOf(() => compile(peek)(tensor(2)));
    expect(Error.stackTraceLimit).toBe(before);
  });
});

describe("a step of bio", () => {
  const net = network({ input: [4], layers: [dense(3)] });
  const options = { rejuvenate: { every: 2 }, homeostasis: {} };
  const living = bio(net, options, adam({ lr: 0.01 }));
  const params = net.init(Key.of(1));
  const state = living.init(params);

  it("says what a replay would repeat, and what to compile", () => {
    const step = compile((p: typeof params, g: typeof params) => living.step(p, g, state).params);
    expect(messageOf(() => step(params, params))).toMatch(
      /^\[compile\] bio\.step cannot be compiled: .*number of the step/,
    );
    expect(messageOf(() => step(params, params))).toContain("compile(valueAndGrad(loss))");
    const x = tensor([[1, 2, 3, 4]]);
    const observe = compile((p: typeof params, v: Tensor) => living.observe(p, state, v).observations);
    expect(messageOf(() => observe(params, x))).toMatch(/^\[compile\] bio\.observe cannot be compiled/);
  });

  it("takes compiled gradients, and gives the bits that eager ones give", () => {
    const slope = grad((p: typeof params, v: Tensor) => net.apply(p, v).square().mean());
    using fast = compile(slope);
    const x = tensor([[1, 2, 3, 4]]);
    const run = (gradient: typeof slope) => {
      let [p, s] = [params, state];
      for (let k = 0; k < 5; k++) {
        s = living.observe(p, s, x);
        ({ params: p, state: s } = living.step(p, gradient(p, x), s));
      }
      return Object.values(p).flatMap((layer) =>
        Object.values(layer as Record<string, Tensor>).map((t) => t.toArray()),
      );
    };
    expect(run(fast)).toEqual(run(slope));
  });
});
