// Scalar twins of assembly/elementwise.ts and assembly/binary.ts.
import { DOUBLE } from "../element.js";
import { add, div, f, mul, sub } from "./arithmetic.js";
import * as double from "./float64.js";
import * as single from "./transcendental.js";

const { exp, expm1, log, log1p, sigmoid, tanh } = DOUBLE ? double : single;

export const unary = {
  neg: (x: number) => -x,
  abs: Math.abs,
  sign: Math.sign,
  square: (x: number) => mul(x, x),
  sqrt: (x: number) => f(Math.sqrt(x)),
  reciprocal: (x: number) => div(1, x),
  relu: (x: number) => Math.max(x, 0),
  exp,
  expm1,
  log,
  log1p,
  tanh,
  sigmoid,
};

export const withNumber = {
  softplus: DOUBLE
    ? double.softplus
    : (x: number, beta: number) => add(Math.max(x, 0), div(log1p(exp(-Math.abs(mul(x, beta)))), beta)),
  softplusGate: (y: number, beta: number) => -expm1(-mul(y, beta)),
  addScalar: add,
  mulScalar: mul,
};

export const binary = {
  add,
  sub,
  mul,
  div,
  chain: (a: number, b: number) => (a === 0 || b === 0 ? 0 : mul(a, b)),
  chainOver: (a: number, b: number) => (a === 0 ? 0 : div(a, b)),
  maximum: Math.max,
  minimum: Math.min,
  greater: (a: number, b: number) => (a > b ? 1 : 0),
  equal: (a: number, b: number) => (a === b ? 1 : 0),
};
