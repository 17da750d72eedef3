// Results told in the order of their cells, although several are computed at once.
import { type Cell, canonical, type QueueOptions, type Result } from "../runs/index.js";

const nameOf = ({ kind, seed, config }: Pick<Cell, "kind" | "seed" | "config">): string =>
  canonical([kind, seed, config], "cell");

/** An `onResult` that tells each result as soon as all those before it are there. */
export function toldInOrder(
  cells: readonly Cell[],
  tell: (result: Result, found: boolean) => void,
): NonNullable<QueueOptions["onResult"]> {
  const place = new Map(cells.map((cell, i) => [nameOf(cell), i]));
  const ready: (readonly [Result, boolean])[] = [];
  let told = 0;
  return (result, found) => {
    const at = place.get(nameOf(result.cell));
    if (at === undefined) return; // one that others need, and nobody asked for
    ready[at] = [result, found];
    for (; ready[told]; told++) tell(...ready[told]);
  };
}
