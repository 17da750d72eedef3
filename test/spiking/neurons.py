# Writes neurons.json: layers of spiking neurons over 100 steps in PyTorch, float64, with the rectangular surrogate: spikes
# per unit, and the gradients of a weighted sum of them.
#     python3 test/spiking/neurons.py > test/spiking/neurons.json
import json
import torch

torch.manual_seed(3)
torch.set_default_dtype(torch.float64)
STEPS, BATCH, INPUTS, UNITS = 100, 2, 5, 4


class Spike(torch.autograd.Function):
    @staticmethod
    def forward(ctx, above):
        ctx.save_for_backward(above)
        return (above > 0).double()

    @staticmethod
    def backward(ctx, grad):
        (above,) = ctx.saved_tensors
        return grad * (above.abs() < 0.5).double()


def quarters(*shape):
    return torch.round(torch.randn(shape) * 32) / 64


def lif(p, currents, reset_by):
    v, s, out = p["initial"].expand(BATCH, UNITS), torch.zeros(BATCH, UNITS), []
    decay = torch.sigmoid(p["decay"])
    for t in range(STEPS):
        left = {"zero": lambda: decay * v * (1 - s), "subtract": lambda: decay * v - p["threshold"] * s}[reset_by]()
        v = left + currents[:, t] + p["reset"] * s
        s = Spike.apply(v - p["threshold"])
        out.append(s)
    return torch.stack(out, 1)


def meta(p, currents):
    v, s, out = torch.zeros(BATCH, UNITS), torch.zeros(BATCH, UNITS), []
    u = p["initial"].expand(BATCH, UNITS)
    for t in range(STEPS):
        v, u = v * (1 - s) + s * p["c"], u + s * p["d"]
        i = torch.sigmoid(currents[:, t])
        v, u = v + (v * v - v - u + i), u + p["a"] * (p["b"] * v - u)
        s = Spike.apply(v - 0.5)
        out.append(s)
    return torch.stack(out, 1)


def case(name, run, internals):
    trains = (torch.rand(BATCH, STEPS, INPUTS) < 0.3).double()
    weight = quarters(INPUTS, UNITS) + 0.25
    params = {"weight": weight, **internals}
    for p in params.values():
        p.requires_grad_()
    spikes = run(params, trains @ weight)
    weights = quarters(BATCH, STEPS, UNITS)
    (spikes * weights).sum().backward()
    return {
        "name": name,
        "params": {k: p.detach().tolist() for k, p in params.items()},
        "trains": trains.tolist(),
        "weights": weights.tolist(),
        "counts": spikes.sum(1).tolist(),
        "grads": {k: p.grad.tolist() for k, p in params.items()},
    }


def of_lif():
    some = torch.linspace(0.5, 1.5, UNITS)
    return {"decay": some.clone(), "threshold": some + 0.25, "reset": quarters(UNITS) / 8, "initial": quarters(UNITS) / 8}


def of_meta():
    ones = torch.ones(UNITS)
    return {"a": ones / 64, "b": ones / 4, "c": quarters(UNITS) / 16, "d": ones / 16, "initial": ones / 16}


cases = [case(f"lif {r}", lambda p, i, r=r: lif(p, i, r), of_lif()) for r in ("zero", "subtract")]
cases.append(case("meta", meta, of_meta()))
print(json.dumps({"torch": torch.__version__, "cases": cases}))
