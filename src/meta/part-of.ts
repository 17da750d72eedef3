// A stretch of a stream.
import type { Tensor } from "../core/index.js";
import type { Stream } from "../plasticity/index.js";

/** Steps `begin` to `end` (excluded) of a stream, which share its memory. */
export function partOf({ images, labels }: Stream, begin: number, end: number): Stream {
  const rows = (x: Tensor): Tensor => {
    const [count, ...each] = x.shape;
    return x.view([end - begin, ...each], (begin * x.size) / count);
  };
  return { images: rows(images), labels: rows(labels) };
}
