// What int32 computes with. Integers are labels, places and counts, so plain loops serve; they are exact, and a result that
// does not fit is an error, never another number. Arguments are those of the kernels of floats with the same names.
import { quote } from "./quote.js";
import type { Kernels } from "./wasm.js";

/** Kernels that move elements of four bytes and do not look at them. */
const MOVING = ["copy", "copyStrided", "take", "takeAlong", "transpose", "firstDifference"] as const;

/** The kernels of int32: those of floats that integers have too. `div` is the largest whole number below the quotient. */
export type IntegerKernels = Pick<
  Kernels,
  | (typeof MOVING)[number]
  | ("fill" | "where" | "takeAdd" | "takeAlongAdd")
  | ("add" | "sub" | "mul" | "div" | "mod" | "maximum" | "minimum" | "greater" | "equal")
  | ("neg" | "abs" | "sign" | "square" | "addScalar" | "mulScalar")
  | ("sum" | "max" | "prod" | "argmax" | "cumsum" | "cumprod" | "argsort")
>;

/** Throws unless each of the numbers is one of int32's. */
export function checkIntegers(numbers: ArrayLike<number>): void {
  if (numbers instanceof Int32Array) return;
  for (let i = 0; i < numbers.length; i++) {
    if (typeof numbers[i] !== "number") {
      throw new TypeError(`[tensor] ${quote(numbers[i])} at ${i} is no number. Write Number(x).`);
    }
    // Only whole numbers of 32 bits survive it.
    if ((numbers[i] | 0) === numbers[i]) continue;
    const cure = Number.isInteger(numbers[i]) ? "Use float32." : "Round it first, or use float32.";
    throw new RangeError(
      `[tensor] ${quote(numbers[i])} at ${i} is no int32: whole numbers from -2147483648 to 2147483647 are. ${cure}`,
    );
  }
}

/** `y` as a result of `op`. Throws if int32 does not hold it. */
function fitted(op: string, y: number): number {
  if ((y | 0) === y) return y;
  throw new RangeError(
    `[${op}] a result is ${y}, and int32 holds -2147483648 to 2147483647. Use cast(x, "float64") before.`,
  );
}

/** Throws unless the number beside a tensor is a whole one: the result has to be. */
function whole(op: string, c: number): void {
  if (Number.isInteger(c)) return;
  throw new RangeError(`[${op}] ${quote(c)} beside int32 is no whole number. Use cast(x, "float32") first.`);
}

/** The divisor. Throws for 0. */
function divisor(op: string, b: number): number {
  if (b !== 0) return b;
  throw new RangeError(`[${op}] int32 has no number for a division by 0. Leave it out with where(), or use float32.`);
}

/** The largest whole number that is not above a / b. */
const floored = (a: number, b: number): number => Math.floor(a / divisor("floorDiv", b));

/** a - b floor(a / b), with the sign of b. */
function remainder(a: number, b: number): number {
  const rest = a % divisor("mod", b);
  return rest !== 0 && rest < 0 !== b < 0 ? rest + b : rest;
}

/** The kernels of int32 over the memory that `view` gives, where those of floats move four bytes. */
export function integerKernels(view: () => Int32Array, floats: Kernels): IntegerKernels {
  const grid =
    (op: string, f: (a: number, b: number) => number): Kernels["add"] =>
    (out, a, b, rows, cols, aRow, aCol, bRow, bCol) => {
      const [memory, to, left, right] = [view(), out / 4, a / 4, b / 4];
      for (let i = 0; i < rows; i++) {
        for (let j = 0; j < cols; j++) {
          const y = f(memory[left + i * aRow + j * aCol], memory[right + i * bRow + j * bCol]);
          memory[to + i * cols + j] = fitted(op, y);
        }
      }
    };
  const each =
    (op: string, f: (x: number, c: number) => number) =>
    (out: number, x: number, n: number, c = 0): void => {
      const [memory, to, from] = [view(), out / 4, x / 4];
      whole(op, c);
      for (let i = 0; i < n; i++) memory[to + i] = fitted(op, f(memory[from + i], c));
    };
  /** out (outer, inner) = what `f` makes of each row along the axis of x (outer, axis, inner), given by its elements. */
  const reduction =
    (f: (at: (i: number) => number, length: number) => number): Kernels["sum"] =>
    (out, x, outer, axis, inner) => {
      const memory = view();
      for (let lane = 0; lane < outer * inner; lane++) {
        const first = x / 4 + Math.floor(lane / inner) * axis * inner + (lane % inner);
        memory[out / 4 + lane] = f((i) => memory[first + i * inner], axis);
      }
    };
  /** out (outer, axis, inner) += x (outer, n, inner) at the places that `place` names. */
  const added =
    (place: (index: Int32Array, first: number, i: number, lane: number) => number): Kernels["takeAdd"] =>
    (out, x, index, outer, axis, n, inner) => {
      const memory = view();
      for (let o = 0; o < outer; o++) {
        for (let i = 0; i < n; i++) {
          for (let k = 0; k < inner; k++) {
            const flat = (o * n + i) * inner + k;
            const at = out / 4 + (o * axis + place(memory, index / 4, i, flat)) * inner + k;
            memory[at] = fitted("scatterAdd", memory[at] + memory[x / 4 + flat]);
          }
        }
      }
    };
  /** out = what `f` makes of the result so far and the next element, along the axis. */
  const running =
    (op: string, begin: number, f: (total: number, x: number) => number) =>
    (out: number, x: number, outer: number, axis: number, inner: number, backward = 0): void => {
      const memory = view();
      for (let lane = 0; lane < outer * inner; lane++) {
        const first = Math.floor(lane / inner) * axis * inner + (lane % inner);
        let total = begin;
        for (let i = 0; i < axis; i++) {
          const at = first + (backward ? axis - 1 - i : i) * inner;
          total = fitted(op, f(total, memory[x / 4 + at]));
          memory[out / 4 + at] = total;
        }
      }
    };
  const moving = Object.fromEntries(MOVING.map((name) => [name, floats[name]]));
  return {
    ...(moving as Pick<Kernels, (typeof MOVING)[number]>),
    fill(out, n, value) {
      checkIntegers([value]);
      view().fill(value, out / 4, out / 4 + n);
    },
    where(out, condition, a, b, n) {
      const memory = view();
      for (let i = 0; i < n; i++) memory[out / 4 + i] = memory[(memory[condition / 4 + i] === 0 ? b : a) / 4 + i];
    },
    takeAdd: added((memory, first, i) => memory[first + i]),
    takeAlongAdd: added((memory, first, _, flat) => memory[first + flat]),
    add: grid("add", (a, b) => a + b),
    sub: grid("sub", (a, b) => a - b),
    mul: grid("mul", (a, b) => a * b),
    div: grid("floorDiv", floored),
    mod: grid("mod", remainder),
    maximum: grid("maximum", Math.max),
    minimum: grid("minimum", Math.min),
    greater: grid("greater", (a, b) => Number(a > b)),
    equal: grid("equal", (a, b) => Number(a === b)),
    neg: each("neg", (x) => -x),
    abs: each("abs", Math.abs),
    sign: each("sign", Math.sign),
    square: each("square", (x) => x * x),
    addScalar: each("add", (x, c) => x + c),
    mulScalar: each("mul", (x, c) => x * c),
    sum: reduction((at, length) => {
      // In halves of 16 bits, so that no sum on the way leaves the whole numbers that JavaScript has.
      let [high, low] = [0, 0];
      for (let i = 0; i < length; i++) {
        high += at(i) >> 16;
        low += at(i) & 0xffff;
      }
      return fitted("sum", high * 2 ** 16 + low);
    }),
    max: reduction((at, length) => {
      let most = at(0);
      for (let i = 1; i < length; i++) most = Math.max(most, at(i));
      return most;
    }),
    prod: reduction((at, length) => {
      let product = 1;
      for (let i = 0; i < length; i++) if (at(i) === 0) return 0;
      for (let i = 0; i < length; i++) product = fitted("prod", product * at(i));
      return product;
    }),
    argmax(out, x, rows, cols) {
      const places = reduction((at, length) => {
        let best = 0;
        for (let i = 1; i < length; i++) if (at(i) > at(best)) best = i;
        return best;
      });
      places(out, x, rows, cols, 1);
    },
    cumsum: running("cumsum", 0, (total, x) => total + x),
    cumprod: running("cumprod", 1, (total, x) => total * x),
    argsort(out, x, _, outer, axis, inner, count, descending) {
      const memory = view();
      for (let lane = 0; lane < outer * inner; lane++) {
        const [o, k] = [Math.floor(lane / inner), lane % inner];
        const value = (i: number): number => memory[x / 4 + (o * axis + i) * inner + k];
        const order = Array.from({ length: axis }, (_, i) => i);
        order.sort((a, b) => (descending ? value(b) - value(a) : value(a) - value(b)));
        for (let i = 0; i < count; i++) memory[out / 4 + (o * count + i) * inner + k] = order[i];
      }
    },
  };
}
