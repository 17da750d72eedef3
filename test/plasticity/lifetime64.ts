// A lifetime in float64 and plain loops, written from the specification (spec A.2, A.4, B.2, B.8) and from nothing else:
// every motif is the matrix that the paper prints. The oracle of the lifetime tests.

export type Matrix = number[][];
export type Synapse = "linear" | "chemical" | "momentum";

export interface Rule64 {
  readonly P: Matrix[];
  readonly K: Matrix[];
  readonly v: number[][];
  /** Of each layer: chemicals, rows, columns, of which rows and columns may be 1. */
  readonly b: number[][][][];
}

export interface Life64 {
  readonly synapse: Synapse;
  readonly output: "tanh" | "identity";
  /** What squashes a chemical's drive: tanh, or nothing for comparisons with a linear theory. */
  readonly squash?: (x: number) => number;
  readonly motifs: readonly number[];
  readonly symmetric: boolean;
  readonly beta: number;
  readonly y: readonly number[];
  readonly z: readonly number[];
  readonly rule: Rule64;
  readonly weights: Matrix[];
  readonly feedback: Matrix[];
  readonly images: Matrix;
  readonly labels: readonly number[];
  /** What a linear head is to say at each step; without them the head is softmax. */
  readonly targets?: Matrix;
  /** Whether the input's error is gated as that of a softplus unit; so if left out. */
  readonly ungated?: boolean;
  /** The weights that symmetric feedback uses at each step, where they are to be held fixed for differences. */
  readonly history?: Matrix[][];
}

const range = (n: number): number[] => Array.from({ length: n }, (_, i) => i);
const dot = (a: readonly number[], b: readonly number[]): number => a.reduce((total, x, i) => total + x * b[i], 0);
const times = (a: Matrix, x: readonly number[]): number[] => a.map((row) => dot(row, x));
const transposed = (a: Matrix): Matrix => a[0].map((_, j) => a.map((row) => row[j]));
const matrix = (rows: number, columns: number, of: (i: number, j: number) => number): Matrix =>
  range(rows).map((i) => range(columns).map((j) => of(i, j)));

export const softplus = (x: number, beta: number): number =>
  Math.max(x, 0) + Math.log1p(Math.exp(-Math.abs(beta * x))) / beta;

export function softmax(z: readonly number[]): number[] {
  const most = Math.max(...z);
  const powers = z.map((x) => Math.exp(x - most));
  const total = powers.reduce((a, b) => a + b, 0);
  return powers.map((x) => x / total);
}

/** F0 .. F9, signs included (spec A.4). */
export function motifs(
  y: readonly number[],
  e: readonly number[],
  yPre: readonly number[],
  ePre: readonly number[],
  w: Matrix,
): Matrix[] {
  const of = (f: (i: number, j: number) => number): Matrix => matrix(y.length, yPre.length, f);
  const m = y.reduce((total, x) => total + x, 0);
  const yWe = dot(y, times(w, ePre));
  const yWtE = dot(yPre, times(transposed(w), e));
  const wtY = times(transposed(w), y);
  return [
    of((i, j) => -e[i] * yPre[j]),
    of((i, j) => -y[i] * ePre[j]),
    of((i, j) => -e[i] * ePre[j]),
    of((i, j) => -w[i][j]),
    of((_, j) => -ePre[j]),
    of((i, j) => -e[i] * m * yPre[j]),
    of((i, j) => -y[i] * yWe * ePre[j]),
    of((i, j) => -e[i] * yWe * yPre[j]),
    of((i, j) => -y[i] * yWtE * ePre[j]),
    of((i, j) => y[i] * yPre[j] - y[i] * wtY[j]),
  ];
}

/** Activities y_0 .. y_L, the last of them softmax probabilities, or `output` of z. */
export function activities(
  weights: readonly Matrix[],
  image: readonly number[],
  beta: number,
  output: (z: readonly number[]) => number[] = softmax,
): number[][] {
  const y = [[...image]];
  weights.forEach((w, layer) => {
    const z = times(w, y[layer]);
    y.push(layer === weights.length - 1 ? output(z) : z.map((x) => softplus(x, beta)));
  });
  return y;
}

/** z of the last layer. */
const answers = (weights: readonly Matrix[], image: readonly number[], beta: number): number[] =>
  activities(weights, image, beta, (z) => [...z])[weights.length];

/** Errors e_0 .. e_L for a softmax head. */
export function errors(y: readonly number[][], feedback: readonly Matrix[], label: number, beta: number): number[][] {
  const last = y[y.length - 1].map((p, i) => p - Number(i === label));
  return sentBack(y, last, feedback, beta);
}

/** Errors e_0 .. e_L from e_L. */
function sentBack(
  y: readonly number[][],
  output: number[],
  feedback: readonly Matrix[],
  beta: number,
  ungated = false,
): number[][] {
  const last = y.length - 1;
  const e: number[][] = [];
  e[last] = output;
  for (let layer = last - 1; layer >= 0; layer--) {
    const back = times(transposed(feedback[layer]), e[layer + 1]);
    e[layer] = back.map((x, i) => x * (ungated && layer === 0 ? 1 : 1 - Math.exp(-beta * y[layer][i])));
  }
  return e;
}

/** The weights after the lifetime, and those before each step. */
export function live(life: Life64): { weights: Matrix[]; history: Matrix[][] } {
  const { synapse, rule, y: keep, z: gain, squash = Math.tanh } = life;
  const chemicals = rule.P[0].length;
  const of = <T>(list: readonly T[], layer: number): T => list[list.length === 1 ? 0 : layer];
  const readOut = (h: readonly Matrix[], v: readonly number[]): Matrix =>
    matrix(h[0].length, h[0][0].length, (i, j) => h.reduce((total, own, c) => total + v[c] * own[i][j], 0));
  const h = life.weights.map((w) =>
    range(chemicals).map(() => w.map((row) => row.map((x) => (synapse === "momentum" ? 0 : x)))),
  );
  let weights = life.weights.map((w, l) => (synapse === "chemical" ? readOut(h[l], of(rule.v, l)) : w));
  const history: Matrix[][] = [];
  life.labels.forEach((label, step) => {
    history.push(weights);
    const { targets, beta, ungated } = life;
    const y = activities(weights, life.images[step], beta, targets && ((z) => z.map(Math.tanh)));
    const error = targets
      ? answers(weights, life.images[step], beta).map((z, i) => z - targets[step][i])
      : y[weights.length].map((p, i) => p - Number(i === label));
    const feedback = life.symmetric ? (life.history?.[step] ?? weights) : life.feedback;
    const e = sentBack(y, error, feedback, beta, ungated);
    weights = weights.map((w, l) => {
      const all = motifs(y[l + 1], e[l + 1], y[l], e[l], w);
      const p = of(rule.P, l);
      const drive = (c: number, i: number, j: number): number =>
        life.motifs.reduce((total, motif, column) => total + p[c][column] * all[motif][i][j], 0);
      if (synapse === "linear") return matrix(w.length, w[0].length, (i, j) => w[i][j] + drive(0, i, j));
      const k = of(rule.K, l);
      const b = rule.b[l];
      h[l] = range(chemicals).map((c) =>
        matrix(w.length, w[0].length, (i, j) => {
          let q = drive(c, i, j);
          for (let m = 0; m < chemicals; m++) q += k[c][m] * h[l][m][i][j];
          if (b) {
            const row = b[c][b[c].length > 1 ? i : 0];
            q += row[row.length > 1 ? j : 0];
          }
          return keep[c] * h[l][c][i][j] + gain[c] * squash(q);
        }),
      );
      const out = readOut(h[l], of(rule.v, l));
      if (synapse === "chemical") return out;
      const g = life.output === "tanh" ? Math.tanh : (x: number) => x;
      return matrix(w.length, w[0].length, (i, j) => w[i][j] + g(out[i][j]));
    });
  });
  return { weights, history };
}

/** Mean cross-entropy of the network on images. */
export function lossOf(weights: readonly Matrix[], images: Matrix, labels: readonly number[], beta: number): number {
  const total = images.reduce((sum, image, i) => {
    return sum - Math.log(activities(weights, image, beta)[weights.length][labels[i]]);
  }, 0);
  return total / images.length;
}

/** Half the mean square of what is missing to the targets. */
export function squaredLossOf(weights: readonly Matrix[], images: Matrix, targets: Matrix, beta: number): number {
  const squares = images.flatMap((image, i) =>
    answers(weights, image, beta).map((z, unit) => (z - targets[i][unit]) ** 2),
  );
  return squares.reduce((total, x) => total + x, 0) / squares.length / 2;
}
