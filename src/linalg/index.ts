// Linear algebra for small and medium-sized matrices, differentiable in both modes and to any order.
export { cholesky } from "./cholesky.js";
export { det, slogdet } from "./determinant.js";
export { eigh } from "./eigen.js";
export { gram } from "./gram.js";
export { lstsq } from "./least-squares.js";
export { multivariateNormal } from "./multivariate-normal.js";
export { qr } from "./qr.js";
export { effectiveRank, type LowRankOptions, lowRank } from "./rank.js";
export { inverse, solve } from "./solve.js";
export { svd } from "./svd.js";
export { solveTriangular, type TriangularOptions } from "./triangular.js";
