// SGD, Adam, AdamW and RMSprop against PyTorch, and the laws that all of them keep.
import { readFileSync } from "node:fs";
import { describe, expect, it } from "vitest";
import { grad, jvp, loop, memory, square, sum, type Tensor, tensor, zeros } from "../../src/index.js";
import { adam, adamW, type Optimizer, type Rate, rmsprop, sgd } from "../../src/optim/index.js";
import { relativeError } from "../laws/oracle.js";

type AnyOptimizer = Optimizer<Tensor, State>;
/** Whatever the state is, its leaves are tensors. */
interface State {
  readonly [name: string]: Tensor | readonly Tensor[];
}
type Make = (options: { lr: Rate }) => AnyOptimizer;

const makers = { sgd, adam, adamW, rmsprop } as unknown as Record<string, Make>;
const golden = JSON.parse(readFileSync(new URL("./golden.json", import.meta.url), "utf8")) as {
  start: number[];
  gradients: number[][];
  optimizers: { name: string; options: { lr: number }; positions: number[][] }[];
};
const variants: [string, Make][] = golden.optimizers.map(({ name, options }) => [
  `${name} ${JSON.stringify(options)}`,
  (own) => makers[name]({ ...options, ...own }),
]);

describe("optimizers", () => {
  it.each(golden.optimizers.map((c) => [`${c.name} ${JSON.stringify(c.options)}`, c] as const))(
    "%s takes the same steps as PyTorch",
    (_, { name, options, positions }) => {
      const optimizer = makers[name](options);
      let params = tensor(golden.start);
      let state = optimizer.init(params);
      golden.gradients.forEach((g, i) => {
        ({ params, state } = optimizer.step(params, tensor(g), state));
        expect(relativeError(params.data(), positions[i])).toBeLessThan(5e-7);
      });
    },
  );

  /** Training on a quadratic with different curvatures, from a start of which one element has a zero gradient. */
  const trained = (make: Make, lr: Rate, start: Tensor, steps = 4): Tensor => {
    const loss = (p: Tensor): Tensor => sum(square(p).mul(tensor([1, 0.5, 2])));
    const optimizer = make({ lr });
    const end = loop<{ p: Tensor; s: State }>(steps, { p: start, s: optimizer.init(start) }, ({ p, s }) => {
      const { params, state } = optimizer.step(p, grad(loss)(p), s);
      return { p: params, s: state };
    });
    return loss(end.p);
  };

  it.each(variants)("%s can be differentiated with respect to its step size, to second order", (_, make) => {
    const start = tensor([0.7, -1.1, 0.4]);
    const f = (lr: Tensor): Tensor => trained(make, lr, start);
    const at = 0.02;
    const [low, high] = [at - 1e-3, at + 1e-3];
    const slope = (f(tensor(high)).item() - f(tensor(low)).item()) / 2e-3;
    expect(grad(f)(tensor(at)).item() / slope).toBeCloseTo(1, 2);
    const bend = (grad(f)(tensor(high)).item() - grad(f)(tensor(low)).item()) / 2e-3;
    const twice = grad((lr: Tensor) => grad(f)(lr))(tensor(at)).item();
    expect(Math.abs(twice - bend)).toBeLessThan(2e-2 * Math.abs(bend) + 2e-2);
    expect(jvp(f, tensor(at), tensor(1)).tangent.item() / slope).toBeCloseTo(1, 2);
  });

  /** Where three steps from `p` lead, on a quadratic whose gradients at 0 are 0. */
  const ended = (make: Make, p: Tensor): Tensor => {
    const optimizer = make({ lr: 0.02 });
    let [params, state] = [p, optimizer.init(p)];
    for (let step = 0; step < 3; step++) {
      const slopes = grad((x: Tensor) => sum(square(x).mul(tensor([1, 0.5, 2]))))(params);
      ({ params, state } = optimizer.step(params, slopes, state));
    }
    return params;
  };

  it.each(golden.optimizers.map((c, i) => [...variants[i], c] as const))(
    "%s has the documented derivatives if every gradient is 0, to second order",
    (_, make, { name, options }) => {
      const readout = tensor([1, 2, 3]);
      const first = (p: Tensor): Tensor => grad((x: Tensor) => sum(ended(make, x).mul(readout)))(p);
      const twice = (p: Tensor): Tensor =>
        grad((x: Tensor) => sum(first(x).mul(tensor([3, 1, 2]))), { unused: "zero" })(p);
      // Gradient descent is linear, so its derivative is where it takes 1. The others divide by what is 0: their step has
      // the derivative 0, and only a decay that is apart from the gradient is left.
      const { weightDecay = 0.01 } = options as { weightDecay?: number };
      const kept = name === "adamW" ? (1 - 0.02 * weightDecay) ** 3 : 1; // reference
      const slopes = name === "sgd" ? [...ended(make, tensor([1, 1, 1])).data()] : [kept, kept, kept];
      first(zeros([3]))
        .data()
        .forEach((found, i) => {
          expect(found / ((i + 1) * slopes[i])).toBeCloseTo(1, 5);
        });
      expect([...twice(zeros([3])).data()]).toEqual([0, 0, 0]);
      // The same at the one element that is 0, with others that are not.
      const start = tensor([0, 1, -1]);
      expect(first(start).data()[0] / slopes[0]).toBeCloseTo(1, 5);
      for (const i of [1, 2]) {
        const moved = (by: number): Tensor => tensor([0, i === 1 ? 1 + by : 1, i === 2 ? -1 + by : -1]);
        const at = (p: Tensor): number => sum(ended(make, p).mul(readout)).item();
        expect(Math.abs(first(start).data()[i] - (at(moved(0.01)) - at(moved(-0.01))) / 0.02)).toBeLessThan(2e-3);
        const along = (p: Tensor): number => sum(first(p).mul(tensor([3, 1, 2]))).item();
        const bend = (along(moved(0.01)) - along(moved(-0.01))) / 0.02;
        expect(Math.abs(twice(start).data()[i] - bend)).toBeLessThan(1e-2);
      }
    },
  );

  it.each(golden.optimizers.map((c, i) => [...variants[i], c] as const))(
    "%s has the documented derivatives with respect to a gradient of 0, to second order",
    (_, make, { name, options }) => {
      const optimizer = make({ lr: 0.1 });
      const p = tensor([1, 2]);
      const moved = (g: Tensor): Tensor => {
        const once = optimizer.step(p, g, optimizer.init(p));
        return sum(optimizer.step(once.params, g, once.state).params.mul(tensor([1, 3])));
      };
      const first = grad(moved);
      const second = grad((g: Tensor) => sum(first(g).mul(tensor([1, 2]))), { unused: "zero" })(zeros([2]));
      // With a decay inside the gradient what is divided by is not 0, and the derivative is that of differences.
      const smooth = name === "sgd" || (name === "rmsprop" && "weightDecay" in options);
      const step = 2 ** -10;
      const differences = (f: (g: Tensor) => number): number[] =>
        [0, 1].map((i) => {
          const at = (by: number): number => f(tensor([i === 0 ? by : 0, i === 1 ? by : 0]));
          return (at(step) - at(-step)) / (2 * step);
        });
      const wanted = smooth ? differences((g) => moved(g).item()) : [0, 0];
      const bends = smooth ? differences((g) => sum(first(g).mul(tensor([1, 2]))).item()) : [0, 0];
      [...first(zeros([2])).data()].forEach((found, i) => {
        expect(Math.abs(found - wanted[i])).toBeLessThan(0.02 * Math.abs(wanted[i]) + 1e-6);
      });
      [...second.data()].forEach((found, i) => {
        expect(Math.abs(found - bends[i])).toBeLessThan(0.05 * Math.abs(bends[i]) + 1e-3);
      });
    },
  );

  it.each(variants)("%s does not change its arguments, gives the same bits again, and leaks nothing", (_, make) => {
    const optimizer = make({ lr: 0.1 });
    const [p, g] = [tensor([1, -2, 3]), tensor([0.1, 0.2, -0.3])];
    const state = optimizer.init(p);
    const { arenaPeak: _peak, ...before } = memory.stats();
    const steps = [0, 1].map(() => optimizer.step(p, g, state));
    expect(steps[0].params.data()).toEqual(steps[1].params.data());
    expect([...p.data(), ...g.data()]).toEqual([1, -2, 3, ...tensor([0.1, 0.2, -0.3]).data()]);
    for (const { params, state: next } of steps) {
      for (const made of [params, ...Object.values(next).flat()]) made.dispose();
    }
    expect(memory.stats()).toMatchObject({ live: before.live + 1, arenaBytes: before.arenaBytes });
  });

  it("can learn a step size by the gradient of the loss after the loop", () => {
    let lr = tensor(0.02);
    const f = (rate: Tensor): Tensor => trained((own) => sgd(own) as unknown as AnyOptimizer, rate, tensor([1, 1, 1]));
    const before = f(lr).item();
    for (let i = 0; i < 20; i++) lr = lr.sub(grad(f)(lr).mul(0.002));
    expect(f(lr).item()).toBeLessThan(before / 4);
  });

  it("say what does not fit", () => {
    const p = { a: tensor([1, 2]) };
    expect(() => sgd({ lr: Number.NaN })).toThrow("[sgd] lr is NaN: give a finite number.");
    expect(() => sgd({ lr: tensor([1, 2]) })).toThrow("[sgd] lr is float32 [2]; one float of shape []");
    expect(() => sgd({ lr: 1, momentum: 1 })).toThrow("[sgd] momentum is 1: give at least 0 and less than 1.");
    expect(() => sgd({ lr: 1, nesterov: true })).toThrow("[sgd] nesterov needs a momentum above 0, such as 0.9.");
    expect(() => adamW({ lr: 1, weightDecay: -1 })).toThrow("[adamW] weightDecay is -1: give a number of at least 0.");
    expect(() => rmsprop({ lr: 1, decay: 2 })).toThrow("[rmsprop] decay is 2");
    const heavy = sgd({ lr: 1, momentum: 0.5 });
    expect(() => heavy.step(p, { a: zeros([3]) }, heavy.init(p))).toThrow(
      '[sgd] grads has "a" [3] where the parameters',
    );
    expect(() => heavy.step(p, p, { velocity: [] })).toThrow(
      '[sgd] state.velocity ends where the parameters have "a" [2]',
    );
    expect(() => sgd({ lr: 1 }).init({ a: 1 } as never)).toThrow('[sgd.init] "a" is a number, not a tensor.');
  });
});
