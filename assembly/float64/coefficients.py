"""The coefficients of the float64 functions, made here and nowhere else: `python3 coefficients.py` (mpmath 1.3) prints them.

A polynomial interpolates at the Chebyshev nodes of its interval, in 60 digits, the function named beside it, which is
written so that it is about constant there; an absolute error is then nearly a relative one. A rational function
interpolates likewise. The last column is the largest error over 2,000 points after rounding to doubles, as a power of two.
"""
from mpmath import mp, mpf, matrix, lu_solve, log, exp, sin, cos, sqrt, pi, erf, erfc, atan, asin, tanh, sinh, atanh, asinh, loggamma, digamma, findroot

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


if __name__ == "__main__":
    half = log(2) / 2 * mpf("1.0001")
    # r coth(r / 2) = 2 + z P(z), z = r^2
    show("exp", lambda z: (sqrt(z) * (exp(sqrt(z)) + 1) / (exp(sqrt(z)) - 1) - 2) / z, 1e-30, half**2, 5)
    # 2 atanh(s) / s = 2 + z P(z), z = s^2
    s = (sqrt(2) - 1) / (sqrt(2) + 1) * mpf("1.0001")
    show("log", lambda z: (2 * atanh(sqrt(z)) / sqrt(z) - 2) / z, 1e-30, s**2, 7)
    # tanh d = d + d z P(z), z = d^2, |d| <= 1 / 16, and the tables of tanh(j / 8) and 1 / (1 + e^(j / 4))
    show("tanh", lambda z: (tanh(sqrt(z)) / sqrt(z) - 1) / z, 1e-30, (mpf("1.0001") / 16) ** 2, 5)
    print("tanh by eighths  " + ", ".join(repr(float(tanh(mpf(j) / 8))) for j in range(154)))
    print("sigmoid by quarters  " + ", ".join(repr(float(1 / (1 + exp(mpf(j) / 4)))) for j in range(154)))
    # log as two doubles: 2 atanh(s) / s = 2 + z (2 / 3 + z G(z))
    show("logParts", lambda z: ((2 * atanh(sqrt(z)) / sqrt(z) - 2) / z - mpf(2) / 3) / z, mpf(10) ** -12, s**2, 8)
    parts("two thirds", mpf(2) / 3)
    parts("ln 2 after its first 33 bits", log(2) - mpf(0.6931471803691238))
    # sin x = x + x z S(z), cos x = 1 - z / 2 + z^2 C(z), |x| <= pi / 4
    quarter = (pi / 4 * mpf("1.0001")) ** 2
    show("sin", lambda z: (sin(sqrt(z)) / sqrt(z) - 1) / z, 1e-30, quarter, 6)
    show("cos", lambda z: ((cos(sqrt(z)) - 1) / z + 0.5) / z, mpf(10) ** -15, quarter, 6)
    # arctan t = t + t z A(z), |t| <= 7 / 16
    show("atan", lambda z: (atan(sqrt(z)) / sqrt(z) - 1) / z, 1e-30, mpf("0.1915"), 11)
    # the inverse functions up to 1 / 2
    show("asin", lambda z: (asin(sqrt(z)) / sqrt(z) - 1) / z, 1e-30, mpf("0.2501"), 13)
    show("asinh", lambda z: (asinh(sqrt(z)) / sqrt(z) - 1) / z, 1e-30, mpf("0.2501"), 13)
    show("atanh", lambda z: (atanh(sqrt(z)) / sqrt(z) - 1) / z, 1e-30, mpf("0.2501"), 14)
    show("sinh", lambda z: (sinh(sqrt(z)) / sqrt(z) - 1) / z, 1e-30, mpf("1.0001"), 8)
    show("erf", lambda z: erf(sqrt(z)) / sqrt(z) - 1, 1e-30, mpf("0.72"), 11)
    # (1 + 2 x) e^(x^2) erfc x in t = (x - 3.75) / (x + 3.75), x from 0.8 to 28 (the form of Shepherd and Laframboise 1981)
    where = lambda x: (x - mpf(15) / 4) / (x + mpf(15) / 4)
    back = lambda t: mpf(15) / 4 * (1 + t) / (1 - t)
    show("erfc", lambda t: (1 + 2 * back(t)) * exp(back(t) ** 2) * erfc(back(t)), where(mpf("0.8")), where(mpf(28)), 21)
    parts("erfc, its constant", rational(lambda t: (1 + 2 * back(t)) * exp(back(t) ** 2) * erfc(back(t)), where(mpf("0.8")), where(mpf(28)), 21, 1)[0][0])
    # ln gamma(1 + t) / t and ln gamma(2 + t) / t, |t| <= 0.3
    apart = lambda t: t if abs(t) > mpf(10) ** -25 else mpf(10) ** -25
    show("lgamma at 1", lambda t: loggamma(1 + apart(t)) / apart(t), -0.3, 0.3, 22)
    show("lgamma at 2", lambda t: loggamma(2 + apart(t)) / apart(t), -0.3, 0.3, 16)
    # psi(1.5 + t) / (1.5 + t - its root), and psi(2.5 + t), |t| <= 1 / 2
    psi_root = findroot(digamma, mpf("1.4616"))
    show("digamma at 1.5", lambda t: digamma(1.5 + t) / (1.5 + t - psi_root), -0.5, 0.5, 25)
    show("digamma at 2.5", lambda t: digamma(2.5 + t), -0.5, 0.5, 17)
    parts("the root of psi", psi_root)
    parts("ln(2 pi) / 2", log(2 * pi) / 2)
    for name, x in (("pi / 2", pi / 2), ("pi", pi), ("arctan 1/2", atan(mpf(1) / 2)), ("pi / 4", pi / 4), ("arctan 3/2", atan(mpf(3) / 2)), ("ln 2", log(2))):
        parts(name, x)
    # pi / 2 in three parts of 33 bits and the rest
    rest = pi / 2
    for bits in (33, 66, 99):
        part = mp.floor(rest * 2 ** (bits - 1)) / mpf(2) ** (bits - 1)
        print("pi / 2 by parts ", repr(float(part)))
        rest -= part
    print("pi / 2, the rest", repr(float(rest)))
    # 2 / pi after 64 zero bits, 21 words
    mp.dps = 500
    digits = int(mp.floor(2 / pi * mpf(2) ** (20 * 64)))
    print("2 / pi  " + ", ".join(hex(digits >> 64 * i & (2**64 - 1)) for i in range(19, -1, -1)))
