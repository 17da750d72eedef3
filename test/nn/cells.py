# Writes cells.json: group and RMS norm, recurrent cells over sequences, and attention in PyTorch, float64: outputs, and the
# gradients of a weighted sum of the outputs.
#     python3 test/nn/cells.py > test/nn/cells.json
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
        return rounded(value.detach().tolist())
    if isinstance(value, dict):
        return {k: rounded(v) for k, v in value.items()}
    return [rounded(v) for v in value] if isinstance(value, list) else float("%.9g" % value)


def fill(module):
    with torch.no_grad():
        for parameter in module.parameters():
            parameter.copy_(quarters(*parameter.shape))


def case(name, params, x, f):
    """params: theirs by the names of ours, each with how to turn it into ours."""
    x.requires_grad_()
    y = f(x)
    weights = quarters(*y.shape)
    (y * weights).sum().backward()
    return {
        "name": name,
        "params": rounded({k: turn(p) for k, (p, turn) in params.items()}),
        **rounded({"x": x, "weights": weights, "y": y, "grad": x.grad}),
        "grads": rounded({k: turn(p.grad) for k, (p, turn) in params.items()}),
    }


same, turned = (lambda p: p), (lambda p: p.T)


def norms():
    group = nn.GroupNorm(2, 4, eps=1e-3)
    fill(group)
    params = {"scale": (group.weight, same), "bias": (group.bias, same)}
    yield case("groupNorm", params, quarters(3, 2, 3, 4), lambda x: group(x.permute(0, 3, 1, 2)).permute(0, 2, 3, 1))
    rms = nn.RMSNorm(5, eps=1e-3)
    fill(rms)
    yield case("rmsNorm", {"scale": (rms.weight, same)}, quarters(3, 5), rms)


def cells():
    for name, module in [
        ("rnn", nn.RNN(3, 4, batch_first=True)),
        ("rnnRelu", nn.RNN(3, 4, nonlinearity="relu", batch_first=True)),
        ("gru", nn.GRU(3, 4, batch_first=True)),
        ("lstm", nn.LSTM(3, 4, batch_first=True)),
    ]:
        fill(module)
        params = {
            "input": (module.weight_ih_l0, turned),
            "hidden": (module.weight_hh_l0, turned),
            "bias": (module.bias_ih_l0, same),
        }
        with torch.no_grad():
            # Ours have one bias, but for the candidate of the gated unit.
            if name == "gru":
                module.bias_hh_l0[:8] = 0
                params["candidateBias"] = (module.bias_hh_l0, lambda b: b[8:])
            else:
                module.bias_hh_l0.zero_()
        yield case(name, params, quarters(2, 5, 3), lambda x: module(x)[0])


def attentions():
    for name, causal in [("heads", False), ("causalHeads", True)]:
        module = nn.MultiheadAttention(6, 2, batch_first=True)
        fill(module)
        part = lambda i: (lambda w: w[6 * i : 6 * i + 6].T)
        params = {
            **{k: (module.in_proj_weight, part(i)) for i, k in enumerate(["query", "key", "value"])},
            **{k + "Bias": (module.in_proj_bias, part(i)) for i, k in enumerate(["query", "key", "value"])},
            **{"output": (module.out_proj.weight, turned), "outputBias": (module.out_proj.bias, same)},
        }
        mask = torch.triu(torch.ones(4, 4), 1).bool() if causal else None
        yield case(name, params, quarters(2, 4, 6), lambda x: module(x, x, x, attn_mask=mask, need_weights=False)[0])


cases = [*norms(), *cells(), *attentions()]
print(json.dumps({"torch": torch.__version__.split("+")[0], "cases": cases}))
