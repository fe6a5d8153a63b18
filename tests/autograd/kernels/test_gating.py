"""The rectifier and its gate, compiled and in NumPy."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np
import pytest
from numpy.typing import NDArray

from tapegrad.autograd.kernels.gating import gate, rectify

SHAPES = [(3,), (60, 70)]  # below and above the size from which a kernel is worth it
LAYOUTS: dict[str, Callable[[Any], Any]] = {
    "C": np.ascontiguousarray,
    "Fortran": np.asfortranarray,
    "strided": lambda x: np.repeat(x, 2, axis=-1)[..., ::2],
}


@pytest.mark.parametrize("shape", SHAPES)
@pytest.mark.parametrize("x_layout", LAYOUTS)
@pytest.mark.parametrize("y_layout", LAYOUTS)
@pytest.mark.parametrize("dtype", [np.float16, np.float32, np.float64])
def test_values_pass_where_y_is_positive(shape: tuple[int, ...], x_layout: str, y_layout: str, dtype: Any) -> None:
    rng = np.random.default_rng(0)
    x, y = (rng.normal(size=shape).astype(dtype) for _ in range(2))
    y.flat[0], y.flat[1] = 0, -0.0

    out = gate(LAYOUTS[x_layout](x), LAYOUTS[y_layout](y))

    assert out.dtype == dtype
    np.testing.assert_array_equal(out, np.where(y > 0, x, 0))


@pytest.mark.parametrize("shape", [(), (0,), *SHAPES])
@pytest.mark.parametrize("layout", LAYOUTS)
@pytest.mark.parametrize("dtype", [np.int64, np.float16, np.float32, np.float64])
def test_the_rectifier_is_the_maximum_with_zero(shape: tuple[int, ...], layout: str, dtype: Any) -> None:
    x = np.asarray(np.random.default_rng(0).normal(scale=9, size=shape).astype(dtype))
    if shape and x.dtype.kind == "f":
        x.flat[:5] = np.nan, np.inf, -np.inf, 0, -0.0
    if shape:
        x = LAYOUTS[layout](x)

    out = rectify(x)

    assert out.dtype == dtype
    np.testing.assert_array_equal(out, np.maximum(x, 0))
    assert rectify(-2.5) == 0


@pytest.mark.parametrize("shape", SHAPES)
def test_a_shut_gate_lets_no_nan_through_and_an_open_one_does(shape: tuple[int, ...]) -> None:
    x: NDArray[Any] = np.full(shape, np.nan)
    y = np.zeros(shape)
    y.flat[1] = 1

    out = gate(x, y)

    assert np.isnan(out.flat[1])
    assert np.count_nonzero(out) == 1


@pytest.mark.parametrize("make", [np.zeros, np.ones])
def test_a_gradient_that_was_broadcast(make: Callable[..., Any]) -> None:
    x = np.broadcast_to(np.arange(70.0), (60, 70))

    np.testing.assert_array_equal(gate(x, make((60, 70))), x * make((60, 70)))
