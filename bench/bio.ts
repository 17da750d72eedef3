// The cost of biological mechanisms: training steps with each mechanism and with all, alternating with the same step
// without any.
import { type BioOptions, bio, mechanisms, withMechanisms } from "../src/bio/index.js";
import { leavesOf } from "../src/core/index.js";
import { Key, random, scope, tensor, valueAndGrad } from "../src/index.js";
import { activation, classification, dense, network, type Params } from "../src/nn/index.js";
import { adam, type Optimizer } from "../src/optim/index.js";
import { figure, type Row } from "./harness.js";

const BATCH = 64;
/** The number of steps after which even the rarest mechanism has acted. */
const STEPS = 500;
/** Steps per turn, so that all sides get the same load of the machine. */
const TURN = 10;

/** A training that can be continued: each call runs some steps. Without options the optimizer is plain Adam. */
function training(options?: BioOptions): (steps: number) => void {
  const he = { init: "heUniform" } as const;
  const relu = activation("relu");
  const net = network({ input: [784], layers: [dense(256, he), relu, dense(128, he), relu, dense(10)] });
  const optimizer = adam({ lr: 1e-3 });
  const alive = bio(net, options ?? {}, optimizer);
  const x = random.uniform(Key.of(1), [BATCH, 784]);
  const y = tensor(
    Int32Array.from({ length: BATCH }, (_, i) => i % 10),
    { dtype: "int32" },
  );
  const params = alive.network.init(Key.of(0));
  const start = options ? alive.observe(params, alive.init(params), x) : optimizer.init(params);
  const { step } = (options ? alive : optimizer) as Optimizer<Params, object>;
  let now = { params, state: start as object };
  return (steps) => {
    for (let k = 0; k < steps; k++) {
      const before = now;
      now = scope(() => {
        const loss = (p: Params) => classification(alive.network.apply(p, x), y);
        return step(before.params, valueAndGrad(loss)(before.params).grad, before.state);
      });
      const kept = new Set(leavesOf("bench", now).map(({ tensor }) => tensor));
      for (const { tensor } of leavesOf("bench", before)) if (!kept.has(tensor)) tensor.dispose();
    }
  };
}

export function* bioBench(): Iterable<Row> {
  const sides = [
    { name: "plain Adam", options: undefined },
    { name: "none", options: {} },
    ...mechanisms.map((name) => ({ name, options: withMechanisms([name]) })),
    { name: "all", options: withMechanisms(mechanisms) },
  ].map(({ name, options }) => ({ name, run: training(options), spent: 0 }));
  for (const { run } of sides) run(TURN);
  for (let step = 0; step < STEPS; step += TURN) {
    for (const side of sides) {
      const began = performance.now();
      side.run(TURN);
      side.spent += performance.now() - began;
    }
  }
  const [plain] = sides;
  for (const { name, spent } of sides) {
    yield { bench: "bio", mechanisms: name, step: figure(spent / STEPS), ratio: figure(spent / plain.spent) };
  }
}
