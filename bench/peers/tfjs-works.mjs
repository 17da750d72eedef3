// The workloads in TensorFlow.js, given the library: in Node and in a page it is loaded in different ways.

const SIZES = [784, 170, 130, 100, 70, 47];
const STEPS = 50;
const QUERIES = 50;
const BETA = 10;
const layers = SIZES.length - 1;

/** @param convolutions those of convolutions.json. */
export function worksOf(tf, convolutions) {
  const each = (count, f) => Array.from({ length: count }, (_, i) => f(i));
  const oneHot = (labels) => tf.cast(tf.oneHot(tf.tensor1d(labels, "int32"), SIZES[layers]), "float32");
  const softplus = (x) => tf.div(tf.log(tf.add(tf.exp(tf.mul(x, BETA)), 1)), BETA);
  const softmax = (x, axis) => {
    const powers = tf.exp(x);
    return tf.div(powers, tf.sum(powers, axis, true));
  };

  function lifetime(chemicals) {
    const z = each(chemicals, (c) => 50 ** (-c / chemicals));
    const zColumn = tf.tensor2d(z, [chemicals, 1]);
    const yColumn = tf.tensor2d(
      z.map((x, c) => (c === 0 ? 1 : 1 - x)),
      [chemicals, 1],
    );
    const rule = [
      tf.zeros([chemicals, chemicals]),
      tf.fill([chemicals, 3], 1e-3),
      tf.fill([1, chemicals], 1 / chemicals),
      ...each(layers, () => tf.zeros([chemicals, 1])),
    ];
    const shapes = each(layers, (i) => [SIZES[i + 1], SIZES[i]]);
    const feedback = shapes.map(([nOut, nIn]) => tf.randomNormal([nOut, nIn], 0, 1 / Math.sqrt(nIn)));
    const start = shapes.map(([nOut, nIn]) => {
      const bound = Math.sqrt(6 / (nOut + nIn));
      return tf.randomUniform([nOut, nIn], -bound, bound);
    });
    const images = each(STEPS, () => tf.randomUniform([SIZES[0], 1]));
    const targets = each(STEPS, (t) => tf.transpose(oneHot([t % 5])));
    const queries = tf.randomUniform([QUERIES, SIZES[0]]);
    const answers = oneHot(each(QUERIES, (i) => i % 5));

    const loss = (K, P, v, ...b) => {
      const read = (h, i) => tf.reshape(tf.matMul(v, h), shapes[i]);
      let h = start.map((w) => tf.tile(tf.reshape(w, [1, -1]), [chemicals, 1]));
      let W = h.map(read);
      for (let t = 0; t < STEPS; t++) {
        const a = [images[t]];
        for (let i = 0; i < layers; i++) {
          const u = tf.matMul(W[i], a[i]);
          a.push(i < layers - 1 ? softplus(u) : softmax(u, 0));
        }
        const e = [];
        e[layers] = tf.sub(a[layers], targets[t]);
        for (let i = layers - 1; i >= 0; i--) {
          const sent = tf.matMul(feedback[i], e[i + 1], true, false);
          e[i] = i > 0 ? tf.mul(sent, tf.sub(1, tf.exp(tf.mul(a[i], -BETA)))) : sent;
        }
        h = h.map((before, i) => {
          const row = tf.transpose(a[i]);
          const gradient = tf.neg(tf.matMul(e[i + 1], row));
          const hebb = tf.neg(tf.matMul(e[i + 1], tf.transpose(e[i])));
          const oja = tf.sub(tf.matMul(a[i + 1], row), tf.matMul(a[i + 1], tf.matMul(tf.transpose(a[i + 1]), W[i])));
          const motifs = tf.stack([gradient, hebb, oja].map((motif) => tf.reshape(motif, [-1])));
          const q = tf.add(tf.add(tf.matMul(K, before), tf.matMul(P, motifs)), b[i]);
          return tf.add(tf.mul(yColumn, before), tf.mul(zColumn, tf.tanh(q)));
        });
        W = h.map(read);
      }
      const logits = W.reduce((a, w, i) => {
        const u = tf.matMul(a, w, false, true);
        return i < layers - 1 ? softplus(u) : u;
      }, queries);
      return tf.neg(tf.mean(tf.sum(tf.mul(answers, tf.log(softmax(logits, 1))), 1)));
    };
    const differentiate = tf.valueAndGrads(loss);
    return () =>
      tf.tidy(() => {
        const { value, grads } = differentiate(rule);
        value.dataSync();
        grads[1].dataSync();
      });
  }

  function matmul(n) {
    const a = tf.randomUniform([n, n]);
    const b = tf.randomUniform([n, n]);
    return () => tf.tidy(() => void tf.matMul(a, b));
  }

  /** Calls the kernels in the same way as the gradients do. */
  function convolution(index, toImage) {
    const { batch, side, channels, outputs, kernel } = convolutions[index];
    const image = tf.randomUniform([batch, side, side, channels]);
    const filter = tf.randomUniform([kernel, kernel, channels, outputs]);
    if (!toImage) return () => tf.tidy(() => void tf.conv2d(image, filter, 1, "same"));
    const cotangent = tf.randomUniform([batch, side, side, outputs]);
    return () => tf.tidy(() => void tf.conv2dTranspose(cotangent, filter, image.shape, 1, "same"));
  }

  function smallLoop() {
    const w0 = tf.randomNormal([32, 32], 0, 0.1);
    const x = tf.randomNormal([16, 32]);
    const t = tf.randomUniform([16, 32], -1, 1);
    const rule = [tf.scalar(0.01), tf.scalar(0.02)];
    const differentiate = tf.valueAndGrads((rate, decay) => {
      let w = w0;
      for (let step = 0; step < 50; step++) {
        const y = tf.tanh(tf.matMul(x, w));
        const hebb = tf.matMul(x, tf.sub(t, y), true, false);
        w = tf.sub(tf.add(w, tf.mul(hebb, rate)), tf.mul(w, decay));
      }
      return tf.mean(tf.square(tf.sub(tf.tanh(tf.matMul(x, w)), t)));
    });
    return () =>
      tf.tidy(() => {
        const { value, grads } = differentiate(rule);
        value.dataSync();
        for (const grad of grads) grad.dataSync();
      });
  }

  return {
    lifetime,
    matmul,
    "small-loop": smallLoop,
    conv2d: (index) => convolution(index, false),
    "conv2d-image": (index) => convolution(index, true),
  };
}
