# Writes golden.json: factorisations and solutions of some matrices by NumPy (LAPACK), float64. The matrices are exact in
# float32. Signs of vectors are left to the test.
#     python3 test/linalg/golden.py > test/linalg/golden.json
import json
import numpy as np

draw = np.random.default_rng(0)


def exact(*shape):
    return np.round(draw.standard_normal(shape) * 64) / 64


def hilbert(n):
    return (1 / (np.arange(n)[:, None] + np.arange(n)[None, :] + 1)).astype(np.float32).astype(np.float64)


def listed(x):
    return np.asarray(x).tolist()


square = {
    "one": exact(1, 1),
    "two": exact(2, 2),
    "stack": exact(3, 4, 4),
    "twelve": exact(12, 12),
    "hilbert": hilbert(6),
    "permutation": np.eye(5)[[3, 0, 4, 1, 2]],
    "large and small": exact(4, 4) * np.float64(2.0) ** np.array([[-40], [0], [30], [-3]]),
}
tall = {"tall": exact(7, 3), "stack of tall": exact(2, 5, 2), "wide": exact(3, 7), "one row": exact(1, 4)}

cases = []
for name, a in square.items():
    b = exact(*a.shape[:-1], 2)
    q, r = np.linalg.qr(a)
    signs = np.where(np.diagonal(r, axis1=-2, axis2=-1) < 0, -1.0, 1.0)
    symmetric = (a + np.swapaxes(a, -1, -2)) / 2
    positive = np.float32(a @ np.swapaxes(a, -1, -2) + np.eye(a.shape[-1])).astype(np.float64)
    positive = (positive + np.swapaxes(positive, -1, -2)) / 2
    sign, logabs = np.linalg.slogdet(a)
    cases.append({
        "name": name, "a": listed(a), "b": listed(b), "positive": listed(positive),
        "solve": listed(np.linalg.solve(a, b)), "inverse": listed(np.linalg.inv(a)), "det": listed(np.linalg.det(a)),
        "sign": listed(sign), "logAbsDet": listed(logabs), "cholesky": listed(np.linalg.cholesky(positive)),
        # Where the last rows of R are lost beside the first, their signs are chance.
        **({} if name == "large and small" else
           {"q": listed(q * signs[..., None, :]), "r": listed(r * signs[..., :, None])}),
        "eigenvalues": listed(np.linalg.eigvalsh(symmetric)), "s": listed(np.linalg.svd(a)[1]),
    })
for name, a in tall.items():
    b = exact(*a.shape[:-1], 2)
    q, r = np.linalg.qr(a)
    signs = np.where(np.diagonal(r, axis1=-2, axis2=-1) < 0, -1.0, 1.0)
    pairs = zip(a.reshape(-1, *a.shape[-2:]), b.reshape(-1, *b.shape[-2:]))
    best = np.array([np.linalg.lstsq(x, y, rcond=None)[0] for x, y in pairs])
    cases.append({
        "name": name, "a": listed(a), "b": listed(b), "q": listed(q * signs[..., None, :]),
        "r": listed(r * signs[..., :, None]), "s": listed(np.linalg.svd(a, full_matrices=False)[1]),
        "lstsq": listed(best.reshape(*a.shape[:-2], *best.shape[-2:])),
    })
print(json.dumps(cases))
