// Normal vectors with a given covariance.
import { checkShape, type Key, type Shape, scope, showShape, sizeOf, type Tensor } from "../core/index.js";
import { add, matmul, random } from "../ops/index.js";
import { cholesky } from "./cholesky.js";

/**
 * Normal vectors of mean `mean` [n] and covariance `covariance` [n, n]: shape [...shape, n], by default one vector. A draw is
 * mean + L z for the Cholesky factor L, so that derivatives pass to both.
 *
 * @throws RangeError for shapes that do not fit, and for a covariance that is not positive definite.
 */
export function multivariateNormal(key: Key, mean: Tensor, covariance: Tensor, shape: Shape = []): Tensor {
  checkShape("multivariateNormal", shape);
  const [n] = mean.shape;
  if (mean.rank !== 1 || covariance.rank !== 2 || covariance.shape.some((size) => size !== n)) {
    throw new RangeError(
      `[multivariateNormal] a mean of shape ${showShape(mean.shape)} and a covariance of ${showShape(covariance.shape)}: ` +
        "[n] and [n, n] are needed.",
    );
  }
  return scope(() => {
    const rows = matmul(random.normal(key, [sizeOf(shape), n], { dtype: mean.dtype }), cholesky(covariance), {
      b: true,
    });
    return add(rows, mean).reshape([...shape, n]);
  });
}
