// One row of `flat`: which network, how the steps go ("sync" or "async"), how many, and who frees ("advance" or "collector").
import { advance, grad, Key, random, scope, type Tensor } from "../../src/index.js";
import { adam } from "../../src/optim/index.js";
import { figure } from "../harness.js";

const [network, mode, steps, frees] = process.argv.slice(2);
const [inputs, hidden, outputs, batch] = network.split("-").map(Number);
const [a, b, c] = Key.of(0).split(3);
const x = random.normal(c, [batch, inputs]);
interface Net {
  h: Tensor;
  o: Tensor;
}
const params: Net = {
  h: random.normal(a, [inputs, hidden], { std: 0.05 }),
  o: random.normal(b, [hidden, outputs], { std: 0.1 }),
};
const loss = ({ h, o }: Net): Tensor => x.matmul(h).tanh().matmul(o).square().mean();
const optimizer = adam({ lr: 1e-3 });
let carry = { params, state: optimizer.init(params) };
type Carry = typeof carry;
const step = ({ params, state }: Carry): Carry => optimizer.step(params, grad(loss)(params), state);

const residentMB: Record<string, number> = {};
const begin = performance.now();
for (let k = 1; k <= Number(steps); k++) {
  const before = carry;
  carry = frees === "advance" ? advance(before, step) : scope(() => step(before));
  if (mode === "async") await new Promise(setImmediate);
  if (/^10+$/.test(String(k))) residentMB[k] = Math.round(process.memoryUsage().rss / 2 ** 20);
}
const milliseconds = figure((performance.now() - begin) / Number(steps));
console.log(JSON.stringify({ bench: "flat", network, mode, steps: Number(steps), frees, residentMB, milliseconds }));
