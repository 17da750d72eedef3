"""Writes starts.json: random starts of swimmers by NumPy, as another program drew them whose returns are in the tests."""
import json, math, pathlib
import numpy as np

def start(links, seed):
    rng = np.random.default_rng(seed)
    heading = rng.uniform(-math.pi, math.pi)
    limit = 2 * math.pi / links
    return [0.0, 0.0, heading, *rng.uniform(-limit, limit, links - 1)]

starts = {links: [start(links, seed) for seed in range(5)] for links in (4, 6, 8, 10, 12)}
pathlib.Path(__file__).with_name("starts.json").write_text(json.dumps(starts) + "\n")
