// The alignment of tangent kernels of a recurrent network over 20 examples of three outputs: by `tangentKernel`, and by a loop
// over gradients.
import { grad, Key, matmul, norm, random, relu, scope, stack, type Tensor, transpose } from "../src/index.js";
import { kernelAlignment, tangentKernel } from "../src/nn/index.js";
import { type Bench, figure, timeInTurn } from "./harness.js";

const [EXAMPLES, OUTPUTS, STEPS, INPUTS] = [20, 3, 8, 3];

export const alignmentBench: Bench = function* () {
  for (const units of [20, 50, 100, 300]) {
    const [inKey, outKey, wKey, vKey, xKey] = Key.of(7).split(5);
    const into = random.normal(inKey, [INPUTS, units]);
    const out = random.normal(outKey, [units, OUTPUTS]);
    const [before, after] = [wKey, vKey].map((key) =>
      random.normal(key, [units, units], { std: 1 / Math.sqrt(units) }),
    );
    const xs = random.uniform(xKey, [EXAMPLES, STEPS, INPUTS]);
    const decision = (w: Tensor, x: Tensor): Tensor => {
      let h = relu(matmul(x.row(0).reshape([1, INPUTS]), into));
      for (let t = 1; t < STEPS; t++) h = relu(matmul(x.row(t).reshape([1, INPUTS]), into).add(matmul(h, w)));
      return matmul(h, out).reshape([OUTPUTS]);
    };
    const looped = (w: Tensor): Tensor => {
      const rows: Tensor[] = [];
      for (let i = 0; i < EXAMPLES; i++) {
        for (let o = 0; o < OUTPUTS; o++) {
          rows.push(grad((p: Tensor) => decision(p, xs.row(i)).row(o))(w).reshape([units * units]));
        }
      }
      const g = stack(rows);
      return matmul(g, transpose(g));
    };
    const [one, other] = scope(() => [looped(before), tangentKernel(decision, before, xs)]);
    const off = norm(one.sub(other)).item() / norm(one).item();
    if (!(off < 1e-5)) throw new Error(`alignment: the kernels differ by ${off} of their size.`);
    const align = (kernel: (w: Tensor) => Tensor) => (): void =>
      scope(() => void kernelAlignment(kernel(before), kernel(after)).item());
    const sides = [align((w) => tangentKernel(decision, w, xs)), align(looped)];
    // The engine compiles what is called often; short calls need many turns until the median is that of compiled code.
    const [together, apart] = timeInTurn(sides, units > 100 ? 40 : 400);
    yield {
      bench: "alignment",
      units,
      together: figure(together.median),
      loop: figure(apart.median),
      times: figure(apart.median / together.median),
      "times of best": figure(apart.best / together.best),
    };
  }
};
