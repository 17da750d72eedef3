# Writes readout.json: an energy-based network that settles, with a softmax that reads its answer, in PyTorch, float64: the
# cross-entropy after 40 more ticks from the steady state, and its gradients.
#     python3 test/credit/readout.py > test/credit/readout.json
import json
import torch

torch.manual_seed(3)
torch.set_default_dtype(torch.float64)
epsilon, sizes, outputs = 0.3, (5, 7, 6), 3


def quarters(*shape):
    # Multiples of 1/64 are short in JSON.
    return torch.round(torch.randn(shape) * 24) / 64


weights = [quarters(a, b).requires_grad_() for a, b in zip(sizes, sizes[1:])]
biases = [quarters(b).requires_grad_() for b in sizes[1:]]
read, shift = quarters(sizes[-1], outputs).requires_grad_(), quarters(outputs).requires_grad_()
x, target = quarters(2, sizes[0]), torch.tensor([[1.0, 0.0, 0.0], [0.0, 0.25, 0.75]])


def phi(states):
    active = [torch.tanh(t) for t in (x, *states)]
    own = sum((t**2).sum() for t in states)
    coupled = sum(((active[i] @ w + b) * active[i + 1]).sum() for i, (w, b) in enumerate(zip(weights, biases)))
    return (1 - epsilon) / 2 * own + epsilon * coupled


def step(states):
    return torch.autograd.grad(phi(states), states, create_graph=True)


states = [torch.zeros(2, size, requires_grad=True) for size in sizes[1:]]
for _ in range(300):
    states = [t.detach().requires_grad_() for t in step(states)]
for _ in range(40):
    states = step(states)
loss = -(target * torch.log_softmax(states[-1] @ read + shift, 1)).sum()
leaves = [*(t for pair in zip(weights, biases) for t in pair), read, shift]
gradients = torch.autograd.grad(loss, leaves)


def tree(values):
    values = [t.detach().tolist() for t in values]
    layers = [{"weight": w, "bias": b} for w, b in zip(values[::2], values[1::2])]
    return {"settling": layers[:-1], "readout": layers[-1]}


print(
    json.dumps(
        {
            "epsilon": epsilon,
            "sizes": sizes,
            "params": tree(leaves),
            "x": x.tolist(),
            "target": target.tolist(),
            "loss": loss.item(),
            "gradient": tree(gradients),
        }
    )
)
