"""Normalisation by kernels beside the formulas in float64, for every way that arrays can lie in memory."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest
from numpy.typing import NDArray

from tapegrad import autograd, tensor
from tapegrad.autograd.kernels import normalizing
from tapegrad.autograd.kernels.normalizing import reference
from tapegrad.autograd.kernels.normalizing.layouts import Channels, Rows, layout_of
from tapegrad.autograd.kernels.threads import limit
from tapegrad.autograd.ops.normalization import normalized

EPS = 1e-5
# name: shape of x, axes, shape of weight and bias, whether channels are last in memory, the layout
CASES: dict[str, tuple[tuple[int, ...], tuple[int, ...], tuple[int, ...], bool, Any]] = {
    "layer": ((40, 130), (1,), (130,), False, Rows((40, 130), (1, 130))),
    "layer, several axes": ((3, 7, 11, 13), (2, 3), (11, 13), False, Rows((21, 143), (1, 143))),
    "group": ((5, 3, 2, 9, 9), (2, 3, 4), (3, 2, 1, 1), False, Rows((15, 162), (3, 2))),
    "instance": ((5, 6, 9, 9), (2, 3), (6, 1, 1), False, Rows((30, 81), (6, 1))),
    "batch": ((5, 6, 9, 9), (0, 2, 3), (6, 1, 1), False, Channels((30, 81), 6, False, (0, 1, 2, 3))),
    "batch of vectors": ((401, 6), (0,), (6,), False, Channels((401, 6), 6, True, (0, 1))),
    "channels last": ((5, 6, 9, 8), (0, 2, 3), (6, 1, 1), True, Channels((45, 48), 6, True, (0, 2, 3, 1))),
    "channels last, even": ((4, 16, 8, 32), (0, 2, 3), (16, 1, 1), True, Channels((32, 512), 16, True, (0, 2, 3, 1))),
    "one weight": ((40, 130), (1,), (1,), False, Rows((40, 130), (1, 1))),
    "one weight for channels": ((40, 130), (0,), (1, 1), False, Channels((10, 520), 130, True, (0, 1))),
}
every_case = pytest.mark.parametrize(("shape", "axes", "parameter", "last", "layout"), CASES.values(), ids=CASES)
TOLERANCE = {np.float32: 2e-6, np.float64: 1e-12}


def channels_last(x: NDArray[Any]) -> NDArray[Any]:
    return np.moveaxis(np.ascontiguousarray(np.moveaxis(x, 1, -1)), -1, 1)


def drawn(shape: tuple[int, ...], parameter: tuple[int, ...], last: bool, dtype: Any, mean: float = 0.5) -> Any:
    """g, x, weight and bias."""
    rng = np.random.default_rng(0)
    x, g = (rng.normal(size=shape).astype(dtype) for _ in range(2))
    weight, bias = (rng.normal(size=parameter).astype(dtype) for _ in range(2))
    x = x + dtype(mean)
    return (channels_last(g), channels_last(x), weight, bias) if last else (g, x, weight, bias)


def assert_near(ours: Any, right: Any, tolerance: float) -> None:
    assert ours.shape == right.shape
    assert np.abs(ours - right).max() <= tolerance * np.abs(right).max()


@every_case
@pytest.mark.parametrize("dtype", [np.float32, np.float64])
@pytest.mark.parametrize("centred", [True, False])
def test_kernels_give_what_the_formulas_give(
    shape: Any, axes: Any, parameter: Any, last: bool, layout: Any, dtype: Any, centred: bool
) -> None:
    g, x, weight, bias = drawn(shape, parameter, last, dtype)
    wide_g, wide_x, *wide = (array.astype(np.float64) for array in (g, x, weight, bias))
    assert layout_of(x, axes, weight, bias) == layout
    right = reference.moments(wide_x, axes, centred)

    found = normalizing.moments(x, axes, centred)
    y = normalizing.normalize(x, weight, bias, found, axes, EPS, centred)
    gradients = normalizing.gradients(g, x, weight, bias, found, axes, EPS, centred)

    assert_near(found, right, TOLERANCE[dtype])
    assert_near(y, reference.normalize(wide_x, wide[0], wide[1], right, EPS), TOLERANCE[dtype])
    assert y.strides == x.strides
    for ours, expected in zip(
        gradients, reference.gradients(wide_g, wide_x, wide[0], wide[1], right, axes, EPS, centred), strict=True
    ):
        assert ours is not None
        assert ours.dtype == dtype
        assert_near(ours, expected, TOLERANCE[dtype])


@every_case
def test_a_mean_far_from_zero_costs_no_digits(shape: Any, axes: Any, parameter: Any, last: bool, layout: Any) -> None:
    """A mean of 10⁴ with a deviation of 1: in float32 the squares of such numbers leave no digit of it."""
    g, x, weight, bias = drawn(shape, parameter, last, np.float32, mean=1e4)
    wide_g, wide_x, *wide = (array.astype(np.float64) for array in (g, x, weight, bias))
    right = reference.moments(wide_x, axes, centred=True)

    y = normalizing.normalize(x, weight, bias, None, axes, EPS)
    gradients = normalizing.gradients(g, x, weight, bias, None, axes, EPS)

    assert_near(y, reference.normalize(wide_x, wide[0], wide[1], right, EPS), 2e-6)
    for ours, expected in zip(
        gradients, reference.gradients(wide_g, wide_x, wide[0], wide[1], right, axes, EPS, True), strict=True
    ):
        assert_near(ours, expected, 2e-6)


@every_case
def test_the_result_is_the_same_on_any_number_of_threads(
    shape: Any, axes: Any, parameter: Any, last: bool, layout: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    larger = (shape[0] * 16, *shape[1:])
    g, x, weight, bias = drawn(larger, parameter, last, np.float32)
    results = []
    for threads in (1, 2, 3):
        monkeypatch.setattr(limit, "_count", threads)
        y = normalizing.normalize(x, weight, bias, None, axes, EPS)
        results.append((y, *normalizing.gradients(g, x, weight, bias, None, axes, EPS)))

    for result in results[1:]:
        for ours, first in zip(result, results[0], strict=True):
            np.testing.assert_array_equal(ours, first)


@every_case
def test_a_nan_stays_in_its_group(shape: Any, axes: Any, parameter: Any, last: bool, layout: Any) -> None:
    _, x, weight, bias = drawn(shape, parameter, last, np.float64)
    for wrong in (np.nan, np.inf):
        x[(1,) * x.ndim] = wrong
        with np.errstate(invalid="ignore"):
            y = normalizing.normalize(x, weight, bias, None, axes, EPS)
            expected = reference.normalize(x, weight, bias, reference.moments(x, axes, True), EPS)
        np.testing.assert_array_equal(np.isnan(y), np.isnan(expected))


@every_case
def test_constant_numbers(shape: Any, axes: Any, parameter: Any, last: bool, layout: Any) -> None:
    """A variance of 0 does not become a negative one."""
    x = np.full(shape, np.float32(0.1))
    y = normalizing.normalize(x, 1.0, 0.25, None, axes, EPS)
    np.testing.assert_allclose(y, 0.25, atol=1e-4)


def test_other_arrays_go_through_numpy() -> None:
    rng = np.random.default_rng(0)
    x = rng.normal(size=(8, 6, 9, 9))
    weight = rng.normal(size=(9, 1))  # along an axis that is averaged over
    for array in (x.transpose(0, 2, 1, 3), x.astype(np.float16), x[..., ::2].repeat(2, -1)[..., :9], x[:, ::-1]):
        y = normalizing.normalize(array, weight if array.shape[2] == 9 else 1.0, 0.0, None, (0, 2, 3), EPS)
        assert y.dtype == np.result_type(array, weight if array.shape[2] == 9 else 1.0)
        wide = array.astype(np.float64)
        right = (wide - wide.mean((0, 2, 3), keepdims=True)) / np.sqrt(wide.var((0, 2, 3), keepdims=True) + EPS)
        right = right * weight if array.shape[2] == 9 else right
        assert_near(y, right, 1e-3 if y.dtype == np.float16 else 1e-12)


@every_case
def test_the_gradient_of_the_kernel_is_that_of_the_composition(
    shape: Any, axes: Any, parameter: Any, last: bool, layout: Any
) -> None:
    """A walk that is recorded composes the gradient of operations, for it to be differentiated in its turn."""
    g, *arrays = drawn(shape, parameter, last, np.float64)
    inputs = [tensor(array, requires_grad=True) for array in arrays]
    both = [
        autograd.pullback([normalized(*inputs, axes=axes)], inputs, [tensor(g)], create_graph=recorded)
        for recorded in (False, True)
    ]
    assert [gradients[0].node is not None for gradients in both] == [False, True]
    for by_kernel, composed in zip(*both, strict=True):
        assert_near(by_kernel.numpy(), composed.detach().numpy(), 1e-11)
