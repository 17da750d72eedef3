// Real-time recurrent learning in selective state spaces against the tape and central differences; what it may see and carry.
import { describe, expect, it } from "vitest";
import "../../src/float64/index.js";
import { leavesOf } from "../../src/core/index.js";
import { compareCredit, selectiveRtrl } from "../../src/credit/index.js";
import {
  advance,
  compile,
  concat,
  grad,
  Key,
  memory,
  mul,
  random,
  scope,
  sum,
  type Tensor,
  treeMap,
} from "../../src/index.js";
import { type SelectiveCell, type SelectiveParams, selectiveCell, selectiveScan } from "../../src/nn/index.js";

const f64 = { dtype: "float64" } as const;
const cell = selectiveCell(4, { states: 3, rank: 2, ...f64 });
const COUNT = 2;

/** Parameters with larger steps than the first ones, so that what is forgotten matters. */
const drawn = (key: Key, of: SelectiveCell = cell): SelectiveParams => {
  const first = of.init(key);
  return { ...first, stepBias: random.normal(key.fold(9), [of.channels], f64) };
};
const inputs = (key: Key, steps: number, width = cell.channels): Tensor =>
  random.normal(key, [COUNT, steps, width], f64);
const at = (x: Tensor, t: number): Tensor =>
  x.slice([undefined, t], [undefined, t + 1]).reshape([x.shape[0], x.shape[2]]);

/** The credits of all steps, for losses that weigh the outputs. */
function creditsOf(
  cells: readonly SelectiveCell[],
  params: readonly SelectiveParams[],
  u: Tensor,
  weights: Tensor,
  options: { readonly truncated?: boolean } = {},
): { total: readonly SelectiveParams[]; steps: readonly (readonly SelectiveParams[])[]; feedback: Tensor[] } {
  const rtrl = selectiveRtrl(cells, options);
  let state = rtrl.rest(COUNT);
  const steps: (readonly SelectiveParams[])[] = [];
  const feedback: Tensor[] = [];
  for (let t = 0; t < u.shape[1]; t++) {
    const tick = rtrl.tick(params, state, at(u, t), () => at(weights, t));
    state = tick.state;
    steps.push(tick.credit);
    feedback.push(tick.feedback);
  }
  const total = steps.reduce((sums, credit) =>
    sums.map((each, i) => treeMap((a: Tensor, b: Tensor) => a.add(b), each, credit[i])),
  );
  return { total, steps, feedback };
}

/** The loss of the whole sequence. */
const lossOf = (
  cells: readonly SelectiveCell[],
  params: readonly SelectiveParams[],
  u: Tensor,
  weights: Tensor,
): Tensor =>
  sum(
    mul(
      cells.reduce((x, each, i) => selectiveScan(each, params[i], x).outputs, u),
      weights,
    ),
  );

describe("one layer", () => {
  it.each([0, 1, 2, 3, 4, 5, 6, 7, 8, 9])(
    "has the gradient of backpropagation through time to 1e-9: seed %i",
    (seed) => {
      const [ofParams, ofInputs, ofWeights] = Key.of(seed).split(3);
      const params = drawn(ofParams);
      const [u, weights] = [inputs(ofInputs, 20), inputs(ofWeights, 20)];
      const { total } = creditsOf([cell], [params], u, weights);
      const gradient = grad((p: SelectiveParams) => lossOf([cell], [p], u, weights))(params);
      for (const { path, relativeError } of compareCredit(total[0], gradient).parameters) {
        expect(relativeError, path).toBeLessThan(1e-9);
      }
    },
  );

  it("has the slope of the loss along a direction, by central differences", () => {
    const params = drawn(Key.of(30));
    const [u, weights] = [inputs(Key.of(31), 20), inputs(Key.of(32), 20)];
    const { total } = creditsOf([cell], [params], u, weights);
    for (const name of Object.keys(params)) {
      const along = random.normal(Key.of(33), params[name].shape, f64);
      const loss = (by: number): number =>
        lossOf([cell], [{ ...params, [name]: params[name].add(along.mul(by)) }], u, weights).item();
      const slope = (loss(1e-5) - loss(-1e-5)) / 2e-5;
      expect(Math.abs(sum(mul(total[0][name], along)).item() / slope - 1), name).toBeLessThan(1e-7);
    }
  });

  it("gives the same bits whatever comes after a step", () => {
    const params = drawn(Key.of(40));
    const [u, weights] = [inputs(Key.of(41), 8), inputs(Key.of(42), 8)];
    const other = concat([u.slice([0, 0], [COUNT, 5]), inputs(Key.of(43), 3)], 1);
    const [one, two] = [u, other].map((each) => creditsOf([cell], [params], each, weights).steps);
    for (let t = 0; t < 5; t++) expect(compareCredit(one[t][0], two[t][0]).largestError).toBe(0);
    expect(compareCredit(one[6][0], two[6][0]).largestError).toBeGreaterThan(0);
  });

  it("tells its input the derivative of the step's loss with the states before it held", () => {
    const params = drawn(Key.of(50));
    const [u, weights] = [inputs(Key.of(51), 3), inputs(Key.of(52), 3)];
    const { feedback } = creditsOf([cell], [params], u, weights);
    const { state } = selectiveScan(cell, params, u.slice([0, 0], [COUNT, 2]));
    const wanted = grad((x: Tensor) => sum(mul(cell.step(params, state, x).y, at(weights, 2))))(at(u, 2));
    expect(compareCredit(feedback[2], wanted).relativeError).toBeLessThan(1e-12);
  });

  it("carries D N (3 + 2 D) numbers a sequence, and no more memory in 2,000 steps than in 20", () => {
    const params = drawn(Key.of(60));
    const rtrl = selectiveRtrl([cell]);
    const run = (steps: number): number => {
      const before = memory.stats().live;
      let carry = { state: rtrl.rest(COUNT) };
      for (let t = 0; t < steps; t++) {
        carry = advance(carry, ({ state }) => ({
          state: rtrl.tick([params], state, random.normal(Key.of(t), [COUNT, 4], f64), (y) => y).state,
        }));
      }
      const numbers = leavesOf("test", carry.state).reduce((total, { tensor }) => total + tensor.size, 0);
      expect(numbers).toBe(COUNT * 4 * 3 * (3 + 2 * 4));
      const grown = memory.stats().live - before;
      for (const { tensor } of leavesOf("test", carry.state)) tensor.dispose();
      return grown;
    };
    expect(run(2000)).toBe(run(20));
  });

  it("without its traces is not the gradient, except of what acts at once", () => {
    const params = drawn(Key.of(70));
    const [u, weights] = [inputs(Key.of(71), 20), inputs(Key.of(72), 20)];
    const { total } = creditsOf([cell], [params], u, weights, { truncated: true });
    const gradient = grad((p: SelectiveParams) => lossOf([cell], [p], u, weights))(params);
    for (const { path, relativeError } of compareCredit(total[0], gradient).parameters) {
      if (path === "c" || path === "d") expect(relativeError, path).toBeLessThan(1e-12);
      else expect(relativeError, path).toBeGreaterThan(0.01);
    }
  });

  it("can be compiled, with the same bits", () => {
    const params = drawn(Key.of(80));
    const rtrl = selectiveRtrl([cell]);
    const u = random.normal(Key.of(81), [COUNT, 4], f64);
    const tick = (p: SelectiveParams, x: Tensor) => rtrl.tick([p], rtrl.rest(COUNT), x, (y) => y).credit[0];
    const program = compile(tick);
    expect(compareCredit(program(params, u), tick(params, u)).largestError).toBe(0);
    program.dispose();
  });
});

describe("several layers", () => {
  it("are exact in the last one, and point the right way in the others in the mean", () => {
    const cells = [cell, cell];
    const lower: number[] = [];
    for (let seed = 0; seed < 10; seed++) {
      scope(() => {
        const [ofParams, ofMore, ofInputs, ofWeights] = Key.of(seed).split(4);
        const params = [drawn(ofParams), drawn(ofMore)];
        const [u, weights] = [inputs(ofInputs, 20), inputs(ofWeights, 20)];
        const { total } = creditsOf(cells, params, u, weights);
        const gradient = grad((p: readonly SelectiveParams[]) => lossOf(cells, p, u, weights))(params);
        expect(compareCredit(total[1], gradient[1]).relativeError).toBeLessThan(1e-9);
        lower.push(compareCredit(total[0], gradient[0]).cosine);
      });
    }
    expect(lower.reduce((a, b) => a + b, 0) / lower.length).toBeGreaterThan(0);
    expect(Math.max(...lower)).toBeLessThan(1 - 1e-6);
  });

  it("are refused if they do not fit", () => {
    expect(() => selectiveRtrl([])).toThrow(/there is no cell/);
    expect(() => selectiveRtrl([cell, selectiveCell(5, f64)])).toThrow(/cells of 4, 5 channels in a row/);
    const rtrl = selectiveRtrl([cell]);
    expect(() => rtrl.tick([], rtrl.rest(1), inputs(Key.of(0), 1), (y) => y)).toThrow(
      /parameters of 0 layers for 1 cells/,
    );
    expect(() => rtrl.tick([drawn(Key.of(0))], [], inputs(Key.of(0), 1), (y) => y)).toThrow(/the state of 0 layers/);
  });
});
