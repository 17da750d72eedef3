"""The lifetime in eager PyTorch on one CPU thread: torch_lifetime.py CHEMICALS.

It answers every line on standard input with {"ms":...,"bytes":...}; see ../contender.ts.
"""
import json
import math
import os
import resource
import sys
import time

os.environ["OMP_NUM_THREADS"] = os.environ["OPENBLAS_NUM_THREADS"] = "1"

import torch
from torch.nn.functional import cross_entropy, one_hot, softplus

SIZES = [784, 170, 130, 100, 70, 47]
STEPS = 50
QUERIES = 50
BETA = 10.0


def lifetime(chemicals):
    layers = len(SIZES) - 1
    shapes = [(SIZES[i + 1], SIZES[i]) for i in range(layers)]
    z = torch.tensor([50.0 ** (-c / chemicals) for c in range(chemicals)])[:, None]
    y = 1 - z
    y[0] = 1.0
    K = torch.zeros(chemicals, chemicals, requires_grad=True)
    P = torch.full((chemicals, 3), 1e-3, requires_grad=True)
    v = torch.full((chemicals,), 1.0 / chemicals, requires_grad=True)
    b = [torch.zeros(chemicals, 1, requires_grad=True) for _ in shapes]
    feedback = [torch.randn(shape) / math.sqrt(shape[1]) for shape in shapes]
    start = [torch.nn.init.xavier_uniform_(torch.empty(shape)) for shape in shapes]
    images = torch.rand(STEPS, SIZES[0])
    targets = one_hot(torch.arange(STEPS) % 5, SIZES[-1]).float()
    queries = torch.rand(QUERIES, SIZES[0])
    answers = torch.arange(QUERIES) % 5

    def loss():
        h = [w.reshape(1, -1).repeat(chemicals, 1) for w in start]
        W = [(v @ hh).view(shape) for hh, shape in zip(h, shapes)]
        for t in range(STEPS):
            a = [images[t]]
            for i in range(layers):
                u = W[i] @ a[i]
                a.append(softplus(u, BETA) if i < layers - 1 else torch.softmax(u, 0))
            e = [None] * layers + [a[layers] - targets[t]]
            for i in reversed(range(layers)):
                sent = feedback[i].T @ e[i + 1]
                e[i] = sent * (1 - torch.exp(-BETA * a[i])) if i > 0 else sent
            for i, shape in enumerate(shapes):
                gradient = -torch.outer(e[i + 1], a[i])
                hebb = -torch.outer(e[i + 1], e[i])
                oja = torch.outer(a[i + 1], a[i]) - torch.outer(a[i + 1], a[i + 1] @ W[i])
                motifs = torch.stack([motif.reshape(-1) for motif in (gradient, hebb, oja)])
                h[i] = y * h[i] + z * torch.tanh(K @ h[i] + P @ motifs + b[i])
                W[i] = (v @ h[i]).view(shape)
        a = queries
        for i in range(layers):
            a = a @ W[i].T
            if i < layers - 1:
                a = softplus(a, BETA)
        return cross_entropy(a, answers)

    return lambda: torch.autograd.grad(loss(), [K, P, v, *b])


torch.set_num_threads(1)
torch.manual_seed(0)
run = lifetime(int(sys.argv[1]))
run()
for _ in sys.stdin:
    begin = time.perf_counter()
    run()
    ms = 1e3 * (time.perf_counter() - begin)
    held = 1024 * resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    print(json.dumps({"ms": ms, "bytes": held}), flush=True)
