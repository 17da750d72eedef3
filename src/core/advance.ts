// Loops by hand: one carry at a time.

import { stackAbove } from "./call-site.js";
import { copyOf, currentPlace, freeing, isHeld } from "./memory.js";
import { checkKind } from "./options.js";
import { checkedSync } from "./synchronous.js";
import { type Tensor, tracesOrigins } from "./tensor.js";
import { eachTensor } from "./tree.js";

/** Whether `advance` made this tensor, so that the next step of its loop will free it. */
export const isCarried = (tensor: Tensor): boolean => tensor.life.region.carrier !== undefined;

/**
 * One step of a loop by hand, in memory that does not grow: runs `step` on the carry, frees every tensor made on the way
 * but those of the carry that it returns, and then those of the carry before that `advance` had made.
 *
 * ```ts
 * const loss = (w: Tensor) => w.square().sum();
 * let carry = { w: tensor([1, 2]), step: 0 };
 * for (let k = 0; k < 3; k++) {
 *   carry = advance(carry, ({ w, step }) => ({ w: w.sub(grad(loss)(w).mul(0.25)), step: step + 1 }));
 * }
 * carry; // { w: [0.125, 0.25], step: 3 }
 * ```
 *
 * The carry is any tree of tensors and other values. Between two steps you may await. Tensors that you made yourself (those
 * of the first carry, too) stay yours, and so do those that the new carry shares with the old one. A tensor of an earlier
 * carry that is used after it was freed says so (with `configure({ debug: true })` also which line replaced it); `keep` a copy
 * of what you want to hold. In a scope, the last carry goes with the scope. In a function that is differentiated, earlier carries stay, since
 * the way back reads them; there, use `loop`, which can store less. If `step` throws, the carry stays as it was.
 *
 * @throws TypeError for an asynchronous `step`.
 */
export function advance<C>(carry: C, step: (carry: C) => C extends PromiseLike<unknown> ? never : C): C {
  checkKind("advance", "the step", step, "a function");
  if (isHeld()) return checkedSync("advance", step(carry)) as C;
  const place = currentPlace();
  const made: Tensor[] = [];
  const copy = (tensor: Tensor): Tensor => {
    if (!place.makeLoose) return copyOf(tensor);
    const loose = tensor.copiedBy((shape, type) => place.makeLoose!(shape, type));
    made.push(loose);
    return loose;
  };
  let next: C;
  try {
    next = freeing("advance", () => step(carry) as C, copy);
  } catch (error) {
    for (const tensor of made) tensor.dispose();
    throw error;
  }
  for (const tensor of made) tensor.life.region.carrier = place;
  const stays = new Set<Tensor>();
  eachTensor(next, (tensor) => stays.add(tensor.base));
  const replaced: Tensor[] = [];
  eachTensor(carry, (tensor) => {
    if (!stays.has(tensor.base) && tensor.life.region.carrier === place) replaced.push(tensor);
  });
  // A stack takes as long as some ops, so it is only taken where those of tensors are, too.
  const line = replaced.length > 0 && tracesOrigins() ? stackAbove(advance) : undefined;
  for (const tensor of replaced) tensor.end("advanced", line);
  return next;
}
