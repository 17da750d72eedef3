// Scalar twin of assembly/gamma.ts; the words are those of `Key`.
import type { Key } from "../../../src/core/key.js";
import { exp64, log64 } from "./double.js";

export function gamma(key: Key, shape: number): number {
  if (!(shape > 0) || shape === Number.POSITIVE_INFINITY) return Number.NaN;
  const unit = (count: number) => ((key.bits(count) >>> 9) + 0.5) * 2 ** -23;
  const d = (shape < 1 ? shape + 1 : shape) - 0.3333333333333333;
  const c = 1 / Math.sqrt(9 * d);
  let count = 1;
  for (;;) {
    const u = 2 * unit(count) - 1;
    const w = 2 * unit(count + 1) - 1;
    count += 2;
    const s = u * u + w * w;
    if (s >= 1) continue;
    const x = u * Math.sqrt((-2 * log64(s)) / s);
    const t = 1 + c * x;
    if (t <= 0) continue;
    const v = t * t * t;
    const test = log64(unit(count));
    count += 1;
    if (test >= 0.5 * x * x + d * (1 - v + log64(v))) continue;
    return shape < 1 ? d * v * exp64(log64(unit(0)) / shape) : d * v;
  }
}
