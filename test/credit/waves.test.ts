// Waves of activities and errors against the tape.
import { describe, expect, it } from "vitest";
import "../../src/float64/index.js";
import {
  type CreditParams,
  compareCredit,
  fullyConnected,
  type Projection,
  skip,
  type WaveNetwork,
  waveChain,
  waveNetwork,
} from "../../src/credit/index.js";
import { grad, Key, loop, ones, random, scope, type Tensor, zeros } from "../../src/index.js";

const f64 = { dtype: "float64" } as const;
const draw = (seed: number, shape: readonly number[]): Tensor => random.normal(Key.of(seed), [...shape], f64);

/** Errors against the gradient by tick, for data that stay the same. */
function errorsOf(net: WaveNetwork, params: CreditParams, x: Tensor, target: Tensor, ticks: number) {
  const gradient = grad(net.loss)(params, x, target);
  let state = net.rest(x.shape[0], f64);
  return Array.from({ length: ticks }, () => {
    const tick = net.tick(params, state, x, target);
    state = tick.state;
    return compareCredit(tick.credit, gradient);
  });
}

describe("a chain with constant input", () => {
  it("finds the gradient from tick 2L - 1 on, and that of layer l in tick 2L - l", () => {
    for (let layers = 1; layers <= 10; layers++) {
      for (let seed = 0; seed < 20; seed++) {
        scope(() => {
          const net = waveChain([5, ...new Array<number>(layers - 1).fill(12), 3]);
          const errors = errorsOf(
            net,
            net.init(Key.of(seed), f64),
            draw(100 + seed, [1, 5]),
            draw(200 + seed, [1, 3]),
            2 * layers + 3,
          );
          for (const { relativeError } of errors.slice(2 * layers - 1))
            expect(relativeError).toBeLessThanOrEqual(1e-12);
          if (layers > 1) expect(errors[2 * layers - 2].relativeError).toBeGreaterThanOrEqual(1e-3);
          net.vertices.slice(1).forEach(({ name }, i) => {
            const right = errors.map(({ parameters }) =>
              parameters.filter(({ path }) => path.startsWith(`${name}.`)).every((each) => each.relativeError <= 1e-12),
            );
            expect(right.indexOf(true), `layer ${i + 1} of ${layers}, seed ${seed}`).toBe(2 * layers - (i + 1));
          });
          return [];
        });
      }
    }
  });

  it("does so for batches, the cross-entropy and other activations too", () => {
    for (const activation of ["relu", "sigmoid", "identity"] as const) {
      const net = waveChain([4, 6, 6, 3], { activation, outputActivation: "identity", loss: "crossEntropy" });
      const target = draw(2, [7, 3]).square();
      const sums = target.sum(1, true);
      const errors = errorsOf(net, net.init(Key.of(0), f64), draw(1, [7, 4]), target.div(sums), 8);
      expect(errors[7].relativeError).toBeLessThan(1e-12);
    }
  });
});

describe("a wave", () => {
  it("moves by one layer a tick: what a change reaches, and when", () => {
    const [layers, from] = [4, 9];
    for (const activation of ["tanh", "identity"] as const) {
      const net = waveChain([3, 4, 4, 4, 2], { activation });
      const params = net.init(Key.of(1), f64);
      const run = (changed: number) => {
        let state = net.rest(1, f64);
        return Array.from({ length: from + 2 * layers + 1 }, (_, tick) => {
          const x = draw(tick, [1, 3]).add(tick === from ? changed : 0);
          state = net.tick(params, state, x, draw(100 + tick, [1, 2])).state;
          return state;
        });
      };
      const [plain, other] = [run(0), run(0.1)];
      const first = (part: "activities" | "errors", name: string): number =>
        plain.findIndex((state, tick) => String(state[part][name].data()) !== String(other[tick][part][name].data()));
      net.vertices.slice(1).forEach(({ name }, i) => {
        expect(first("activities", name)).toBe(from + i + 1);
        expect(first("errors", name)).toBe(from + (activation === "tanh" ? i + 1 : 2 * layers - (i + 1)));
      });
    }
  });

  it("gives a projection the activity before it, of the tick before, and the error behind it, and nothing else", () => {
    const seen: { readonly of: "credit" | "send"; readonly activity: unknown; readonly error: unknown }[] = [];
    const inner = fullyConnected(4, { bias: false });
    const watched = (of: "credit" | "send") =>
      ((...given: Parameters<Projection["credit"]>) => {
        expect(given.length).toBe(3);
        seen.push({ of, activity: given[1].toArray(), error: given[2].toArray() });
        return inner[of](...given);
      }) as never;
    const net = waveNetwork({
      input: [6],
      vertices: {
        a: { from: { input: fullyConnected(5) } },
        b: { from: { a: { ...inner, credit: watched("credit"), send: watched("send") } } },
        out: { from: { b: fullyConnected(3) } },
      },
      output: "out",
    });
    const params = net.init(Key.of(0), f64);
    let state = net.rest(2, f64);
    for (let t = 0; t < 4; t++) state = net.tick(params, state, draw(t, [2, 6]), draw(50 + t, [2, 3])).state;
    seen.length = 0;
    const next = net.tick(params, state, draw(4, [2, 6]), draw(54, [2, 3])).state;
    expect(seen.map(({ of }) => of).sort()).toEqual(["credit", "send"]);
    for (const { of, activity, error } of seen) {
      expect(activity).toEqual(state.activities.a.toArray());
      // Credit takes the error of now; what is sent back takes a tick.
      expect(error).toEqual((of === "credit" ? next : state).errors.b.toArray());
    }
  });

  it("pairs the error of now with the activity of the tick before", () => {
    const net = waveChain([3, 2], { bias: false, activation: "identity" });
    const params = net.init(Key.of(0), f64);
    const [x0, x1, y] = [draw(1, [1, 3]), draw(2, [1, 3]), draw(3, [1, 2])];
    const before = net.tick(params, net.rest(1, f64), x0, y).state;
    const { credit } = net.tick(params, before, x1, draw(4, [1, 2]));
    // The error belongs to x0 and its target y, which waited one tick.
    expect(compareCredit(credit, grad(net.loss)(params, x0, y)).relativeError).toBeLessThan(1e-14);
  });
});

describe("graphs", () => {
  const init = { kind: "xavierNormal", gain: 0.6 } as const;
  const wide = (units: number): Projection => fullyConnected(units, { init });

  it("with a cycle come to the derivative of the steady state", () => {
    const net = waveNetwork({
      input: [4],
      vertices: {
        a: { from: { input: wide(6), b: wide(6) } },
        b: { from: { a: wide(5) } },
        out: { from: { b: wide(2) } },
      },
      output: "out",
    });
    const [params, x, target] = [net.init(Key.of(3), f64), draw(1, [2, 4]), draw(2, [2, 2])];
    const settled = (p: CreditParams) => loop(120, net.rest(2, f64), (state) => net.tick(p, state, x, target).state);
    const loss = (p: CreditParams) => settled(p).activities.out.sub(target).square().sum().mul(0.5);
    const { credit } = net.tick(params, settled(params), x, target);
    expect(compareCredit(credit, grad(loss)(params)).relativeError).toBeLessThan(1e-12);
    expect(() => net.apply(params, x)).toThrow(/cycle.*Use tick/);
  });

  it("with ways of different length come to the gradient too, if the data stay the same", () => {
    const net = waveNetwork({
      input: [4],
      vertices: {
        out: { from: { b: wide(2), a: wide(2) } },
        a: { from: { input: skip() } },
        b: { from: { a: wide(5) } },
      },
      output: "out",
    });
    expect(net.targetDelay).toBe(2);
    const errors = errorsOf(net, net.init(Key.of(3), f64), draw(1, [2, 4]), draw(2, [2, 2]), 12);
    expect(errors[11].relativeError).toBeLessThan(1e-14);
  });
});

describe("wrong input", () => {
  const vertex = (source: string, units = 2) => ({ from: { [source]: fullyConnected(units) } });
  const made =
    (vertices: Record<string, { from: Record<string, Projection> }>, output = "a", options = {}) =>
    () =>
      waveNetwork({ input: [3], vertices, output, ...options });
  const net = waveChain([3, 4, 2]);
  const params = net.init(Key.of(0));

  it.each<readonly [string, () => unknown, RegExp]>([
    ["an unknown output", made({ a: vertex("input") }, "b"), /`output` is "b".*a/],
    ["an unknown source", made({ a: vertex("c") }), /driven by "c"/],
    ["no source", made({ a: { from: {} } }), /nothing drives "a"/],
    [
      "what the input does not reach",
      made({ a: vertex("input"), b: vertex("c"), c: vertex("b") }),
      /does not reach b, c/,
    ],
    [
      "shapes that differ",
      made({ a: { from: { input: skip(), b: fullyConnected(2) } }, b: vertex("a") }),
      /\[3\].*\[2\]/,
    ],
    ["half a tick", made({ a: vertex("input") }, "a", { targetDelay: 0.5 }), /`targetDelay`/],
    ["an unknown loss", made({ a: vertex("input") }, "a", { loss: "cubed" }), /"cubed".*squared/],
    ["too few sizes", () => waveChain([3]), /`sizes`/],
    ["data of another size", () => net.tick(params, net.rest(1), ones([1, 4]), ones([1, 2])), /\[1, 4\].*\[3\]/],
    ["targets of another shape", () => net.loss(params, ones([1, 3]), zeros([2])), /targets have shape \[2\]/],
    ["parameters of another network", () => net.tick({}, net.rest(1), ones([1, 3]), ones([1, 2])), /layer1\.input/],
  ])("%s is refused with a cure", (_, call, message) => {
    expect(call).toThrow(RangeError);
    expect(call).toThrow(message);
  });
});
