"""Fills the columns NumPy, JAX and PyTorch of docs/conventions.md: what each gives where mathematics leaves a choice.

    python bench/peers/conventions.py

Run with NumPy, JAX 0.10 (on the CPU) and PyTorch 2.13; its rows are those of the page, in the same order. The column
"here" is not its business: test/docs/conventions.test.ts holds that to the library.
"""
import math
import pathlib
import re
import warnings

import jax
import jax.numpy as jnp
import numpy as np
import torch
import torch.nn.functional as F
from jax import lax

warnings.filterwarnings("ignore")
inf, nan = math.inf, math.nan


def N(x):
    return np.array(x, np.float32)


def J(x):
    return jnp.array(x, jnp.float32)


def T(x):
    return torch.tensor(x, dtype=torch.float32)


def NI(x):
    return np.array(x, np.int32)


def JI(x):
    return jnp.array(x, jnp.int32)


def TI(x):
    return torch.tensor(x, dtype=torch.int32)


def jg(f, x):
    """The gradient of the sum of f at x in JAX."""
    return jax.grad(lambda y: jnp.sum(f(y)))(J(x))


def tg(f, x):
    """The gradient of the sum of f at x in PyTorch."""
    leaf = T(x).requires_grad_()
    f(leaf).sum().backward()
    return leaf.grad if leaf.grad is not None else torch.zeros_like(leaf)


def set_numpy():
    x = N([0])
    x[[0, 0]] = [1, 2]
    return x


def set_torch():
    x = T([0])
    x[torch.tensor([0, 0])] = T([1, 2])
    return x


ROWS = [
    # Ties and kinks
    ("max of equals, derivative", None, lambda: jg(lambda x: jnp.max(x), [3,3,1]), lambda: tg(lambda x: x.max(), [3,3,1])),
    ("maximum of two equals, derivative in the first", None, lambda: jg(lambda x: jnp.maximum(x, 3.), [3]), lambda: tg(lambda x: torch.maximum(x, T([3])), [3])),
    ("maximum of two equals, derivative in the second", None, lambda: jg(lambda x: jnp.maximum(3., x), [3]), lambda: tg(lambda x: torch.maximum(T([3]), x), [3])),
    ("max pool of equals, derivative", None, lambda: jg(lambda x: lax.reduce_window(x.reshape(1,2,2,1), -jnp.inf, lax.max, (1,2,2,1), (1,2,2,1), 'VALID'), [1,4,4,0]), lambda: tg(lambda x: F.max_pool2d(x.reshape(1,1,2,2), 2), [1,4,4,0])),
    ("cumMax of equals, derivative", None, lambda: jg(lambda x: lax.cummax(x), [2,2]), lambda: tg(lambda x: torch.cummax(x, 0)[0], [2,2])),
    ("sort of equals, derivative of the first", None, lambda: jg(lambda x: jnp.sort(x)[0], [2,2]), lambda: tg(lambda x: torch.sort(x)[0][0], [2,2])),
    ("clip at its bounds, derivative", None, lambda: jg(lambda x: jnp.clip(x, -1, 1), [-1,1]), lambda: tg(lambda x: x.clamp(-1, 1), [-1,1])),
    ("abs at 0, derivative", None, lambda: jg(jnp.abs, [0]), lambda: tg(torch.abs, [0])),
    ("relu at 0, derivative", None, lambda: jg(jax.nn.relu, [0]), lambda: tg(F.relu, [0])),
    ("leakyRelu at 0, derivative", None, lambda: jg(jax.nn.leaky_relu, [0]), lambda: tg(F.leaky_relu, [0])),
    ("elu with alpha 2 at 0, derivative", None, lambda: jg(lambda x: jax.nn.elu(x, 2.), [0]), lambda: tg(lambda x: F.elu(x, 2.), [0])),
    ("floor and round, derivative", None, lambda: jg(lambda x: jnp.floor(x) + jnp.round(x), [.7]), lambda: tg(lambda x: x.floor() + x.round(), [.7])),
    ("sqrt at 0, derivative", None, lambda: jg(jnp.sqrt, [0]), lambda: tg(torch.sqrt, [0])),
    ("norm at 0, derivative", None, lambda: jg(lambda x: jnp.linalg.norm(x), [0,0]), lambda: tg(lambda x: torch.linalg.norm(x), [0,0])),
    ("std of equals, derivative", None, lambda: jg(lambda x: jnp.std(x), [2,2]), lambda: tg(lambda x: x.std(correction=0), [2,2])),
    ("hypot at the origin, derivative", None, lambda: jg(lambda x: jnp.hypot(x, 0.), [0]), lambda: tg(lambda x: torch.hypot(x, T([0])), [0])),
    ("atan2 at the origin, derivative", None, lambda: jg(lambda y: jnp.arctan2(y, 0.), [0]), lambda: tg(lambda y: torch.atan2(y, T([0])), [0])),
    ("prod with a 0, derivative", None, lambda: jg(lambda x: jnp.prod(x), [2,0,5]), lambda: tg(lambda x: x.prod(), [2,0,5])),
    ("a power 0 at 0, derivative in the base", None, lambda: jg(lambda x: x**0, [0]), lambda: tg(lambda x: x**0, [0])),
    ("0 to a power, derivative in the power", None, lambda: jg(lambda y: jnp.power(0., y), [2]), lambda: tg(lambda y: torch.pow(T([0]), y), [2])),
    ("where beside an infinite derivative", None, lambda: jg(lambda x: jnp.where(x > 0, jnp.sqrt(x), 0.), [0]), lambda: tg(lambda x: torch.where(x > 0, x.sqrt(), T([0])), [0])),
    ("logSumExp of nothing but -Infinity, derivative", None, lambda: jg(lambda x: jax.nn.logsumexp(x), [-inf,-inf]), lambda: tg(lambda x: torch.logsumexp(x, 0), [-inf,-inf])),
    # NaN and the infinities
    ("max with a NaN", lambda: np.max(N([1,nan,2])), lambda: jnp.max(J([1,nan,2])), lambda: T([1,nan,2]).max()),
    ("maximum of NaN and 1", lambda: np.maximum(N([nan,1]), N([1,nan])), lambda: jnp.maximum(J([nan,1]), J([1,nan])), lambda: torch.maximum(T([nan,1]), T([1,nan]))),
    ("relu of NaN", None, lambda: jax.nn.relu(J([nan])), lambda: F.relu(T([nan]))),
    ("relu of NaN, derivative", None, lambda: jg(jax.nn.relu, [nan]), lambda: tg(F.relu, [nan])),
    ("clip of NaN", lambda: np.clip(N([nan]), -1, 1), lambda: jnp.clip(J([nan]), -1, 1), lambda: T([nan]).clamp(-1, 1)),
    ("sign of NaN and -0", lambda: np.sign(N([nan,-0.])), lambda: jnp.sign(J([nan,-0.])), lambda: torch.sign(T([nan,-0.]))),
    ("sort with NaN", lambda: np.sort(N([2,nan,1])), lambda: jnp.sort(J([2,nan,1])), lambda: torch.sort(T([2,nan,1]))[0]),
    ("argmax with NaN", lambda: np.argmax(N([1,nan,2])), lambda: jnp.argmax(J([1,nan,2])), lambda: T([1,nan,2]).argmax()),
    ("topK with NaN", None, lambda: lax.top_k(J([1,nan,2]), 2)[0], lambda: torch.topk(T([1,nan,2]), 2)[0]),
    ("median with NaN", lambda: np.median(N([1,nan,2])), lambda: jnp.median(J([1,nan,2])), lambda: T([1,nan,2]).median()),
    ("unique with two NaN", lambda: np.unique(N([nan,1,nan])), lambda: jnp.unique(J([nan,1,nan])), lambda: torch.unique(T([nan,1,nan]))),
    ("NaN as a truth", lambda: np.all(N([nan])), lambda: jnp.all(J([nan])), lambda: T([nan]).all()),
    ("NaN to the power 0", lambda: N([nan])**0, lambda: J([nan])**0, lambda: T([nan])**0),
    ("softmax of nothing but -Infinity", None, lambda: jax.nn.softmax(J([-inf,-inf])), lambda: F.softmax(T([-inf,-inf]), 0)),
    ("NaN and 1e10 as int32", lambda: N([nan,1e10]).astype(np.int32), lambda: J([nan,1e10]).astype(jnp.int32), lambda: T([nan,1e10]).to(torch.int32)),
    # Rounding, signs and remainders
    ("round of halves", lambda: np.round(N([.5,1.5,2.5,-.5])), lambda: jnp.round(J([.5,1.5,2.5,-.5])), lambda: torch.round(T([.5,1.5,2.5,-.5]))),
    ("mod, its sign", lambda: np.mod(N([-7,7]), N([3,-3])), lambda: jnp.mod(J([-7,7]), J([3,-3])), lambda: torch.remainder(T([-7,7]), T([3,-3]))),
    ("floorDiv of opposite signs", lambda: np.floor_divide(N([-7,7]), N([2,-2])), lambda: jnp.floor_divide(J([-7,7]), J([2,-2])), lambda: torch.floor_divide(T([-7,7]), T([2,-2]))),
    ("floorDiv of 1 by 0.1", lambda: np.floor_divide(N([1]), np.float32(.1)), lambda: jnp.floor_divide(J([1]), jnp.float32(.1)), lambda: torch.floor_divide(T([1]), T([.1]))),
    ("mod and floorDiv by 0", lambda: N([np.mod(np.float32(1), np.float32(0)), np.floor_divide(np.float32(1), np.float32(0))]), lambda: J([jnp.mod(1., 0.), jnp.floor_divide(1., 0.)]), lambda: T([torch.remainder(T(1), T(0)), torch.floor_divide(T(1), T(0))])),
    ("2.7 and -2.7 as int32", lambda: N([2.7,-2.7]).astype(np.int32), lambda: J([2.7,-2.7]).astype(jnp.int32), lambda: T([2.7,-2.7]).to(torch.int32)),
    ("int32 beyond its range", lambda: NI([2147483647]) + np.int32(1), lambda: JI([2147483647]) + 1, lambda: TI([2147483647]) + 1),
    ("int32 divided by 0", lambda: NI([1]) // NI([0]), lambda: JI([1]) // 0, lambda: TI([1]) // 0),
    ("a float and an int32", lambda: N([1.5]) + NI([1]), lambda: J([1.5]) + JI([1]), lambda: T([1.5]) + TI([1])),
    # Order, places and statistics
    ("argmax of equals", lambda: np.argmax(N([1,3,3])), lambda: jnp.argmax(J([1,3,3])), lambda: T([1,3,3]).argmax()),
    ("argsort of equals", lambda: np.argsort(N([2,1,2,1])), lambda: jnp.argsort(J([2,1,2,1])), lambda: torch.argsort(T([2,1,2,1]))),
    ("std of 1, 2, 3, 4 by default", lambda: np.std(N([1,2,3,4])), lambda: jnp.std(J([1,2,3,4])), lambda: T([1,2,3,4]).std()),
    ("median of an even number", lambda: np.median(N([1,2,3,4])), lambda: jnp.median(J([1,2,3,4])), lambda: T([1,2,3,4]).median()),
    ("quantile 0.25 of 1, 2, 3, 4", lambda: np.quantile(N([1,2,3,4]), .25), lambda: jnp.quantile(J([1,2,3,4]), .25), lambda: torch.quantile(T([1,2,3,4]), .25)),
    ("take of place 5 of 3", lambda: np.take(N([1,2,3]), [5]), lambda: jnp.take(J([1,2,3]), jnp.array([5])), lambda: torch.take(T([1,2,3]), torch.tensor([5]))),
    ("take of place -1", lambda: np.take(N([1,2,3]), [-1]), lambda: jnp.take(J([1,2,3]), jnp.array([-1])), lambda: torch.take(T([1,2,3]), torch.tensor([-1]))),
    ("what is set twice", lambda: set_numpy(), lambda: J([0]).at[jnp.array([0,0])].set(J([1,2])), lambda: set_torch()),
    ("mean of int32", lambda: NI([1,2]).mean(), lambda: JI([1,2]).mean(), lambda: TI([1,2]).mean()),
    # Nothing, and defaults
    ("sum and prod of nothing", lambda: N([np.sum(N([])), np.prod(N([]))]), lambda: J([jnp.sum(J([])), jnp.prod(J([]))]), lambda: T([T([]).sum(), T([]).prod()])),
    ("max of nothing", lambda: np.max(N([])), lambda: jnp.max(J([])), lambda: T([]).max()),
    ("logSumExp of nothing", lambda: np.logaddexp.reduce(N([])), lambda: jax.nn.logsumexp(J([])), lambda: torch.logsumexp(T([]), 0)),
    ("any and all of nothing", lambda: NI([np.any(N([])), np.all(N([]))]), lambda: JI([jnp.any(J([])), jnp.all(J([]))]), lambda: TI([T([]).any(), T([]).all()])),
    ("mean pool of ones beside padding", None, None, lambda: F.avg_pool2d(torch.ones(1,1,2,2), 2, 2, 1).reshape(4)),
    ("gelu of 1 by default", None, lambda: jax.nn.gelu(J([1])), lambda: F.gelu(T([1]))),
    ("meshgrid of 3 and 2 by default, shape", lambda: N(np.meshgrid([1,2,3],[1,2])[0].shape), lambda: J(jnp.meshgrid(J([1,2,3]),J([1,2]))[0].shape), lambda: T(torch.meshgrid(T([1, 2, 3]), T([1, 2]))[0].shape)),
]


def shown(number):
    if math.isnan(number):
        return "NaN"
    if math.isinf(number):
        return "Infinity" if number > 0 else "-Infinity"
    if number == 0 and math.copysign(1, number) < 0:
        return "-0"
    return f"{number:.0f}" if number == int(number) else f"{number:.6g}"


def cell(f):
    """What f gives, as the table has it."""
    if f is None:
        return ""
    try:
        value = f()
    except Exception:
        return "error"
    numbers = np.asarray(value.detach() if isinstance(value, torch.Tensor) else value).reshape(-1)
    return ", ".join(shown(float(x)) for x in numbers)


def main():
    page = pathlib.Path(__file__).parents[2] / "docs/conventions.md"
    answers = {question: [cell(f) for f in peers] for question, *peers in ROWS}
    lines = page.read_text().split("\n")
    for i, line in enumerate(lines):
        cells = re.split(r"(?<!\\)\|", line)
        if len(cells) != 8 or cells[1].strip() in ("where", "---"):
            continue
        cells[4:7] = [f" {answer} " for answer in answers.pop(cells[1].strip())]
        lines[i] = "|".join(cells)
    assert not answers, f"not on the page: {list(answers)}"
    page.write_text("\n".join(lines))


if __name__ == "__main__":
    main()
