// From ops to launches: each node's lowering writes its kernels, and what nobody reads is left out.
import { GpuUnsupportedError } from "./errors.js";
import type { Launch, Node, Value } from "./graph.js";
import { chemistry } from "./kernels/chemistry.js";
import { elementwise } from "./kernels/elementwise.js";
import { Emitter, type Lowering } from "./kernels/emitter.js";
import { motifs } from "./kernels/motifs.js";
import { products } from "./kernels/products.js";
import { reductions } from "./kernels/reductions.js";
import { shapes } from "./kernels/shape.js";

const lowerings: Readonly<Record<string, Lowering>> = {
  ...elementwise,
  ...shapes,
  ...products,
  ...reductions,
  ...motifs,
  ...chemistry,
};

/** The ops that have kernels, by name. */
export const supportedOps: readonly string[] = Object.keys(lowerings)
  .filter((name) => !name.endsWith(".vjp") && name !== "plusOuters" && name !== "outerAdd")
  .sort();

/** Launches, and where the results are that were asked for. */
export interface Lowered {
  readonly launches: readonly Launch[];
  readonly outputs: readonly Value[];
}

/**
 * The launches that compute `outputs`.
 *
 * @throws GpuUnsupportedError naming the ops that have no kernel.
 */
export function lower(nodes: readonly Node[], outputs: readonly Value[]): Lowered {
  const emit = new Emitter();
  const places = new Map<Value, Value>();
  const placeOf = (value: Value): Value => places.get(value) ?? value;
  const missing = [...new Set(nodes.map(({ name }) => name).filter((name) => !Object.hasOwn(lowerings, name)))];
  if (missing.length > 0) {
    const names = missing.map((name) => `"${name}"`).join(", ");
    throw new GpuUnsupportedError(
      `[gpu] there ${missing.length > 1 ? "are no kernels for the ops" : "is no kernel for the op"} ${names}. ` +
        `Compute that on the CPU, before or after. On the GPU there are ${supportedOps.join(", ")}.`,
    );
  }
  for (const node of nodes) {
    const inputs = node.inputs.map((input) => input && placeOf(input));
    lowerings[node.name](emit, { ...node, inputs }).forEach((value, i) => {
      places.set(node.outputs[i], value);
    });
  }
  const wanted = outputs.map((output) => placeOf(output).block);
  return { launches: needed(emit.launches, wanted), outputs: wanted };
}

/** The launches that the outputs depend on. */
function needed(launches: readonly Launch[], outputs: readonly Value[]): Launch[] {
  const read = new Set<Value>(outputs);
  const kept: Launch[] = [];
  for (let i = launches.length - 1; i >= 0; i--) {
    const launch = launches[i];
    if (!read.has(launch.out)) continue;
    for (const arg of launch.args) read.add(arg);
    kept.push(launch);
  }
  return kept.reverse();
}
