"""A dense layer and leaky neurons through 500 steps in eager PyTorch on one thread.

Called as torch_spiking.py UNITS [spikes | products]: the sum of spikes and its gradient with respect
to the weights, a batch of 10; with `spikes`, a tenth of the inputs spike, with `products`, the two
products of matrices of this work alone. Every line on standard input is answered with
{"ms":...,"bytes":...}; see ../contender.ts.
"""
import json
import math
import os
import resource
import sys
import time

os.environ["OMP_NUM_THREADS"] = os.environ["OPENBLAS_NUM_THREADS"] = "1"

import torch

BATCH, STEPS = 10, 500


class Spike(torch.autograd.Function):
    @staticmethod
    def forward(ctx, above):
        ctx.save_for_backward(above)
        return (above > 0).to(above.dtype)

    @staticmethod
    def backward(ctx, grad):
        (above,) = ctx.saved_tensors
        return grad / (1 + (math.pi * above) ** 2)


torch.set_num_threads(1)
torch.manual_seed(0)
units = int(sys.argv[1])
weight = ((torch.rand(units, units) * 2 - 1) / units**0.5).requires_grad_()
data = torch.rand(STEPS, BATCH, units)
if "spikes" in sys.argv:
    data = (data < 0.1).to(data.dtype)
decay = math.exp(-1 / 10)


def run():
    weight.grad = None
    currents = data @ weight
    v = torch.zeros(BATCH, units)
    s = torch.zeros(BATCH, units)
    spikes = []
    for current in currents.unbind(0):
        v = decay * v * (1 - s) + current
        s = Spike.apply(v - 0.3)
        spikes.append(s)
    torch.stack(spikes).sum().backward()


def products():
    flat = data.view(-1, units)
    with torch.no_grad():
        return flat @ weight, flat.T @ cotangent


if "products" in sys.argv:
    cotangent = torch.rand(STEPS * BATCH, units)
    run = products

run()
for line in sys.stdin:
    begin = time.perf_counter()
    run()
    ms = 1e3 * (time.perf_counter() - begin)
    held = 1024 * resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    print(json.dumps({"ms": ms, "bytes": held}), flush=True)
