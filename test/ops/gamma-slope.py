"""Writes gamma-slope.json: how gamma variates z move with their shape alpha at their rank, by mpmath with 40 digits.

dz/dalpha = -(dP/dalpha) / p, P the regularised lower incomplete gamma function, p = dP/dz. Numbers are floats of 32 bits.
"""
import json
import pathlib

import mpmath as mp
import numpy as np

mp.mp.dps = 40


def slope(alpha, z):
    alpha, z = mp.mpf(alpha), mp.mpf(z)
    low = z < alpha

    def rank(a):
        return mp.gammainc(a, 0, z, regularized=True) if low else -mp.gammainc(a, z, mp.inf, regularized=True)

    h = alpha * mp.mpf(10) ** -12
    change = (rank(alpha - 2 * h) - 8 * rank(alpha - h) + 8 * rank(alpha + h) - rank(alpha + 2 * h)) / (12 * h)
    return -change / mp.exp((alpha - 1) * mp.log(z) - z - mp.loggamma(alpha))


rows = []
for alpha in [1e-3, 0.02, 0.1, 0.4, 0.9, 1, 1.7, 3, 6, 12, 40, 150, 1e3, 2e4, 99999, 100001, 3e5]:
    for x in [-5.5, -3, -1.5, -0.6, -0.1, 0.2, 0.8, 2, 4, 6]:
        # About the quantile of rank Phi(x), by Wilson and Hilferty; for small shapes by the power law of the lower tail.
        rank = float(mp.ncdf(x))
        if alpha >= 0.5:
            z = alpha * max(1 - 1 / (9 * alpha) + x / (3 * alpha**0.5), 0.02) ** 3
        else:
            z = float((rank * mp.gamma(alpha + 1)) ** (1 / mp.mpf(alpha))) if x < 0.5 else x * x
        a, z = float(np.float32(alpha)), float(np.float32(z))
        if z > 1e-35:
            rows.append([a, z, float(slope(a, z))])
lines = ",\n".join(f"  {json.dumps(row)}" for row in rows).replace("e-0", "e-")
pathlib.Path(__file__).with_suffix(".json").write_text(f"[\n{lines}\n]\n")
