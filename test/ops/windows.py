# Writes windows.json: convolutions with groups, dilation and transposed, and pooling in all its settings, in PyTorch, float64:
# outputs, and the gradients of a weighted sum of the outputs. Images have their channels second there, and last in the file.
#     python3 test/ops/windows.py > test/ops/windows.json
import json
import torch
import torch.nn.functional as F

torch.manual_seed(1)
torch.set_default_dtype(torch.float64)


def quarters(*shape):
    # Multiples of 1/64 are the same numbers in float32.
    return torch.round(torch.randn(shape) * 32) / 64


def distinct(*shape):
    # No two are equal, since equals share a derivative in ours and the first has it all in theirs.
    return (torch.randperm(torch.Size(shape).numel()).reshape(shape) - 20.0) / 64


def rounded(value):
    if isinstance(value, torch.Tensor):
        return rounded(value.detach().tolist())
    return [rounded(v) for v in value] if isinstance(value, list) else float("%.9g" % value)


def theirs(x):
    return x.movedim(-1, 1)


def ours(x):
    return x.movedim(1, -1)


def case(op, options, f, *operands):
    """operands: in our layout; f takes them so, and gives theirs."""
    for operand in operands:
        operand.requires_grad_()
    y = ours(f(theirs(operands[0]), *operands[1:]))
    weights = quarters(*y.shape)
    (y * weights).sum().backward()
    fields = {"operands": list(operands), "weights": weights, "y": y, "grads": [x.grad for x in operands]}
    return {"op": op, "options": options, **{k: rounded(v) for k, v in fields.items()}}


def convolutions():
    for stride, padding, dilation, groups in [
        ([1, 1], [0, 0], [1, 1], 2),
        ([2, 1], [1, 2], [1, 2], 1),
        ([1, 2], [1, 1], [2, 1], 4),
        ([3, 2], [0, 1], [1, 1], 2),
    ]:
        options = {"stride": stride, "padding": padding, "dilation": dilation, "groups": groups}
        x = quarters(1, 6, 7, 4)
        filters = quarters(2, 3, 4 // groups, 4)
        f = lambda x, w: F.conv2d(x, w.permute(3, 2, 0, 1), None, stride, padding, dilation, groups)
        yield case("conv2d", options, f, x, filters)
        x = quarters(2, 6, 4)
        filters = quarters(3, 4 // groups, 4)
        one = {k: v[1] if isinstance(v, list) else v for k, v in options.items()}
        f = lambda x, w: F.conv1d(x, w.permute(2, 1, 0), None, stride[1], padding[1], dilation[1], groups)
        yield case("conv1d", one, f, x, filters)


def transposed():
    for stride, padding, extra, dilation, groups in [
        ([1, 1], [0, 0], [0, 0], [1, 1], 1),
        ([2, 3], [1, 0], [1, 2], [1, 1], 2),
        ([2, 1], [0, 2], [0, 0], [2, 2], 1),
        ([3, 2], [1, 1], [0, 1], [1, 2], 4),
    ]:
        options = {"stride": stride, "padding": padding, "outputPadding": extra, "dilation": dilation, "groups": groups}
        x = quarters(2, 3, 4, 4)
        filters = quarters(2, 3, 4, 8 // groups)
        f = lambda x, w: F.conv_transpose2d(x, w.permute(2, 3, 0, 1), None, stride, padding, extra, groups, dilation)
        yield case("convTranspose2d", options, f, x, filters)
        x = quarters(2, 4, 4)
        filters = quarters(3, 4, 8 // groups)
        one = {k: v[1] if isinstance(v, list) else v for k, v in options.items()}
        f = lambda x, w: F.conv_transpose1d(x, w.permute(1, 2, 0), None, stride[1], padding[1], extra[1], groups, dilation[1])
        yield case("convTranspose1d", one, f, x, filters)


def pooling():
    for stride, padding, dilation, ceil in [
        ([2, 2], [0, 0], [1, 1], False),
        ([2, 3], [1, 1], [1, 1], True),
        ([1, 2], [0, 1], [2, 1], False),
        ([3, 2], [1, 1], [2, 2], True),
        ([3, 4], [0, 0], [1, 1], True),
    ]:
        options = {"stride": stride, "padding": padding, "dilation": dilation, "ceil": ceil}
        one = {k: v[1] if isinstance(v, list) else v for k, v in options.items()}
        size = [2, 3]
        f = lambda x: F.max_pool2d(x, size, stride, padding, dilation, ceil)
        yield case("maxPool", {"size": size, **options}, f, distinct(1, 7, 8, 2))
        f = lambda x: F.max_pool1d(x, 3, stride[1], padding[1], dilation[1], ceil)
        yield case("maxPool1d", {"size": 3, **one}, f, distinct(2, 8, 2))
        if dilation == [1, 1]:
            for count in [False, True]:
                f = lambda x: F.avg_pool2d(x, size, stride, padding, ceil, count)
                more = {"countPadding": count}
                yield case("avgPool", {"size": size, **options, **more}, f, distinct(1, 7, 8, 2))
                f = lambda x: F.avg_pool1d(x, 3, stride[1], padding[1], ceil, count)
                yield case("avgPool1d", {"size": 3, **one, **more}, f, distinct(2, 8, 2))
    for size in [[1, 1], [3, 2], [5, 8]]:
        yield case("adaptiveMaxPool", {"size": size}, lambda x: F.adaptive_max_pool2d(x, size), distinct(1, 7, 8, 2))
        yield case("adaptiveAvgPool", {"size": size}, lambda x: F.adaptive_avg_pool2d(x, size), distinct(1, 7, 8, 2))
        yield case("adaptiveMaxPool1d", {"size": size[0]}, lambda x: F.adaptive_max_pool1d(x, size[0]), distinct(2, 7, 2))
        yield case("adaptiveAvgPool1d", {"size": size[0]}, lambda x: F.adaptive_avg_pool1d(x, size[0]), distinct(2, 7, 2))


cases = [*convolutions(), *transposed(), *pooling()]
print(json.dumps({"torch": torch.__version__.split("+")[0], "cases": cases}))
