// The workloads in jax-js on its WebAssembly backend, each jitted as a whole. An operation uses up its arrays unless it is
// given `.ref`.
import { blockUntilReady, defaultDevice, init, jit, numpy as np, valueAndGrad } from "@jax-js/jax";

await init("wasm");
defaultDevice("wasm");

const SIZES = [784, 170, 130, 100, 70, 47];
const STEPS = 50;
const QUERIES = 50;
const BETA = 10;
const layers = SIZES.length - 1;

const each = (count, f) => Array.from({ length: count }, (_, i) => f(i));
const product = (shape) => shape.reduce((a, b) => a * b, 1);
/** Uniform numbers from low to high. */
const uniform = (shape, low = 0, high = 1) =>
  np.array(Float32Array.from({ length: product(shape) }, () => low + (high - low) * Math.random())).reshape(shape);
const oneHot = (labels) => {
  const rows = new Float32Array(labels.length * SIZES[layers]);
  labels.forEach((label, i) => {
    rows[i * SIZES[layers] + label] = 1;
  });
  return np.array(rows).reshape([labels.length, SIZES[layers]]);
};
const softplus = (x) => np.log(np.exp(x.mul(BETA)).add(1)).div(BETA);

/** h' and w' of one layer. */
function layer({ K, P, b, v, y, z }, [nOut, nIn], h, w, ePost, ePre, yPre, yPost) {
  const gradient = np.outer(ePost.ref, yPre.ref).neg();
  const hebb = np.outer(ePost, ePre).neg();
  const expected = np.matmul(yPost.ref, w);
  const oja = np.outer(yPost, yPre.sub(expected));
  const motifs = np.stack([gradient, hebb, oja].map((motif) => motif.reshape([nOut * nIn])));
  const s = np.tanh(np.matmul(K, h.ref).add(np.matmul(P, motifs)).add(b));
  const next = y.mul(h).add(z.mul(s));
  return [next, np.matmul(v, next.ref).reshape([nOut, nIn])];
}

function lifetime(chemicals) {
  const scale = each(chemicals, (c) => 50 ** (-c / chemicals));
  const z = np.array(scale).reshape([chemicals, 1]);
  const y = np.array(scale.map((x, c) => (c === 0 ? 1 : 1 - x))).reshape([chemicals, 1]);
  const rule = {
    K: np.zeros([chemicals, chemicals]),
    P: np.full([chemicals, 3], 1e-3),
    v: np.full([chemicals], 1 / chemicals),
    b: each(layers, () => np.zeros([chemicals, 1])),
  };
  const refs = ({ K, P, v, b }) => ({ K: K.ref, P: P.ref, v: v.ref, b: b.map((x) => x.ref) });
  const shapes = each(layers, (i) => [SIZES[i + 1], SIZES[i]]);
  const spread = (shape, bound) => uniform(shape, -bound, bound);
  const feedback = shapes.map((shape) => spread(shape, 1 / Math.sqrt(shape[1])));
  const start = shapes.map((shape) => spread(shape, Math.sqrt(6 / (shape[0] + shape[1]))));
  const images = each(STEPS, () => uniform([SIZES[0]]));
  const targets = each(STEPS, (t) => oneHot([t % 5]).reshape([SIZES[layers]]));
  const queries = uniform([QUERIES, SIZES[0]]);
  const answers = oneHot(each(QUERIES, (i) => i % 5));

  const step = (hs, ws, { K, P, v, b }, image, target) => {
    const a = [image];
    for (let i = 0; i < layers; i++) {
      const u = np.matmul(ws[i].ref, a[i].ref);
      if (i < layers - 1) a.push(softplus(u));
      else {
        const powers = np.exp(u);
        a.push(powers.ref.div(np.sum(powers)));
      }
    }
    const e = [];
    e[layers] = a[layers].ref.sub(target);
    for (let i = layers - 1; i >= 0; i--) {
      const sent = np.matmul(e[i + 1].ref, feedback[i].ref);
      e[i] = i > 0 ? sent.mul(np.exp(a[i].ref.mul(-BETA)).neg().add(1)) : sent;
    }
    const next = shapes.map((shape, i) => {
      const part = { K: K.ref, P: P.ref, b: b[i].ref, v: v.ref, y: y.ref, z: z.ref };
      return layer(part, shape, hs[i], ws[i], e[i + 1].ref, e[i].ref, a[i].ref, a[i + 1].ref);
    });
    for (const x of [...a, ...e]) x.dispose();
    return [next.map(([h]) => h), next.map(([, w]) => w)];
  };
  const loss = (r) => {
    let hs = start.map((w, i) => np.tile(w.ref.reshape([1, product(shapes[i])]), [chemicals, 1]));
    let ws = hs.map((h, i) => np.matmul(r.v.ref, h.ref).reshape(shapes[i]));
    for (let t = 0; t < STEPS; t++) [hs, ws] = step(hs, ws, refs(r), images[t].ref, targets[t].ref);
    let a = queries.ref;
    for (let i = 0; i < layers; i++) {
      a = np.matmul(a, np.transpose(ws[i]));
      if (i < layers - 1) a = softplus(a);
    }
    const powers = np.exp(a);
    const answer = powers.ref.div(np.sum(powers, 1, { keepdims: true }));
    return np.sum(np.log(answer).mul(answers.ref)).mul(-1 / QUERIES);
  };
  const differentiate = jit(valueAndGrad(loss));
  return () => {
    const [value, { K, P, v, b }] = differentiate(refs(rule));
    value.js();
    P.js();
    for (const x of [K, v, ...b]) x.dispose();
  };
}

function matmul(n) {
  const a = uniform([n, n]);
  const b = uniform([n, n]);
  const multiply = jit((x, y) => np.matmul(x, y));
  return async () => {
    const c = multiply(a.ref, b.ref);
    await blockUntilReady(c);
    c.dispose();
  };
}

function smallLoop() {
  const w0 = uniform([32, 32], -0.1, 0.1);
  const x = uniform([16, 32], -1, 1);
  const t = uniform([16, 32], -1, 1);
  const rule = { rate: np.array(0.01), decay: np.array(0.02) };
  const differentiate = jit(
    valueAndGrad(({ rate, decay }) => {
      let w = w0.ref;
      for (let step = 0; step < 50; step++) {
        const y = np.tanh(np.matmul(x.ref, w.ref));
        const hebb = np.matmul(np.transpose(x.ref), t.ref.sub(y));
        w = w.ref.add(hebb.mul(rate.ref)).sub(w.mul(decay.ref));
      }
      return np.mean(np.square(np.tanh(np.matmul(x.ref, w)).sub(t.ref)));
    }),
  );
  return () => {
    const [value, { rate, decay }] = differentiate({ rate: rule.rate.ref, decay: rule.decay.ref });
    value.js();
    rate.js();
    decay.js();
  };
}

export default { lifetime, matmul, "small-loop": smallLoop };
