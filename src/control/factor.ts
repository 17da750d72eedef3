// Small positive definite systems in place: A = L D L', with plain numbers.

/** Replaces the lower triangle of `a` (n, n) by L, and writes 1 / D. */
export function factor(a: Float64Array, n: number, inverses: Float64Array): void {
  for (let j = 0; j < n; j++) {
    const row = j * n;
    let pivot = a[row + j];
    for (let k = 0; k < j; k++) {
      // Until here row j holds L D, which saves a product below.
      const scaled = a[row + k];
      const value = scaled * inverses[k];
      pivot -= scaled * value;
      a[row + k] = value;
    }
    const inverse = 1 / pivot;
    inverses[j] = inverse;
    for (let i = j + 1; i < n; i++) {
      const other = i * n;
      let sum = a[other + j];
      for (let k = 0; k < j; k++) sum -= a[other + k] * a[row + k];
      a[other + j] = sum;
    }
  }
}

/** Replaces `x` by the solution of A y = x, with what `factor` has made of A. */
export function solveFactored(l: Float64Array, n: number, inverses: Float64Array, x: Float64Array): void {
  for (let i = 1; i < n; i++) {
    let sum = x[i];
    for (let k = 0; k < i; k++) sum -= l[i * n + k] * x[k];
    x[i] = sum;
  }
  for (let i = 0; i < n; i++) x[i] *= inverses[i];
  for (let i = n - 2; i >= 0; i--) {
    let sum = x[i];
    for (let k = i + 1; k < n; k++) sum -= l[k * n + i] * x[k];
    x[i] = sum;
  }
}
