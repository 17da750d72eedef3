"""Credit in eager PyTorch on one thread of the processor: torch_credit.py WORK WIDTH, or torch_credit.py check.

The same products as ours, written by hand, without autograd: in Z-IL a layer moves until its error has arrived. "check" compares
this with autograd in float64. Otherwise every line on standard input is answered with {"ms":...,"bytes":...}; see
../contender.ts.
"""
import json
import os
import resource
import sys
import time

os.environ["OMP_NUM_THREADS"] = os.environ["OPENBLAS_NUM_THREADS"] = "1"

import torch

BATCH = 64


def network(width, dtype=torch.float32):
    sizes = [784 if width == 512 else width, width, width, 10]
    weights = [torch.randn(a, b, dtype=dtype) / a**0.5 for a, b in zip(sizes, sizes[1:])]
    biases = [torch.zeros(b, dtype=dtype) for b in sizes[1:]]
    return weights, biases, torch.randn(BATCH, sizes[0], dtype=dtype), torch.randn(BATCH, 10, dtype=dtype)


@torch.no_grad()
def zil(weights, biases, x, target):
    """The credit of weights and biases, the first layer's first."""
    layers = len(weights)
    activities, predictions = [x], [x]
    for weight, bias in zip(weights, biases):
        predictions.append(activities[-1] @ weight + bias)
        activities.append(torch.tanh(predictions[-1]))
    credit = [None] * layers
    error = target - predictions[-1]
    for level in range(layers):
        layer = layers - 1 - level
        below = activities[layer]
        credit[layer] = (-(below.T @ error), -error.sum(0))
        if layer > 0:
            value = predictions[layer] + (1 - below**2) * (error @ weights[layer].T)
            error = value - predictions[layer]
    return credit


@torch.no_grad()
def equilibrium(weights, biases, x, target, beta=0.1):
    """Credit by equilibrium propagation in the prototypical network: 30 ticks, 10 nudged ones, and both products."""

    def squash(drive):
        return torch.sigmoid(4 * drive - 2)

    # The data do not change while the network settles, so what they send is computed once, as on our side.
    entering = x @ weights[0] + biases[0]

    def step(hidden, out, nudge):
        next_hidden = squash(entering + out @ weights[1].T)
        next_out = squash(hidden @ weights[1] + biases[1])
        return next_hidden, next_out + nudge * (target - out) if nudge else next_out

    hidden, out = torch.zeros(len(x), len(biases[0]), dtype=x.dtype), torch.zeros_like(target)
    for _ in range(30):
        hidden, out = step(hidden, out, 0)
    free = hidden, out
    for _ in range(10):
        hidden, out = step(hidden, out, beta)
    factor = -1 / beta
    return (
        factor * (x.T @ hidden - x.T @ free[0]),
        factor * (hidden.sum(0) - free[0].sum(0)),
        factor * (hidden.T @ out - free[0].T @ free[1]),
        factor * (out.sum(0) - free[1].sum(0)),
    )


def selective_params(width, states=16, dtype=torch.float32):
    rank = -(-width // 16)
    shapes = [(width, rank), (rank, width), (width,), (width, states), (width, states), (width,)]
    down, up, bias, write, read, skip = [torch.randn(shape, dtype=dtype) / shape[0] ** 0.5 for shape in shapes]
    log_rates = torch.log(torch.arange(1, states + 1, dtype=dtype)).repeat(width, 1)
    return log_rates, down, up, bias, write, read, skip


def selective_step(params, h, u):
    """The state (D, N) and the output (D) after one more input, for autograd."""
    log_rates, down, up, bias, write, read, skip = params
    delta = torch.nn.functional.softplus(u @ down @ up + bias)
    h = torch.exp(delta[:, None] * -torch.exp(log_rates)) * h + (delta * u)[:, None] * (u @ write)
    return h, h @ (u @ read) + skip * u


@torch.no_grad()
def rtrl(params, traces, u, target):
    """A step of real-time recurrent learning for half the squared error: the next traces, the credit, and by the input."""
    log_rates, down, up, bias, write, read, skip = params
    h, by_rates, by_bias, by_step, by_write = traces
    z = u @ down @ up + bias
    delta, b, c = torch.nn.functional.softplus(z), u @ write, u @ read
    rates = -torch.exp(log_rates)
    decay = torch.exp(delta[:, None] * rates)
    kept, written = decay * h, u[:, None] * b
    h = kept + delta[:, None] * written
    slope = (rates * kept + written) * torch.sigmoid(z)[:, None]
    by_rates = decay * by_rates + kept * rates * delta[:, None]
    by_bias = decay * by_bias + slope
    by_step = decay[..., None] * by_step + slope[..., None] * u
    by_write = decay.T[..., None] * by_write + (delta * u)[:, None] * u
    error = h @ c + skip * u - target
    dh = error[:, None] * c
    dc = error @ h
    across = (dh[:, None] @ by_step)[:, 0].T
    upon = (dh.T[:, None] @ by_write)[:, 0].T
    credit = (
        (dh * by_rates),
        across @ up.T,
        down.T @ across,
        (dh * by_bias).sum(1),
        upon,
        torch.outer(u, dc),
        error * u,
    )
    back = error * skip + read @ dc + (dh @ b) * delta + write @ ((delta * u) @ dh) + down @ (up @ (dh * slope).sum(1))
    return (h, by_rates, by_bias, by_step, by_write), credit, back


def no_traces(width, states=16, dtype=torch.float32):
    small, large = (width, states), (width, states, width)
    return [torch.zeros(shape, dtype=dtype) for shape in (small, small, small, large, (states, width, width))]


def check_rtrl(width=8, steps=12):
    params = selective_params(width, dtype=torch.float64)
    data = torch.randn(steps, width, dtype=torch.float64)
    targets = torch.randn(steps, width, dtype=torch.float64)
    traces, total = no_traces(width, dtype=torch.float64), None
    for u, target in zip(data, targets):
        traces, credit, _ = rtrl(params, traces, u, target)
        total = credit if total is None else [a + b for a, b in zip(total, credit)]
    leaves = [p.clone().requires_grad_() for p in params]
    h, loss = torch.zeros(width, 16, dtype=torch.float64), 0
    for u, target in zip(data, targets):
        h, y = selective_step(leaves, h, u)
        loss = loss + 0.5 * ((y - target) ** 2).sum()
    gradients = torch.autograd.grad(loss, leaves)
    worst = max(float((o - g).norm() / g.norm()) for o, g in zip(total, gradients))
    print(f"width {width}: real-time recurrent learning against autograd, worst relative error {worst:.1e}")


def check():
    torch.manual_seed(0)
    check_rtrl()
    for width in (64, 512):
        weights, biases, x, target = network(width, torch.float64)
        leaves = [t.requires_grad_() for pair in zip(weights, biases) for t in pair]
        a = x
        for i, (weight, bias) in enumerate(zip(weights, biases)):
            a = a @ weight + bias
            a = torch.tanh(a) if i < len(weights) - 1 else a
        gradients = torch.autograd.grad(0.5 * ((a - target) ** 2).sum(), leaves)
        ours = [t for pair in zil(weights, biases, x, target) for t in pair]
        worst = max(float((o - g).norm() / g.norm()) for o, g in zip(ours, gradients))
        print(f"width {width}: Z-IL by hand against autograd, worst relative error {worst:.1e}")


def prepared(work, width):
    torch.manual_seed(0)
    if work == "matmul":
        a, b = torch.rand(width, width), torch.rand(width, width)
        return lambda: a @ b
    if work == "ep":
        sizes = [784 if width == 512 else width, width, 10]
        spread = [torch.rand(a, b) * 2 / a**0.5 - 1 / a**0.5 for a, b in zip(sizes, sizes[1:])]
        biases, x, target = [torch.zeros(b) for b in sizes[1:]], torch.rand(20, sizes[0]), torch.rand(20, 10)
        return lambda: equilibrium(spread, biases, x, target)
    if work == "rtrl":
        params, traces = selective_params(width), no_traces(width)
        u, target = torch.randn(width), torch.randn(width)
        return lambda: rtrl(params, traces, u, target)
    args = network(width)
    return lambda: zil(*args)


torch.set_num_threads(1)
if sys.argv[1] == "check":
    check()
else:
    run = prepared(sys.argv[1], int(sys.argv[2]))
    run()
    for line in sys.stdin:
        ms, count = 0.0, 1
        while ms < 50:
            count *= 2
            begin = time.perf_counter()
            for _ in range(count):
                run()
            ms = 1e3 * (time.perf_counter() - begin)
        held = 1024 * resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
        print(json.dumps({"ms": ms / count, "bytes": held}), flush=True)
