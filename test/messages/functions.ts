// Public functions by name.
import * as bio from "../../src/bio/index.js";
import * as brain from "../../src/brain/index.js";
import * as circuits from "../../src/circuits/index.js";
import * as control from "../../src/control/index.js";
import * as credit from "../../src/credit/index.js";
import * as data from "../../src/data/index.js";
import * as debug from "../../src/debug/index.js";
import * as dendrites from "../../src/dendrites/index.js";
import * as core from "../../src/index.js";
import * as infer from "../../src/infer/index.js";
import * as io from "../../src/io/index.js";
import * as linalg from "../../src/linalg/index.js";
import * as meta from "../../src/meta/index.js";
import * as nn from "../../src/nn/index.js";
import * as ode from "../../src/ode/index.js";
import * as optim from "../../src/optim/index.js";
import * as plasticity from "../../src/plasticity/index.js";
import * as report from "../../src/report/index.js";
import * as runs from "../../src/runs/index.js";
import * as sparse from "../../src/sparse/index.js";
import * as special from "../../src/special/index.js";
import * as spiking from "../../src/spiking/index.js";
import * as studies from "../../src/studies/index.js";
import * as sweeps from "../../src/sweeps/index.js";
import * as testing from "../../src/testing/index.js";

export type Callable = (...args: readonly unknown[]) => unknown;

/** Functions by name, also those in exported objects such as `random`. */
function functionsIn(module: object, prefix: string): [string, Callable][] {
  return Object.entries(module).flatMap(([name, value]): [string, Callable][] => {
    if (typeof value === "function") return [[`${prefix}${name}`, value as Callable]];
    if (typeof value !== "object" || value === null || value instanceof core.Tensor) return [];
    return Object.entries(value)
      .filter(([, inner]) => typeof inner === "function")
      .map(([inner, f]) => [`${prefix}${name}.${inner}`, f as Callable]);
  });
}

const modules = {
  "": core,
  plasticity,
  optim,
  nn,
  bio,
  brain,
  control,
  credit,
  data,
  io,
  meta,
  debug,
  dendrites,
  linalg,
  special,
  sparse,
  spiking,
  ode,
  runs,
  studies,
  sweeps,
  report,
  circuits,
  infer,
  testing,
};
/** All of them, those of a subpath as `nn.dense`. */
export const functions = Object.entries(modules).flatMap(([prefix, module]) =>
  functionsIn(module, prefix === "" ? "" : `${prefix}.`),
);
