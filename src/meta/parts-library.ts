// What a module of own parts is called with. It is a module of its own because it holds every op, which programs without
// such parts should not carry.
import { customGrad, loop, scan, stop } from "../autodiff/index.js";
import { Key } from "../core/index.js";
import * as ops from "../ops/index.js";
import { defineMotif, defineSynapse } from "../plasticity/index.js";

/** All ops, loops and keys of `synaptape`, and what adds parts. */
export const parts = { ...ops, customGrad, loop, scan, stop, Key, defineMotif, defineSynapse };

/** What a module of own parts is called with: see `PartsModule`. */
export type Parts = typeof parts;
