# Writes golden.json: the special functions by mpmath in 200 bits, as the nearest doubles.
#     python3 test/special/golden.py > test/special/golden.json
import json
import mpmath as mp

mp.mp.prec = 200


def numbers(low, high, count=60):
    # Multiples of 1/256 are the same numbers in float32.
    return [round((low + (high - low) * i / (count - 1)) * 256) / 256 for i in range(count)]


positive = [2.0**-100, 2.0**-20, *numbers(0.0625, 4), *numbers(4, 300), 2.0**30, 2.0**100]
below = [x - 0.375 for x in numbers(-20, -1, 20)]
cases = {
    "log2": (positive, lambda x: mp.log(x, 2)),
    "log10": (positive, mp.log10),
    "exp2": (numbers(-126, 127), lambda x: mp.power(2, x)),
    "erfc": ([*numbers(-4, 9)], mp.erfc),
    "erfInv": ([*numbers(-0.99, 0.99), 1 - 2.0**-20, 2.0**-60], mp.erfinv),
    "lgamma": (positive, lambda x: mp.log(abs(mp.gamma(x))) if x < 1e3 else mp.loggamma(x)),
    "digamma": (positive, mp.digamma),
    "polygamma1": ([*positive, *below], lambda x: mp.psi(1, x)),
    "polygamma2": ([*positive[1:-1], *below], lambda x: mp.psi(2, x)),
    "polygamma5": ([*numbers(0.0625, 40), *below], lambda x: mp.psi(5, x)),
}
print(
    json.dumps(
        {
            "mpmath": mp.__version__,
            "cases": [{"name": k, "x": x, "y": [float(f(mp.mpf(v))) for v in x]} for k, (x, f) in cases.items()],
        }
    )
)
