"""The coefficients of the float64 functions, made here and nowhere else: `python3 coefficients.py` (mpmath 1.3) prints them.

A polynomial interpolates at the Chebyshev nodes of its interval, in 60 digits, the function named beside it, which is
written so that it is about constant there; an absolute error is then nearly a relative one. A rational function
interpolates likewise. The last column is the largest error over 2,000 points after rounding to doubles, as a power of two.
"""
from mpmath import mp, mpf, matrix, lu_solve, log, exp, sin, cos, tan, sqrt, pi, cbrt, erf, erfc, atan, asin, tanh, sinh, log1p, atanh, asinh

mp.dps = 60


def nodes(a, b, n):
    return [(a + b) / 2 + (b - a) / 2 * cos(pi * (2 * i + 1) / (2 * n)) for i in range(n)]


def rational(f, a, b, above, below):
    """Numerator of `above` coefficients over a denominator of `below`, the last of which is 1; lowest power first."""
    n = above + below - 1
    system, right = matrix(n, n), matrix(n, 1)
    for row, x in enumerate(nodes(mpf(a), mpf(b), n)):
        y = f(x)
        for j in range(above):
            system[row, j] = x**j
        for j in range(1, below):
            system[row, above + j - 1] = -y * x**j
        right[row] = y
    c = list(lu_solve(system, right))
    return c[:above], [mpf(1)] + c[above:]


def value(c, x):
    y = mpf(0)
    for k in reversed(c):
        y = y * x + k
    return y


def show(name, f, a, b, above, below=1):
    p, q = rational(f, a, b, above, below)
    p, q = [mpf(float(c)) for c in p], [mpf(float(c)) for c in q]
    worst = max(abs(value(p, x) / value(q, x) - f(x)) for x in nodes(mpf(a), mpf(b), 2000))
    print(f"{name}  2^{float(log(worst, 2)):.1f}")
    print("  " + ", ".join(repr(float(c)) for c in reversed(p)))
    if below > 1:
        print("  over " + ", ".join(repr(float(c)) for c in reversed(q)))


def parts(name, x):
    """A number as two doubles."""
    high = mpf(float(x))
    print(f"{name}  {float(high)!r}  {float(x - high)!r}")


def series(f, z, first, step):
    """f(z), or for small z its Taylor series, whose term of z^i is step(i)."""
    return f(z) if abs(z) > mpf(10) ** -8 else sum(step(i) * z**i for i in range(first, first + 8))


if __name__ == "__main__":
    half = log(2) / 2 * mpf("1.0001")
    # r coth(r / 2) = 2 + z P(z), z = r^2
    show("exp", lambda z: (sqrt(z) * (exp(sqrt(z)) + 1) / (exp(sqrt(z)) - 1) - 2) / z, 1e-30, half**2, 5)
    # 2 atanh(s) / s = 2 + z P(z), z = s^2
    s = (sqrt(2) - 1) / (sqrt(2) + 1) * mpf("1.0001")
    show("log", lambda z: (2 * atanh(sqrt(z)) / sqrt(z) - 2) / z, 1e-30, s**2, 7)
    # tanh x = x + x z P(z) / Q(z)
    show("tanh", lambda z: (tanh(sqrt(z)) / sqrt(z) - 1) / z, 1e-30, mpf("0.31"), 3, 4)
    show("tanh", lambda z: (tanh(sqrt(z)) / sqrt(z) - 1) / z, 1e-30, mpf("0.31"), 3, 3)
    show("tanh", lambda z: (tanh(sqrt(z)) / sqrt(z) - 1) / z, 1e-30, mpf("0.31"), 2, 4)
