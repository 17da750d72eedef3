// exp, log, tanh and their kin as kernel source: the formulas of assembly/transcendental.ts, operation for operation,
// so that a driver that rounds according to IEEE 754 gives the same bits. The built-in functions do not: measured on
// software drivers, tanh is wrong by a quarter for small arguments and NaN beyond 100, exp(NaN) is infinite, and log is
// off by 286 units in the last place.
//
// WGSL and GLSL have no way here to take a float apart, so powers of two are products of powers of two, which are
// exact. `if` instead of min and max keeps NaN, which these turn into a number on every driver. Subnormals are zero on
// some.

/** Exponents by which numbers are scaled: their sums reach every exponent. */
const halvings = [64, 64, 32, 16, 8, 4, 2, 1];

/** sqrt(1/2) as the CPU's logarithm has it, bits 0x3f3504f3. */
const ROOT = Math.fround(Math.SQRT1_2);

/** Each function by its name; a kernel that calls one also gets those that it calls. */
const sources: Record<string, string> = {
  // 2^n for whole n from -191 to 191, exact where it is a normal number.
  gPow2: `function gPow2(n) {
    let m = Math.abs(n);
    let s = 1.0;
    if (n < 0.0) {
      ${halvings.map((p) => `if (m >= ${p}.0) { s = s * ${2 ** -p}; m = m - ${p}.0; }`).join("\n      ")}
      return s;
    }
    ${halvings.map((p) => `if (m >= ${p}.0) { s = s * ${2 ** p}.0; m = m - ${p}.0; }`).join("\n    ")}
    return s;
  }`,
  // The nearest whole number, the even one of two: adding 1.5 2^23, as the CPU does, is folded away by some compilers.
  gNearest: `function gNearest(t) {
    const low = Math.floor(t);
    const d = t - low;
    if (d > 0.5) { return low + 1.0; }
    if (d == 0.5) { return low + (low - 2.0 * Math.floor(low * 0.5)); }
    return low;
  }`,
  gTanh: `function gTanh(v) {
    if (Math.abs(v) < 0.00006103515625) { return v; }
    let x = v;
    if (x > 8.18842601776123) { x = 8.18842601776123; }
    if (x < -8.18842601776123) { x = -8.18842601776123; }
    const z = x * x;
    const p = 0.029775641858577728 + z * 0.000114293725346215;
    const n = x + (x * z) * p;
    let e = 0.0012067421339452267 + z * 0.0000012298447700231918;
    e = 0.11310894787311554 + z * e;
    e = z * e;
    const h = n * 0.5;
    const rest = h * h + (e * e + (e + e));
    return (n + n * e) / (1.0 + rest);
  }`,
  gExpTail: `function gExpTail(r) {
    let p = 0.000198756915 * r + 0.0013981999507;
    p = p * r + 0.0083334519073;
    p = p * r + 0.041665795894;
    p = p * r + 0.16666665459;
    return p * r + 0.50000001201;
  }`,
  gExp: `function gExp(v) {
    let x = v;
    if (x > 89.0) { x = 89.0; }
    if (x < -105.0) { x = -105.0; }
    const n = gNearest(x * 1.4426950408889634);
    const high = x - n * 0.693359375;
    const low = n * -0.00021219444;
    const r = high - low;
    const tail = (r * r) * gExpTail(r) - low;
    const y = (high + tail) + 1.0;
    const half = Math.floor(n * 0.5);
    return (y * gPow2(half)) * gPow2(n - half);
  }`,
  gExpm1: `function gExpm1(v) {
    let x = v;
    if (x > 89.0) { x = 89.0; }
    if (x < -18.0) { x = -18.0; }
    if (Math.abs(x) < 2.9802322387695312e-8) { return x; }
    const n = gNearest(x * 1.4426950408889634);
    const high = x - n * 0.693359375;
    const low = n * -0.00021219444;
    const r = high - low;
    const tail = (r * r) * gExpTail(r) - low;
    const scale = gPow2(n - 1.0);
    const y = scale * tail + (scale * high + (scale - 0.5));
    return y * 2.0;
  }`,
  // The k for which x = m 2^k, m from sqrt(1/2) to sqrt(2), for positive x.
  gExponent: `function gExponent(x) {
    let m = x;
    let k = 0.0;
    ${[...halvings.slice(1), 1].map((p) => `if (m >= ${ROOT * 2 ** p}) { m = m * ${2 ** -p}; k = k + ${p}.0; }`).join("\n    ")}
    if (m < 1.1754943508222875e-38) { m = m * 8388608.0; k = k - 23.0; }
    ${halvings
      .slice(1)
      .map((p) => `if (m < ${ROOT * 2 ** (1 - p)}) { m = m * ${2 ** p}.0; k = k - ${p}.0; }`)
      .join("\n    ")}
    return k;
  }`,
  // x 2^-k in two exact steps.
  gMantissa: `function gMantissa(x, k) {
    const half = Math.floor(k * -0.5);
    return (x * gPow2(half)) * gPow2(-k - half);
  }`,
  gLogCore: `function gLogCore(f, k) {
    const s = f / (2.0 + f);
    const z = s * s;
    let r = 0.24279078841 * z + 0.28498786688;
    r = r * z + 0.40000972152;
    r = r * z + 0.66666662693;
    r = r * z;
    const hs = (0.5 * f) * f;
    const small = s * (hs + r) + k * 0.0000090580006145;
    return k * 0.69313812256 + (f - (hs - small));
  }`,
  // log 0 = -Inf, log Inf = Inf, NaN below; written so that no compiler meets a constant that is not finite.
  gLogSpecial: `function gLogSpecial(y, x) {
    if (x == 0.0) { return -1.0 / Math.abs(x); }
    if (x < 0.0) { return Math.sqrt(x); }
    if (x > 3.4028234663852886e38) { return x; }
    return y;
  }`,
  gLog: `function gLog(x) {
    const k = gExponent(x);
    return gLogSpecial(gLogCore(gMantissa(x, k) - 1.0, k), x);
  }`,
  // 1 + x = u + c exactly. The one is hidden from compilers, which would otherwise cancel it as if nothing were
  // rounded; beyond 3e38 any number of that size will do.
  gLog1p: `function gLog1p(x) {
    let one = 1.0;
    if (x > 3.0e38) { one = 2.0; }
    const u = x + one;
    const back = u - one;
    const c = (one - (u - back)) + (x - back);
    const k = gExponent(u);
    let down = k;
    if (down > 120.0) { down = 120.0; }
    const f = (gMantissa(u, k) - 1.0) + c * gPow2(-down);
    if (x == 0.0) { return x; }
    return gLogSpecial(gLogCore(f, k), u);
  }`,
  gSigmoid: `function gSigmoid(x) {
    const e = gExp(-Math.abs(x));
    let top = e;
    if (x >= 0.0) { top = 1.0; }
    return top / (1.0 + e);
  }`,
  gSoftplus: `function gSoftplus(x, beta) {
    const e = gExp(-Math.abs(x * beta));
    return gRelu(x) + gLog1p(e) / beta;
  }`,
  gSoftplusGate: `function gSoftplusGate(y, beta) {
    return -gExpm1(-(y * beta));
  }`,
  gRelu: `function gRelu(x) {
    if (x <= 0.0) { return 0.0; }
    return x;
  }`,
  gSign: `function gSign(x) {
    if (x > 0.0) { return 1.0; }
    if (x < 0.0) { return -1.0; }
    return x;
  }`,
  // At a tie the sum of two zeros is the larger of them; of a number and NaN it is NaN.
  gMaximum: `function gMaximum(a, b) {
    if (a > b) { return a; }
    if (b > a) { return b; }
    if (a == b && a != 0.0) { return a; }
    return a + b;
  }`,
  gMinimum: `function gMinimum(a, b) {
    if (a < b) { return a; }
    if (b < a) { return b; }
    if (a == b && a != 0.0) { return a; }
    return -(-a - b);
  }`,
};

/** The sources of the functions that `body` calls, callees first. */
export function functionsFor(body: string): string[] {
  const found = new Map<string, string>();
  const visit = (text: string, self?: string): void => {
    for (const name of Object.keys(sources)) {
      if (name === self || found.has(name) || !new RegExp(`\\b${name}\\(`).test(text)) continue;
      visit(sources[name], name);
      found.set(name, sources[name]);
    }
  };
  visit(body);
  return [...found.values()];
}
