"""Pooling of windows as modules, beside PyTorch's."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest
import torch
from hypothesis import given, strategies as st

import tapegrad as tg
from tapegrad import nn
from tapegrad.autograd import ShapeError

from ...autograd.ops.calls import entries, of_each
from .twins import assert_twins, images

MAX, MEAN = ["MaxPool1d", "MaxPool2d", "MaxPool3d"], ["AvgPool1d", "AvgPool2d", "AvgPool3d"]


@st.composite
def pools(call: st.DrawFn, name: str) -> tuple[dict[str, Any], Any]:
    """Options that both have, and images to pool."""
    n = int(name[-2])
    kernel = call(entries(n, 1, 3))
    padding = call(entries(n, 0, min(of_each(kernel, n)) // 2))
    options = {"kernel_size": kernel, "padding": padding, "ceil_mode": call(st.booleans())}
    if call(st.booleans()):
        options["stride"] = call(entries(n, 1, 3))
    if name in MAX:
        options["dilation"] = call(entries(n, 1, 2))
        options["return_indices"] = call(st.booleans())
    else:
        options["count_include_pad"] = call(st.booleans())
        if n > 1:
            options["divisor_override"] = call(st.none() | st.integers(1, 5))
    spatial = []  # PyTorch's AvgPool3d wants room for the window, and no maximum is to be of padding alone
    for k, p, d in zip(*(of_each(option, n) for option in (kernel, padding, options.get("dilation", 1))), strict=True):
        spatial.append(max(d * (k - 1) + 1 - 2 * p, k, d) + call(st.integers(0, 4)))
    return options, call(images(spatial))


@pytest.mark.parametrize("name", MAX + MEAN)
@given(data=st.data())
def test_it_is_pytorchs(data: st.DataObject, name: str) -> None:
    options, x = data.draw(pools(name))
    assert_twins(getattr(nn, name)(**options), getattr(torch.nn, name)(**options), x)


@pytest.mark.parametrize("name", ["LPPool1d", "LPPool2d", "LPPool3d"])
@given(data=st.data())
def test_norms_are_pytorchs(data: st.DataObject, name: str) -> None:
    n = int(name[-2])
    sizes = st.integers(1, 3) if n == 1 else entries(n, 1, 3)  # PyTorch takes no tuple for one axis
    kernel = data.draw(sizes)
    options = {"norm_type": data.draw(st.sampled_from((1, 2, 3.0, 1.5))), "kernel_size": kernel}
    options |= data.draw(st.fixed_dictionaries({}, optional={"stride": sizes, "ceil_mode": st.booleans()}))
    x = np.abs(data.draw(images([k + data.draw(st.integers(0, 4)) for k in of_each(kernel, n)]))) + 0.1
    assert_twins(getattr(nn, name)(**options), getattr(torch.nn, name)(**options), x)


@pytest.mark.parametrize("name", ["MaxUnpool1d", "MaxUnpool2d", "MaxUnpool3d"])
@given(data=st.data())
def test_unpooling_is_pytorchs(data: st.DataObject, name: str) -> None:
    """Of windows that do not overlap: PyTorch keeps one of two numbers for one place."""
    n = int(name[-2])
    kernel = data.draw(entries(n, 1, 3))
    stride = tuple(k + data.draw(st.integers(0, 2)) for k in of_each(kernel, n))
    padding = data.draw(entries(n, 0, min(of_each(kernel, n)) // 2))
    x = data.draw(images([k + data.draw(st.integers(0, 4)) for k in of_each(kernel, n)]))
    values, indices = getattr(torch.nn.functional, f"max_pool{n}d")(
        torch.tensor(np.array(x, order="C")), kernel, stride, padding, return_indices=True
    )
    ours = getattr(nn, name)(kernel, stride, padding)
    theirs = getattr(torch.nn, name)(kernel, stride, padding)

    y = ours(tg.tensor(values.numpy()), indices.numpy(), x.shape[-n:])

    np.testing.assert_array_equal(y.numpy(), theirs(values, indices, x.shape[-n:]).numpy())
    assert repr(ours) == repr(theirs)


@pytest.mark.parametrize("name", MAX + MEAN)
def test_arguments_come_in_pytorchs_order(name: str) -> None:
    arguments = (3, 2, 1, 1, True, True) if name in MAX else (3, 2, 1, True, False)
    x = np.random.default_rng(0).normal(size=(2, 3, *[6] * int(name[-2])))
    assert_twins(getattr(nn, name)(*arguments), getattr(torch.nn, name)(*arguments), x)


@pytest.mark.parametrize("name", MAX + MEAN)
def test_there_is_nothing_to_train(name: str) -> None:
    layer = getattr(nn, name)(2)
    said = repr(layer)

    assert list(layer.parameters()) == []
    assert repr(layer.eval()) == said


@pytest.mark.parametrize("dtype", [np.float16, np.float32, np.float64])
def test_dtype_stays(dtype: Any) -> None:
    x = tg.tensor(np.arange(16).reshape(1, 4, 4), dtype=dtype, requires_grad=True)
    for layer in (nn.MaxPool2d(2), nn.AvgPool2d(2)):
        assert layer(x).dtype == dtype


def test_a_network_for_digits() -> None:
    """28 -> 26 -> 13 -> 11 -> 5, then nothing but channels; every parameter gets a gradient."""
    model = nn.Sequential(
        nn.Conv2d(1, 4, 3), nn.ReLU(), nn.MaxPool2d(2), nn.Conv2d(4, 8, 3), nn.ReLU(), nn.MaxPool2d(2), nn.Flatten(),
        nn.Linear(200, 10),
    )  # fmt: skip
    nn.manual_seed(0)
    logits = model(tg.tensor(np.random.default_rng(0).normal(size=(3, 1, 28, 28)).astype(np.float32)))
    nn.CrossEntropyLoss()(logits, np.array([1, 2, 3])).backward()

    assert logits.shape == (3, 10)
    assert list(model.state_dict()) == [f"{i}.{name}" for i in (0, 3, 7) for name in ("weight", "bias")]
    for parameter in model.parameters():
        assert parameter.grad is not None
        assert parameter.grad.numpy().any()


@pytest.mark.parametrize("name", MAX + MEAN)
@pytest.mark.parametrize(
    ("options", "error", "message"),
    [
        ({"kernel_size": 0}, ValueError, "kernel_size must be at least 1, got 0"),
        ({"kernel_size": 2.0}, TypeError, r"kernel_size must be an int or a tuple of ints, got 2\.0"),
        (
            {"kernel_size": (2, 2, 2, 2)},
            ValueError,
            r"kernel_size must be an int or a tuple of \w+, got \(2, 2, 2, 2\)",
        ),
        ({"kernel_size": 2, "stride": 0}, ValueError, "stride must be at least 1, got 0"),
        ({"kernel_size": 2, "padding": -1}, ValueError, "padding must be at least 0, got -1"),
    ],
)
def test_what_cannot_be_is_refused(name: str, options: dict[str, Any], error: type[Exception], message: str) -> None:
    with pytest.raises(error, match=f"^{name}: {message}"):
        getattr(nn, name)(**options)


def test_options_that_only_some_have() -> None:
    with pytest.raises(ValueError, match=r"^LPPool2d: kernel_size must be at least 1, got 0"):
        nn.LPPool2d(2, 0)
    with pytest.raises(ValueError, match=r"^MaxUnpool1d: padding must be at least 0, got -1"):
        nn.MaxUnpool1d(2, padding=-1)
    with pytest.raises(ValueError, match=r"^MaxPool1d: dilation must be at least 1, got 0"):
        nn.MaxPool1d(2, dilation=0)
    with pytest.raises(ValueError, match=r"^AvgPool2d: divisor_override must be at least 1, got 0"):
        nn.AvgPool2d(2, divisor_override=0)
    with pytest.raises(TypeError, match="divisor_override"):
        nn.AvgPool1d(2, divisor_override=3)  # type: ignore[call-arg]


@pytest.mark.parametrize("layer", [nn.MaxPool2d(3), nn.AvgPool2d(3)], ids=repr)
def test_a_window_that_does_not_fit(layer: nn.Module) -> None:
    with pytest.raises(ShapeError, match=r"_pool2d: x \(1, 2, 4\)"):
        layer(tg.tensor(np.ones((1, 2, 4))))
