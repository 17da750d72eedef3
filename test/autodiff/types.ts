// What must compile of the transforms, and what must not. There is nothing to run: `tsc -p .` is the test.
import { explain, firstNaN } from "../../src/debug/index.js";
import { customGrad, jacobian, loop, scan, type Tensor, valueAndGradAux, where } from "../../src/index.js";

type Same<A, B> = (<T>() => T extends A ? 1 : 2) extends <T>() => T extends B ? 1 : 2 ? true : false;
const holds = <T extends true>(_?: T): void => undefined;

interface Net {
  readonly w: Tensor;
  readonly b: Tensor;
}
declare const net: Net;
declare const x: Tensor;
declare const mse: (net: Net, input: Tensor) => Tensor;

export function accepted(): void {
  // As in the API's snippets 4 and 6.
  const spike = customGrad({
    forward: (u: Tensor) => [where(u, 1, 0), { u }] as const,
    backward: ({ u }, dy) => [dy.div(u.mul(10).square().add(1))] as [Tensor],
  });
  holds<Same<ReturnType<typeof spike>, Tensor>>();
  spike(x).sum();
  const { value, aux, grad } = valueAndGradAux((p: Net) => [mse(p, x), { activity: x.mean() }] as const)(net);
  holds<Same<typeof value, Tensor>>();
  holds<Same<typeof aux, { readonly activity: Tensor }>>();
  holds<Same<typeof grad, Net>>();
  valueAndGradAux((p: Net, n: number) => [mse(p, x), `${n} steps`] as const)(net, 3).aux.length;
  // Trees in, trees out, residuals of any type, arguments without a derivative.
  const layer = customGrad({
    name: "layer",
    forward: (p: Net, input: Tensor) => [{ y: p.w.matvec(input) }, { p, count: 3, input }] as const,
    backward: ({ p, count, input }, { y }) => [{ w: y.mul(count), b: p.b.mul(input) }, undefined] as const,
    forwardMode: ({ count }, [dp, dInput]) => ({ y: dp.w.matvec(dInput).mul(count) }),
  });
  holds<Same<ReturnType<typeof layer>, { readonly y: Tensor }>>();
  layer(net, x).y.sum();
  // A Jacobian is a tree of trees.
  const ofTensor = jacobian((p: Tensor) => p.square())(x);
  holds<Same<typeof ofTensor, Tensor>>();
  const ofTrees = jacobian((p: Net, n: number) => ({ a: p.w.mul(n), rest: [p.b] as const }), { mode: "forward" })(
    net,
    2,
  );
  holds<Same<typeof ofTrees.a, Net>>();
  holds<Same<(typeof ofTrees.rest)[0], Net>>();
  loop(3, x, (c) => c, { checkpoint: { binomial: 3 } });
  scan(3, x, (c) => [c, c] as const, { checkpoint: { binomial: { bytes: 1e6 } } });
  firstNaN(() => jacobian(mse)(net, x))?.step?.toFixed();
  explain(mse, net, x).split("\n");
}

export function refused(): void {
  // @ts-expect-error an argument of a custom gradient is a tree of tensors
  customGrad({ forward: (u: Tensor, n: number) => [u.mul(n), n] as const, backward: (_, dy) => [dy, 1] as const });
  // @ts-expect-error backward gives one cotangent for each argument
  customGrad({ forward: (u: Tensor) => [u, u] as const, backward: (_, dy) => [dy, dy] as const });
  // @ts-expect-error forward gives a value and residuals
  customGrad({ forward: (u: Tensor) => u, backward: (_, dy) => [dy] as const });
  // @ts-expect-error the loss is a tensor
  valueAndGradAux((p: Net) => [p.w.item(), p] as const);
  // @ts-expect-error modes are "reverse" and "forward"
  jacobian((p: Tensor) => p, { mode: "both" });
  // @ts-expect-error the arguments are those of the function
  explain(mse, net, 3);
  // @ts-expect-error slots are a number or bytes
  loop(3, x, (c) => c, { checkpoint: { binomial: "few" } });
}
