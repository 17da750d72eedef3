// What a module of own parts is called with. It is a module of its own because it needs every op, which programs without
// such parts should not carry.
import { customGrad, loop, scan, stop } from "../autodiff/index.js";
import { Key } from "../core/index.js";
import { defineTask } from "../data/index.js";
import { defineMotif, defineSynapse } from "../plasticity/index.js";

const rest = { customGrad, loop, scan, stop, Key, defineMotif, defineSynapse, defineTask };

/** What a module of own parts is called with: see `PartsModule`. */
export type Parts = typeof import("../ops/index.js") & typeof rest;

/**
 * All ops, loops and keys of `synaptape`, and what adds parts. The ops are imported on demand: a namespace of them that was
 * imported here would be an object in the bundle, and keep every op alive in programs that use one (16 kB gzipped).
 */
export const allParts = async (): Promise<Parts> => ({ ...(await import("../ops/index.js")), ...rest });
