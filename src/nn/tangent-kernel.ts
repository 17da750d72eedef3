// The neural tangent kernel. The gradient of a weight that multiplies activities x is a sum of outer products x d' with
// cotangents d, and the product of two of them is <x d', y e'> = <x, y> <d, e>: a kernel can be had without gradients. Novak,
// Sohl-Dickstein and Schoenholz (2022) call this structured derivatives. Which way takes less work depends on the sizes.
import { type AnyOp, checkTensors, gather, matvecOp, parametersOf, recorded, type Use } from "../autodiff/index.js";
import { checkKind, currentPlace, scope, showShape, type Tensor, type TreeOf, withLeaves } from "../core/index.js";
import { gram } from "../linalg/index.js";
import { add, concat, eye, matmul, mul, reshape, sum, transpose, zeros } from "../ops/index.js";
import { matmulOp, type Transposed } from "../ops/internal.js";
import { vmap } from "../vmap/index.js";

/** Products in which a parameter has one place: sums over rows of outer products of activities and cotangents. */
interface Factors {
  /** [n, rows, p], the same for all outputs. */
  readonly activities: Tensor;
  /** [n, outputs, rows, q]. */
  readonly cotangents: Tensor;
  /** Whether the parameter has shape [p, q] rather than [q, p]. */
  readonly upright: boolean;
}

/** What the gradients of one parameter are made of. */
interface Parts {
  readonly factors: readonly Factors[];
  /** [n, outputs, ...shape of the parameter]: what came by other ops. */
  readonly rest: Tensor | undefined;
}

/**
 * The neural tangent kernel (Jacot, Gabriel and Hongler 2018) of `f` at `params`: G G', where each row of G is the gradient
 * of one output for one example with respect to all parameters. For n examples and o outputs it has shape [n o, n o], with
 * the outputs of an example next to each other.
 *
 * All examples and outputs are computed together, under `vmap`. Where a parameter multiplies activities, as the weights of
 * dense and recurrent layers do, G is only made if that takes less work than products of activities and of cotangents.
 * Where it is made, it needs memory for n o copies of the parameter.
 *
 * @param f the outputs [o] for one example of `inputs`; a single number [] counts as one output.
 * @param params the parameters with respect to which gradients are taken. Let `f` close over those to leave out.
 * @param inputs examples along the first axis.
 * @throws RangeError for an `f` whose result has more than one axis.
 * @example
 * tangentKernel((w: Tensor, x: Tensor) => x.dot(w), tensor([1, 2]), tensor([[1, 0], [1, 1]])); // [[1, 1], [1, 2]]
 */
export function tangentKernel<P extends TreeOf<P>>(
  f: (params: P, input: Tensor) => Tensor,
  params: P,
  inputs: Tensor,
): Tensor {
  checkKind("tangentKernel", "`f`", f, "a function");
  checkTensors("tangentKernel", [inputs]);
  return scope(() => {
    let result: Tensor | undefined;
    const parts = partsOf((p, input) => (result = outputsOf(f(p, input))), params, inputs);
    const kernels = parts.filter(({ factors, rest }) => factors.length > 0 || rest).map(kernelOf);
    if (kernels.length > 0) return kernels.reduce((all, one) => add(all, one));
    const size = inputs.shape[0] * result!.size;
    return zeros([size, size], { dtype: result!.dtype });
  });
}

function outputsOf(y: Tensor): Tensor {
  checkTensors("tangentKernel", [y]);
  if (y.rank <= 1) return reshape(y, [-1]);
  throw new RangeError(
    `[tangentKernel] f gives shape ${showShape(y.shape)} for one example, but must give a list of outputs [o]. Use reshape.`,
  );
}

/** For each parameter what its gradients are made of. */
function partsOf<P extends TreeOf<P>>(f: (params: P, input: Tensor) => Tensor, params: P, inputs: Tensor): Parts[] {
  /** The uses of each parameter; those of all examples and outputs are the same. */
  let uses: (readonly Use[])[] = [];
  const ofOne = (input: Tensor) => {
    const { handles } = parametersOf("tangentKernel", params);
    const { result, stretch } = recorded(() => f(withLeaves(params, handles), input));
    const place = currentPlace();
    const back = vmap((pick: Tensor) => {
      const gathered = gather(stretch, result, pick, handles, isProduct, place);
      uses = gathered.map((each) => each.uses);
      return gathered.map(({ rest }, i) => ({ cotangents: uses[i].map(cotangentsOf), ...(rest && { rest }) }));
    })(eye(result.size, undefined, 0, result));
    return back.map((each, i) => ({ ...each, activities: uses[i].map(activitiesOf) }));
  };
  const found = vmap(ofOne)(inputs);
  return found.map(({ activities, cotangents, rest }, i): Parts => {
    const factors = [true, false].flatMap((upright): Factors[] => {
      const own = uses[i].flatMap((use, at) => (isUpright(use) === upright ? [at] : []));
      if (own.length === 0) return [];
      const of = (list: readonly Tensor[], axis: number): Tensor =>
        concat(
          own.map((at) => list[at]),
          axis,
        );
      return [{ activities: of(activities, 1), cotangents: of(cotangents, 2), upright }];
    });
    return { factors, rest };
  });
}

const isProduct = (op: AnyOp): boolean => op === (matmulOp as AnyOp) || op === (matvecOp as AnyOp);

/** Whether the gradient of the parameter is activities times cotangents, not the other way around. */
function isUpright({ op, attributes, at }: Use): boolean {
  if (op === (matvecOp as AnyOp)) return (attributes as { transpose: boolean }).transpose;
  const { a, b } = attributes as Transposed;
  return at === 1 ? !b : a;
}

/** The other operand of a product as a matrix [rows, p], whose rows go with those of `cotangentsOf`. */
function activitiesOf({ op, inputs, attributes, at }: Use): Tensor {
  const other = inputs[1 - at];
  if (op === (matvecOp as AnyOp)) return reshape(other, [1, -1]);
  const { a, b } = attributes as Transposed;
  return (at === 1 ? a : !b) ? transpose(other) : other;
}

/** [rows, q]. */
function cotangentsOf({ op, at, cotangent }: Use): Tensor {
  if (op === (matvecOp as AnyOp)) return reshape(cotangent, [1, -1]);
  return at === 1 ? cotangent : transpose(cotangent);
}

/** The kernel [n o, n o] of one parameter. */
function kernelOf({ factors, rest }: Parts): Tensor {
  const [first, second] = factors;
  if (first && !second && !rest && isCheaper(first)) return kernelOfFactors(first);
  // Their own order of elements does not matter where they are multiplied by one another only.
  const alone = factors.length === 1 && !rest;
  const gradients = factors.map((each) => {
    const made = gradientsOf(each);
    return each.upright && !alone ? transpose(made, [0, 1, 3, 2]) : made;
  });
  return gram([...gradients, ...(rest ? [rest] : [])].map(asRows).reduce((all, one) => add(all, one)));
}

/** Gradients [n, o, ...] as rows [n o, -1]. */
const asRows = (gradients: Tensor): Tensor => reshape(gradients, [gradients.shape[0] * gradients.shape[1], -1]);

/** Whether products of factors take fewer multiplications than gradients and their products. */
function isCheaper({ activities, cotangents }: Factors): boolean {
  const [n, o, rows, q] = cotangents.shape;
  const p = activities.shape[2];
  const [all, outputs] = [n * rows, n * o];
  // What is symmetric is computed once.
  const byFactors = (all ** 2 * p + (all * o) ** 2 * (q + 2)) / 2;
  return byFactors < all * o * p * q + (outputs ** 2 * p * q) / 2;
}

/** The gradients [n, o, q, p]. */
function gradientsOf({ activities, cotangents }: Factors): Tensor {
  const [n, o, rows, q] = cotangents.shape;
  const columns = reshape(transpose(cotangents, [0, 1, 3, 2]), [n, o * q, rows]);
  return reshape(matmul(columns, activities), [n, o, q, -1]);
}

/** The sum over rows r and s of <x_r, y_s> <d_r, e_s>, for all pairs of examples and outputs. */
function kernelOfFactors({ activities, cotangents }: Factors): Tensor {
  const [n, o, rows, q] = cotangents.shape;
  const xs = gram(reshape(transpose(activities, [1, 0, 2]), [rows * n, -1]));
  // With the outputs first, long runs of both are multiplied with one another.
  const ds = gram(reshape(transpose(cotangents, [1, 2, 0, 3]), [o * rows * n, q]));
  const each = mul(reshape(ds, [o, rows * n, o, rows * n]), reshape(xs, [1, rows * n, 1, rows * n]));
  const sums = sum(reshape(each, [o, rows, n, o, rows, n]), [1, 4]);
  return reshape(transpose(sums, [1, 0, 3, 2]), [n * o, n * o]);
}
