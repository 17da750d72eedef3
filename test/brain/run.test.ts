// What runs in place of circuits: delays, the checks of it with a minimal break each, and the reflex.
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import {
  type Bra,
  type Component,
  CYCLE,
  cerebellum,
  checkRun,
  type Executable,
  gainError,
  type Moment,
  reflex,
  run,
  takeBra,
} from "../../src/brain/index.js";
import { Key } from "../../src/core/index.js";

/** A graph of circuits that each pass on what they take, each line weighted, plus a little of their state. */
function graph(edges: readonly (readonly [number, number])[], lines: readonly number[]): Executable {
  const id = (i: number): string => `c${i}`;
  const bra: Bra = takeBra({
    ...cerebellum,
    circuits: [
      { ...cerebellum.circuits[0], id: "in", mod: "Excitatory" },
      ...lines.map((_, i) => ({ ...cerebellum.circuits[6], id: id(i), mod: "Excitatory" })),
    ],
    connections: [["in", id(0)], ...edges.map(([a, b]) => [id(a), id(b)])].map(([sender, receiver]) => ({
      ...cerebellum.connections[0],
      sender,
      receiver,
    })),
    frg: [],
  });
  return {
    bra,
    inputs: { in: 1 },
    build: () =>
      lines.map((outDim, i): Component<number> => {
        const from = edges.filter(([, b]) => b === i).map(([a]) => [id(a), lines[a]] as const);
        return {
          circuit: id(i),
          inPorts: Object.fromEntries([...(i === 0 ? [["in", 1] as const] : []), ...from]),
          outDim,
          initial: i,
          fire(inputs, state) {
            const total = Object.values(inputs).reduce((sum, signal) => sum + signal.reduce((a, b) => a + b, 0), 0);
            return { out: new Float64Array(outDim).fill(0.3 * total + 0.01 * state), state: 0.5 * state + total };
          },
        };
      }),
    world: (tick) => ({ in: Float64Array.of(tick === 0 ? 1 : 0) }),
  };
}

/** The executable with some components changed. */
const changed = (executable: Executable, change: (each: Component) => object, also: object = {}): Executable => ({
  ...executable,
  ...also,
  build: () => executable.build().map((each) => ({ ...each, ...change(each) })),
});

const traceOf = (executable: Executable, ticks: number, order?: readonly number[]): Moment[] => {
  const trace: Moment[] = [];
  run(executable, { ticks, ...(order && { order }), onTick: (moment) => trace.push(moment) });
  return trace;
};

describe("a run", () => {
  it("needs one tick for each connection", () => {
    const chain = graph(
      [
        [0, 1],
        [1, 2],
      ],
      [1, 1, 1],
    );
    const silent = changed(chain, () => ({ initial: 0 }));
    const onset = ["in", "c0", "c1", "c2"].map((id) =>
      traceOf(silent, 6).findIndex(({ signals }) => signals[id][0] !== 0),
    );
    expect(onset).toEqual([0, 1, 2, 3]);
  });

  it("does not depend on the order of components, whatever the graph", () => {
    const cases = fc
      .integer({ min: 1, max: 8 })
      .chain((n) =>
        fc.tuple(
          fc.uniqueArray(fc.tuple(fc.nat({ max: n - 1 }), fc.nat({ max: n - 1 })), { selector: String }),
          fc.array(fc.integer({ min: 1, max: 3 }), { minLength: n, maxLength: n }),
          fc.shuffledSubarray([...Array(n).keys()], { minLength: n }),
        ),
      );
    fc.assert(
      fc.property(cases, ([edges, lines, order]) => {
        const executable = graph(edges, lines);
        expect(traceOf(executable, 8, order).map(({ signals }) => signals)).toEqual(
          traceOf(executable, 8).map(({ signals }) => signals),
        );
        expect(checkRun(executable, { ticks: 4 })).toEqual([]);
      }),
    );
  });

  it("refuses signals of the wrong width, and names the component", () => {
    const short = changed(reflex({ key: Key.of(0) }), ({ circuit }) => (circuit === "BC" ? { outDim: 2 } : {}));
    expect(() => run(short, { ticks: 1 })).toThrow("[brain] BC sends 1 lines, but 2 are declared. Make both the same.");
    expect(() => run({ ...short, world: () => ({}) }, { ticks: 1 })).toThrow("MF_VN sends no lines");
    expect(run(reflex({ key: Key.of(0) }), { ticks: 0 })).toBeUndefined();
  });
});

const sound = reflex({ key: Key.of(0) });
const only = (id: string, change: object | ((each: Component) => object)) => (each: Component) =>
  each.circuit === id ? (typeof change === "function" ? change(each) : change) : {};

/** Components that share a count, which they must not; one of them sends what it makes of it. */
const shared = (sent: (fired: number, components: number) => number): Executable => ({
  ...sound,
  build() {
    let fired = 0;
    const built = sound.build();
    return built.map((each) => ({
      ...each,
      fire: (...args: Parameters<Component["fire"]>) => {
        fired++;
        return each.circuit === "BC"
          ? { out: Float64Array.of(sent(fired, built.length)), state: args[1] }
          : each.fire(...args);
      },
    }));
  },
});

/** For each code, the least that triggers it alone. */
const breaks: Record<string, [string, Executable]> = {
  "K20, a connection that carries nothing": [
    "K20",
    changed(
      sound,
      only("PC", ({ inPorts: { SC: _, ...inPorts } }: Component) => ({ inPorts })),
    ),
  ],
  "K20, a port without a connection": [
    "K20",
    changed(
      sound,
      only("BC", ({ inPorts }: Component) => ({ inPorts: { ...inPorts, SC: 1 } })),
    ),
  ],
  "K20, a component of no circuit": ["K20", { ...sound, inputs: { ...sound.inputs, light: 1 } }],
  "K21, a sign": ["K21", changed(sound, only("VN_output", { weights: () => ({ PC: [1] }) }))],
  "K21, the other sign": ["K21", changed(sound, only("BC", { weights: () => ({ GrC: [0.1, -1e-9] }) }))],
  "K22, something shared": ["K22", shared((fired) => fired)],
  "K22, a distance from the middle, which is the same in reverse": [
    "K22",
    shared((fired, components) => Math.abs(((fired - 1) % components) - (components - 1) / 2)),
  ],
  "K23, a width": [
    "K23",
    changed(
      sound,
      only("PC", ({ inPorts }: Component) => ({ inPorts: { ...inPorts, GrC: 49 } })),
    ),
  ],
};

describe("checks of a run", () => {
  it.each(Object.entries(breaks))("find only this one: %s", (_, [code, executable]) => {
    expect(new Set(checkRun(executable, { ticks: 20 }).map((each) => each.code))).toEqual(new Set([code]));
  });

  it("reject a hypothesis whose prediction does not come true", () => {
    const still = {
      statement: "synapses stay as they are while climbing fibres report nothing",
      world: reflex({ key: Key.of(0), reports: false }).world,
      holds: (trace: readonly Moment[]) =>
        trace.every(({ weights }) => Object.is(weights.PC.GrC, trace[0].weights.PC.GrC)),
    };
    const options = { ticks: 2 * CYCLE, predictions: [still] };
    expect(checkRun(sound, options)).toEqual([]);
    const { world: _, ...learning } = still;
    expect(checkRun(sound, { ...options, predictions: [learning] })).toEqual([
      {
        code: "K24",
        message: `rejected, because it was not observed that ${still.statement}; change the components.`,
      },
    ]);
  });
});

describe("the reflex", () => {
  /** The error over the cycle of this number. */
  const errors = (executable: Executable, cycles: number, target = 1): number[] => {
    const eye = traceOf(executable, cycles * CYCLE).map(({ signals }) => signals.VN_output[0]);
    return [0, cycles - 1].map((cycle) => gainError(eye.slice(cycle * CYCLE, (cycle + 1) * CYCLE), target));
  };

  it.each([0.6, 1])("learns a gain of %s", (target) => {
    const [first, last] = errors(reflex({ key: Key.of(3), target }), 60, target);
    expect(last).toBeLessThan(0.2 * first);
  });

  it("learns nothing without reports, and the wrong thing with the wrong sign", () => {
    const [silentFirst, silentLast] = errors(reflex({ key: Key.of(3), reports: false }), 4);
    expect(silentLast).toBeGreaterThan(0.5 * silentFirst);
    // Weights grow without end, or fall to 0, where the eye is held aside: the error is then the root of 3.
    const [first, last] = errors(reflex({ key: Key.of(3), learningRate: -0.005 }), 60);
    expect(last).toBeGreaterThan(Math.max(first, Math.sqrt(3)));
  });

  it("says how many granule cells there may be", () => {
    expect(() => reflex({ key: Key.of(0), granule: 0 })).toThrow(
      "[reflex] `granule` is 0. Give a whole number from 1 to 10,000.",
    );
  });

  it("has an error of 1 if the eye does not move, and of 0 if it moves as it should", () => {
    const still = new Array<number>(CYCLE).fill(1);
    expect(gainError(still)).toBeCloseTo(1, 12);
    const wanted = still.map((tonic, tick) => tonic - Math.sin((2 * Math.PI * (tick + 1)) / CYCLE));
    expect(gainError(wanted)).toBeLessThan(1e-12);
  });
});
