// How one number of a repeated list changes from round to round.

/** A stretch of rounds in which a number grows by the same whole amount each time. */
interface Piece {
  /** The first round. */
  readonly from: number;
  /** Which of the loop's numbers it begins with. */
  readonly at: number;
  /** What each later round adds. */
  stride: number;
}

/** Whether sums of such numbers are exact: -0 is none, since -0 + 0 is 0. */
const isWhole = (x: number): boolean => Number.isSafeInteger(x) && !Object.is(x, -0);

/**
 * The values of one number over the rounds of a loop, as few pieces: addresses that advance by one row need a single
 * one, however many rounds there are.
 */
export class Column {
  readonly pieces: Piece[];

  /**
   * @param numbers those of the loop; what a piece begins with is added to them.
   * @param at which of them is the number in round 0.
   */
  constructor(
    private readonly numbers: number[],
    at: number,
  ) {
    this.pieces = [{ from: 0, at, stride: 0 }];
  }

  /** The number in `round`, if it goes on as it did so far; undefined where it would no longer be exact. */
  next(round: number): number | undefined {
    const { from, at, stride } = this.pieces[this.pieces.length - 1];
    if (stride === 0) return this.numbers[at];
    const number = this.numbers[at] + (round - from) * stride;
    return isWhole(number) ? number : undefined;
  }

  /** Takes down that `round`, which follows the last one, has another number than `next` says. */
  turn(round: number, value: number): void {
    const last = this.pieces[this.pieces.length - 1];
    const begin = this.numbers[last.at];
    if (round === last.from + 1 && isWhole(begin) && isWhole(value)) last.stride = value - begin;
    else this.pieces.push({ from: round, at: this.numbers.push(value) - 1, stride: 0 });
  }
}

/** Whether numbers of two loops change alike, whatever they begin with; undefined is a number that stays what it is. */
export function changeAlike(a: Column | undefined, b: Column | undefined): boolean {
  if (a === undefined || b === undefined) return a === b;
  if (a.pieces.length !== b.pieces.length) return false;
  return a.pieces.every(({ from, at, stride }, i) => {
    const piece = b.pieces[i];
    return from === piece.from && at === piece.at && stride === piece.stride;
  });
}
