"""Convolutions as modules, beside PyTorch's."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest
import torch
from hypothesis import assume, given, strategies as st

import tapegrad as tg
from tapegrad import nn
from tapegrad.autograd import DTypeError, ShapeError

from ...autograd.ops.calls import Call, convolutions
from .twins import assert_one_layout, assert_one_start, assert_twins, kernels_on

same_with_even_kernels = pytest.mark.filterwarnings("ignore:Using padding='same':UserWarning")


def layers(call: Call, **more: Any) -> tuple[Any, Any]:
    """Our module and PyTorch's for a drawn call."""
    weight, name = call.arrays[1], call.name.replace("conv", "Conv")
    sizes = weight.shape[1] * call.options["groups"], weight.shape[0], weight.shape[2:]
    options = {**call.options, **more, "bias": len(call.arrays) == 3}
    return getattr(nn, name)(*sizes, **options, dtype=np.float64), getattr(torch.nn, name)(*sizes, **options)


@given(convolutions(("float64",)))
@same_with_even_kernels
def test_it_is_pytorchs(call: Call) -> None:
    assert_twins(*layers(call), call.arrays[0])


@given(convolutions(("float64",)), st.sampled_from(["reflect", "replicate", "circular"]))
@same_with_even_kernels
def test_borders_are_pytorchs(call: Call, mode: str) -> None:
    ours, theirs = layers(call, padding_mode=mode)
    x = call.arrays[0]
    widths = theirs._reversed_padding_repeated_twice
    assume(max(widths) < min(x.shape[-len(widths) // 2 :]))

    assert_twins(ours, theirs, x)


@given(st.data())
def test_asymmetric_padding_is_padding_first(data: st.DataObject) -> None:
    width = st.integers(0, 3)
    padding = data.draw(st.tuples(st.tuples(width, width), width | st.tuples(width, width)))
    mode, of_numpy = data.draw(st.sampled_from(
        [("zeros", "constant"), ("reflect", "reflect"), ("replicate", "edge"), ("circular", "wrap")]
    ))  # fmt: skip
    x = np.random.default_rng(0).normal(size=(2, 3, 5, 4))
    layer = nn.Conv2d(3, 4, (2, 3), stride=2, padding=padding, padding_mode=mode, dtype=np.float64)
    alike = nn.Conv2d(3, 4, (2, 3), stride=2, dtype=np.float64)
    alike.load_state_dict(layer.state_dict())

    widths = [(0, 0), (0, 0), *(w if isinstance(w, tuple) else (w, w) for w in padding)]
    expected = alike(tg.tensor(np.pad(x, widths, of_numpy)))  # type: ignore[call-overload]

    np.testing.assert_allclose(layer(tg.tensor(x)).numpy(), expected.numpy(), 1e-12, 1e-12)
    assert f"padding={padding}" in repr(layer)


@given(convolutions(("float64",)))
@same_with_even_kernels
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
    [("Conv1d", (6, 400, 5), {}), ("Conv2d", (20, 300, (3, 2)), {"groups": 4}), ("Conv3d", (3, 300, 2), {})],
)
def test_it_starts_as_in_pytorch(name: str, sizes: tuple[Any, ...], options: dict[str, int]) -> None:
    assert_one_start(name, *sizes, **options)


@kernels_on
@pytest.mark.parametrize("dtype", [np.float32, np.float64])
@pytest.mark.parametrize(
    ("name", "sizes", "options"),
    [
        ("Conv2d", (32, 64, 3), {}),
        ("Conv2d", (1, 16, 3), {}),
        ("Conv2d", (3, 10, (5, 4)), {"stride": 2}),
        ("Conv2d", (16, 60, 5), {}),
        ("Conv2d", (10, 3, 1), {}),
        ("Conv2d", (12, 12, 3), {"groups": 12}),
        ("Conv2d", (4, 8, 3), {"groups": 4}),
        ("Conv2d", (8, 4, 3), {"groups": 4}),
        ("Conv2d", (8, 12, 3), {"groups": 2}),
        ("Conv1d", (3, 5, 4), {}),
        ("Conv3d", (3, 5, 2), {}),
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


@pytest.mark.parametrize("dtype", [np.float32, np.float64])
def test_dtype(dtype: Any) -> None:
    layer = nn.Conv2d(2, 3, 2, dtype=dtype)
    y = layer(tg.tensor(np.ones((1, 2, 4, 4), dtype)))
    y.sum().backward()

    assert y.dtype == dtype
    assert [p.grad.dtype for p in layer.parameters() if p.grad is not None] == [dtype, dtype]


def test_a_seed_repeats_it() -> None:
    first, second = (nn.Conv2d(2, 3, 2, rng=np.random.default_rng(1)).state_dict() for _ in range(2))

    for name, values in first.items():
        np.testing.assert_array_equal(values, second[name])


def test_in_evaluation_nothing_else_is_said_or_done() -> None:
    layer = nn.Conv2d(2, 3, 2, padding="same", padding_mode="circular", bias=False)
    x = tg.tensor(np.ones((1, 2, 4, 4), np.float32))
    y, said = layer(x).numpy(), repr(layer)

    layer.eval()

    assert repr(layer) == said
    np.testing.assert_array_equal(layer(x).numpy(), y)


@pytest.mark.parametrize("name", ["Conv1d", "Conv2d", "Conv3d"])
@pytest.mark.parametrize(
    ("arguments", "options", "error", "message"),
    [
        ((0, 3, 2), {}, ValueError, "in_channels must be at least 1, got 0"),
        ((3, -1, 2), {}, ValueError, "out_channels must be at least 1, got -1"),
        ((3, 3, 2), {"groups": 0}, ValueError, "groups must be at least 1, got 0"),
        ((3, 4, 2), {"groups": 2}, ValueError, "in_channels=3 is not divisible by groups=2"),
        ((4, 3, 2), {"groups": 2}, ValueError, "out_channels=3 is not divisible by groups=2"),
        ((2.0, 3, 2), {}, TypeError, "in_channels must be an int, got 2.0"),
        ((2, 3, 2), {"groups": "2"}, TypeError, "groups must be an int, got '2'"),
        ((2, 3, 0), {}, ValueError, "kernel_size must be at least 1, got 0"),
        ((2, 3, (2, 2, 2, 2)), {}, ValueError, r"kernel_size must be an int or a tuple of \w+, got \(2, 2, 2, 2\)"),
        ((2, 3, 2), {"stride": 0}, ValueError, "stride must be at least 1, got 0"),
        ((2, 3, 2), {"stride": 1.5}, TypeError, "stride must be an int or a tuple of ints, got 1.5"),
        ((2, 3, 2), {"dilation": -1}, ValueError, "dilation must be at least 1, got -1"),
        ((2, 3, 2), {"padding": -1}, ValueError, "padding must be at least 0, got -1"),
        ((2, 3, 2), {"padding": None}, TypeError, "padding must be an int or a tuple of ints, got None"),
        ((2, 3, 2), {"padding": "full"}, ValueError, "padding must be 'same', 'valid' or numbers, got 'full'"),
        ((2, 3, 2), {"padding": "same", "stride": 2}, ValueError, r"padding='same' needs stride 1, got \(2"),
        ((2, 3, 2), {"padding_mode": "mirror"}, ValueError, "padding_mode must be one of .*'reflect'.*, got 'mirror'"),
        ((2, 3, 2), {"dtype": np.int64}, DTypeError, "only floating and complex"),
    ],
)
def test_what_cannot_be_is_refused(
    name: str, arguments: tuple[Any, ...], options: dict[str, Any], error: type[Exception], message: str
) -> None:
    with pytest.raises(error, match=message if error is DTypeError else f"^{name}: {message}"):
        getattr(nn, name)(*arguments, **options)


@pytest.mark.parametrize("mode", ["zeros", "reflect", "replicate", "circular"])
def test_errors_of_a_call_name_the_shapes(mode: str) -> None:
    model = nn.Sequential(nn.Conv2d(3, 4, 2, padding_mode=mode), nn.Conv2d(5, 1, 2, padding=1, padding_mode=mode))
    with pytest.raises(ShapeError, match=r"x has 4 channels, but weight takes 5; .*weight is 1\.weight"):
        model(tg.tensor(np.ones((1, 3, 6, 6), np.float32)))
    with pytest.raises(ShapeError, match=r"onv2d: expected x of 4 axes \(N, C, H, W\) or 3 \(C, H, W\), got \(6, 6\)"):
        model(tg.tensor(np.ones((6, 6), np.float32)))
