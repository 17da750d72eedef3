// The table of all op records of linear algebra, for code that looks ops up by record.
import type { AnyOp } from "../autodiff/index.js";
import { choleskyOp } from "./cholesky.js";
import { determinantOps } from "./determinant.js";
import { eighOp } from "./eigen.js";
import { gramOp } from "./gram.js";
import { qrOp } from "./qr.js";
import { solveOp } from "./solve.js";
import { svdOp } from "./svd.js";
import { triangularOp } from "./triangular.js";

/** Every op record of this folder: the table that the laws are tested on. */
export const linalgOps = [
  triangularOp,
  solveOp,
  ...determinantOps,
  choleskyOp,
  qrOp,
  eighOp,
  svdOp,
  gramOp,
] as unknown as readonly AnyOp[];
