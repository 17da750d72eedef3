// Normal vectors with a given covariance.
import { checkTensors } from "../autodiff/index.js";
import { checkKey, checkShape, type Key, type Shape, scope, showShape, sizeOf, type Tensor } from "../core/index.js";
import { add, matmul, random } from "../ops/index.js";
import { cholesky } from "./cholesky.js";

/**
 * Random normal vectors with this mean [n] and covariance [n, n]: shape [...shape, n], by default one vector. A draw is
 * mean + L z with the Cholesky factor L of the covariance, so it can be differentiated with respect to both.
 *
 * @throws RangeError for shapes that do not fit, and for a covariance that is not positive definite.
 * @example multivariateNormal(Key.of(0), zeros([2]), eye(2), [1000]) // (1000, 2)
 */
export function multivariateNormal(key: Key, mean: Tensor, covariance: Tensor, shape: Shape = []): Tensor {
  checkKey("multivariateNormal", key);
  checkTensors("multivariateNormal", [mean, covariance]);
  checkShape("multivariateNormal", shape);
  const [n] = mean.shape;
  if (mean.rank !== 1 || covariance.rank !== 2 || covariance.shape.some((size) => size !== n)) {
    throw new RangeError(
      `[multivariateNormal] the mean has shape ${showShape(mean.shape)} and the covariance ${showShape(covariance.shape)}. ` +
        "Give [n] and [n, n].",
    );
  }
  return scope(() => {
    const rows = matmul(random.normal(key, [sizeOf(shape), n], { dtype: mean.dtype }), cholesky(covariance), {
      b: true,
    });
    return add(rows, mean).reshape([...shape, n]);
  });
}
