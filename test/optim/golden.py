# Writes golden.json: five steps of PyTorch's optimizers and its clipping, in float64, on fixed numbers.
#     /usr/bin/python3 test/optim/golden.py > test/optim/golden.json
import json
import torch

START = [0.5, -1.25, 2.0]
GRADIENTS = [[0.1, -0.2, 0.3], [0.4, 0.0, -0.6], [-0.05, 0.25, 1.5], [0.0, 0.0, 0.0], [2.0, -1.0, 0.01]]
O = torch.optim
# name, options as this package calls them, the optimizer in PyTorch
CASES = [
    ("sgd", {"lr": 0.1}, lambda p: O.SGD(p, lr=0.1)),
    ("sgd", {"lr": 0.1, "weightDecay": 0.05}, lambda p: O.SGD(p, lr=0.1, weight_decay=0.05)),
    ("sgd", {"lr": 0.1, "momentum": 0.9}, lambda p: O.SGD(p, lr=0.1, momentum=0.9)),
    ("sgd", {"lr": 0.1, "momentum": 0.9, "nesterov": True, "weightDecay": 0.05},
     lambda p: O.SGD(p, lr=0.1, momentum=0.9, nesterov=True, weight_decay=0.05)),
    ("adam", {"lr": 0.01}, lambda p: O.Adam(p, lr=0.01)),
    ("adam", {"lr": 0.01, "beta1": 0.8, "beta2": 0.95, "eps": 0.001},
     lambda p: O.Adam(p, lr=0.01, betas=(0.8, 0.95), eps=0.001)),
    ("adamW", {"lr": 0.01}, lambda p: O.AdamW(p, lr=0.01)),
    ("adamW", {"lr": 0.01, "weightDecay": 0.3}, lambda p: O.AdamW(p, lr=0.01, weight_decay=0.3)),
    ("rmsprop", {"lr": 0.01}, lambda p: O.RMSprop(p, lr=0.01)),
    ("rmsprop", {"lr": 0.01, "decay": 0.9, "eps": 0.0001, "momentum": 0.5, "weightDecay": 0.05},
     lambda p: O.RMSprop(p, lr=0.01, alpha=0.9, eps=0.0001, momentum=0.5, weight_decay=0.05)),
]


def positions(make):
    p = torch.tensor(START, dtype=torch.float64, requires_grad=True)
    optimizer = make([p])
    found = []
    for gradient in GRADIENTS:
        p.grad = torch.tensor(gradient, dtype=torch.float64)
        optimizer.step()
        found.append(p.detach().tolist())
    return found


def clipped(bound):
    tensors = [torch.tensor(x, dtype=torch.float64, requires_grad=True) for x in ([3.0, -4.0], [[12.0], [0.5]])]
    for t in tensors:
        t.grad = t.detach().clone()
    norm = torch.nn.utils.clip_grad_norm_(tensors, bound)
    return {"bound": bound, "norm": norm.item(), "clipped": [t.grad.flatten().tolist() for t in tensors]}


print(json.dumps({
    "torch": torch.__version__.split("+")[0],
    "start": START,
    "gradients": GRADIENTS,
    "optimizers": [{"name": n, "options": o, "positions": positions(make)} for n, o, make in CASES],
    "clips": [clipped(1.0), clipped(100.0)],
}, indent=2))
