// What must compile and what must not. There is nothing to run: `tsc -p .` is the test, and an `@ts-expect-error` above
// a line that compiles is an error itself.
import {
  grad,
  hvp,
  jvp,
  Key,
  keep,
  loop,
  scan,
  scope,
  type Tensor,
  tensor,
  valueAndGrad,
  vjp,
} from "../../src/index.js";

/** Fails to compile unless the types are the same. */
type Same<A, B> = (<T>() => T extends A ? 1 : 2) extends <T>() => T extends B ? 1 : 2 ? true : false;
const holds = <T extends true>(_?: T): void => undefined;

interface Layer {
  readonly w: Tensor;
  readonly b: Tensor;
}
interface Net {
  readonly hidden: Layer;
  readonly out: readonly Layer[];
}
class Point {
  constructor(
    readonly x: Tensor,
    readonly y: Tensor,
  ) {}
}
class Affine {
  constructor(
    readonly w: Tensor,
    readonly b: Tensor,
  ) {}
  apply(v: Tensor): Tensor {
    return this.w.matvec(v).add(this.b);
  }
}
declare const net: Net;
declare const affine: Affine;
declare const point: Point;
declare const pair: readonly [Tensor, { a: Tensor }];
declare const x: Tensor;
const lossOf = (n: Net): Tensor => n.hidden.w.sum();

export function accepted(): void {
  // Interfaces, classes and tuples go in, and come back as what they were.
  const g = grad(lossOf)(net);
  holds<Same<typeof g, Net>>();
  const { value, grad: h } = valueAndGrad(lossOf)(net);
  holds<Same<typeof value, Tensor>>();
  holds<Same<typeof h, Net>>();
  const ofPoint = grad((p: Point) => p.x.mul(p.y))(point);
  holds<Same<typeof ofPoint, Point>>();
  const ofAffine = grad((p: Affine) => p.apply(x).sum())(affine);
  holds<Same<typeof ofAffine, Affine>>();
  const ofPair = grad(([a, b]: readonly [Tensor, { a: Tensor }]) => a.mul(b.a))(pair);
  holds<Same<typeof ofPair, readonly [Tensor, { a: Tensor }]>>();
  const ofTensor = grad((p: Tensor) => p.sum())(x);
  holds<Same<typeof ofTensor, Tensor>>();
  const second = hvp(lossOf, net, net);
  holds<Same<typeof second, Net>>();
  // Further arguments keep their types and may be anything.
  const withRest = grad((n: Net, count: number, name: string) => n.hidden.w.mul(count).mul(name.length).sum());
  holds<Same<ReturnType<typeof withRest>, Net>>();
  withRest(net, 3, "x");
  // Products with the Jacobian know both sides.
  const pulled = vjp((n: Net) => ({ y: n.hidden.w }), net);
  holds<Same<typeof pulled.value, { y: Tensor }>>();
  holds<Same<ReturnType<typeof pulled.pullback>, Net>>();
  pulled.pullback({ y: x });
  const pushed = jvp((n: Net) => [n.hidden.w, n.hidden.b] as const, net, net);
  holds<Same<typeof pushed.tangent, readonly [Tensor, Tensor]>>();
  // Loops keep the type of their carry.
  const end = loop(3, net, (n, step) => (step > 0 ? n : net), { checkpoint: { every: 2 } });
  holds<Same<typeof end, Net>>();
  const [last, seen] = scan(3, x, (c) => [c, { c }] as const);
  holds<Same<typeof last, Tensor>>();
  holds<Same<typeof seen, { readonly c: Tensor }>>();
  // A scope returns what its function returns, tensors or not.
  const scoped = scope(() => ({ loss: 3, net, name: "x" }));
  holds<Same<typeof scoped, { loss: number; net: Net; name: string }>>();
  const kept = keep(net);
  holds<Same<typeof kept, Net>>();
}

export function refused(): void {
  // @ts-expect-error a scope ends when its function returns: no promise comes out of it
  scope(async () => x);
  // @ts-expect-error a string has no derivative
  grad((p: { w: Tensor; name: string }) => p.w);
  // @ts-expect-error a number has no derivative: wrap it in tensor()
  grad((p: { w: Tensor; rate: number }) => p.w);
  // @ts-expect-error deep down neither
  grad((p: { layers: { w: Tensor; n: number }[] }) => p.layers[0].w);
  // @ts-expect-error the function to differentiate returns a tensor
  grad((p: Tensor) => p.item());
  // @ts-expect-error a key is not a tensor
  x.add(Key.of(0));
  // @ts-expect-error nor is a tensor a key
  Key.of(0).fold(x);
  // @ts-expect-error a seed is a number
  Key.of("0");
  // @ts-expect-error the direction is like the parameters
  jvp(lossOf, net, { hidden: net.hidden });
  // @ts-expect-error the cotangent is like the value
  vjp((n: Net) => ({ y: n.hidden.w }), net).pullback({ z: x });
  // @ts-expect-error the body returns the carry's structure
  loop(3, net, (n) => n.hidden);
  // @ts-expect-error checkpoints are "auto", "off", { every } or { bytes }
  loop(3, net, (n) => n, { checkpoint: "sometimes" });
  // @ts-expect-error float32, float64 and int32 are all there are
  tensor([1], { dtype: "float16" });
  // @ts-expect-error tensors are immutable
  x.shape[0] = 3;
}
