"""Interpolation as users call it, against PyTorch: values and gradients, over all modes."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
import pytest
import torch
from hypothesis import given, settings, strategies as st

from tapegrad import autograd, tensor
from tapegrad.autograd import DTypeError, ShapeError
from tapegrad.autograd.testing import check_adjoint, check_grads, strategies as draw

from ..kernels.convolution.drawing import images
from .calls import Call

many = settings(max_examples=settings().max_examples * 8)
MODES = {1: "linear", 2: "bilinear", 3: "trilinear"}


@st.composite
def resizings(call: st.DrawFn) -> Call:
    n = call(st.integers(1, 3))
    spatial = tuple(call(st.integers(1, 9)) for _ in range(n))
    options: dict[str, Any] = {"mode": call(st.sampled_from(("nearest", MODES[n])))}
    if options["mode"] != "nearest":
        options["align_corners"] = call(st.sampled_from((None, False, True)))
    if call(st.booleans()):
        options["size"] = call(st.integers(1, 12) | st.tuples(*[st.integers(1, 12)] * n))
    else:
        factor = st.sampled_from((1, 2, 3, 1.5, 2.25, 0.7, 1 / 3, 0.5, 1.1))
        factors = call(st.tuples(*[factor] * n).filter(lambda factors: are_clear(spatial, factors, options["mode"])))
        options["scale_factor"] = factors[0] if len(set(factors)) == 1 else factors
    x = call(images(call(st.integers(1, 2)), call(st.sampled_from((1, 3, 17))), spatial, call(draw.dtypes())))
    return Call("interpolate", [x], options)


def are_clear(spatial: tuple[int, ...], factors: tuple[float, ...], mode: str) -> bool:
    """Whether something is left of each axis, and PyTorch has but one opinion on what.

    Where 1.1 leaves the size as it is, or 2.25 doubles it, some of its functions take 'nearest' for a factor of 1 or 2.
    """
    sides = [(size, int(size * factor), factor) for size, factor in zip(spatial, factors, strict=True)]
    doubtful = any(after in (size, 2 * size) and factor not in (1, 2) for size, after, factor in sides)
    return all(after for _, after, _ in sides) and not (doubtful and mode == "nearest")


@given(resizings())
@many
def test_it_is_pytorchs(call: Call) -> None:
    [x] = call.arrays
    ours = tensor(x, requires_grad=True, copy=None)
    theirs = torch.tensor(np.array(x, order="C"), requires_grad=True)

    y = autograd.interpolate(ours, **call.options)
    expected: Any = torch.nn.functional.interpolate(theirs, **call.options)
    g = np.random.default_rng(0).normal(size=y.shape).astype(y.dtype)
    y.backward(g)
    expected.backward(torch.tensor(g))

    tolerance = 1e-12 if x.dtype == np.float64 else 1e-4
    assert y.dtype == x.dtype
    np.testing.assert_allclose(y.numpy(), expected.detach().numpy(), tolerance, tolerance)
    assert ours.grad is not None
    assert theirs.grad is not None
    np.testing.assert_allclose(ours.grad.numpy(), theirs.grad.numpy(), tolerance, tolerance)


@given(resizings())
def test_second_derivatives(call: Call) -> None:
    check_grads(lambda x: autograd.interpolate(x, **call.options) ** 2, *call.arrays, order=2)


@pytest.mark.parametrize("n", [4, 5, 8, 10])
def test_nearest_of_whole_factors_repeats_pixels(n: int) -> None:
    for factor in range(1, 9):
        x = np.arange(float(n))[None, None]
        np.testing.assert_array_equal(autograd.interpolate(x, n * factor), np.repeat(x, factor, -1))
        np.testing.assert_array_equal(autograd.interpolate(x, scale_factor=factor), np.repeat(x, factor, -1))


def test_the_adjoint_identity() -> None:
    def resized(x: Any) -> Any:
        return autograd.interpolate(x, (7, 3), mode="bilinear")

    def back(g: Any) -> Any:
        x = tensor(np.zeros((2, 3, 5, 6), g.dtype), requires_grad=True)
        return autograd.pullback([resized(x)], [x], [g])[0].numpy()

    check_adjoint(resized, back, (2, 3, 5, 6))


@pytest.mark.parametrize("mode", ["nearest", "bilinear"])
@pytest.mark.parametrize("align_corners", [None, True])
def test_the_same_size_is_the_same_image(mode: str, align_corners: bool | None) -> None:
    x = np.random.default_rng(0).normal(size=(2, 40, 7, 9))
    x[0, 0, 3, 3] = np.nan
    corners = {} if mode == "nearest" else {"align_corners": align_corners}
    np.testing.assert_array_equal(autograd.interpolate(x, (7, 9), mode=mode, **corners), x)


@pytest.mark.parametrize("mode", ["nearest", "linear"])
def test_a_factor_that_leaves_the_size_leaves_the_image(mode: str) -> None:
    x = np.random.default_rng(0).normal(size=(1, 1, 9))
    np.testing.assert_array_equal(autograd.interpolate(x, scale_factor=1.1, mode=mode), x)


def test_large_images() -> None:
    x = np.random.default_rng(0).normal(size=(2, 20, 30, 31)).astype(np.float32)
    for arrange in (np.ascontiguousarray, lambda x: np.moveaxis(np.moveaxis(x, 1, -1).copy(), -1, 1)):
        for mode in ("nearest", "bilinear"):
            y = autograd.interpolate(arrange(x), scale_factor=(1.6, 0.6), mode=mode)
            expected = torch.nn.functional.interpolate(torch.tensor(x), scale_factor=(1.6, 0.6), mode=mode)
            np.testing.assert_allclose(y, expected.numpy(), 1e-5, 1e-5)


def test_integers() -> None:
    """Nearest keeps bytes bytes, as images are; what is mixed is float64. Both are constants."""
    x = tensor(np.array([[[10, 20]]], np.uint8))
    nearest, linear = autograd.interpolate(x, 4), autograd.interpolate(x, 4, mode="linear")
    assert nearest.dtype == np.uint8
    assert nearest.numpy().tolist() == [[[10, 10, 20, 20]]]
    assert linear.dtype == np.float64
    assert linear.numpy().tolist() == [[[10, 12.5, 17.5, 20]]]
    assert not linear.requires_grad


def test_halves() -> None:
    x = tensor(np.array([[[1, 2, 4]]], np.float16), requires_grad=True)
    y = autograd.interpolate(x, 6, mode="linear")
    y.sum().backward()
    assert y.dtype == np.float16
    assert x.grad is not None
    assert x.grad.numpy().tolist() == [[[2, 2, 2]]]


@pytest.mark.parametrize("shape", [(0, 3, 4, 4), (2, 0, 4, 4)])
def test_no_images(shape: tuple[int, ...]) -> None:
    x = tensor(np.zeros(shape), requires_grad=True)
    y = autograd.interpolate(x, (2, 8), mode="bilinear")
    y.sum().backward()
    assert y.shape == (*shape[:2], 2, 8)


IMAGES = (1, 2, 4, 5)


@pytest.mark.parametrize(
    ("shape", "options", "error", "message"),
    [
        ((4, 5), {"size": 3}, ShapeError, r"expected x of 3 to 5 axes, .* got \(4, 5\)"),
        ((1, 1, 2, 2, 2, 2), {"size": 3}, ShapeError, "expected x of 3 to 5 axes"),
        ((1, 1, 0, 4), {"size": 3}, ShapeError, r"x \(1, 1, 0, 4\) has an axis without positions"),
        (IMAGES, {}, ValueError, "expected size or scale_factor, got size=None, scale_factor=None"),
        (
            IMAGES,
            {"size": 3, "scale_factor": 2},
            ValueError,
            "expected size or scale_factor, got size=3, scale_factor=2",
        ),
        (IMAGES, {"size": (3,)}, ValueError, r"size must be an int or a tuple of 2, got \(3,\)"),
        (IMAGES, {"size": (3, 0)}, ValueError, "size must be at least 1"),
        (IMAGES, {"size": 2.5}, TypeError, "size must be an int or a tuple of ints, got 2.5"),
        (IMAGES, {"scale_factor": -1}, ValueError, "scale_factor must be a positive number or 2 of them, got -1"),
        (IMAGES, {"scale_factor": (2, 2, 2)}, ValueError, "scale_factor must be a positive number or 2 of them"),
        (IMAGES, {"scale_factor": float("nan")}, ValueError, "scale_factor must be a positive number"),
        (IMAGES, {"scale_factor": "2x"}, TypeError, "scale_factor must be a number or a tuple of them, got '2x'"),
        (IMAGES, {"scale_factor": 0.2}, ValueError, r"scale_factor 0.2 leaves nothing of \(4, 5\)"),
        (IMAGES, {"size": 3, "mode": "linear"}, ValueError, "mode must be 'nearest' or 'bilinear' .* got 'linear'"),
        (IMAGES, {"size": 3, "mode": "bicubic"}, ValueError, "mode must be 'nearest' or 'bilinear' .* got 'bicubic'"),
        (IMAGES, {"size": 3, "align_corners": True}, ValueError, "align_corners says nothing about mode 'nearest'"),
    ],
)
def test_what_is_no_resizing(shape: Any, options: Any, error: type[Exception], message: str) -> None:
    for x in (np.zeros(shape), tensor(np.zeros(shape), requires_grad=True)):
        with pytest.raises(error, match=f"interpolate: {message}.*called at {Path(__file__).name}"):
            autograd.interpolate(x, **options)


def test_what_is_no_number() -> None:
    with pytest.raises(DTypeError, match="interpolate: expected numbers, got <U1"):
        autograd.interpolate(np.full((1, 1, 2), "a"), 3)
