"""Asks PyTorch's own op tests (torch.testing's op_db) for samples in float64, and writes what PyTorch makes of them.

    python bench/peers/op-db/samples.py NAME... > build/op-db.jsonl

A line a sample: the op, its arguments, its results, the gradient of a weighed sum of the results in every float argument, and
the product of its Hessian with a direction. `bench/peers/op-db/main.ts` names the ops, reads the lines and compares.
"""
import json
import math
import signal
import sys
import types
import unittest
import warnings

try:
    import expecttest  # noqa: F401
except ImportError:
    # The module of samples imports it for tests of its own, of which none runs here.
    stand_in = types.ModuleType("expecttest")
    stand_in.TestCase = unittest.TestCase
    sys.modules["expecttest"] = stand_in

import torch
from torch.testing._internal.common_methods_invocations import op_db

warnings.filterwarnings("ignore")
torch.set_num_threads(1)
LARGEST = 5000
MOST_SAMPLES = 100


def weights(like, k, a, b, c):
    """A fixed weight for each element of tensor number k: main.ts has the same formula."""
    i = torch.arange(like.numel(), dtype=torch.float64) + 17 * k
    return (torch.remainder(i * a + b, c) / c - 0.4).reshape(like.shape)


def number(x):
    if isinstance(x, float) and not math.isfinite(x):
        return "nan" if math.isnan(x) else "inf" if x > 0 else "-inf"
    return x


def coded(x):
    """An argument as JSON."""
    if isinstance(x, torch.Tensor):
        kind = "float" if x.is_floating_point() else "bool" if x.dtype == torch.bool else "int"
        data = [number(v) for v in x.detach().double().reshape(-1).tolist()]
        return {"kind": kind, "shape": list(x.shape), "data": data}
    if isinstance(x, (list, tuple, torch.Size)):
        return [coded(v) for v in x]
    if isinstance(x, bool) or x is None or isinstance(x, (int, str)):
        return x
    if isinstance(x, float):
        return number(x)
    if isinstance(x, slice):
        return {"slice": [x.start, x.stop, x.step]}
    return {"other": type(x).__name__}


def tensors(x):
    if isinstance(x, torch.Tensor):
        yield x
    elif isinstance(x, (list, tuple)):
        for v in x:
            yield from tensors(v)
    elif isinstance(x, dict):
        for v in x.values():
            yield from tensors(v)


def mapped(x, f):
    if isinstance(x, torch.Tensor):
        return f(x)
    if isinstance(x, (list, tuple)) and not isinstance(x, torch.Size):
        return [mapped(v, f) for v in x] if isinstance(x, list) or not hasattr(x, "_fields") else x
    if isinstance(x, dict):
        return {k: mapped(v, f) for k, v in x.items()}
    return x


def derivatives(out, leaves):
    """The gradient of the weighed sum of the float results, and its product with a direction."""
    floats = [o for o in out if o.is_floating_point() and o.requires_grad]
    if not floats or not leaves:
        return None, None
    total = sum((o * weights(o, k, 7, 3, 11)).sum() for k, o in enumerate(floats))
    first = torch.autograd.grad(total, leaves, create_graph=True, allow_unused=True)
    first = [torch.zeros_like(x) if g is None else g for g, x in zip(first, leaves)]
    gradient = [coded(g) for g in first]
    along = sum((g * weights(g, k, 5, 2, 13)).sum() for k, g in enumerate(first))
    if not along.requires_grad:
        return gradient, [coded(torch.zeros_like(x)) for x in leaves]
    try:
        second = torch.autograd.grad(along, leaves, allow_unused=True)
    except Exception:
        return gradient, None
    return gradient, [coded(torch.zeros_like(x) if g is None else g) for g, x in zip(second, leaves)]


def line(op, sample):
    leaves = []

    def leaf(x):
        if not x.is_floating_point():
            return x
        fresh = x.detach().clone().double().requires_grad_()
        leaves.append(fresh)
        return fresh

    given = mapped([sample.input, *sample.args], leaf)
    named = mapped(sample.kwargs, leaf)
    if sum(t.numel() for t in tensors([given, named])) > LARGEST or any(t.is_complex() for t in tensors([given, named])):
        return None
    result = {"op": op.name, "variant": op.variant_test_name, "args": coded(given), "kwargs": {k: coded(v) for k, v in named.items()}}
    try:
        out = list(tensors(op(given[0], *given[1:], **named)))
    except Exception as error:
        return {**result, "error": str(error)[:200]}
    if any(t.is_complex() for t in out):
        return None
    result["out"] = [coded(t) for t in out]
    try:
        result["gradient"], result["product"] = derivatives(out, leaves)
    except Exception as error:
        result["gradient"] = result["product"] = None
        result["underived"] = str(error)[:100]
    return result


def main():
    wanted = set(sys.argv[1:])
    signal.signal(signal.SIGALRM, lambda *_: (_ for _ in ()).throw(TimeoutError()))
    for op in op_db:
        if op.name not in wanted:
            continue
        torch.manual_seed(1)
        signal.alarm(40)
        try:
            for i, sample in enumerate(op.sample_inputs("cpu", torch.float64, requires_grad=True)):
                if i >= MOST_SAMPLES:
                    break
                made = line(op, sample)
                if made is not None:
                    print(json.dumps(made))
        except BaseException as error:
            print(op.name, repr(error)[:120], file=sys.stderr)
        signal.alarm(0)


if __name__ == "__main__":
    main()
