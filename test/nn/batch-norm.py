# Writes batch-norm.json: batch normalisation of units and of images in PyTorch, float64, in training (three batches, one
# after the other) and in evaluation: outputs, running statistics, and the gradients of a weighted sum of the outputs.
#     /usr/bin/python3 test/nn/batch-norm.py > test/nn/batch-norm.json
import json
import torch
import torch.nn as nn

torch.manual_seed(1)
torch.set_default_dtype(torch.float64)


def quarters(*shape):
    # Multiples of 1/64 are the same numbers in float32.
    return torch.round(torch.randn(shape) * 32) / 64


def rounded(value):
    if isinstance(value, torch.Tensor):
        return rounded(value.tolist())
    return [rounded(v) for v in value] if isinstance(value, list) else float("%.9g" % value)


def case(name, make, shape, momentum, eps):
    """Images have their channels second there, and last here."""
    theirs = lambda t: t.permute(0, 3, 1, 2) if t.dim() == 4 else t
    ours = lambda t: t.permute(0, 2, 3, 1) if t.dim() == 4 else t
    layer = make(shape[-1], momentum=momentum, eps=eps)
    with torch.no_grad():
        layer.weight.copy_(quarters(shape[-1]))
        layer.bias.copy_(quarters(shape[-1]))
    steps = []
    for training in [True, True, True, False]:
        layer.train(training)
        layer.zero_grad()
        x = (quarters(*shape) * 2 + 1).requires_grad_()
        weights = quarters(*shape)
        y = ours(layer(theirs(x)))
        (y * weights).sum().backward()
        steps.append(
            {
                "training": training,
                **{k: rounded(v.detach()) for k, v in {"x": x, "weights": weights, "y": y, "grad": x.grad}.items()},
                **{"scaleGrad": rounded(layer.weight.grad), "biasGrad": rounded(layer.bias.grad)},
                **{"mean": rounded(layer.running_mean), "variance": rounded(layer.running_var)},
            }
        )
    return {
        **{"name": name, "momentum": momentum, "eps": eps},
        **{"scale": rounded(layer.weight.detach()), "bias": rounded(layer.bias.detach()), "steps": steps},
    }


cases = [
    case("units", nn.BatchNorm1d, [5, 3], 0.1, 1e-5),
    case("images", nn.BatchNorm2d, [3, 2, 3, 2], 0.25, 1e-3),
]
print(json.dumps({"torch": torch.__version__.split("+")[0], "cases": cases}))
