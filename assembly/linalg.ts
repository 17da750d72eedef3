// The module of linear algebra: factorisations of one matrix at a time, in float64.
export { copy, finite, narrow, read, widen, write } from "./linalg/doubles";
export { cofactors, determinant } from "./linalg/determinant";
export { eigh } from "./linalg/eigen";
export { cholesky, lu, luSolve, triangular } from "./linalg/factor";
export { qr } from "./linalg/orthogonal";
export { svd } from "./linalg/singular";
