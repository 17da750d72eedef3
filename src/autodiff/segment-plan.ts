// What a loop stores of its steps within a budget of bytes, in three stretches: segments, of which only the beginnings
// are stored and which the backward pass runs again, and after them the steps whose tape is stored. Those come last
// because the backward pass meets them first: their tape is there before a segment's is made.

/** How a loop's steps are stored. */
export interface SegmentPlan {
  /** Steps of a segment; the last one may be shorter. */
  readonly length: number;
  /** Steps at the end whose tape is stored, so that they are not run again. */
  readonly stored: number;
}

/**
 * Steps a segment may have: all of them if their tape fits the budget, else the longest that fits, else the length of
 * least memory, the square root of T c / b.
 */
export function segmentLength(steps: number, stepBytes: number, carryBytes: number, budget: number): number {
  if (steps * stepBytes <= budget) return steps;
  for (let length = steps - 1; length > 1; length--) {
    if (Math.ceil(steps / length) * carryBytes + length * stepBytes <= budget) return length;
  }
  return leastLength(steps, stepBytes, carryBytes);
}

function leastLength(steps: number, stepBytes: number, carryBytes: number): number {
  return Math.max(1, Math.min(steps, Math.round(Math.sqrt((steps * carryBytes) / Math.max(1, stepBytes)))));
}

/**
 * The plan that runs the fewest steps again among those that fit the budget, and of these the one with the fewest
 * segments; if none fits, the one of least memory. With m segments of k steps and s stored ones, m carries and the tapes
 * of k + s steps are held at a time.
 */
export function segmentPlan(steps: number, stepBytes: number, carryBytes: number, budget: number): SegmentPlan {
  if (steps * stepBytes <= budget) return { length: steps, stored: steps };
  let best: SegmentPlan | undefined;
  for (let length = steps; length >= 1; length--) {
    for (let segments = 1; segments <= Math.ceil(steps / length); segments++) {
      const room = Math.floor((budget - segments * carryBytes) / stepBytes) - length;
      if (room < 0) break;
      const stored = Math.min(room, steps - 1);
      if (stored + segments * length < steps) continue;
      if (!best || stored > best.stored) best = { length, stored };
      break;
    }
  }
  if (best) return best;
  const length = leastLength(steps, stepBytes, carryBytes);
  // One segment of all steps would store their tape and a carry besides.
  return { length, stored: length === steps ? steps : 0 };
}
