// What was probably meant by a word that is not known.

/** Insertions, deletions, replacements and swaps of neighbours between two words (Damerau 1964, without overlaps). */
function distance(a: string, b: string): number {
  const rows = [Array.from({ length: b.length + 1 }, (_, j) => j)];
  for (let i = 1; i <= a.length; i++) {
    const row = [i];
    for (let j = 1; j <= b.length; j++) {
      const same = a[i - 1] === b[j - 1] ? 0 : 1;
      row[j] = Math.min(rows[i - 1][j] + 1, row[j - 1] + 1, rows[i - 1][j - 1] + same);
      const swapped = i > 1 && j > 1 && a[i - 1] === b[j - 2] && a[i - 2] === b[j - 1];
      if (swapped) row[j] = Math.min(row[j], rows[i - 2][j - 2] + 1);
    }
    rows.push(row);
  }
  return rows[a.length][b.length];
}

/** The longest word that is compared: longer text is no misspelt word. */
const LONGEST = 40;

/** The one of these words that is most like the given one; undefined if none is alike. */
export function nearest(given: string, words: readonly string[]): string | undefined {
  if (given.length === 0 || given.length > LONGEST) return undefined;
  const small = given.toLowerCase();
  const found = words
    .map((word) => ({ word, far: distance(small, word.toLowerCase()) }))
    .filter(
      ({ word, far }) => far <= Math.max(1, Math.floor(Math.max(word.length, small.length) / 3)) && far < word.length,
    );
  return found.sort((a, b) => a.far - b.far)[0]?.word;
}

/** A sentence that asks whether the nearest word was meant, with a space before it; "" if there is none. */
export function didYouMean(given: unknown, words: readonly string[], shown = (word: string): string => word): string {
  const word = typeof given === "string" ? nearest(given.trim(), words) : undefined;
  return word === undefined ? "" : ` Did you mean ${shown(word)}?`;
}
