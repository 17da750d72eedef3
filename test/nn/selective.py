# Writes selective.json: a selective state space and a Mamba block in PyTorch, float64, one step after the other: outputs, and the
# gradients of a weighted sum of the outputs by autograd.
#     python3 test/nn/selective.py > test/nn/selective.json && npx biome format --write test/nn/selective.json
import json
import torch
import torch.nn.functional as F

torch.manual_seed(3)
torch.set_default_dtype(torch.float64)
BATCH, STEPS, WIDTH, EXPAND, STATES, RANK, KERNEL = 2, 6, 5, 2, 3, 2, 4


def drawn(*shape):
    # Multiples of 1/64 are the same numbers in float32.
    return (torch.round(torch.randn(shape) * 24) / 64).requires_grad_()


def selective(p, u):
    batch, steps, channels = u.shape
    a = -torch.exp(p["aLog"])
    h = torch.zeros(batch, channels, STATES)
    outputs = []
    for t in range(steps):
        now = u[:, t]
        delta = F.softplus(now @ p["stepDown"] @ p["stepUp"] + p["stepBias"])
        write, read = now @ p["b"], now @ p["c"]
        h = torch.exp(torch.einsum("nd,ds->nds", delta, a)) * h + torch.einsum("nd,nd,ns->nds", delta, now, write)
        outputs.append(torch.einsum("nds,ns->nd", h, read) + p["d"] * now)
    return torch.stack(outputs, 1)


def block(p, x):
    normal = x / torch.sqrt((x * x).mean(-1, keepdim=True) + 1e-5) * p["scale"]
    u, gate = (normal @ p["input"]).chunk(2, -1)
    filters = p["filter"].T.unsqueeze(1)
    u = F.conv1d(F.pad(u.transpose(1, 2), (KERNEL - 1, 0)), filters, p["filterBias"], groups=u.shape[-1])
    y = selective(p, F.silu(u.transpose(1, 2)))
    return x + (y * F.silu(gate)) @ p["output"]


def params(channels):
    return {
        "aLog": drawn(channels, STATES),
        "stepDown": drawn(channels, RANK),
        "stepUp": drawn(RANK, channels),
        "stepBias": drawn(channels),
        "b": drawn(channels, STATES),
        "c": drawn(channels, STATES),
        "d": drawn(channels),
    }


def rounded(value):
    if isinstance(value, torch.Tensor):
        return rounded(value.detach().tolist())
    if isinstance(value, dict):
        return {k: rounded(v) for k, v in value.items()}
    return [rounded(v) for v in value] if isinstance(value, list) else float("%.14g" % value)


def case(f, p, x):
    y = f(p, x)
    weights = torch.round(torch.randn(y.shape) * 24) / 64
    (y * weights).sum().backward()
    grads = {k: v.grad for k, v in p.items()}
    return rounded({"x": x, "params": p, "weights": weights, "y": y, "dx": x.grad, "grads": grads})


inner = EXPAND * WIDTH
around = {
    "scale": drawn(WIDTH),
    "input": drawn(WIDTH, 2 * inner),
    "filter": drawn(KERNEL, inner),
    "filterBias": drawn(inner),
    "output": drawn(inner, WIDTH),
}
cases = {
    "sizes": {"steps": STEPS, "width": WIDTH, "states": STATES, "rank": RANK, "kernel": KERNEL, "expand": EXPAND},
    "selective": case(selective, params(WIDTH), drawn(BATCH, STEPS, WIDTH)),
    "block": case(block, {**around, **params(inner)}, drawn(BATCH, STEPS, WIDTH)),
}
print(json.dumps(cases, separators=(",", ":")))
