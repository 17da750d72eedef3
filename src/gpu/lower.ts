// From ops to launches: each node's lowering writes its kernels, launches whose results are not used are left out, and the rest are joined where possible.
import { fused } from "./fuse.js";
import type { Launch, Node, Value } from "./graph.js";
import { Emitter } from "./kernels/emitter.js";
import type { KernelNode, Lowerings } from "./lowering.js";

/** Launches, and where the requested results are. */
export interface Lowered {
  readonly launches: readonly Launch[];
  readonly outputs: readonly Value[];
}

/**
 * The launches that compute `outputs`.
 *
 * @throws GpuUnsupportedError naming the ops that have no kernel.
 */
export function lower(nodes: readonly (Node | KernelNode)[], outputs: readonly Value[], lowerings: Lowerings): Lowered {
  lowerings.check(nodes);
  const emit = new Emitter();
  const places = new Map<Value, Value>();
  const placeOf = (value: Value): Value => places.get(value) ?? value;
  const write = (node: Node | KernelNode): readonly Value[] => {
    if (!("op" in node))
      return node.write(
        emit,
        node.inputs.map((input) => input && placeOf(input)),
      );
    return lowerings.of(node).forward(emit, { ...node, inputs: node.inputs.map(placeOf) });
  };
  for (const node of nodes) {
    write(node).forEach((value, i) => {
      places.set(node.outputs[i], value);
    });
  }
  const wanted = outputs.map((output) => placeOf(output).block);
  return { launches: fused(needed(emit.launches, wanted), wanted), outputs: wanted };
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
