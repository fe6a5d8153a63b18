"""Upsample, Unfold and Fold as modules, beside PyTorch's."""

from __future__ import annotations

from math import prod
from typing import Any

import numpy as np
import pytest
import torch
from hypothesis import given, strategies as st
from hypothesis.extra.numpy import arrays
from numpy.typing import NDArray

import tapegrad as tg
from tapegrad import nn
from tapegrad.autograd import ShapeError

from ...autograd.ops.calls import entries, of_each
from .twins import assert_twins, images

LINEAR = {1: "linear", 2: "bilinear", 3: "trilinear"}


@given(st.data())
def test_upsample_is_pytorchs(data: st.DataObject) -> None:
    n = data.draw(st.integers(1, 3))
    options: dict[str, Any] = {"mode": data.draw(st.sampled_from(["nearest", LINEAR[n]]))}
    if data.draw(st.booleans()):
        options["size"] = data.draw(st.integers(1, 6) | st.tuples(*[st.integers(1, 6)] * n))
    else:
        odd = 2.5 if options["mode"] == "nearest" else 2.25  # see the next test
        factor = st.sampled_from([1, 2, 3, 0.5, 1.5, odd, 0.7])
        options["scale_factor"] = data.draw(factor | st.tuples(*[factor] * n))
        options["recompute_scale_factor"] = data.draw(st.sampled_from([None, False, True]))
    if options["mode"] != "nearest":
        options["align_corners"] = data.draw(st.sampled_from([None, False, True]))
    x = data.draw(images([data.draw(st.integers(2, 5)) for _ in range(n)]))
    x = x if x.ndim == n + 2 else x[None]

    assert_twins(nn.Upsample(**options), torch.nn.Upsample(**options), x)


@given(arrays(np.float64, st.tuples(st.just(1), st.just(1), st.integers(2, 9)), elements=st.floats(-1, 1)))
def test_nearest_neighbours_by_an_odd_factor(x: NDArray[Any]) -> None:
    """Values are PyTorch's, and the gradient their adjoint; PyTorch's own is not: of 2 pixels that became 3 and 1 it
    gives 2 and 2."""
    ours, theirs = nn.Upsample(scale_factor=2.25), torch.nn.Upsample(scale_factor=2.25)
    t = tg.tensor(x, requires_grad=True)
    y = ours(t)
    np.testing.assert_array_equal(y.numpy(), theirs(torch.from_numpy(x)).numpy())
    g = np.random.default_rng(0).normal(size=y.shape)
    y.backward(g)
    assert t.grad is not None
    for i, slope in enumerate(t.grad.numpy().ravel()):
        unit = np.zeros_like(x)
        unit[..., i] = 1
        assert slope == pytest.approx(np.vdot(g, theirs(torch.from_numpy(unit)).numpy()))


def test_upsample_needs_to_know_how_far() -> None:
    with pytest.raises(
        ValueError, match=r"^Upsample: give either size or scale_factor, got size=None, scale_factor=None"
    ):
        nn.Upsample()
    with pytest.raises(ValueError, match=r"^Upsample: give either size or scale_factor, got size=4, scale_factor=2"):
        nn.Upsample(4, 2)


@pytest.mark.parametrize("recompute", [False, True])
@pytest.mark.parametrize("factors", [(2, 2), (2, 2, 2, 2)])
def test_factors_for_other_axes(factors: tuple[float, ...], recompute: bool) -> None:
    layer = nn.Upsample(scale_factor=factors, recompute_scale_factor=recompute)
    with pytest.raises(ValueError, match=r"^interpolate: scale_factor must be"):
        layer(tg.tensor(np.ones((1, 1, 2, 2, 2))))


@st.composite
def windows(call: st.DrawFn) -> dict[str, Any]:
    """The options of a window."""
    kernel = call(entries(2, 1, 3))
    return {
        "kernel_size": kernel,
        "dilation": call(entries(2, 1, 2)),
        "padding": call(entries(2, 0, 2)),
        "stride": call(entries(2, 1, 3)),
    }


@given(st.data())
def test_unfold_and_fold_are_pytorchs(data: st.DataObject) -> None:
    options = data.draw(windows())
    kernel, dilation, padding, stride = (of_each(option, 2) for option in options.values())
    reach = [d * (k - 1) + 1 for d, k in zip(dilation, kernel, strict=True)]
    least = [max(r - 2 * p, 1) for r, p in zip(reach, padding, strict=True)]
    size = tuple(data.draw(st.integers(m, m + 4)) for m in least)
    x = data.draw(images(size))

    assert_twins(nn.Unfold(**options), torch.nn.Unfold(**options), x)

    places = [(m + 2 * p - r) // s + 1 for m, p, r, s in zip(size, padding, reach, stride, strict=True)]
    columns = np.random.default_rng(0).normal(size=(*x.shape[:-3], x.shape[-3] * prod(kernel), prod(places)))
    assert_twins(nn.Fold(size, **options), torch.nn.Fold(size, **options), columns)


@pytest.mark.parametrize("name", ["Unfold", "Fold"])
@pytest.mark.parametrize(
    ("options", "error", "message"),
    [
        ({"kernel_size": 0}, ValueError, "kernel_size must be at least 1, got 0"),
        ({"kernel_size": (2, 2, 2)}, ValueError, r"kernel_size must be an int or a tuple of 2, got \(2, 2, 2\)"),
        ({"kernel_size": 2, "stride": 0}, ValueError, "stride must be at least 1, got 0"),
        ({"kernel_size": 2, "dilation": 0}, ValueError, "dilation must be at least 1, got 0"),
        ({"kernel_size": 2, "padding": -1}, ValueError, "padding must be at least 0, got -1"),
        ({"kernel_size": "2"}, TypeError, "kernel_size must be an int or a tuple of ints, got '2'"),
    ],
)
def test_windows_that_cannot_be(name: str, options: dict[str, Any], error: type[Exception], message: str) -> None:
    with pytest.raises(error, match=f"^{name}: {message}"):
        getattr(nn, name)(*[4] * (name == "Fold"), **options)


def test_a_result_that_cannot_be() -> None:
    with pytest.raises(ValueError, match=r"^Fold: output_size must be at least 1, got 0"):
        nn.Fold(0, 2)
    with pytest.raises(ShapeError, match=r"fold: x \(3, 9\)"):
        nn.Fold(4, 2)(tg.tensor(np.ones((3, 9))))


def test_in_evaluation_they_say_the_same() -> None:
    for layer in (nn.Upsample(scale_factor=2), nn.Unfold(3), nn.Fold(4, 2)):
        said = repr(layer)
        assert repr(layer.eval()) == said
