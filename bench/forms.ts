// The published linear rules in direct and in dual form, as they are and compiled: a lifetime of the published network and
// its meta-gradient, in turn, by the processor's time.
import { compile, Key, random, scope, type Tensor, tensor, valueAndGrad } from "../src/index.js";
import {
  dualLifetime,
  initialRule,
  initialStart,
  lifetime,
  logitsOf,
  lossOf,
  presets,
  type Rule,
} from "../src/plasticity/index.js";
import { type Bench, figure, processorClock, timeInTurn } from "./harness.js";
import { SIZES } from "./workloads.js";

const QUERIES = 50;
const ROUNDS = 12;

/** The meta-gradient of a rule over so many steps, in direct and in dual form. */
function gradientsOf(name: "fa" | "bp" | "bio", steps: number) {
  const { config } = presets[name];
  const [kw, kx, kq] = Key.of(0).split(3);
  const start = initialStart(kw, SIZES);
  const rule = initialRule(config, SIZES);
  const labels = (count: number): Tensor =>
    tensor(
      Int32Array.from({ length: count }, (_, i) => i % 5),
      { dtype: "int32" },
    );
  const stream = { images: random.uniform(kx, [steps, SIZES[0]]), labels: labels(steps) };
  const [queries, wanted] = [random.uniform(kq, [QUERIES, SIZES[0]]), labels(QUERIES)];
  const direct = (r: Rule): Tensor =>
    lossOf(logitsOf(lifetime(config, r, start, stream), queries, config.beta), wanted);
  const dual = (r: Rule): Tensor => {
    const { live, outputs } = dualLifetime(config, start, stream, queries);
    return lossOf(outputs(live(r)), wanted);
  };
  return { rule, gradients: [direct, dual].map((loss) => valueAndGrad(loss, { unused: "zero" })) };
}

export const formsBench: Bench = function* () {
  for (const steps of [50, 250]) {
    for (const name of ["fa", "bp", "bio"] as const) {
      const { rule, gradients } = gradientsOf(name, steps);
      const compiled = gradients.map((run) => compile(run));
      const sides = [...gradients, ...compiled].map((run) => () => scope(() => void run(rule)));
      const times = timeInTurn(sides, steps > 50 ? 5 : ROUNDS, 5, processorClock).map(({ best }) => best);
      for (const program of compiled) program.dispose();
      const [direct, dual, directCompiled, dualCompiled] = times.map(figure);
      yield {
        ...{ bench: "forms", rule: name, steps, direct, dual, ratio: figure(times[0] / times[1]) },
        ...{ directCompiled, dualCompiled, ratioOfCompiled: figure(times[2] / times[3]) },
      };
    }
  }
};
