// A lifetime in float64 and plain loops, written from the specification (spec A.2, A.4, B.2, B.8) and from nothing else:
// every motif is the matrix that the paper prints. The oracle of the lifetime tests.

export type Matrix = number[][];
export type Synapse = "linear" | "chemical" | "momentum" | "gated" | "cascade";

export interface Rule64 {
  readonly P: Matrix[];
  readonly K: Matrix[];
  readonly v: number[][];
  /** Of each layer: chemicals, rows, columns, of which rows and columns may be 1. */
  readonly b: number[][][][];
  /** 1/32 of what is added to the logits of z and taken off those of y. */
  readonly tau?: number[][];
  /** Gates. */
  readonly s?: Matrix[];
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
  /** Of a cascade, whose P has one row. */
  readonly chemicals?: number;
  readonly tau?: readonly [number, number];
  /** Errors jump from the output to every layer. */
  readonly direct?: boolean;
  /** Feedback has the signs of the weights. */
  readonly signs?: boolean;
  /** The feedback weights' own rule. */
  readonly plastic?: {
    readonly synapse: Synapse;
    readonly motifs: readonly number[];
    readonly y: readonly number[];
    readonly z: readonly number[];
    readonly rule: { readonly P: Matrix[]; readonly K: Matrix[]; readonly v: number[][] };
  };
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
  direct = false,
): number[][] {
  const last = y.length - 1;
  const e: number[][] = [];
  e[last] = output;
  for (let layer = last - 1; layer >= 0; layer--) {
    const back = times(transposed(feedback[layer]), e[direct ? last : layer + 1]);
    e[layer] = back.map((x, i) => x * (ungated && layer === 0 ? 1 : 1 - Math.exp(-beta * y[layer][i])));
  }
  return e;
}

interface State64 {
  readonly w: Matrix;
  readonly h: Matrix[];
}

/** A rule of one layer, and what drives it. */
interface Layer64 {
  readonly synapse: Synapse;
  readonly chemicals: number;
  readonly output: "tanh" | "identity";
  readonly squash: (x: number) => number;
  readonly keep: readonly number[];
  readonly gain: readonly number[];
  readonly k: Matrix;
  readonly v: readonly number[];
  readonly b?: number[][][] | undefined;
  /** Gates (spec E.1): rows a_Y and a_Z of each chemical. */
  readonly s?: Matrix | undefined;
  /** Only chemical 0 begins with the initial weight. */
  readonly first?: boolean;
  readonly tau?: readonly [number, number];
}

const readOut = (h: readonly Matrix[], v: readonly number[]): Matrix =>
  matrix(h[0].length, h[0][0].length, (i, j) => h.reduce((total, own, c) => total + v[c] * own[i][j], 0));

const logit = (x: number): number => Math.log(x / (1 - x));
const sigmoid = (x: number): number => 1 / (1 + Math.exp(-x));
/** sigmoid(logit(x) + a), and 1 where x is. */
const shifted = (x: number, a: number): number => (x === 1 ? 1 : sigmoid(logit(x) + a));

function begin(w: Matrix, { synapse, chemicals, v, first }: Layer64): State64 {
  const h = range(chemicals).map((c) =>
    w.map((row) => row.map((x) => (synapse === "momentum" || (first && c > 0) ? 0 : x))),
  );
  return { w: synapse === "chemical" || synapse === "gated" ? readOut(h, v) : w, h };
}

/** One step; `drive(c, i, j)` is (P F)_c and `seen(i, j)` what gates see besides chemicals: [w, ePre, e, yPre, y, 1]. */
function step(
  { w, h }: State64,
  layer: Layer64,
  drive: (c: number, i: number, j: number) => number,
  seen: (i: number, j: number) => number[],
): State64 {
  const { synapse, chemicals, keep, gain, k, v, b, s, squash, tau } = layer;
  const of = (f: (i: number, j: number) => number): Matrix => matrix(w.length, w[0].length, f);
  if (synapse === "linear") return { w: of((i, j) => w[i][j] + drive(0, i, j)), h };
  if (synapse === "cascade") {
    // Benna and Fusi's equations with C_k = n^k, g_k = 1 / (tau_min n^k), dt = 1, after the drive.
    const [low, high] = tau!;
    const n = chemicals > 1 ? (high / low) ** (1 / (2 * (chemicals - 1))) : 1;
    const u = h.map((own, c) => of((i, j) => own[i][j] + (c === 0 ? drive(0, i, j) : 0)));
    const g = (c: number): number => (c < 0 || c >= chemicals - 1 ? 0 : 1 / (low * n ** c));
    const next = u.map((own, c) =>
      of((i, j) => {
        const below = c > 0 ? g(c - 1) * (u[c - 1][i][j] - own[i][j]) : 0;
        const above = c < chemicals - 1 ? g(c) * (u[c + 1][i][j] - own[i][j]) : 0;
        return own[i][j] + (below + above) / n ** c;
      }),
    );
    return { w: next[0], h: next };
  }
  const next = range(chemicals).map((c) =>
    of((i, j) => {
      let q = drive(c, i, j);
      for (let m = 0; m < chemicals; m++) q += k[c][m] * h[m][i][j];
      if (b) {
        const row = b[c][b[c].length > 1 ? i : 0];
        q += row[row.length > 1 ? j : 0];
      }
      const gate = (row: number): number => (s ? 32 * dot(s[row], [...h.map((own) => own[i][j]), ...seen(i, j)]) : 0);
      const [kept, gained] = [shifted(keep[c], gate(c)), shifted(gain[c], gate(chemicals + c))];
      return kept * h[c][i][j] + gained * squash(q);
    }),
  );
  const out = readOut(next, v);
  if (synapse !== "momentum") return { w: out, h: next };
  const g = layer.output === "tanh" ? Math.tanh : (x: number) => x;
  return { w: of((i, j) => w[i][j] + g(out[i][j])), h: next };
}

/** The weights after the lifetime, and those before each step. */
export function live(life: Life64): { weights: Matrix[]; history: Matrix[][]; feedback: Matrix[] } {
  const { synapse, rule, y: keep, z: gain, squash = Math.tanh, output, plastic } = life;
  const of = <T>(list: readonly T[], layer: number): T => list[list.length === 1 ? 0 : layer];
  const layers = life.weights.map((_, l): Layer64 => {
    const tau = rule.tau && of(rule.tau, l);
    return {
      ...{ synapse, output, squash, k: of(rule.K, l), v: of(rule.v, l), b: rule.b[l], s: rule.s && of(rule.s, l) },
      ...{ chemicals: life.chemicals ?? of(rule.P, l).length, ...(life.tau ? { tau: life.tau } : {}) },
      keep: keep.map((x, c) => shifted(x, -32 * (tau?.[c] ?? 0))),
      gain: gain.map((x, c) => shifted(x, 32 * (tau?.[c] ?? 0))),
    };
  });
  const back = plastic && {
    ...{ synapse: plastic.synapse, output, squash, chemicals: plastic.rule.P[0].length, first: true },
    ...{ keep: plastic.y, gain: plastic.z },
  };
  const backLayers = life.weights.map(
    (_, l): Layer64 | undefined => back && { ...back, k: of(plastic.rule.K, l), v: of(plastic.rule.v, l) },
  );
  let states = life.weights.map((w, l) => begin(w, layers[l]));
  let feedbackStates = life.feedback.map((b, l) => (back ? begin(b, backLayers[l]!) : { w: b, h: [] }));
  const history: Matrix[][] = [];
  life.labels.forEach((label, at) => {
    const weights = states.map(({ w }) => w);
    history.push(weights);
    const { targets, beta, ungated } = life;
    const y = activities(weights, life.images[at], beta, targets && ((z) => z.map(Math.tanh)));
    const error = targets
      ? answers(weights, life.images[at], beta).map((z, i) => z - targets[at][i])
      : y[weights.length].map((p, i) => p - Number(i === label));
    const own = feedbackStates.map(({ w }) => w);
    const signed = (l: number): Matrix =>
      weights[l].map((row, i) => row.map((x, j) => Math.sign(x) * Math.abs(own[l][i][j])));
    const through = life.symmetric
      ? (life.history?.[at] ?? weights)
      : life.signs
        ? weights.map((_, l) => signed(l))
        : own;
    const e = sentBack(y, error, through, beta, ungated, life.direct);
    const drives = (l: number, matrixOf: Matrix, coefficients: Matrix, chosen: readonly number[]) => {
      const all = motifs(y[l + 1], e[l + 1], y[l], e[l], matrixOf);
      return (c: number, i: number, j: number): number =>
        chosen.reduce((total, motif, column) => total + coefficients[c][column] * all[motif][i][j], 0);
    };
    states = states.map((state, l) =>
      step(state, layers[l], drives(l, state.w, of(rule.P, l), life.motifs), (i, j) => [
        ...[state.w[i][j], e[l][j], e[l + 1][i], y[l][j], y[l + 1][i], 1],
      ]),
    );
    if (!plastic) return;
    feedbackStates = feedbackStates.map((state, l) =>
      step(state, backLayers[l]!, drives(l, state.w, of(plastic.rule.P, l), plastic.motifs), () => []),
    );
  });
  return { weights: states.map(({ w }) => w), history, feedback: feedbackStates.map(({ w }) => w) };
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
