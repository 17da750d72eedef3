// Runs the steps of a loop and frees each one's intermediates, tangents included.
import {
  borrowArena,
  copyOf,
  currentPlace,
  holding,
  type Place,
  returnArena,
  Scope,
  type Tensor,
  within,
} from "../core/index.js";
import type { StepResult, Steps } from "./steps.js";
import { currentPusher, type TangentLayer, type TangentPusher } from "./tape.js";

/** The pusher of now and those around it, innermost first. */
function pushersNow(): TangentPusher[] {
  const pushers: TangentPusher[] = [];
  for (let pusher = currentPusher(); pusher; pusher = pusher.outer) pushers.push(pusher);
  return pushers;
}

/** Where a leaf that survives goes: its numbers to a place, its tangents to one layer of each pusher. */
interface Destination {
  readonly place: Place;
  readonly layers: readonly TangentLayer[];
  readonly copies: WeakMap<Tensor, Tensor>;
  dies(tensor: Tensor): boolean;
}

/**
 * Two arenas take turns, so that a carry outlives the step that made it by just one step and is never copied; the last
 * one is copied to the current place. Leaves that are one tensor stay one tensor, as they would without the freeing:
 * otherwise a replay could not be matched with them. A leaf takes its tangents along, and these theirs.
 */
export function runFreeing({ from, to, step }: Steps, carry: readonly Tensor[]): StepResult {
  const pushers = pushersNow();
  const arenas = [borrowArena(), borrowArena()];
  const scopes: Scope[] = [];
  const layers: TangentLayer[][] = [];
  /** What a copy is a copy of. */
  const origins = new WeakMap<Tensor, Tensor>();
  const outside: Destination = {
    place: currentPlace(),
    layers: pushers.map((pusher) => pusher.top),
    copies: new WeakMap(),
    dies: (tensor) => scopes.some((scope) => tensor.livesIn(scope.region)),
  };
  const move = (tensor: Tensor, to: Destination): Tensor => {
    let survivor = tensor;
    if (to.dies(tensor)) {
      const origin = origins.get(tensor) ?? tensor;
      survivor = to.copies.get(origin) ?? within(to.place, () => copyOf(tensor));
      to.copies.set(origin, survivor);
      origins.set(survivor, origin);
    }
    pushers.forEach((pusher, i) => {
      const tangent = pusher.get(tensor);
      if (tangent) to.layers[i].set(survivor, move(tangent, to));
    });
    return survivor;
  };
  const close = (): void => {
    scopes.shift()!.close();
    const dropped = layers.shift()!;
    pushers.forEach((pusher, i) => {
      pusher.dropLayer(dropped[i]);
    });
  };

  let current = carry;
  const kept: Tensor[] = [];
  try {
    for (let i = from; i < to; i++) {
      const scope = new Scope(arenas[(i - from) % 2]);
      scopes.push(scope);
      const own = pushers.map((pusher) => pusher.openLayer());
      layers.push(own);
      // Where tangents are pushed an inner scope must free nothing: it does not know the tangents of what it returns.
      const result = within(scope, () => holding(pushers.length > 0, () => step(current, i)));
      for (const leaf of result.kept) kept.push(move(leaf, outside));
      current = result.carry;
      if (scopes.length < 2) continue;
      const [old] = scopes;
      // A leaf that the step passed through unchanged still lives in the older arena.
      const next: Destination = {
        place: scope,
        layers: own,
        copies: new WeakMap(),
        dies: (tensor) => tensor.livesIn(old.region),
      };
      current = current.map((leaf) => move(leaf, next));
      close();
    }
    return { carry: current.map((leaf) => move(leaf, outside)), kept };
  } finally {
    while (scopes.length > 0) close();
    // The first one last, so that the next loop gets the two in the same order, and a compiled one finds the same addresses.
    returnArena(arenas[1]);
    returnArena(arenas[0]);
  }
}
