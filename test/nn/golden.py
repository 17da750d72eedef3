# Writes golden.json: a small network with every layer that has parameters or windows in PyTorch, float64: logits, loss,
# gradients, and the parameters after five steps of Adam. Layouts are turned into ours on the way out.
#     /usr/bin/python3 test/nn/golden.py > test/nn/golden.json
import json
import torch
import torch.nn as nn

torch.manual_seed(0)
torch.set_default_dtype(torch.float64)


class Channels(nn.Module):
    """Images with their channels last, as we have them, made flat."""

    def forward(self, x):
        return x.permute(0, 2, 3, 1).reshape(x.shape[0], -1)


conv1 = nn.Conv2d(2, 3, 3, padding=1)
conv2 = nn.Conv2d(3, 4, (2, 3), stride=(1, 2), padding=(1, 2), dilation=(2, 1), bias=False)
pool2 = nn.AvgPool2d((2, 3), stride=1, padding=1, count_include_pad=False)
norm = nn.LayerNorm(60)
dense = nn.Linear(60, 3)
net = nn.Sequential(conv1, nn.ReLU(), nn.MaxPool2d(2), conv2, nn.Tanh(), pool2, Channels(), norm, dense)


def quarters(shape):
    # Multiples of 1/64 are the same numbers in float32.
    return torch.round(torch.randn(shape) * 32) / 64


with torch.no_grad():
    for p in net.parameters():
        p.copy_(quarters(p.shape))
x = quarters([5, 2, 8, 8])
y = torch.tensor([0, 2, 1, 1, 0])


def ours(f):
    """f of every parameter, in our layouts."""
    return [
        {"weight": f(conv1.weight).permute(2, 3, 1, 0).tolist(), "bias": f(conv1.bias).tolist()},
        {"weight": f(conv2.weight).permute(2, 3, 1, 0).tolist()},
        {"scale": f(norm.weight).tolist(), "bias": f(norm.bias).tolist()},
        {"weight": f(dense.weight).t().tolist(), "bias": f(dense.bias).tolist()},
    ]


optimizer = torch.optim.Adam(net.parameters(), lr=0.01)
found = {"torch": torch.__version__.split("+")[0], "x": x.permute(0, 2, 3, 1).tolist(), "y": y.tolist()}
found["params"] = ours(lambda p: p.detach())
for step in range(5):
    optimizer.zero_grad()
    logits = net(x)
    loss = nn.functional.cross_entropy(logits, y)
    loss.backward()
    if step == 0:
        found.update(logits=logits.tolist(), loss=loss.item(), grads=ours(lambda p: p.grad))
    optimizer.step()
found["after"] = ours(lambda p: p.detach())


def rounded(value):
    if isinstance(value, dict):
        return {k: rounded(v) for k, v in value.items()}
    if isinstance(value, list):
        return [rounded(v) for v in value]
    return float("%.9g" % value) if isinstance(value, float) else value


print(json.dumps(rounded(found)))
