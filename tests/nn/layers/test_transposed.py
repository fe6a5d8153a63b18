"""Transposed convolutions as modules, beside PyTorch's."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest
import torch
from hypothesis import assume, given, strategies as st

import tapegrad as tg
from tapegrad import nn
from tapegrad.autograd import DTypeError, ShapeError

from ...autograd.ops.calls import Call, transposed_convolutions
from .twins import assert_one_layout, assert_one_start, assert_twins, kernels_on


def layers(call: Call) -> tuple[Any, Any]:
    """Our module and PyTorch's for a drawn call."""
    weight, name = call.arrays[1], call.name.replace("conv_t", "ConvT")
    sizes = len(weight), weight.shape[1] * call.options["groups"], weight.shape[2:]
    options = {**call.options, "bias": len(call.arrays) == 3}
    return getattr(nn, name)(*sizes, **options, dtype=np.float64), getattr(torch.nn, name)(*sizes, **options)


@given(transposed_convolutions(("float64",)))
def test_it_is_pytorchs(call: Call) -> None:
    assert_twins(*layers(call), call.arrays[0])


@given(st.data(), transposed_convolutions(("float64",)))
def test_the_size_of_the_result_can_be_chosen(data: st.DataObject, call: Call) -> None:
    call.options["output_padding"] = 0
    ours, theirs = layers(call)
    x = call.arrays[0]
    n = len(ours.kernel_size)
    least = [
        (m - 1) * s - 2 * p + d * (k - 1) + 1
        for m, s, p, d, k in zip(x.shape[-n:], ours.stride, ours.padding, ours.dilation, ours.kernel_size, strict=True)
    ]
    most = [low + s - 1 for low, s in zip(least, ours.stride, strict=True)]
    assume(min(most) > 0)
    size = [data.draw(st.integers(max(low, 1), high)) for low, high in zip(least, most, strict=True)]
    if data.draw(st.booleans()):
        size = [*x.shape[:-n], *size]

    assert_twins(ours, theirs, x, size)


@given(transposed_convolutions(("float64",)))
def test_weights_come_from_pytorch_and_go_back(call: Call) -> None:
    ours, theirs = layers(call)
    theirs = theirs.double()

    ours.load_state_dict({name: values.numpy() for name, values in theirs.state_dict().items()})

    x = call.arrays[0]
    expected = theirs(torch.tensor(np.array(x, order="C"))).detach().numpy()
    np.testing.assert_allclose(ours(tg.tensor(x)).numpy(), expected, 1e-10, 1e-10)
    for name, values in ours.state_dict().items():
        np.testing.assert_array_equal(values, theirs.state_dict()[name].numpy())


@pytest.mark.parametrize(
    ("name", "sizes", "options"),
    [
        ("ConvTranspose1d", (6, 400, 5), {}),
        ("ConvTranspose2d", (20, 300, (3, 2)), {"groups": 4}),
        ("ConvTranspose3d", (3, 300, 2), {}),
    ],
)
def test_it_starts_as_in_pytorch(name: str, sizes: tuple[Any, ...], options: dict[str, int]) -> None:
    assert_one_start(name, *sizes, **options)


@kernels_on
@pytest.mark.parametrize("dtype", [np.float32, np.float64])
@pytest.mark.parametrize(
    ("name", "sizes", "options"),
    [
        ("ConvTranspose2d", (32, 64, 3), {}),
        ("ConvTranspose2d", (16, 1, 3), {}),
        ("ConvTranspose2d", (3, 10, (5, 4)), {"stride": 2}),
        ("ConvTranspose2d", (12, 12, 3), {"groups": 12}),
        ("ConvTranspose2d", (8, 12, 3), {"groups": 2}),
        ("ConvTranspose1d", (3, 5, 4), {}),
        ("ConvTranspose3d", (3, 5, 2), {}),
    ],
)
def test_weights_lie_in_memory_as_their_gradients_do(
    name: str, sizes: tuple[Any, ...], options: dict[str, int], dtype: Any
) -> None:
    """So that an optimizer goes through both in one pass, before and after loading a state dict."""
    layer = getattr(nn, name)(*sizes, **options, dtype=dtype)
    assert_one_layout(layer)
    layer.load_state_dict({key: np.array(values, order="C") for key, values in layer.state_dict().items()})
    assert_one_layout(layer)


@pytest.mark.parametrize("name", ["ConvTranspose1d", "ConvTranspose2d", "ConvTranspose3d"])
@pytest.mark.parametrize(
    ("arguments", "options", "error", "message"),
    [
        ((0, 3, 2), {}, ValueError, "in_channels must be at least 1, got 0"),
        ((4, 3, 2), {"groups": 2}, ValueError, "out_channels=3 is not divisible by groups=2"),
        ((2, 3, (2, 2, 2, 2)), {}, ValueError, r"kernel_size must be an int or a tuple of \w+, got \(2, 2, 2, 2\)"),
        ((2, 3, 2), {"output_padding": -1}, ValueError, "output_padding must be at least 0, got -1"),
        ((2, 3, 2), {"padding": "same"}, TypeError, "padding must be an int or a tuple of ints, got 'same'"),
        ((2, 3, 2), {"padding_mode": "reflect"}, ValueError, "padding_mode must be 'zeros', got 'reflect'"),
        ((2, 3, 2), {"dtype": np.int64}, DTypeError, "only floating and complex"),
    ],
)
def test_what_cannot_be_is_refused(
    name: str, arguments: tuple[Any, ...], options: dict[str, Any], error: type[Exception], message: str
) -> None:
    with pytest.raises(error, match=message if error is DTypeError else f"^{name}: {message}"):
        getattr(nn, name)(*arguments, **options)


@pytest.mark.parametrize("size", [8, (8, 11), (6, 9), (2, 1, 9, 11)])
def test_a_size_of_the_result_that_cannot_be(size: Any) -> None:
    layer = nn.ConvTranspose2d(1, 1, 3, stride=2)
    with pytest.raises(
        ShapeError, match=r"ConvTranspose2d: x \(2, 1, 3, 4\): sizes from \(7, 9\) to \(8, 10\) .*, not"
    ):
        layer(tg.tensor(np.ones((2, 1, 3, 4), np.float32)), size)


def test_a_size_of_other_axes() -> None:
    layer = nn.ConvTranspose2d(1, 1, 3, stride=2)
    x = tg.tensor(np.ones((2, 1, 3, 4), np.float32))
    with pytest.raises(
        ValueError, match=r"ConvTranspose2d: output_size must be an int or a tuple of 2, got \(7, 9, 9\)"
    ):
        layer(x, (7, 9, 9))
    with pytest.raises(TypeError, match=r"ConvTranspose2d: output_size must be an int or a tuple of ints, got 7\.5"):
        layer(x, 7.5)
    with pytest.raises(ShapeError, match=r"ConvTranspose2d: expected x of 4 axes"):
        layer(x[0, 0], (7, 9))
