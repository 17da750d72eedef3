// The tangents of forward mode, in layers: a step of a loop that frees what it made drops its layer.
import type { Tensor } from "../core/index.js";
import type { AnyOp } from "./op.js";
import { pushingWith, type TangentLayer, type TangentPusher } from "./tape.js";
import { currentWatcher } from "./watch.js";

/** The tangents of one `jvp`. */
export class Tangents implements TangentPusher {
  /** The pusher of an enclosing `jvp`: it sees the tangents' own ops. */
  outer: TangentPusher | undefined;
  private readonly layers: TangentLayer[] = [new Map()];

  get top(): TangentLayer {
    return this.layers[this.layers.length - 1];
  }

  set(tensor: Tensor, tangent: Tensor): void {
    this.top.set(tensor, tangent);
  }

  get(tensor: Tensor): Tensor | undefined {
    for (let i = this.layers.length - 1; i >= 0; i--) {
      const tangent = this.layers[i].get(tensor);
      if (tangent) return tangent;
    }
    return undefined;
  }

  openLayer(): TangentLayer {
    this.layers.push(new Map());
    return this.top;
  }

  dropLayer(layer: TangentLayer): void {
    this.layers.splice(this.layers.indexOf(layer), 1);
  }

  push(op: AnyOp, inputs: readonly Tensor[], outputs: readonly Tensor[], attributes: unknown): void {
    // First the enclosing tangents: this op's own rule may read its outputs, and their dependence is the outer one's.
    this.outer?.push(op, inputs, outputs, attributes);
    const tangents = inputs.map((input) => this.get(input));
    if (tangents.every((tangent) => tangent === undefined) || "composition" in op) return;
    const application = { inputs, outputs, attributes, needs: () => true };
    const rule = (): readonly (Tensor | undefined)[] => pushingWith(this.outer, () => op.jvp(tangents, application));
    const pushed = currentWatcher()?.rule(op, outputs, "forward", rule) ?? rule();
    pushed.forEach((tangent, i) => {
      if (tangent) this.set(outputs[i], tangent);
    });
  }
}
